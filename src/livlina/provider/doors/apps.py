"""The room's configuration."""

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.provider.doors"
    label = "doors"
