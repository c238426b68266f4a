"""What the provider sees: envelopes until they are opened, then the letters it was handed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from livlina.core.access import Actor, allowed, fetch
from livlina.registers.orders.models import Delivery, Order, OrderVersion
from livlina.registers.orders.models.content import PROVIDER
from livlina.registers.orders.models.order import RUNNING, WAITING

PAGE = 50


@dataclass(frozen=True)
class Inbox:
    """One envelope in the unit's inbox: its kind, area, urgency and time to answer. Nothing about anyone."""

    order: Order
    left: timedelta
    """Until the time to answer runs out; negative when it has."""

    @property
    def late(self) -> bool:
        """Whether the time to answer has run out."""
        return self.left <= timedelta(0)

    @property
    def urgency(self) -> str:
        """acute, high or normal: by the hours left."""
        if self.late:
            return "acute"
        return "high" if self.left <= timedelta(hours=4) else "normal"

    @property
    def hours_left(self) -> int:
        """Whole hours left, at least 0."""
        return max(0, int(self.left.total_seconds() // 3600))


def inbox(actor: Actor, now: datetime, offset: int = 0) -> list[Inbox]:
    """Return a page of what the unit has not answered, the most pressing first. One statement, no content."""
    waiting = allowed(actor, "orders.inbox", _envelopes()).filter(state__in=WAITING)
    page = waiting.order_by("answer_by", "id")[offset : offset + PAGE]
    return [Inbox(order, (order.answer_by or now) - now) for order in page]


def envelope(actor: Actor, pk: UUID, verb: str = "orders.inbox") -> Order:
    """Return an order that lies at the actor's unit. Raises Refused, also for one recalled unopened."""
    return fetch(actor, verb, _envelopes(), pk=pk)


def handed_letter(actor: Actor, order: Order) -> OrderVersion:
    """Return what an opened order says, the provider's copy. Raises Refused before it is opened."""
    return fetch(actor, "orders.read_content", _letters(), order=order)


def active(actor: Actor, offset: int = 0) -> list[OrderVersion]:
    """Return a page of the letters the unit carries out or is about to, by start. One statement."""
    running = allowed(actor, "orders.read_content", _letters()).filter(order__state__in=RUNNING)
    return list(running.order_by("order__start_date", "order_id")[offset : offset + PAGE])


def delivered(order: Order) -> QuerySet[Delivery]:
    """Return the reports on an order fetched with access, newest first, without those that were corrected."""
    return Delivery.objects.filter(order=order, corrected_by__isnull=True).order_by("-period_from", "-at")


def _envelopes() -> QuerySet[Order]:
    return Order.objects.select_related("provider", "orderer_unit")


def _letters() -> QuerySet[OrderVersion]:
    return OrderVersion.objects.filter(compartment=PROVIDER, number=F("order__version")).select_related(
        "order__provider", "order__orderer_unit", "person"
    )
