"""The room's configuration."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.across.records"
    label = "records"
