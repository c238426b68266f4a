"""The room's configuration."""

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.placements"
    label = "placements"

    def ready(self) -> None:
        """Declare the words that the processes about children use."""
        from livlina.authority.placements.actions import effects, guards, homes, reporting  # noqa: F401
