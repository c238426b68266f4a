"""The telephone exchange that says which number a call came from."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.core.models import TenantModel
from livlina.provider.alarms.models.words import PROVIDER


class Switchboard(TenantModel):
    """A telephone exchange this house listens to. No call is kept: it is tied to the alarm it is about, or forgotten."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    name = models.CharField("namn", max_length=80)
    key_hash = models.CharField(max_length=128, help_text="SHA-256 of the bearer token, never the token.")
    last_at = models.DateTimeField("senaste samtal", null=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "name"], condition=Q(ended_at=None), name="switchboard_once"
            ),
            models.UniqueConstraint(
                fields=["key_hash"], condition=Q(ended_at=None), name="switchboard_key_once"
            ),
        ]
