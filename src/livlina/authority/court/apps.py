"""The room's configuration."""

from django.apps import AppConfig


class CourtConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.court"
    label = "court"

    def ready(self) -> None:
        """Declare the room's words of the process language."""
        from livlina.authority.court import effects, guards  # noqa: F401
