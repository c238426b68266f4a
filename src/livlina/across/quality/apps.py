"""The room's configuration."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.across.quality"
    label = "quality"
