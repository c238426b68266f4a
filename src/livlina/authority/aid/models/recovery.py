"""Återkrav: what is claimed back, and what has been paid, forgiven or agreed."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.aid.models.calculation import kronor
from livlina.authority.cases.models import AuthorityModel, AuthorityRecord, Case, Decision
from livlina.core.models import TenantForeignKey

ENTRY_KINDS = [
    ("repaid", "Inbetalt"),
    ("forgiven", "Eftergivet"),
    ("agreed_offset", "Avräknat efter skriftlig överenskommelse"),
]


class Recovery(AuthorityModel):
    """A claim: its case, the case where too much was paid, and the month it is about."""

    case = TenantForeignKey(Case, related_name="recoveries")
    from_case = TenantForeignKey(Case, related_name="+")
    month = models.DateField()
    suspected = kronor(help_text="What may have been paid wrongly.")
    claimed = kronor(null=True, blank=True)
    decision = TenantForeignKey(Decision, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "case"], name="recovery_one_a_case"),
            models.CheckConstraint(
                condition=Q(claimed=None, decision=None) | Q(decision__isnull=False),
                name="recovery_is_decided",
            ),
        ]

    @property
    def left(self) -> Decimal:
        """Kronor still to be paid. One statement."""
        done = self.entries.aggregate(sum=models.Sum("amount"))["sum"] or Decimal(0)
        return (self.claimed or Decimal(0)) - done


class RecoveryEntry(AuthorityRecord):
    """Something that made the claim smaller."""

    belongs_to = "recovery"

    recovery = TenantForeignKey(Recovery, related_name="entries")
    kind = models.CharField(max_length=16, choices=ENTRY_KINDS)
    amount = kronor()
    on = models.DateField()
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_entry_of_something"),
            models.CheckConstraint(condition=Q(kind="repaid") | ~Q(note=""), name="recovery_entry_says_why"),
        ]
