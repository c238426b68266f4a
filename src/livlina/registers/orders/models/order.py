"""The order as an envelope: who ordered, from whom, in which state. What it says, and about whom, lies elsewhere.

No person and no content stands on this row: a provider may see it before opening, and the wrong provider then
has seen nothing. The letter inside is OrderVersion, in the reader's own compartment.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.registers.orders.models.provider import Provider
from livlina.registers.orders.models.words import DECLINE_REASONS, END_REASONS, KINDS, STATES

WAITING = ("sent", "opened")
RUNNING = ("confirmed", "active")
READABLE = ("opened", *RUNNING, "superseded", "ended")
"""States in which the provider that opened an order may read what it says."""

TRANSITIONS: dict[tuple[str, str], str] = {
    ("draft", "send"): "sent",
    ("draft", "end"): "ended",
    ("sent", "recall"): "recalled",
    ("sent", "open"): "opened",
    ("opened", "confirm"): "confirmed",
    ("opened", "decline"): "declined",
    ("opened", "agree_recall"): "recalled",
    ("confirmed", "deliver"): "active",
    ("confirmed", "supersede"): "superseded",
    ("confirmed", "end"): "ended",
    ("active", "supersede"): "superseded",
    ("active", "end"): "ended",
}
"""The state machine (domain §1.5.12). A confirmed order may end before the first delivery: people die and move."""


class Order(TenantModel):
    """What one unit orders from one provider."""

    kind = models.CharField(max_length=20, choices=KINDS)
    area = models.CharField("område", max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    version = models.PositiveSmallIntegerField(default=1, help_text="Number of the OrderVersion that holds.")
    provider = TenantForeignKey(Provider, null=True, related_name="orders")
    orderer_unit = TenantForeignKey("core.Unit", related_name="+")
    orderer_role = models.CharField(max_length=32)
    branch = models.SmallIntegerField(
        default=1, help_text="The compartment of the authority's copy of its letters: the branch that orders."
    )
    orderer_name = models.CharField(max_length=160)
    replaces = TenantForeignKey("self", null=True, related_name="replaced_by")
    drafted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True, help_text="The second the time to answer ran out.")
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=160, blank=True)
    answered_at = models.DateTimeField(null=True)
    start_date = models.DateField(null=True, help_text="As the provider confirmed it.")
    contact = models.CharField(max_length=160, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DECLINE_REASONS, blank=True)
    recall_asked_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    end_date = models.DateField(null=True, help_text="Last day.")
    end_reason = models.CharField(max_length=20, choices=END_REASONS, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in STATES]), name="order_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[code for code, _ in KINDS]), name="order_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ended"])
                | Q(provider__isnull=False, sent_at__isnull=False, answer_by__isnull=False),
                name="order_sent_to_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["opened", "confirmed", "declined", "active", "superseded"])
                | (Q(opened_at__isnull=False) & ~Q(opened_by="")),
                name="order_opened_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(opened_at__isnull=True), name="order_sent_is_unopened"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "active", "superseded"])
                | (Q(start_date__isnull=False, answered_at__isnull=False) & ~Q(contact="")),
                name="order_confirmed_with_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_reason=""), name="order_declined_why"
            ),
            models.CheckConstraint(
                condition=Q(state="recalled", recalled_at__isnull=False)
                | (~Q(state="recalled") & Q(recalled_at__isnull=True)),
                name="order_recalled_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(end_date__isnull=False) & ~Q(end_reason="")),
                name="order_ended_why",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opened_at__gte=F("sent_at")),
                name="order_opened_after_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "provider", "state", "answer_by"], name="order_inbox"),
            models.Index(fields=["municipality", "orderer_unit", "state", "answer_by"], name="order_unread"),
            models.Index(
                fields=["municipality", "answer_by"],
                condition=Q(state__in=WAITING, escalated_at__isnull=True),
                name="order_escalate",
            ),
        ]

    @property
    def reference(self) -> str:
        """A short name to say on the telephone: says nothing about anyone."""
        return str(self.pk)[-6:].upper()

    @property
    def is_waiting(self) -> bool:
        """Whether the provider has not answered."""
        return self.state in WAITING

    @property
    def is_running(self) -> bool:
        """Whether care is delivered, or about to be."""
        return self.state in RUNNING

    def late(self, now: datetime) -> bool:
        """Whether the time to answer has run out without an answer."""
        return self.is_waiting and self.answer_by is not None and self.answer_by <= now


class OrderEvent(PermanentModel):
    """One thing that happened to an order: who and when. Before opening it carries codes only, no text."""

    KINDS: ClassVar = [
        ("drafted", "utkast skrivet"),
        ("revised", "utkast ändrat"),
        ("provider_chosen", "utförare vald"),
        ("sent", "skickad"),
        ("recalled", "återkallad"),
        ("opened", "öppnad"),
        ("confirmed", "bekräftad"),
        ("declined", "avböjd"),
        ("recall_asked", "återkallelse begärd"),
        ("recall_agreed", "återkallelse godtagen"),
        ("recall_refused", "återkallelse avvisad"),
        ("escalated", "obesvarad i tid, eskalerad"),
        ("delivered_first", "första insatsen utförd"),
        ("superseded", "ersatt av ny beställning"),
        ("ended", "avslutad"),
    ]

    order = TenantForeignKey(Order, related_name="events")
    kind = models.CharField(max_length=16, choices=KINDS)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    role = models.CharField(max_length=32)
    unit_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=["drafted", "revised", "provider_chosen", "sent", "recalled", "opened"]) | Q(text=""),
                name="order_event_unopened_wordless",
            ),
            # What may happen once only happens once, whatever races.
            models.UniqueConstraint(
                fields=["municipality", "order", "kind"],
                condition=Q(
                    kind__in=["drafted", "sent", "recalled", "opened", "confirmed", "declined", "escalated",
                              "delivered_first", "superseded", "ended"]
                ),
                name="order_event_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["municipality", "order", "at"], name="order_event_order")]
