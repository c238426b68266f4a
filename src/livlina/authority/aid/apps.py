"""The room's configuration."""

from django.apps import AppConfig


class AidConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.aid"
    label = "aid"

    def ready(self) -> None:
        """Declare the room's words of the process language."""
        from livlina.authority.aid import process_words  # noqa: F401
