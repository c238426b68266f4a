"""The room's configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.cases"
    label = "cases"

    def ready(self) -> None:
        """Declare the room's words of the process language."""
        from livlina.authority.cases.actions import effects, guards, matters, own_acts  # noqa: F401
