"""The room's configuration."""

from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.contractors"
    label = "contractors"

    def ready(self) -> None:
        """Declare the words that the processes about contractors use."""
        from livlina.authority.contractors import guards  # noqa: F401
