"""Locks, their logs, metal keys and what waits to be reviewed, each filtered by access."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from livlina.core import tenancy
from livlina.core.access import Actor, allowed, demand, fetch
from livlina.core.clock import day_of, today
from livlina.core.models import Assignment, Unit
from livlina.provider.doors.models import (
    CONSENTS,
    PROVIDER,
    Consent,
    Grant,
    Lock,
    LockUnit,
    MetalKey,
    Opening,
    VendorCall,
)
from livlina.registers.people.models import Person

USABLE = ("fitted", "faulty")
PAGE = 100
MOST_CLIENTS = 1_000


@dataclass(frozen=True)
class Row:
    """One line of a door's log, for whoever reads it: no row of the provider's is handed over."""

    at: datetime
    place: str
    outcome: str
    words: str
    who: str
    title: str
    unit: str
    kind: str
    reason: int
    fault: str
    number: int = 0
    lock_number: int = 0
    follows: bool = True
    id: UUID | None = None


def locks_of(person_ids: Iterable[UUID]) -> dict[UUID, list[Lock]]:
    """Return the locks in use of each of these persons. One statement, and no access of its own: whoever asks has it."""
    found: dict[UUID, list[Lock]] = defaultdict(list)
    for lock in Lock.objects.filter(person_id__in=list(person_ids), state__in=USABLE).order_by(
        "place", "number"
    ):
        found[lock.person_id].append(lock)
    return dict(found)


def locks_in_area(unit_id: UUID, area: str) -> list[Lock]:
    """Return the locks in use in an area where a unit goes, its own and those it is let in to. One statement.

    Locks that both have not agreed to are left out: a key to an area is made for the others.
    """
    on = today()
    lets = LockUnit.objects.filter(Q(last_on__isnull=True) | Q(last_on__gte=on), first_on__lte=on)
    there = Q(unit_id=unit_id) | Q(Exists(lets.filter(lock_id=OuterRef("pk"), unit_id=unit_id)))
    agreed = Consent.objects.filter(lock_id=OuterRef("pk"), withdrawn_on=None, given_on__lte=on)
    both = [Q(Exists(agreed.filter(whose=code))) for code, _ in CONSENTS]
    return list(Lock.objects.filter(there, *both, area=area, state__in=USABLE).order_by("number"))


def fittings_of(holder: Assignment, on: date) -> list[Lock]:
    """Return the locks that a carer of the unit is to fit on a day, by the name they were planned under."""
    rows = Lock.objects.filter(
        unit_id=holder.unit_id, state="planned", fit_on=on, fitter__iexact=holder.user.name
    )
    return list(rows.order_by("number"))


def unit_locks(actor: Actor) -> list[Lock]:
    """Return the doors the actor's unit goes to, each with `readable`: whether the actor may know whose it is."""
    readable = allowed(actor, "people.read", Person.objects.filter(pk=OuterRef("person_id")))
    lacks = Consent.objects.filter(lock_id=OuterRef("pk"), withdrawn_on=None).order_by()
    locks = allowed(actor, "doors.read", Lock.objects.exclude(state="removed")).select_related(
        "person", "unit"
    )
    return list(
        locks.annotate(
            readable=Subquery(readable.values("pk")[:1]),
            client_agreed=Subquery(lacks.filter(whose="client").values("given_on")[:1]),
            owner_agreed=Subquery(lacks.filter(whose="owner").values("given_on")[:1]),
        ).order_by("state", "area", "person__family_name", "number")
    )


def lock_of(actor: Actor, pk: UUID, verb: str = "doors.read") -> Lock:
    """Return one lock with its person. Raises Refused, also when the actor may not know whose door it is."""
    lock = fetch(actor, verb, Lock.objects.select_related("person", "unit"), pk=pk)
    fetch(actor, "people.read", Person.objects.all(), pk=lock.person_id)
    return lock


def log_of(actor: Actor, lock: Lock, page: int = 0) -> list[Row]:
    """Return a page of a lock's log, newest first, and one row more if there is more. Raises Refused.

    A unit that is let in to another's lock reads of its own staff alone.
    """
    demand(actor, "doors.read_log", lock)
    rows = Opening.objects.filter(_ours(actor), lock=lock)
    return _rows(rows.order_by("-at", "-number"), page)


def log_of_person(actor: Actor, person: Person, page: int = 0) -> list[Row]:
    """Return who has opened a person's doors, for the person's case worker. Raises Refused.

    The rows lie in the provider's compartment: it is entered for this one reading, of a person the actor may open.
    """
    demand(actor, "doors.log_of_person")
    demand(actor, "people.read", person)
    return _beyond(actor, person, page)


