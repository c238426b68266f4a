"""The room's configuration."""

from django.apps import AppConfig


class AidConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.aid"
    label = "aid"
