"""Who stands in for whom: from a day to a day, in one unit, and it ends by itself."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet

from livlina.core.models import TenantForeignKey, TenantModel


class SubstituteQuerySet(models.QuerySet["Substitute"]):
    """Sets of substitutions."""

    def running(self, on: date) -> "SubstituteQuerySet":
        """Those that hold on a day."""
        return self.filter(valid_from__lte=on, valid_to__gte=on)

    def absent_for(self, user_id: int | None, unit_id: UUID | None, on: date) -> QuerySet:
        """The ids of those someone stands in for in a unit on a day: part of another statement."""
        found = self.running(on).filter(substitute_id=user_id, unit_id=unit_id)
        return found.values("absent_id")


class Substitute(TenantModel):
    """In a unit someone sits at another's desk too. Ended early by an earlier last day; never removed."""

    unit = TenantForeignKey("core.Unit", related_name="+")
    absent = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="The last day. An earlier one than the first: it was taken back.")
    appointed_at = models.DateTimeField()
    appointed_by_name = models.CharField(max_length=160)

    objects = SubstituteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="substitute_is_another"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "substitute", "unit", "valid_to"], name="substitute_of"),
        ]
