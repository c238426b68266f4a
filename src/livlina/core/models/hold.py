"""A municipality that is being moved to another cluster, or has been: here it is only read, or not at all."""

from typing import ClassVar

from django.db import models

from livlina.core.models.organisation import Municipality


class Hold(models.Model):
    """Why nothing is written here for a municipality. Global; only the owner of the tables writes it (`livlina tenant`).

    A trigger on every table of municipalities reads it (`core.secure`): the application is stopped by the database itself.
    """

    STATES: ClassVar = [("moving", "flyttas"), ("moved", "har flyttat")]

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="hold"
    )
    state = models.CharField(max_length=8, choices=STATES)
    since = models.DateTimeField()
    other = models.CharField(
        max_length=120, help_text="The other database: its host and name, never a password."
    )
