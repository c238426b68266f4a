"""The room's configuration."""

from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.contractors"
    label = "contractors"
