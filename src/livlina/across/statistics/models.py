"""Files to the state as they were made, what became of them, and the figures of each night."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models import SignedRecord
from livlina.core.models import TenantForeignKey, TenantModel

EVENTS = [
    ("checked", "Kontrollerad"),
    ("ordered", "Lämnad till avsändaren"),
    ("sent", "Skickad"),
    ("receipt", "Mottagen"),
    ("unknown", "Vi vet inte om filen kom fram"),
    ("failed", "Kom inte fram"),
    ("withdrawn", "Återtagen"),
]
ONCE = ("checked", "ordered", "sent", "withdrawn")
"""What happens to a delivery at most once: above all, it is sent once."""


class Making(TenantModel):
    """A file that somebody has asked for, until it is made or could not be. Made by the worker: no page waits for it."""

    compartment = models.SmallIntegerField(editable=False)
    flow = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=160)
    by_title = models.CharField(max_length=80, blank=True)
    by_role = models.CharField(max_length=32)
    ended_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=300, blank=True, help_text="Why it could not be made, in words.")
    delivery = TenantForeignKey("statistics.Delivery", null=True, related_name="makings")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "flow", "period"], condition=Q(ended_at=None), name="making_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(delivery__isnull=False) | ~Q(refused=""),
                name="making_ends_with_words",
            ),
        ]


class Delivery(SignedRecord):
    """One file of one period, as it was made. A correction is a new delivery with the next number."""

    compartment = models.SmallIntegerField(editable=False)
    flow = models.CharField(max_length=40)
    layout_version = models.CharField(max_length=16)
    period = models.CharField(max_length=7, help_text="2026-02, or 2025.")
    number = models.PositiveSmallIntegerField(help_text="1, 2, … within the period.")
    rows = models.PositiveIntegerField(help_text="In the file: those held are not.")
    held = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="[{ref, field, words}]: no number, no value.")
    content = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes of the file.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "flow", "period", "number"], name="delivery_number_once"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="delivery_hashed"),
        ]


class DeliveryEvent(SignedRecord):
    """What happened to a delivery: who sent what, when, and what the receiver answered."""

    compartment = models.SmallIntegerField(editable=False)
    delivery = TenantForeignKey(Delivery, related_name="events")
    kind = models.CharField(max_length=10, choices=EVENTS)
    words = models.CharField(
        max_length=300, blank=True, help_text="The receipt's number, or what went wrong."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "delivery", "kind"],
                condition=Q(kind__in=ONCE),
                name="delivery_event_once",
            ),
            models.CheckConstraint(condition=~Q(kind="receipt") | ~Q(words=""), name="delivery_receipt_says"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "delivery"], name="delivery_event_of")]


class Figure(TenantModel):
    """One number of one day, in one branch and perhaps one unit. Counted anew the same day it is replaced."""

    deletable = True

    day = models.DateField()
    code = models.CharField(max_length=40)
    part = models.CharField(max_length=60, blank=True, help_text="What it is divided by, such as an outcome.")
    unit = TenantForeignKey("core.Unit", null=True, blank=True, related_name="+")
    compartment = models.SmallIntegerField(editable=False)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    base = models.PositiveIntegerField(help_text="How many it rests on: fewer than five are not told.")
    counted_at = models.DateTimeField(null=True, help_text="Later than its day: counted afterwards.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "day", "code", "part", "unit", "compartment"],
                nulls_distinct=False,
                name="figure_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "code", "day"], name="figure_code")]
