"""A municipality's own length of a deadline that no statute fixes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models.base import SignedRecord


class OwnLength(SignedRecord):
    """From a day, clocks of a setting run this long; an empty length is the default again. It says nothing of a case."""

    setting = models.CharField(max_length=60)
    length = models.CharField(
        max_length=30, blank=True, help_text="As the process language says it: “2 months”."
    )
    valid_from = models.DateField()
    reason = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="own_length_has_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "setting", "-valid_from", "-at"], name="own_length_newest")
        ]
