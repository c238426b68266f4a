"""Who is close enough to a person to open them: one table for units, one for the named few of the protected."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.core.models import TenantForeignKey, TenantModel
from livlina.registers.people.models.person import Person


class RunningQuerySet(models.QuerySet):
    """Rows that run until they are ended or their last day has passed."""

    def running(self, on: date) -> "RunningQuerySet":
        """Keep those that hold on the Swedish day `on`."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), ended_at__isnull=True)


class Reach(TenantModel):
    """A unit has something to do with a person: an order, an open case. Rooms above write it by `grant_reach`."""

    person = TenantForeignKey(Person, related_name="reaches")
    unit = TenantForeignKey("core.Unit", related_name="+")
    source = models.CharField(
        max_length=64, help_text="What it rests on, as `label:id`; one reach per source."
    )
    reason = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateField(null=True, help_text="Last day.")
    ended_at = models.DateTimeField(null=True)

    objects = RunningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "person", "unit", "source"],
                condition=Q(ended_at__isnull=True),
                name="reach_once_per_source",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "unit", "person"], name="reach_of_unit"),
        ]


class ProtectedAccess(TenantModel):
    """One of the named few who may open a protected person, picked by a manager."""

    person = TenantForeignKey(Person, related_name="protected_accesses")
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey("core.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("skäl", max_length=200)
    since = models.DateTimeField()
    until = models.DateField("till och med", null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RunningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "person", "user"],
                condition=Q(ended_at__isnull=True),
                name="protected_access_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="protected_access_has_reason"),
        ]
