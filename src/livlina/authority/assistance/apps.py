"""The room's configuration."""

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.assistance"
    label = "assistance"

    def ready(self) -> None:
        """Declare the room's words of the process language."""
        from livlina.authority.assistance import effects, guards  # noqa: F401
