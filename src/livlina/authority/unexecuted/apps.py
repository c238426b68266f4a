"""The room's configuration."""

from django.apps import AppConfig


class UnexecutedConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.unexecuted"
    label = "unexecuted"
