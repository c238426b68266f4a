"""The room's configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.cases"
    label = "cases"
