"""The room's configuration."""

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.placements"
    label = "placements"
