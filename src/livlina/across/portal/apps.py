"""The room's configuration."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.across.portal"
    label = "portal"
