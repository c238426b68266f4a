"""The room's configuration."""

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.assistance"
    label = "assistance"
