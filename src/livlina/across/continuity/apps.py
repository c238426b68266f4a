"""The room's configuration."""

from django.apps import AppConfig


class ContinuityConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.across.continuity"
    label = "continuity"
