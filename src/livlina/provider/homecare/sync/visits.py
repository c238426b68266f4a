"""Visits from phones: what is told has happened. Where it does not agree with the plan both stay, and people are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from livlina.core.access import Actor, system
from livlina.provider.homecare.actions import visits
from livlina.provider.homecare.models import Phone, Visit, VisitCarer
from livlina.provider.homecare.sync.takes import (
    Taken,
    clock_words,
    find_visit,
    heard,
    person_of,
    takes,
    visit_of,
)
from livlina.provider.homecare.sync.wire import Event, Unfit
from livlina.registers.watches import actions as watches

MANAGER = "provider_manager"


def _told(event: Event, by: Actor, now: datetime) -> dict[str, Any]:
    """What every verb of visits is given with an event from a phone."""
    return {"by": by, "now": now, "source": "phone", "device_at": event.at, "event_id": event.id}


@takes("check_in")
def take_check_in(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Somebody came: to a visit that was cancelled, or is another's by now, they came all the same."""
    visit, lock_at = visit_of(event, by), event.moment("lock_at")
    was = visit.state
    made = visits.check_in(visit, at=heard(event, now), lock_at=lock_at, **_told(event, by, now))
    if was == "cancelled":
        words = "Besöket var inställt. Det står som gjort, och chefen bedömer avgift och avvikelse."
        return Taken(made.pk, words, "cancelled")
    if other := _others_visit(visit, by):
        _tell_planner(visit, now, by)
        return Taken(
            made.pk, f"Besöket hade lagts på {other}. Att du var där är sparat, och planeraren vet.", "moved"
        )
    return Taken(made.pk, clock_words(event, now, lock_at), _clock_fault(event, now, lock_at))


@takes("check_out")
def take_check_out(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Somebody left, having done this and not that."""
    visit, lock_at = visit_of(event, by), event.moment("lock_at")
    made = visits.check_out(
        visit,
        at=heard(event, now),
        done_ids=event.keys("done"),
        text=_with_undone(event),
        lock_at=lock_at,
        **_told(event, by, now),
    )
    return Taken(made.pk, clock_words(event, now, lock_at), _clock_fault(event, now, lock_at))


@takes("not_home")
def take_not_home(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Nobody opened."""
    visit = visit_of(event, by)
    told = _told(event, by, now) | {"reason": event.text("reason"), "follow_up": event.text("follow_up")}
    made = visits.not_home(visit, at=heard(event, now), **told)
    return Taken(made.pk, clock_words(event, now))


@takes("missed")
def take_missed(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """It did not come about."""
    visit = visit_of(event, by)
    told = _told(event, by, now) | {"reason": event.text("reason"), "follow_up": event.text("follow_up")}
    made = visits.missed(visit, **told)
    return Taken(made.pk, clock_words(event, now))


@takes("moved")
def take_moved(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """It was moved to another time, with the person's consent on the spot."""
    starts_at = event.moment("starts_at")
    if starts_at is None:
        raise Unfit("unreadable", "Flytten säger inte till när.")
    told = _told(event, by, now)
    made = visits.move_visit(visit_of(event, by), starts_at, reason=event.text("reason"), **told)
    return Taken(made.pk, clock_words(event, now))


@takes("extra")
def take_extra(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """A visit nobody had planned. Later events name it by this event's id."""
    minutes = event.body.get("minutes")
    if type(minutes) is not int:
        raise Unfit("unreadable", "Det extra besöket säger inte hur långt det är.")
    visit = visits.extra_visit(
        person_of(event, by, now),
        starts_at=event.moment("starts_at") or heard(event, now),
        minutes=minutes,
        reason=event.text("reason"),
        client_id=event.id,
        **_told(event, by, now),
    )
    return Taken(visit.pk, clock_words(event, now))


@takes("swap")
def take_swap(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Two colleagues swapped a visit, phone to phone. Both tell of it; it is one swap."""
    visit = visit_of(event, by)
    giver, taker = _carer(event, "from", by), _carer(event, "to", by)
    if giver is None or taker is None or by.assignment_id not in (giver, taker):
        raise Unfit("unknown_phone", "Den ena telefonen i bytet är inte känd hos kommunen.")
    made = visits.swap_visit(visit, giver, taker, **_told(event, by, now))
    return Taken(made.pk, clock_words(event, now))


@takes("deviation")
def take_deviation(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Something went wrong: two taps."""
    about = find_visit(event.visit, by) or person_of(event, by, now)
    told = _told(event, by, now) | {"at": heard(event, now)}
    made = visits.report_deviation(about, event.text("kind", 40), event.text("text"), **told)
    return Taken(made.pk, clock_words(event, now))


def _carer(event: Event, name: str, by: Actor) -> UUID | None:
    """The assignment behind a phone's id in a swap; an event that names no phone means its own."""
    said = event.key(name)
    if said is None:
        return by.assignment_id
    return Phone.objects.filter(pk=said, unit_id=by.unit_id).values_list("carer_id", flat=True).first()


def _with_undone(event: Event) -> str:
    """The carer's words, with how many things were not done and why; each keeps its reason."""
    undone = event.body.get("not_done") or []
    if not isinstance(undone, list):
        raise Unfit("unreadable", "En lista i händelsen gick inte att läsa.")
    why = [str(one.get("reason", "")).strip()[:80] for one in undone if isinstance(one, dict)]
    parts = [event.text("text"), f"Inte gjort: {'; '.join(filter(None, why))}" if why else ""]
    return " ".join(part for part in parts if part)[:400]


def _clock_fault(event: Event, now: datetime, lock_at: datetime | None) -> str:
    return "clock" if clock_words(event, now, lock_at) else ""


def _others_visit(visit: Visit, by: Actor) -> str:
    """Whose visit it is by now, when it was once this carer's; empty when it is theirs, or free for anyone."""
    goes = list(VisitCarer.objects.filter(visit=visit, taken_at=None).select_related("carer__user"))
    if not goes or any(one.carer_id == by.assignment_id for one in goes):
        return ""
    return ", ".join(one.carer.user.name for one in goes)


def _tell_planner(visit: Visit, now: datetime, by: Actor) -> None:
    """Tell the planner that two went where one was to go."""
    watches.raise_watch(
        "homecare.both_went",
        ("homecare.visit", visit.pk),
        owner=watches.Owner(MANAGER, visit.unit_id, compartment=2),
        due_at=now,
        by=system(by.municipality_id, by.compartments),
        now=now,
        person_id=visit.person_id,
    )
