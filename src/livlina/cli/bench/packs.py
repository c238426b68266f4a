"""``livlina bench packs``: what it costs to make the packs of a municipality with so many persons, as a table."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from typing import Any

TENANT, UNITS, VISITS = 1, 8, 4
ALL = tuple(range(1, 17))
HOW = "Sitter på pallen, kan själv tvätta överkroppen. Lägg fram handduken och påminn om halkmattan."


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a table of Markdown."""
    lines = ["| packs | aim | found | |", "|---|---|---|---|"]
    marks = {True: "met", False: "**missed**", None: ""}
    return "\n".join(
        [*lines, *(f"| {r['what']} | {r['aim']} | {r['found']} | {marks[r['met']]} |" for r in rows)]
    )


def fill(persons: int, now: datetime) -> None:
    """Units of home care with so many persons in all: four visits a day with tasks, medicines, relatives, alarms, keys."""
    from livlina.core import tenancy
    from livlina.core.models import Assignment, Unit, User

    for number in range(UNITS):
        with tenancy.acting(TENANT, ALL):
            unit = Unit.objects.create(
                municipality_id=TENANT, name=f"Hemtjänst {number + 1}", side="provider"
            )
            carers = [
                Assignment.objects.create(
                    municipality_id=TENANT, unit=unit, role="provider_staff", title="Undersköterska", compartments=[2],
                    user=User.objects.create_user(f"p{number}c{one}@bench.livlina.example", f"Bärare {number} {one}"),
                    valid_from=datetime(2024, 1, 1, tzinfo=UTC).date(),
                )
                for one in range(12)
            ]  # fmt: skip
            _unit(unit, carers, persons // UNITS + (number < persons % UNITS), now)


def _unit(unit: Any, carers: list[Any], count: int, now: datetime) -> None:
    from livlina.core.clock import SWEDEN, day_of
    from livlina.provider.alarms.models import AlarmUnit
    from livlina.provider.doors.models import MetalKey
    from livlina.provider.homecare.models import Dose, NursingTask, Shift, Visit, VisitCarer
    from livlina.registers.people.models import Contact, Person, Relation

    known: dict[str, Any] = {"municipality_id": TENANT}
    people = Person.objects.bulk_create(
        Person(given_names=f"Förnamn {place}", family_name=f"Efternamn {unit.name} {place}", street=f"Björkvägen {place}",
               postcode="99102", city="Åsvalla", birth_date=datetime(1938, 4, 12, tzinfo=UTC).date(), **known)
        for place in range(count)
    )  # fmt: skip
    since = {"since": now - timedelta(days=30)} | known
    Contact.objects.bulk_create(
        Contact(person=one, kind="phone", value="0999-123 45", **since) for one in people
    )
    Relation.objects.bulk_create(
        Relation(
            person=one,
            kind="child",
            name="Anna Berg",
            phone="070-123 45 67",
            consent=True,
            consent_at=now,
            **since,
        )
        for one in people
    )
    midnight = datetime.combine(day_of(now), wall(), SWEDEN)
    tasks = _plans(unit, people, now)
    visits = Visit.objects.bulk_create(
        Visit(
            unit=unit,
            person=one,
            title="Hjälp hemma",
            on=day_of(at),
            starts_at=at,
            minutes=25,
            task_ids=tasks[one.pk],
            **known,
        )
        for day in (0, 1)
        for hour in (8, 12, 16, 20)[:VISITS]
        for one in people
        for at in [midnight + timedelta(days=day, hours=hour, minutes=one.pk.int % 60)]
    )
    VisitCarer.objects.bulk_create(
        VisitCarer(visit=one, carer=carers[place % len(carers)], given_at=now, **known)
        for place, one in enumerate(visits)
    )
    begins = midnight + timedelta(hours=7)
    Shift.objects.bulk_create(
        Shift(unit=unit, carer=one, starts_at=begins, ends_at=begins + timedelta(hours=9), **known)
        for one in carers
    )
    ordered = NursingTask.objects.bulk_create(
        NursingTask(
            unit=unit,
            person=one,
            task="medicine_dose",
            what="Läkemedel ur dosett",
            amount="1 fack",
            times=[wall(8), wall(20)],
            first_on=day_of(now),
            ordered_at=now,
            ordered_by="Lena",
            ordered_by_id=1,
            **known,
        )
        for one in people[::2]
    )
    Dose.objects.bulk_create(
        Dose(task=one, person_id=one.person_id, due_at=midnight + timedelta(days=day, hours=hour), **known)
        for one in ordered for day in (0, 1) for hour in (8, 20)
    )  # fmt: skip
    AlarmUnit.objects.bulk_create(
        AlarmUnit(
            number=f"{unit.name[-1]}{place:04}",
            person=one,
            state="active",
            team=unit,
            installed_at=now,
            risk=place % 4,
            keys="Nyckelskåp 4711, portkod 1212",
            risks="Blodförtunnande, hör dåligt",
            **known,
        )
        for place, one in enumerate(people[::3])
    )
    MetalKey.objects.bulk_create(
        MetalKey(number=f"N-{place}", person=one, unit=unit, place="Skåp 2", **known)
        for place, one in enumerate(people[::4])
    )


def _plans(unit: Any, people: list[Any], now: datetime) -> dict[Any, list[Any]]:
    """Give each a plan with a goal, wishes and three tasks, and return the tasks' ids."""
    from livlina.core.clock import day_of
    from livlina.provider.homecare.models import CarePlan, PlannedTask
    from livlina.registers.orders.models import Order

    known: dict[str, Any] = {"municipality_id": TENANT}
    orders = Order.objects.bulk_create(
        Order(
            kind="home_care",
            orderer_unit=unit,
            orderer_role="case_worker",
            orderer_name="Karin",
            drafted_at=now,
            **known,
        )
        for _ in people
    )
    plans = CarePlan.objects.bulk_create(
        CarePlan(
            order=order,
            person=one,
            unit=unit,
            number=1,
            goal="Att kunna bo kvar hemma och känna sig trygg om kvällarna.",
            participation="Vi gick igenom planen vid köksbordet.",
            wishes="Lunch före tolv, helst fisk på fredagar.",
            follow_up_on=day_of(now),
            agreed_at=now,
            author_id=1,
            author_name="Petra",
            author_title="Chef",
            **known,
        )
        for order, one in zip(orders, people, strict=True)
    )
    tasks = PlannedTask.objects.bulk_create(
        PlannedTask(plan=plan, position=number, what=what, how=HOW if number == 0 else "", **known)
        for plan in plans for number, what in enumerate(("Dusch", "Frukost", "Medicin ur dosett"))
    )  # fmt: skip
    found: dict[Any, list[Any]] = {one.pk: [] for one in people}
    for place, task in enumerate(tasks):
        found[people[place // 3].pk].append(task.pk)
    return found


def measure(state: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows. Django must be set up on an empty migrated database, as the application's role."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from livlina.across.continuity.packs import making, places
    from livlina.core import clock

    settings.PACK_PLACES = [str(state / "packs-one"), str(state / "packs-two")]
    persons, now = given["persons"], clock.now()
    fill(persons, now)
    times, size, made = [], 0, making.Made()
    for _ in range(3):
        began = time.monotonic()
        made = making.make(TENANT, clock.now(), clock_now=clock.now)
        times.append(time.monotonic() - began)
    with CaptureQueriesContext(connection) as sent:
        making.make(TENANT, clock.now(), clock_now=clock.now)
    size = sum(row.size for row in made.packs)
    told = sum(len(row.persons) for row in made.packs)
    longest = max(times)
    faults = [fault for place in places.places() for fault in places.faults(place, "asvalla", _known())]
    return [
        _row(f"{told} persons in {len(made.packs)} units: made, sealed and written twice, the slowest of 3", "≤ 10 s",
             f"{longest:.1f} s (the quickest {min(times):.1f} s, {len(sent)} statements)", longest <= 10),
        _row("the same: all files", "", f"{size / 1e6:.1f} MB in each place", None),
        _row("whole and signed in both places", "0 faults", f"{len(faults)} faults", not faults),
    ]  # fmt: skip


def _known() -> set[bytes]:
    from livlina.across.continuity.packs import places
    from livlina.core import tenancy
    from livlina.core.models.keypair import KeyPair

    with tenancy.acting(TENANT, ALL):
        return set(
            map(bytes, KeyPair.objects.filter(purpose=places.PURPOSE).values_list("public", flat=True))
        )


def _row(what: str, aim: str, found: str, met: bool | None) -> dict[str, Any]:
    return {"what": what, "aim": aim, "found": found, "met": met}


def main() -> int:
    """Measure as the environment says and write the rows: run by the verb, in a program of its own."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    Path(given["result"]).write_text(json.dumps(measure(Path(given["state"]), given)), encoding="utf-8")
    return 0
