"""The phone app's configuration."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.field"
    label = "field"
