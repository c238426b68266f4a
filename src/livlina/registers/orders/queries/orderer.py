"""What the orderer sees: its orders, what is unread, and the figures that must never be mixed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from livlina.core.access import Actor, allowed, fetch
from livlina.registers.orders.models import Delivery, Order, OrderEvent, OrderVersion
from livlina.registers.orders.models.content import WRITTEN
from livlina.registers.orders.models.order import WAITING

PAGE = 50


@dataclass(frozen=True)
class Unread:
    """What lies unanswered at providers: how many, how many of them unopened, how many late, and the oldest's age."""

    waiting: int = 0
    unopened: int = 0
    late: int = 0
    oldest: timedelta | None = None


@dataclass(frozen=True)
class Figures:
    """Three different figures about one order, each with its unit. They are never added or swapped."""

    granted_minutes_per_month: int | None
    ordered_minutes_per_week: int
    performed_minutes: int
    performed_count: int
    last_day: date | None
    """Last day of the latest reported period."""


def order_for(actor: Actor, pk: UUID, verb: str = "orders.read") -> Order:
    """Return an order of the actor's unit. Raises Refused."""
    return fetch(actor, verb, Order.objects.select_related("provider", "orderer_unit"), pk=pk)


def letter_of(actor: Actor, order: Order) -> OrderVersion:
    """Return what an order says, the orderer's copy. Raises Refused."""
    return fetch(actor, "orders.read_content", _letters(), order=order)


def of_person(actor: Actor, person_id: UUID) -> list[OrderVersion]:
    """Return the letters of the unit's orders about a person, newest first, each with its order. One statement."""
    return list(allowed(actor, "orders.read_content", _letters()).filter(person_id=person_id)[:PAGE])


def of_source(actor: Actor, source: tuple[str, UUID]) -> list[OrderVersion]:
    """Return the letters of the orders that rest on a source (a case), newest first. One statement."""
    found = allowed(actor, "orders.read_content", _letters())
    return list(found.filter(source_type=source[0], source_id=source[1])[:PAGE])


def unread(actor: Actor, now: datetime, offset: int = 0) -> list[OrderVersion]:
    """Return a page of what the unit waits for an answer to, the most pressing first. One statement."""
    waiting = allowed(actor, "orders.read_content", _letters()).filter(order__state__in=WAITING)
    return list(waiting.order_by("order__answer_by", "order_id")[offset : offset + PAGE])


def unread_count(actor: Actor, now: datetime) -> Unread:
    """Return how much the unit waits for, and for how long. One statement."""
    waiting = allowed(actor, "orders.read", Order.objects.filter(state__in=WAITING))
    row = waiting.aggregate(
        waiting=Count("pk"),
        unopened=Count("pk", filter=Q(state="sent")),
        late=Count("pk", filter=Q(answer_by__lte=now)),
        oldest=Min("sent_at"),
    )
    oldest = row.pop("oldest")
    return Unread(**row, oldest=now - oldest if oldest else None)


def history(order: Order) -> QuerySet[OrderEvent]:
    """Return what happened to an order fetched with access, oldest first."""
    return order.events.order_by("at", "id")


def figures(order: Order, version: OrderVersion) -> Figures:
    """Return the order's figures; corrected reports do not count. One statement."""
    held = Delivery.objects.filter(order=order, corrected_by__isnull=True)
    rows = list(held.values_list("minutes", "count", "period_to"))
    return Figures(
        version.granted_minutes,
        version.weekly_minutes,
        sum(minutes or 0 for minutes, _, _ in rows),
        sum(count or 0 for _, count, _ in rows),
        max((last for _, _, last in rows), default=None),
    )


def delivery_order(actor: Actor, pk: UUID) -> UUID:
    """Return the order a delivery was reported on. Raises Refused."""
    return fetch(actor, "orders.read_delivery", Delivery.objects.all(), pk=pk).order_id


def _letters() -> QuerySet[OrderVersion]:
    """The authority's copies that hold, with order, provider and person."""
    return (
        OrderVersion.objects.filter(WRITTEN, number=F("order__version"))
        .select_related("order__provider", "order__orderer_unit", "person")
        .order_by("-written_at", "id")
    )