def own_log(actor: Actor, person: Person, page: int = 0) -> list[Row]:
    """Return who has opened one's own door, or the door of somebody one acts for. Raises Refused."""
    demand(actor, "doors.own_log")
    demand(actor, "people.act_for", person)
    return _beyond(actor, person, page)


def technical_log(actor: Actor, page: int = 0) -> list[Row]:
    """Return what locks have written, by number alone: nothing says whose door it was or who opened. Raises Refused."""
    demand(actor, "doors.technical_log")
    with tenancy.acting(actor.municipality_id, (PROVIDER,)):
        rows = _rows(Opening.objects.order_by("-received_at", "-number"), page)
    return [
        Row(
            row.at,
            "",
            row.outcome,
            row.words,
            "",
            "",
            "",
            row.kind,
            0,
            row.fault,
            row.number,
            row.lock_number,
            row.follows,
        )
        for row in rows
    ]


def rounds(actor: Actor, since: datetime) -> list[Row]:
    """Return openings by area keys since then: what night patrol and alarms opened, and why."""
    locks = allowed(actor, "doors.read_log", Lock.objects.all())
    by_area = Opening.objects.filter(lock__in=locks, grant__kind__in=("round", "emergency"), at__gte=since)
    return _rows(by_area.filter(_ours(actor)).order_by("-at"), 0)


def emergencies(actor: Actor) -> QuerySet[Grant]:
    """Return emergency keys of the unit that have been used, those nobody has reviewed first."""
    demand(actor, "doors.emergencies")
    used = allowed(actor, "doors.review", Grant.objects.filter(kind="emergency", used_at__isnull=False))
    return used.order_by("-reviewed_at", "-used_at")


def grants_of(actor: Actor, lock: Lock, now: datetime) -> list[Grant]:
    """Return keys for a lock that hold now or have held in the last two days, newest first."""
    demand(actor, "doors.read", lock)
    rows = Grant.objects.filter(lock_numbers__contains=[lock.number], expires__gt=now - timedelta(days=2))
    if lock.unit_id != actor.unit_id:
        rows = rows.filter(unit_id=actor.unit_id)
    return list(rows.order_by("-not_before")[:PAGE])


def calls_of(lock: Lock) -> list[VendorCall]:
    """Return what the maker of a lock has not done yet."""
    return list(VendorCall.objects.filter(lock=lock, done_at=None).order_by("made_at"))


def keys_of(actor: Actor) -> list[MetalKey]:
    """Return the unit's metal keys, lost ones and those that are out first."""
    keys = allowed(actor, "doors.keys", MetalKey.objects.filter(ended_at=None))
    return list(keys.select_related("holder__user").order_by("lost_at", "-out_since", "number"))


def units_besides(lock: Lock) -> list[Unit]:
    """Return provider units other than the lock's own."""
    rows = Unit.objects.filter(municipality_id=lock.municipality_id, side="provider", ended_on=None)
    return list(rows.exclude(pk=lock.unit_id).order_by("name"))


def clients(actor: Actor) -> list[Person]:
    """Return the persons whom the actor's unit has something to do with, by name."""
    people = allowed(actor, "people.read", Person.objects.filter(died_on=None))
    return list(people.order_by("family_name", "given_names")[:MOST_CLIENTS])


def staff(actor: Actor, now: datetime) -> list[Assignment]:
    """Return those who work at the actor's unit today, by name."""
    held = Assignment.objects.valid(day_of(now)).filter(unit_id=actor.unit_id, user__is_active=True)
    return list(held.select_related("user").order_by("user__name"))


def _ours(actor: Actor) -> Q:
    """Openings of locks of the actor's unit, or by its staff."""
    return Q(lock__unit_id=actor.unit_id) | Q(grant__unit_id=actor.unit_id)


def _beyond(actor: Actor, person: Person, page: int) -> list[Row]:
    with tenancy.acting(actor.municipality_id, (PROVIDER,)):
        rows = Opening.objects.filter(person=person).exclude(outcome="refused", holder_name="")
        return _rows(rows.order_by("-at", "-number"), page)


def _rows(openings: QuerySet[Opening], page: int) -> list[Row]:
    first = page * PAGE
    found = openings.select_related("lock", "grant__holder", "grant__unit")[first : first + PAGE + 1]
    return [_row(one) for one in found]


def _row(one: Opening) -> Row:
    grant = one.grant
    lent = grant is not None and grant.thumbprint != one.thumbprint
    return Row(
        one.at, one.lock.place, one.outcome, one.get_outcome_display(), one.holder_name,
        grant.holder.title if grant and grant.holder and not lent else "", grant.unit.name if grant else "",
        grant.kind if grant else "", one.reason, one.fault, one.number, one.lock.number, one.follows, one.pk,
    )  # fmt: skip
