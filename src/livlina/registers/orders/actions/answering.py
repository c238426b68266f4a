"""What the provider does: open, accept or decline, deliver and report."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from livlina.core import audit, clock
from livlina.core.access import Actor, system
from livlina.core.ids7 import uuid7
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.orders.actions.sending import FINISH_DAYS
from livlina.registers.orders.faults import (
    AlreadyReported,
    ContactMissing,
    FigureWrong,
    NotInPlace,
    PeriodWrong,
    ReasonMissing,
    StartTooEarly,
    WrongState,
)
from livlina.registers.orders.holding import (
    handed_letter,
    hold,
    letter,
    move,
    orderer,
    provider_of,
    record,
    source_of,
    tell,
)
from livlina.registers.orders.models import Delivery, Order, OrderVersion
from livlina.registers.orders.models.content import PROVIDER
from livlina.registers.orders.models.words import DECLINE_REASONS
from livlina.registers.people import actions as people
from livlina.registers.watches import actions as watches

REPORTABLE = ("confirmed", "active", "superseded", "ended")
FIRST_DELIVERY: dict[str, Callable[[Order], str]] = {}
"""Kind of order → what stands in the way of its first delivery, in Swedish ("" = nothing). Set by the rooms above that
know: that something is in place is shown there, and not said here."""


@transaction.atomic
def open_order(order: Order, *, by: Actor, now: datetime) -> OrderVersion:
    """Open the envelope: from now the provider knows whom it is about, and it is written who opened it and when.

    Only here is the letter handed over: the copy in the provider's compartment is written, and its unit is given
    reach to the person. Opened by two colleagues it is opened once. Raises Refused if it was recalled meanwhile.
    """
    order = hold(order, "orders.open", by)
    if order.opened_at is not None:
        return handed_letter(order)
    move(order, "open", opened_at=now, opened_by=by.name)
    with acting(order.municipality_id, EVERYTHING):
        copy = _hand_over(letter(order))
        people.grant_reach(
            copy.person, provider_of(order).unit_id, source=f"orders.order:{order.pk}", reason="order",
            by=system(order.municipality_id), now=now,
        )  # fmt: skip
    record(order, "opened", by, now=now, person_id=copy.person_id)
    audit.read(by, "orders.read_content", now=now, person_id=copy.person_id, obj=order)
    tell("opened", order, now=now)
    return copy


@transaction.atomic
def confirm_order(order: Order, *, start: date, contact: str, by: Actor, now: datetime) -> Order:
    """Accept the order: from which day, and whom the orderer can reach. Accepted twice is accepted once.

    The order it replaces is superseded. Raises StartTooEarly, ContactMissing, WrongState.
    """
    order = hold(order, "orders.answer", by)
    if order.state == "confirmed" and order.start_date == start:
        return order
    if not contact.strip():
        raise ContactMissing
    if order.sent_at is not None and start < clock.day_of(order.sent_at):
        raise StartTooEarly
    if order.recall_asked_at is not None:
        raise WrongState("Beställaren har bett att få återkalla beställningen. Svara på det först.")
    move(order, "confirm", start_date=start, contact=contact.strip()[:160], answered_at=now)
    record(order, "confirmed", by, now=now, text=contact, person_id=handed_letter(order).person_id)
    watches.close_for(source_of(order), why="Utföraren har bekräftat.", by=by, now=now)
    if order.replaces_id is not None:
        _supersede(order, start, by, now)
    tell("confirmed", order, now=now)
    return order


@transaction.atomic
def decline_order(order: Order, *, reason: str, by: Actor, now: datetime, text: str = "") -> Order:
    """Decline the order. The orderer is told by a dangerous watch; the unit's reach to the person ends.

    Declined twice is declined once. Raises ReasonMissing, WrongState.
    """
    order = hold(order, "orders.answer", by)
    if order.state == "declined":
        return order
    if reason not in dict(DECLINE_REASONS) or (reason == "other" and not text.strip()):
        raise ReasonMissing
    move(order, "decline", decline_reason=reason, answered_at=now)
    version = handed_letter(order)
    record(order, "declined", by, now=now, reason=reason, text=text, person_id=version.person_id)
    _leave(order, version, now)
    watches.close_for(source_of(order), why="Utföraren har tackat nej.", by=by, now=now)
    watches.raise_watch(
        "orders.declined",
        source_of(order),
        owner=orderer(order),
        person_id=version.person_id,
        due_at=now,
        by=by,
        now=now,
    )
    tell("declined", order, now=now)
    return order


@transaction.atomic
def answer_recall(order: Order, *, agree: bool, by: Actor, now: datetime, text: str = "") -> Order:
    """Answer the orderer's wish to take an opened order back. Agreed, it is recalled and the reach ends.

    Raises ReasonMissing when refused without words, WrongState when nothing was asked.
    """
    order = hold(order, "orders.answer", by)
    if order.state == "recalled" and agree:
        return order
    if order.recall_asked_at is None:
        raise WrongState
    version = handed_letter(order)
    if agree:
        move(order, "agree_recall", recalled_at=now, answered_at=now)
        record(order, "recall_agreed", by, now=now, text=text, person_id=version.person_id)
        _leave(order, version, now)
        watches.close_for(source_of(order), why="Återkallelsen är godtagen.", by=by, now=now)
        tell("recalled", order, now=now)
        return order
    if not text.strip():
        raise ReasonMissing
    order.recall_asked_at = None
    order.save(update_fields=["recall_asked_at"])
    record(order, "recall_refused", by, now=now, text=text, person_id=version.person_id)
    watches.close_for(source_of(order), types=["orders.recall_asked"], why="Besvarad.", by=by, now=now)
    watches.raise_watch(
        "orders.recall_refused",
        source_of(order),
        owner=orderer(order),
        person_id=version.person_id,
        due_at=now,
        by=by,
        now=now,
    )
    return order


@transaction.atomic
def report_delivery(
    order: Order,
    *,
    period_from: date,
    period_to: date,
    by: Actor,
    now: datetime,
    minutes: int | None = None,
    count: int | None = None,
    note_ref: UUID | None = None,
    deviation: str = "",
    corrects: Delivery | None = None,
) -> Delivery:
    """Report what was performed in a period: minutes with the person, or times. The first makes the order active.

    The same report twice is one. `corrects` replaces an earlier report, which stays. Raises FigureWrong,
    PeriodWrong, AlreadyReported, NotInPlace, WrongState.
    """
    order = hold(order, "orders.deliver", by)
    _check_report(order, period_from, period_to, minutes, count, now)
    earlier = order.deliveries.filter(period_from=period_from, period_to=period_to, corrects=corrects).first()
    if earlier is not None:
        if (earlier.minutes, earlier.count, earlier.deviation) == (minutes, count, deviation.strip()):
            return earlier
        raise AlreadyReported
    if corrects is not None and (corrects.order_id != order.pk or corrects.corrected_by.exists()):
        raise AlreadyReported
    figures = {"period_from": period_from, "period_to": period_to, "minutes": minutes, "count": count}
    report = Delivery.objects.create(
        **figures,
        municipality_id=order.municipality_id,
        order=order,
        note_ref=note_ref,
        deviation=deviation.strip(),
        corrects=corrects,
        at=now,
        user_id=by.user_id,
        reported_by=by.name,
    )
    return _tell_of_report(order, report, by, now)


def _tell_of_report(order: Order, report: Delivery, by: Actor, now: datetime) -> Delivery:
    """Write a report down, make the order active by its first, and tell the orderer of a deviation."""
    person_id = handed_letter(order).person_id
    audit.wrote(by, "orders.deliver", now=now, obj=report, person_id=person_id)
    if order.state == "confirmed":
        move(order, "deliver", active_at=now)
        record(order, "delivered_first", by, now=now, person_id=person_id)
        tell("delivered_first", order, now=now)
    if report.deviation:
        watches.raise_watch(
            "orders.deviation", ("orders.delivery", report.pk), owner=orderer(order), person_id=person_id,
            due_at=now + timedelta(days=2), by=by, now=now,
        )  # fmt: skip
        tell("deviation", order, now=now)
    return report


def _check_report(
    order: Order, period_from: date, period_to: date, minutes: int | None, count: int | None, now: datetime
) -> None:
    if order.state not in REPORTABLE:
        raise WrongState
    if order.state == "confirmed" and (missing := FIRST_DELIVERY.get(order.kind, _nothing)(order)):
        raise NotInPlace(missing)
    if (minutes is None) == (count is None):
        raise FigureWrong
    last = min(day for day in (order.end_date, clock.day_of(now)) if day is not None)
    if order.start_date is None or not order.start_date <= period_from <= period_to <= last:
        raise PeriodWrong


def _nothing(order: Order) -> str:
    """Nothing stands in the way of delivering most kinds of orders."""
    return ""


def _hand_over(version: OrderVersion) -> OrderVersion:
    """Write the provider's copy of a letter: the same words and digest, without what it rests on."""
    copy = OrderVersion.objects.get(pk=version.pk)
    copy.pk = uuid7()
    copy._state.adding = True
    copy.compartment, copy.source_type, copy.source_id = PROVIDER, "", None
    copy.save(force_insert=True)
    return copy


def _leave(order: Order, version: OrderVersion, now: datetime) -> None:
    """End the unit's reach at once: it will not carry the order out."""
    people.end_reach(
        version.person, source=f"orders.order:{order.pk}", by=system(order.municipality_id), now=now
    )


def _supersede(order: Order, start: date, by: Actor, now: datetime) -> None:
    """Let the confirmed order take over from the one it replaces, from its start date."""
    old = Order.objects.select_for_update(of=("self",)).get(pk=order.replaces_id)
    if not old.is_running:
        return
    move(old, "supersede", end_date=max(start - timedelta(days=1), old.start_date or start))
    version = handed_letter(old)
    people.end_reach(
        version.person,
        source=f"orders.order:{old.pk}",
        until=max(start, clock.day_of(now)) + timedelta(days=FINISH_DAYS),
        by=system(old.municipality_id),
        now=now,
    )
    record(old, "superseded", by, now=now, person_id=version.person_id)
    watches.close_for(source_of(old), why="En ny beställning har tagit över.", by=by, now=now)
    tell("superseded", old, now=now)
