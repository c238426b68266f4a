"""Known faults, shown on the pages they touch; and who of the support is away."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.across.support.models.ticket import Ticket
from livlina.core.models import TenantForeignKey, TenantModel


class KnownFault(TenantModel):
    """A fault the second line knows of, with a way around it, on pages whose route name begins so. Ended, never removed."""

    client_id = models.UUIDField()
    title = models.CharField(max_length=160)
    workaround = models.TextField()
    pages = ArrayField(models.CharField(max_length=80), default=list, help_text="Empty: everywhere.")
    ticket = TenantForeignKey(Ticket, null=True, related_name="faults")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="known_fault_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("published_at")), name="known_fault_ends_later"
            ),
        ]


class Absence(TenantModel):
    """Somebody of the support is away from a day to a day; their desk goes to whoever stands in, or to the line."""

    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=160)
    substitute_id = models.BigIntegerField(null=True)
    substitute_name = models.CharField(max_length=160, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    told_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True, help_text="Came back earlier.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_later"),
            models.CheckConstraint(
                condition=Q(substitute_id=None) | ~Q(substitute_id=F("user_id")), name="absence_someone_else"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "user_id", "first_day"], name="absence_user")
        ]
