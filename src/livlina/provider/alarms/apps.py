"""The room's configuration."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.provider.alarms"
    label = "alarms"

    def ready(self) -> None:
        """Take in what phones tell of alarms."""
        from livlina.provider.alarms import fieldwork  # noqa: F401
