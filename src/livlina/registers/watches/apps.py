"""The room's configuration."""

from django.apps import AppConfig


class WatchesConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.registers.watches"
    label = "watches"
