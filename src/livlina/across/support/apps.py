"""The room's configuration."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.across.support"
    label = "support"
