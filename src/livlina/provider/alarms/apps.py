"""The room's configuration."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.provider.alarms"
    label = "alarms"
