"""The room's configuration."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.registers.journal"
    label = "journal"
