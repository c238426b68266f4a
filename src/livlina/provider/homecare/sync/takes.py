"""What becomes of each kind of event. A room registers what it takes: `@takes("note")`; rooms above may add their own.

A handler gets the event, its phone, the carer as an actor and the server's time, and returns what the event became. It
runs inside a savepoint, once per event: what it raises undoes what it wrote, and the event goes to quarantine with the
words of the fault. A handler must say yes to what was allowed when it was written, not only to what is allowed now.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.homecare.actions.plan import PlanRefused
from livlina.provider.homecare.actions.telling import VisitRefused
from livlina.provider.homecare.models import Phone, Visit
from livlina.provider.homecare.sync.wire import Event, Unfit
from livlina.registers.journal.actions import JournalFault
from livlina.registers.journal.models import File
from livlina.registers.journal.queries import BOOK
from livlina.registers.people.models import Person, Reach

CLOCKS = timedelta(minutes=10)
"""How far two clocks may differ before somebody is told."""


@dataclass(frozen=True)
class Taken:
    """What an event became. `words` is what its author is told; `fault` a code when it was not taken in as it was."""

    result_id: UUID | None = None
    words: str = ""
    fault: str = ""
    carries: tuple[bytes, ...] = ()
    """What the phone is to carry on: acknowledgements for locks."""


Handler = Callable[[Event, Phone, Actor, datetime], Taken]
HANDLERS: dict[str, Handler] = {}
TURNS: dict[str, Callable[[int], None]] = {}
SENTENCES: list[type[Exception]] = [PlanRefused, VisitRefused]
"""Faults whose text is a Swedish sentence for whoever did it. Rooms above may add theirs."""


def takes(kind: str, turn: Callable[[int], None] | None = None) -> Callable[[Handler], Handler]:
    """Let the decorated function take in events of `kind`. Raises ValueError when another does already.

    `turn` is called with the municipality's id before any event of the request: for what must wait before it locks rows.
    """

    def register(handler: Handler) -> Handler:
        if kind in HANDLERS:
            raise ValueError(f"Events of kind {kind} are taken twice.")
        HANDLERS[kind] = handler
        if turn is not None:
            TURNS[kind] = turn
        return handler

    return register


def take(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Let an event have its effect. Raises Unfit for a kind nobody takes, and whatever the handler raises."""
    handler = HANDLERS.get(event.kind)
    if handler is None:
        raise Unfit("kind", "Händelsen är av ett slag som kommunens version inte känner till.")
    return handler(event, phone, by, now)


def sentence_of(fault: Exception) -> str:
    """Return the Swedish sentence of a room's own fault, or nothing for a fault that is nobody's to read."""
    if isinstance(fault, JournalFault):
        return fault.swedish
    return str(fault) if isinstance(fault, tuple(SENTENCES)) else ""


def carer_of(carer: Assignment) -> Actor:
    """Return whoever holds a phone's assignment, as they act; whether it held when they wrote is asked elsewhere."""
    return Actor(
        "staff",
        carer.municipality_id,
        carer.role,
        carer.user.name,
        user_id=carer.user_id,
        assignment_id=carer.pk,
        unit_id=carer.unit_id,
        unit_name=carer.unit.name,
        title=carer.title,
        compartments=tuple(carer.compartments),
        qualifications=tuple(carer.qualifications),
    )


def carried(by: Actor) -> Actor:
    """Return the municipality itself, writing in a carer's name what was allowed when it was written.

    A unit's relation to a person may have ended while a phone was away. Only for what `was_allowed` says yes to.
    """
    return replace(by, kind="system", role="system")


def was_allowed(person_id: UUID, by: Actor, *times: datetime) -> bool:
    """Return whether the carer's unit had to do with a person at one of the times. One or two statements."""
    held, near = Q(), Q()
    for at in times:
        day, before, after = day_of(at), at - timedelta(days=1), at + timedelta(days=1)
        running = Q(until=None) | Q(until__gte=day)
        held |= running & (Q(ended_at=None) | Q(ended_at__gt=at)) & Q(since__lte=after)
        near |= Q(starts_at__range=(before, after))
    if Reach.objects.filter(held, person_id=person_id, unit_id=by.unit_id).exists():
        return True
    return Visit.objects.filter(near, person_id=person_id, unit_id=by.unit_id).exists()


