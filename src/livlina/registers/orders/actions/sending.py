"""Sending an order, taking it back, letting it climb when nobody answers, and ending it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from livlina.core import clock, parameters
from livlina.core.access import Actor, demand, system
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.orders.faults import (
    AlreadyOpened,
    NameDiffers,
    PeriodWrong,
    ProviderUnfit,
    ReasonMissing,
    WrongState,
)
from livlina.registers.orders.holding import hold, letter, move, orderer, provider_of, record, source_of, tell
from livlina.registers.orders.models import Order
from livlina.registers.orders.models.order import WAITING
from livlina.registers.orders.models.words import END_REASONS, RECALL_REASONS
from livlina.registers.people import actions as people
from livlina.registers.watches import actions as watches
from livlina.registers.watches.actions import Owner

FINISH_DAYS = 14
"""How long after an order's end its provider may open the person, to write down what is left to write."""


@transaction.atomic
def send_order(order: Order, *, repeated_name: str, by: Actor, now: datetime) -> Order:
    """Send the order to the chosen provider: the second step, in which its name is repeated. Sent twice is sent once.

    The time to answer begins now, in hours by `order_confirmation_hours`; when it runs out, watches show on both
    sides by the clock alone. Raises NoProvider, NameDiffers, ProviderUnfit, WrongState.
    """
    order = hold(order, "orders.send", by)
    provider = provider_of(order)
    if _plain(repeated_name) != _plain(provider.name):
        raise NameDiffers
    if order.state == "sent":
        return order
    version = letter(order)
    if not provider.takes(version.service, clock.day_of(now)):
        raise ProviderUnfit
    hours = parameters.value(order.municipality_id, "order_confirmation_hours")
    move(order, "send", sent_at=now, answer_by=now + timedelta(hours=hours.get(order.kind, hours["other"])))
    record(order, "sent", by, now=now, person_id=version.person_id)
    _watch_the_answer(order, version.person_id, by, now)
    if order.replaces_id is not None:
        watches.close_for(
            ("orders.order", order.replaces_id),
            types=["orders.declined"],
            why="Ny beställning skickad.",
            by=by,
            now=now,
        )
    tell("sent", order, now=now)
    return order


@transaction.atomic
def recall_order(order: Order, *, reason: str, by: Actor, now: datetime) -> Order:
    """Take back an unopened order: it was never there. Recalled twice is recalled once.

    `reason` is a code, so that nothing about the person goes along. Raises AlreadyOpened (then ask_recall),
    ReasonMissing, WrongState.
    """
    order = hold(order, "orders.recall", by)
    if order.state == "recalled":
        return order
    if order.opened_at is not None:
        raise AlreadyOpened
    if reason not in dict(RECALL_REASONS):
        raise ReasonMissing
    move(order, "recall", recalled_at=now)
    record(order, "recalled", by, now=now, reason=reason, person_id=letter(order).person_id)
    watches.close_for(source_of(order), why="Beställningen återkallades.", by=by, now=now)
    tell("recalled", order, now=now)
    return order


@transaction.atomic
def ask_recall(order: Order, *, reason: str, by: Actor, now: datetime) -> Order:
    """Ask the provider that has opened the order to agree that it is taken back. Raises ReasonMissing, WrongState."""
    order = hold(order, "orders.recall", by)
    if reason not in dict(RECALL_REASONS):
        raise ReasonMissing
    if order.state != "opened":
        raise WrongState
    if order.recall_asked_at is None:
        order.recall_asked_at = now
        order.save(update_fields=["recall_asked_at"])
        record(order, "recall_asked", by, now=now, reason=reason)
        watches.raise_watch(
            "orders.recall_asked", source_of(order), owner=Owner("provider_manager", provider_of(order).unit_id),
            due_at=now + timedelta(hours=4), by=by, now=now,
        )  # fmt: skip
        tell("recall_asked", order, now=now)
    return order


@transaction.atomic
def end_order(order: Order, *, end_date: date, reason: str, by: Actor, now: datetime) -> Order:
    """End a running order with its last day, or drop a draft. The provider keeps its reach 14 days more.

    Ended twice is ended once. Raises PeriodWrong, ReasonMissing, WrongState (an order that waits for an answer
    is recalled instead).
    """
    order = hold(order, "orders.end", by)
    if order.state == "ended":
        return order
    if reason not in dict(END_REASONS):
        raise ReasonMissing
    if order.start_date is not None and end_date < order.start_date and order.state == "active":
        raise PeriodWrong
    with acting(order.municipality_id, EVERYTHING):
        version = letter(order)
        was_running = order.is_running
        move(order, "end", end_date=end_date, end_reason=reason)
        if was_running:
            _end_reach(order, end_date, now)
    record(order, "ended", by, now=now, reason=reason, person_id=version.person_id)
    watches.close_for(source_of(order), why="Beställningen är avslutad.", by=by, now=now)
    if was_running:
        tell("ended", order, now=now)
    return order


def escalate_unconfirmed_orders(*, by: Actor, now: datetime, limit: int = 200) -> int:
    """Mark every order whose time to answer has run out, as of that second. Return how many.

    The watches were laid when the order was sent and show by the clock; this writes it down, announces it, and
    lays them again should they be missing. Rows another worker holds are left to it.
    """
    demand(by, "orders.escalate")
    with transaction.atomic():
        late = (
            Order.objects.filter(
                municipality_id=by.municipality_id,
                state__in=WAITING,
                escalated_at__isnull=True,
                answer_by__lte=now,
            )
            .order_by("answer_by")
            .select_for_update(of=("self",), skip_locked=True)
        )
        orders = list(late[:limit])
        for order in orders:
            order.escalated_at = order.answer_by
            order.save(update_fields=["escalated_at"])
            version = letter(order)
            record(order, "escalated", by, now=now, at=order.answer_by, person_id=version.person_id)
            _watch_the_answer(order, version.person_id, by, now)
            tell("escalated", order, now=now)
    return len(orders)


def _watch_the_answer(order: Order, person_id: UUID, by: Actor, now: datetime) -> None:
    """Lay the watches that show when the time to answer has run out: one on each side; only ours knows about whom."""
    due = order.answer_by or now
    watches.raise_watch(
        "orders.unconfirmed", source_of(order), owner=orderer(order), person_id=person_id,
        due_at=due, shown_from=due, by=by, now=now,
    )  # fmt: skip
    watches.raise_watch(
        "orders.waiting", source_of(order), owner=Owner("provider_staff", provider_of(order).unit_id),
        due_at=due, shown_from=due, by=by, now=now,
    )  # fmt: skip


def _end_reach(order: Order, end_date: date, now: datetime) -> None:
    version = letter(order)
    people.end_reach(
        version.person,
        source=f"orders.order:{order.pk}",
        until=max(end_date, clock.day_of(now)) + timedelta(days=FINISH_DAYS),
        by=system(order.municipality_id),
        now=now,
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
