"""How every event of a visit is written: held, told once, and the visit made what its events say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.models import Assignment
from livlina.provider.homecare.folding import Outcome, Told, fold
from livlina.provider.homecare.models import Visit, VisitCarer, VisitEvent
from livlina.registers.watches import actions as watches


class VisitRefused(Exception):
    """It cannot be done with the visit as it is. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Telling:
    """Who tells, when it was heard, and by which way. What a phone says has already happened: it is never refused."""

    by: Actor
    now: datetime
    source: str = "desk"
    device_at: datetime | None = None
    lock_at: datetime | None = None
    event_id: UUID | None = None

    @property
    def happened(self) -> bool:
        """Whether it is told of afterwards, by a phone, a lock or on paper."""
        return self.source != "desk"


def hold(visit: Visit, verb: str, by: Actor) -> Visit:
    """Return the visit, locked, if the actor may `verb` it. Raises Refused."""
    held = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    demand(by, verb, held)
    return held


def already(visit: Visit, kind: str, telling: Telling) -> VisitEvent | None:
    """Return the row an event has already become, if it has: the same event is one row."""
    if telling.event_id is None:
        return None
    return VisitEvent.objects.filter(visit=visit, kind=kind, event_id=telling.event_id).first()


def latest(visit: Visit, *kinds: str, carer: UUID | None = None) -> VisitEvent | None:
    """Return the last event of these kinds that nothing has corrected."""
    rows = VisitEvent.objects.filter(visit=visit, kind__in=kinds, corrected_by=None)
    if carer is not None:
        rows = rows.filter(carer_id=carer)
    return rows.order_by("-heard_at", "-id").first()


def write(
    visit: Visit,
    kind: str,
    telling: Telling,
    *,
    at: datetime | None = None,
    carer: UUID | None = None,
    **said: Any,
) -> VisitEvent:
    """Write one event, make the visit what all its events say, record it and tell the rooms above."""
    event = VisitEvent.objects.create(
        municipality_id=visit.municipality_id,
        visit=visit,
        kind=kind,
        at=at or telling.device_at or telling.now,
        device_at=telling.device_at,
        lock_at=telling.lock_at,
        heard_at=telling.now,
        carer_id=carer,
        by_id=telling.by.user_id,
        by_name=telling.by.name,
        source=telling.source,
        event_id=telling.event_id,
        **said,
    )
    settle(visit, telling.now)
    audit.wrote(
        telling.by,
        "homecare.visit",
        now=telling.now,
        obj=visit,
        person_id=visit.person_id,
        detail={"event": kind, "source": telling.source},
    )
    outbox.announce(f"visit.{kind}", event, now=telling.now)
    return event


def outcome_of(visit: Visit) -> Outcome:
    """Return what the visit's events say, all of them. One statement."""
    return fold(told(event) for event in VisitEvent.objects.filter(visit=visit))


def told(event: VisitEvent) -> Told:
    """Return an event as plain values."""
    return Told(
        key=event.pk,
        tie=event.event_id or event.pk,
        kind=event.kind,
        at=event.at,
        decided=event.device_at or event.heard_at,
        carer=event.carer_id,
        to_at=event.to_at,
        minutes=event.minutes,
        corrects=event.corrects_id,
        reason=event.reason,
    )


def settle(visit: Visit, now: datetime) -> Outcome:
    """Make a held visit and its carers what its events say."""
    said = outcome_of(visit)
    visit.state = said.state
    visit.starts_at = said.starts_at or visit.starts_at
    visit.save(update_fields=["state", "starts_at"])
    goes = VisitCarer.objects.filter(visit=visit, taken_at=None)
    have = set(goes.values_list("carer_id", flat=True))
    if have - said.goers:
        goes.filter(carer_id__in=have - said.goers).update(taken_at=now)
    for carer in said.goers - have:
        VisitCarer.objects.create(
            municipality_id=visit.municipality_id, visit=visit, carer_id=carer, given_at=now
        )
    return said


def note_deviation(visit: Visit, kind: str, text: str, telling: Telling, carer: UUID | None) -> VisitEvent:
    """Write a deviation and let the unit's manager know. The same event's is one."""
    if had := already(visit, "deviation", telling):
        return had
    event = write(visit, "deviation", telling, carer=carer, reason=kind, text=text.strip()[:400])
    call_manager("homecare.deviation", visit, telling)
    return event


def call_manager(type: str, visit: Visit, telling: Telling) -> None:
    """Let what happened to a visit be work for the unit's manager."""
    watches.raise_watch(
        type,
        ("homecare.visit", visit.pk),
        owner=watches.Owner("provider_manager", visit.unit_id),
        person_id=visit.person_id,
        due_at=telling.now,
        by=telling.by,
        now=telling.now,
    )


def carer_of(visit: Visit, by: Actor, carer: Assignment | UUID | None) -> UUID | None:
    """Whose visit is told of: the one named, else who tells it, else the only one who was to go."""
    if carer is not None:
        return key_of(carer)
    goers = list(VisitCarer.objects.filter(visit=visit, taken_at=None).values_list("carer_id", flat=True))
    if by.assignment_id in goers or by.role != "provider_manager":
        return by.assignment_id
    return goers[0] if len(goers) == 1 else by.assignment_id


def key_of(carer: Assignment | UUID) -> UUID:
    """Return the id of an assignment, given either way."""
    return carer.pk if isinstance(carer, Assignment) else carer
