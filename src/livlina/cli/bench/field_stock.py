"""A unit of home care for the measurement of phones: carers, their visits of a night and a day, notes and locks.

Made with the application's own rows, as its own role; only what hangs on them is as small as it can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from livlina.core.access import Actor

TENANT = 1
ALL = tuple(range(1, 17))
NOTE = "Astrid var pigg och åt hela frukosten. Hon berättade om helgen, ville duscha i morgon i stället. " * 3


@dataclass(frozen=True)
class Carer:
    """One who carries a phone, with the visits of the outage: (visit, person, when)."""

    actor: Actor
    visits: list[tuple[UUID, UUID, datetime]]


def carers(count: int, visits: int, now: datetime) -> list[Carer]:
    """Make a unit with so many carers, each with so many visits spread over the last twenty-four hours."""
    from livlina.core import tenancy

    with tenancy.acting(TENANT, ALL):
        unit = _unit()
        made = [_carer(unit, number) for number in range(count)]
        return [Carer(one, _visits(one, visits, number, now)) for number, one in enumerate(made)]


def shift(carer: Carer, persons: int, now: datetime) -> None:
    """Give a carer a shift with one visit to each of so many persons, each with notes, a plan's goal and a lock."""
    from livlina.core import tenancy
    from livlina.provider.homecare.models import Shift

    with tenancy.acting(TENANT, ALL):
        begins = now - timedelta(hours=1)
        Shift.objects.create(
            municipality_id=TENANT, unit_id=carer.actor.unit_id, carer_id=carer.actor.assignment_id,
            starts_at=begins, ends_at=begins + timedelta(hours=8), area="Norra",
        )  # fmt: skip
        people = _persons(carer.actor.unit_id, persons, f"Pass {carer.actor.name}", now)
        step = timedelta(hours=8) / persons
        _plan(carer.actor, [(key, begins + step * place) for place, key in enumerate(people)], now)
        _around(carer.actor, people, now)


def _unit() -> Any:
    from livlina.core.models import Unit

    return Unit.objects.get_or_create(
        municipality_id=TENANT, name="Norra hemtjänsten", defaults={"side": "provider"}
    )[0]


def _carer(unit: Any, number: int) -> Actor:
    from livlina.core.access import Actor
    from livlina.core.models import Assignment, User

    user = User.objects.create_user(f"carer{number}@bench.livlina.example", f"Bärare {number}")
    row = Assignment.objects.create(
        municipality_id=TENANT, user=user, unit=unit, role="provider_staff", title="Undersköterska", compartments=[2],
        valid_from=datetime(2024, 1, 1, tzinfo=UTC).date(),
    )  # fmt: skip
    return Actor(
        "staff", TENANT, "provider_staff", user.name, user_id=user.pk, assignment_id=row.pk, unit_id=unit.pk,
        unit_name=unit.name, title=row.title, compartments=(2,),
    )  # fmt: skip


def _persons(unit_id: Any, count: int, name: str, now: datetime) -> list[UUID]:
    from livlina.registers.people.models import Person, Reach

    rows = Person.objects.bulk_create(
        Person(
            municipality_id=TENANT, given_names=f"Person {place}", family_name=name, street=f"Björkvägen {place}",
            postcode="99102", city="Åsvalla", birth_date=datetime(1938, 4, 12, tzinfo=UTC).date(),
        )
        for place in range(count)
    )  # fmt: skip
    Reach.objects.bulk_create(
        Reach(
            municipality_id=TENANT, person=row, unit_id=unit_id, source=f"bench:{row.pk}", reason="order",
            since=now - timedelta(days=30),
        )
        for row in rows
    )  # fmt: skip
    return [row.pk for row in rows]


def _visits(carer: Actor, count: int, number: int, now: datetime) -> list[tuple[UUID, UUID, datetime]]:
    begins, step = now - timedelta(hours=24), timedelta(hours=24) / (count + 1)
    people = _persons(carer.unit_id, count, f"Bärare {number}", now)
    return _plan(carer, [(key, begins + step * place) for place, key in enumerate(people)], now)


def _plan(
    carer: Actor, wanted: list[tuple[UUID, datetime]], now: datetime
) -> list[tuple[UUID, UUID, datetime]]:
    """Plan visits and give them to a carer, a week ago."""
    from livlina.provider.homecare.models import Visit, VisitCarer, VisitEvent

    known: dict[str, Any] = {"municipality_id": TENANT}
    before = now - timedelta(days=7)
    visits = Visit.objects.bulk_create(
        Visit(
            **known,
            unit_id=carer.unit_id,
            person_id=key,
            title="Morgon",
            on=at.date(),
            starts_at=at,
            minutes=20,
        )
        for key, at in wanted
    )
    told = {"heard_at": before, "by_name": "Livlina"} | known
    VisitEvent.objects.bulk_create(
        event
        for visit in visits
        for event in (
            VisitEvent(visit=visit, kind="planned", at=before, to_at=visit.starts_at, **told),
            VisitEvent(visit=visit, kind="given", at=before, carer_id=carer.assignment_id, **told),
        )
    )
    VisitCarer.objects.bulk_create(
        VisitCarer(visit=visit, carer_id=carer.assignment_id, given_at=before, **known) for visit in visits
    )
    return [(visit.pk, visit.person_id, visit.starts_at) for visit in visits]


def _around(carer: Actor, people: list[UUID], now: datetime) -> None:
    """Give each person fourteen notes, a relative, a number to ring, and a lock both have agreed to."""
    from livlina.provider.doors.models import Consent, Lock
    from livlina.registers.journal import actions as journal
    from livlina.registers.people.models import Contact, Person, Relation

    known: dict[str, Any] = {"municipality_id": TENANT}
    for place, person in enumerate(Person.objects.filter(pk__in=people)):
        file = journal.open_file(person, by=carer, now=now)
        for day in range(14):
            at = now - timedelta(days=day, minutes=place + 1)
            said = journal.Content(at, "home_visit", f"{NOTE} Dag {day}.")
            journal.write_note(file.pk, said, client_id=UUID(int=place * 100 + day), by=carer, now=now)
        since = {"since": now - timedelta(days=30)} | known
        Relation.objects.create(
            person=person,
            kind="child",
            name="Anna Berg",
            phone="070-123 45 67",
            consent=True,
            consent_at=now,
            **since,
        )
        Contact.objects.create(person=person, kind="phone", value="0999-123 45", **since)
        number = 1 + (person.pk.int % (2**32 - 2))
        lock = Lock.objects.create(
            number=number, person=person, unit_id=carer.unit_id, area="Norra", state="fitted",
            fitted_at=now - timedelta(days=20), **known,
        )  # fmt: skip
        day_ago = (now - timedelta(days=1)).date()
        Consent.objects.bulk_create(
            Consent(lock=lock, whose=whose, name="Astrid", how="Skriftligt", given_on=day_ago, **known)
            for whose in ("client", "owner")
        )
