"""The room's configuration."""

from django.apps import AppConfig


class HomecareConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.provider.homecare"
    label = "homecare"
