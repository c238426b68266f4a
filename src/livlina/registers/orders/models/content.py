"""What an order says, and what was delivered on it."""

import hashlib
import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey
from livlina.registers.orders.models.lines import Line
from livlina.registers.orders.models.order import Order
from livlina.registers.orders.models.words import LIFE_AREAS, service_name

PROVIDER, HEALTH = 2, 3
WRITTEN = Q(source_id__isnull=False)
"""Of the two copies of a letter, the one that was written (in the branch of the authority that ordered); the other was
handed over when it was opened."""


class OrderVersion(PermanentModel):
    """The letter inside the envelope: about whom, what, how much, from when. Permanent; a change is a new one.

    The row-level policy keeps each copy on its side. The provider's copy does not exist before `open_order`
    writes it, so nothing at the provider can read an order that was recalled unopened.
    """

    order = TenantForeignKey(Order, related_name="versions")
    number = models.PositiveSmallIntegerField()
    compartment = models.SmallIntegerField()
    person = TenantForeignKey("people.Person", related_name="+")
    source_type = models.CharField(
        max_length=64, blank=True, help_text="What it rests on; the provider's copy has none."
    )
    source_id = models.UUIDField(null=True)
    service = models.CharField(max_length=40)
    facts = models.JSONField(
        default=dict, help_text="Name → text: what the provider needs, as the orderer chose."
    )
    life_areas = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    lines = models.JSONField(default=list)
    weekly_minutes = models.PositiveIntegerField(help_text="Ordered: minutes per week, from the lines.")
    granted_minutes = models.PositiveIntegerField(
        null=True, help_text="Granted: minutes per month, from the decision."
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=160)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what it says: both copies have the same.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "order", "number", "compartment"], name="order_version_once"
            ),
            models.CheckConstraint(
                condition=Q(compartment__gte=1) & ~Q(compartment=HEALTH), name="order_version_two_copies"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="order_version_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(~Q(compartment=PROVIDER) & WRITTEN) | Q(compartment=PROVIDER, source_id=None),
                name="order_version_source_stays",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person"], name="order_version_person"),
            models.Index(
                fields=["municipality", "source_type", "source_id"],
                condition=WRITTEN,
                name="order_version_source",
            ),
        ]

    @property
    def order_lines(self) -> list[Line]:
        """The lines, as Line."""
        return [Line.read(stored) for stored in self.lines]

    @property
    def service_name(self) -> str:
        """What the service is called in Swedish."""
        return service_name(self.service)

    @property
    def life_area_names(self) -> list[str]:
        """The life areas in Swedish, each once; a part (d510) goes by its chapter, an unknown code is its own name."""
        names = (LIFE_AREAS.get(code) or LIFE_AREAS.get(code[:2], code) for code in self.life_areas)
        return list(dict.fromkeys(names))

    def said(self) -> dict[str, Any]:
        """Everything the letter says to the provider, as plain values."""
        return {
            "service": self.service,
            "facts": self.facts,
            "life_areas": self.life_areas,
            "lines": self.lines,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "person": str(self.person_id),
        }

    def sealed(self) -> str:
        """Return the digest of what the letter says."""
        text = json.dumps(self.said(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class Delivery(PermanentModel):
    """What a provider says it performed in a period. A wrong report is corrected by a new one."""

    order = TenantForeignKey(Order, related_name="deliveries")
    period_from = models.DateField()
    period_to = models.DateField()
    minutes = models.PositiveIntegerField(
        null=True, help_text="Performed minutes with the person, without travel."
    )
    count = models.PositiveIntegerField(null=True, help_text="Performed times, where time is not measured.")
    note_ref = models.UUIDField(null=True, help_text="A note in the journal, by id alone.")
    deviation = models.CharField("avvikelse", max_length=400, blank=True)
    corrects = TenantForeignKey("self", null=True, related_name="corrected_by")
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    reported_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="delivery_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=False, count=None) | Q(minutes=None, count__isnull=False),
                name="delivery_one_figure",
            ),
            models.UniqueConstraint(
                fields=["municipality", "order", "period_from", "period_to"],
                condition=Q(corrects__isnull=True),
                name="delivery_once_per_period",
            ),
            models.UniqueConstraint(fields=["municipality", "corrects"], name="delivery_corrected_once"),
        ]
