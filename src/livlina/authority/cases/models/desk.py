"""An officer's desk: how they want their list, and when all of it is handed to others."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from livlina.authority.cases.models.base import SignedRecord
from livlina.core.models import TenantForeignKey, TenantModel


class WorklistDefault(TenantModel):
    """How someone wants the work list to open under one of their assignments: the filters, as an address says them."""

    deletable = True

    assignment_id = models.UUIDField()
    query = models.CharField(max_length=300)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "assignment_id"], name="worklist_default_once"),
        ]


class DeskHandOver(SignedRecord):
    """All that lies on one person's desk in a unit goes to others from a day. Done once, whoever presses how often."""

    changeable = ("done_at", "result")

    unit = TenantForeignKey("core.Unit", related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.JSONField(help_text="Ids of those who get it, in turn.")
    chosen = models.JSONField(default=dict, help_text="Case id to user id, where someone chose.")
    from_day = models.DateField()
    reason = models.CharField(max_length=400)
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="How many of each went, by kind.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="hand_over_has_reason"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "from_day"], condition=Q(done_at=None), name="hand_over_waiting"
            )
        ]
