"""The room's configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.registers.people"
    label = "people"
