"""Amounts a municipality enters for itself: parts of the norm that are not known, and its own guidance on rents."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import SignedRecord


class AidAmount(SignedRecord):
    """One amount from a day, entered by one and confirmed by another. A newer row replaces it; nothing is changed."""

    changeable = ("confirmed_by_id", "confirmed_by_name", "confirmed_at")

    key = models.CharField(max_length=40, help_text="norm.<part> or cap.housing.<persons>")
    valid_from = models.DateField()
    kronor = models.PositiveIntegerField()
    source = models.CharField(max_length=200, help_text="Where the amount stands.")
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_by_name = models.CharField(max_length=160, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by_id=None) | ~Q(confirmed_by_id=F("by_user_id")),
                name="amount_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by_id=None, confirmed_at=None)
                | Q(confirmed_by_id__isnull=False, confirmed_at__isnull=False),
                name="amount_confirmed_some_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "key", "valid_from"], name="aid_amount_key")
        ]
