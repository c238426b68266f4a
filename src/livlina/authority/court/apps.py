"""The room's configuration."""

from django.apps import AppConfig


class CourtConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.court"
    label = "court"
