"""The room's configuration."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.across.statistics"
    label = "statistics"