@dataclass
class AtHand:
    """What a request's events are about, fetched at once: visits as they were when it came, and files by person."""

    visits: dict[UUID, Visit] = field(default_factory=dict)
    files: dict[UUID, File] = field(default_factory=dict)


_AT_HAND: ContextVar[AtHand | None] = ContextVar("field_at_hand", default=None)


@contextmanager
def at_hand(events: Sequence[Event], by: Actor) -> Iterator[None]:
    """Fetch what the events are about in two statements, for as long as they are taken in."""
    told = AtHand()
    if len(events) > 1:
        wanted = {event.visit for event in events if event.visit}
        rows = Visit.objects.filter(pk__in=wanted, unit_id=by.unit_id).select_related("person")
        told.visits = {row.pk: row for row in rows}
        people = {event.person for event in events if event.person}
        files = File.objects.filter(
            person_id__in=people, unit_id=by.unit_id, compartment=BOOK[by.role], closed_at=None
        )
        told.files = {file.person_id: file for file in files}
    token = _AT_HAND.set(told)
    try:
        yield
    finally:
        _AT_HAND.reset(token)


def file_of(person: Person, by: Actor) -> File | None:
    """Return the unit's file on a person in the carer's book: the open one, else the last that was closed."""
    told = _AT_HAND.get()
    if told and person.pk in told.files:
        return told.files[person.pk]
    files = File.objects.filter(person=person, unit_id=by.unit_id, compartment=BOOK[by.role])
    found = files.order_by(F("closed_at").desc(nulls_first=True)).first()
    if told and found is not None and found.closed_at is None:
        told.files[person.pk] = found
    return found


def visit_of(event: Event, by: Actor) -> Visit:
    """Return the visit an event is about; an extra one is known by the event that made it. Raises Unfit."""
    visit = find_visit(event.visit, by)
    if visit is None:
        raise Unfit("unknown_visit", "Besöket finns inte hos kommunen.")
    if event.person is not None and event.person != visit.person_id:
        raise Unfit("unknown_visit", "Besöket gäller en annan person.")
    return visit


def find_visit(visit_id: UUID | None, by: Actor) -> Visit | None:
    """Return a visit of the carer's unit by its id, or by the event that made it, or None."""
    if visit_id is None:
        return None
    told = _AT_HAND.get()
    if told and visit_id in told.visits:
        return told.visits[visit_id]
    known = Q(pk=visit_id) | Q(client_id=visit_id)
    return Visit.objects.filter(known, unit_id=by.unit_id).select_related("person").first()


def person_of(event: Event, by: Actor, now: datetime) -> Person:
    """Return the person an event is about, whom the unit had to do with when it was written, or has now. Raises Unfit."""
    person = Person.objects.filter(pk=event.person).first() if event.person else None
    if person is None and (visit := find_visit(event.visit, by)):
        person = visit.person
    if person is None or not was_allowed(person.pk, by, heard(event, now), now):
        raise Unfit("not_permitted", "Enheten hade ingen insats hos personen när händelsen skrevs.")
    return person


def heard(event: Event, now: datetime) -> datetime:
    """Return when it happened by the phone, never after now: what the phone said is kept beside it."""
    return min(event.at, now)


def clock_words(event: Event, now: datetime, other: datetime | None = None) -> str:
    """Return what the author is told when the clocks differ by more than ten minutes, or nothing."""
    ahead = event.at - now
    if ahead > CLOCKS:
        return f"Telefonens klocka går {round(ahead.total_seconds() / 60)} minuter före. Båda tiderna är sparade."
    if other is not None and abs(event.at - other) > CLOCKS:
        apart = round(abs(event.at - other).total_seconds() / 60)
        return f"Telefonens och låsets klockor skiljer {apart} minuter. Båda tiderna är sparade."
    return ""
