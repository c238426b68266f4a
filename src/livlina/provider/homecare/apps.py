"""The room's configuration."""

from django.apps import AppConfig


class HomecareConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.provider.homecare"
    label = "homecare"

    def ready(self) -> None:
        """Answer the doors below about who has what to do where."""
        from livlina.provider.doors import queries as doors
        from livlina.provider.homecare.errands import HomecareErrands

        doors.tell(HomecareErrands())
