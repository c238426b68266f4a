"""How the plan of a day changes: moved, cancelled, made besides the plan, given to somebody, taken back, swapped."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.core.access import Actor, Refused, demand, may
from livlina.core.clock import day_of, local
from livlina.core.models import Assignment
from livlina.provider.homecare.actions.telling import (
    Telling,
    VisitRefused,
    already,
    hold,
    key_of,
    latest,
    note_deviation,
    write,
)
from livlina.provider.homecare.models import Visit, VisitCarer, VisitEvent
from livlina.provider.homecare.queries.competence import competence_of
from livlina.provider.homecare.wording import split
from livlina.registers.orders.models import OrderVersion
from livlina.registers.orders.models.order import RUNNING
from livlina.registers.people.models import Person

LONGEST = 720
"""Minutes of the longest visit."""
CARERS = ("provider_manager", "provider_staff", "nurse")


@transaction.atomic
def move_visit(
    visit: Visit,
    starts_at: datetime,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    text: str = "",
    source: str = "desk",
    device_at: datetime | None = None,
    event_id: UUID | None = None,
) -> VisitEvent:
    """Move a visit to another time. To where it already is changes nothing. Raises Refused, VisitRefused.

    Moved twice, on a phone and at the office, it lies where it was moved last.
    """
    telling = Telling(by, now, source, device_at, None, event_id)
    visit = hold(visit, "homecare.visit" if telling.happened else "homecare.schedule", by)
    if had := already(visit, "moved", telling):
        return had
    if not telling.happened:
        if visit.starts_at == starts_at and (had := latest(visit, "moved", "planned")):
            return had
        _is_planned(visit, "flyttas")
        if not reason.strip():
            raise VisitRefused("Skriv varför besöket flyttas.")
    code, words = split(reason, text)
    was = visit.state
    event = write(visit, "moved", telling, to_at=starts_at, reason=code, text=words)
    if was == "cancelled":
        note_deviation(visit, "other", "Flyttades i telefonen, men var redan inställt.", telling, None)
    return event


@transaction.atomic
def cancel_visit(
    visit: Visit, *, reason: str, by: Actor, now: datetime, text: str = "", event_id: UUID | None = None
) -> VisitEvent:
    """Cancel a visit that has not begun. Cancelled twice is once. Raises Refused, VisitRefused."""
    telling = Telling(by, now, event_id=event_id)
    visit = hold(visit, "homecare.schedule", by)
    if visit.state == "cancelled" and (had := latest(visit, "cancelled")):
        return had
    _is_planned(visit, "ställas in")
    if not reason.strip():
        raise VisitRefused("Skriv varför besöket ställs in.")
    code, words = split(reason, text)
    return write(visit, "cancelled", telling, reason=code, text=words)


@transaction.atomic
def extra_visit(
    person: Person,
    *,
    starts_at: datetime,
    minutes: int,
    reason: str,
    by: Actor,
    now: datetime,
    client_id: UUID,
    title: str = "Extra besök",
    carers: tuple[UUID, ...] | None = None,
    source: str = "desk",
    device_at: datetime | None = None,
    event_id: UUID | None = None,
) -> Visit:
    """Make a visit besides the plan; a carer's own is given to them. The same `client_id` is the same visit.

    It hangs on the person's running order at the unit, if there is one. Raises Refused for somebody who is not the
    unit's, and VisitRefused for a length nobody can stay.
    """
    demand(by, "homecare.extra")
    had = Visit.objects.filter(municipality_id=by.municipality_id, client_id=client_id).first()
    if had is not None:
        return had
    _is_the_units(person, by)
    telling = Telling(by, now, source, device_at, None, event_id)
    minutes = _length(minutes, telling)
    visit, new = Visit.objects.get_or_create(
        municipality_id=by.municipality_id, client_id=client_id,
        defaults={
            "unit_id": by.unit_id, "person": person, "kind": "extra", "title": title[:120],
            "order_id": order_of(person, by), "on": day_of(starts_at), "starts_at": starts_at, "minutes": minutes,
        },
    )  # fmt: skip
    if new:
        _begun(visit, telling, reason, carers)
    return visit


@transaction.atomic
def give_visit(visit: Visit, carer: Assignment | UUID, *, by: Actor, now: datetime) -> VisitCarer:
    """Let a carer make the visit. Given twice is once. Raises Refused, and VisitRefused without a delegation it asks for.

    Source of the last: a delegated task may only be given to who holds a valid delegation (SOSFS 1997:14).
    """
    visit = hold(visit, "homecare.schedule", by)
    row = _goes(visit, key_of(carer))
    if row is None:
        _is_planned(visit, "ges till någon")
        _can(visit, key_of(carer), by)
        write(visit, "given", Telling(by, now), carer=key_of(carer))
        row = VisitCarer.objects.get(visit=visit, carer_id=key_of(carer), taken_at=None)
    return row


@transaction.atomic
def take_visit(visit: Visit, carer: Assignment | UUID, *, by: Actor, now: datetime) -> None:
    """Take the visit back from a carer. Taken twice is once. Raises Refused, VisitRefused."""
    visit = hold(visit, "homecare.schedule", by)
    if _goes(visit, key_of(carer)) is not None:
        _is_planned(visit, "tas från någon")
        write(visit, "taken", Telling(by, now), carer=key_of(carer))


@transaction.atomic
def swap_visit(
    visit: Visit,
    giver: Assignment | UUID,
    taker: Assignment | UUID,
    *,
    by: Actor,
    now: datetime,
    source: str = "desk",
    device_at: datetime | None = None,
    event_id: UUID | None = None,
) -> VisitEvent:
    """Let one carer take over another's visit. Told by both phones it is one swap. Raises Refused, VisitRefused.

    Swapped on the phones it has happened: to somebody without a delegation it asks for, a deviation says so.
    """
    telling = Telling(by, now, source, device_at, None, event_id)
    visit = hold(visit, "homecare.visit", by)
    given, taken = key_of(giver), key_of(taker)
    had = already(visit, "swapped", telling) or _swapped(visit, given, taken)
    if had:
        return had
    _of_the_unit(taken, by)
    lacks = _lacks(visit, taken)
    if not telling.happened:
        _is_planned(visit, "bytas")
        if lacks:
            raise VisitRefused(lacks)
    write(visit, "taken", telling, carer=given)
    event = write(visit, "swapped", telling, carer=taken)
    if lacks:
        note_deviation(visit, "delegation", lacks, telling, taken)
    return event


@transaction.atomic
def place_visit(
    visit: Visit, starts_at: datetime, *, giver: UUID | None, taker: UUID | None, by: Actor, now: datetime
) -> Visit:
    """Put a visit at a time and from one carer to another, as on the board: all of it or nothing. Raises VisitRefused."""
    visit = hold(visit, "homecare.schedule", by)
    if starts_at != visit.starts_at:
        move_visit(visit, starts_at, reason="replan", by=by, now=now)
        visit.refresh_from_db()
    if giver != taker:
        if taker is not None:
            give_visit(visit, taker, by=by, now=now)
        if giver is not None:
            take_visit(visit, giver, by=by, now=now)
    return visit


def order_of(person: Person, by: Actor) -> UUID | None:
    """Return the person's running home-care order at the actor's unit, if the unit has one."""
    letters = OrderVersion.objects.filter(
        person=person, compartment=2, order__provider__unit_id=by.unit_id, order__state__in=RUNNING
    )
    kinds = letters.order_by("-order__start_date").values_list("order_id", "order__kind")
    rows = sorted(kinds, key=lambda row: row[1] == "social_alarm")
    return rows[0][0] if rows else None


def _swapped(visit: Visit, giver: UUID, taker: UUID) -> VisitEvent | None:
    """The swap, when the other phone has told of it: the taker goes and the giver does not."""
    if _goes(visit, taker) is None or _goes(visit, giver) is not None:
        return None
    return latest(visit, "swapped", carer=taker)


def _goes(visit: Visit, carer: UUID) -> VisitCarer | None:
    return VisitCarer.objects.filter(visit=visit, carer_id=carer, taken_at=None).first()


def _can(visit: Visit, carer: UUID, by: Actor) -> None:
    """Refuse whom the visit cannot be given to. Raises VisitRefused."""
    _of_the_unit(carer, by)
    if lacks := _lacks(visit, carer):
        raise VisitRefused(lacks)


def _of_the_unit(carer: UUID, by: Actor) -> None:
    rows = Assignment.objects.filter(municipality_id=by.municipality_id, pk=carer, unit_id=by.unit_id)
    if not rows.filter(role__in=CARERS).exists():
        raise VisitRefused("Välj någon som arbetar i enheten.")


def _lacks(visit: Visit, carer: UUID) -> str:
    """What delegation the visit asks for that the carer has not, in words; empty when nothing."""
    if not visit.delegations:
        return ""
    on = day_of(visit.starts_at)
    has: Any = competence_of([carer], on).get(carer)
    missing = has.lacks(visit.delegations, visit.person_id) if has else list(visit.delegations)
    return f"Saknar delegering {local(visit.starts_at):%d/%m}: {', '.join(missing)}." if missing else ""


def _is_planned(visit: Visit, what: str) -> None:
    if visit.state != "planned":
        state = visit.get_state_display().lower()
        raise VisitRefused(f"Besöket kan inte {what}: det är {state}.")


def _begun(visit: Visit, telling: Telling, reason: str, carers: tuple[UUID, ...] | None) -> None:
    """Write that an extra visit was planned, and who goes: those named, else the carer who tells of it."""
    by, (code, words) = telling.by, split(reason)
    write(visit, "planned", telling, to_at=visit.starts_at, minutes=visit.minutes, reason=code, text=words)
    own = (by.assignment_id,) if by.assignment_id and by.role != "provider_manager" else ()
    for place, carer in enumerate(own if carers is None else carers):
        write(visit, "given", Telling(by, telling.now) if place else telling, carer=carer)


def _length(minutes: int, telling: Telling) -> int:
    """The minutes, if somebody can stay so long; what a phone says is brought within what a row can hold."""
    if not 1 <= minutes <= LONGEST and not telling.happened:
        raise VisitRefused("Ett besök är mellan 1 minut och 12 timmar.")
    return min(max(minutes, 1), LONGEST)


def _is_the_units(person: Person, by: Actor) -> None:
    """Refuse a person the unit has nothing to do with. Raises Refused."""
    rows = Visit.objects.filter(municipality_id=by.municipality_id, unit_id=by.unit_id, person=person)
    if not may(by, "people.read", person) and not rows.exists():
        raise Refused("homecare.extra", person_id=person.pk)
