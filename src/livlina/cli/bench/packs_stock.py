"""A municipality's home care for the measurement of packs: units, carers, persons, and everything a pack tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from typing import Any

TENANT, UNITS, CARERS = 1, 8, 12
ALL = tuple(range(1, 17))
HOURS = (8, 12, 16, 20)
HOW = "Sitter på pallen, kan själv tvätta överkroppen. Lägg fram handduken och påminn om halkmattan."
BORN = datetime(1938, 4, 12, tzinfo=UTC).date()
SINCE = datetime(2024, 1, 1, tzinfo=UTC).date()


def fill(persons: int, now: datetime) -> None:
    """Make units with so many persons in all: four visits a day with tasks, medicines, relatives, alarms and keys."""
    from livlina.core import tenancy
    from livlina.core.clock import SWEDEN, day_of

    midnight = datetime.combine(day_of(now), wall(), SWEDEN)
    for number in range(UNITS):
        with tenancy.acting(TENANT, ALL):
            unit, carers = _unit(number)
            people = _people(f"{unit.name}", persons // UNITS + (number < persons % UNITS), now)
            _visits(unit, carers, people, _plans(unit, people, now), midnight)
            _nursing(unit, people[::2], midnight)
            _things(unit, people, now)


def _many(model: Any, rows: Iterable[dict[str, Any]]) -> list[Any]:
    return list(model.objects.bulk_create(model(municipality_id=TENANT, **row) for row in rows))


def _unit(number: int) -> tuple[Any, list[Any]]:
    from livlina.core.models import Assignment, Unit, User

    unit = Unit.objects.create(municipality_id=TENANT, name=f"Hemtjänst {number + 1}", side="provider")
    users = [
        User.objects.create_user(f"p{number}c{one}@bench.livlina.example", f"Bärare {number} {one}")
        for one in range(CARERS)
    ]
    known = {
        "unit": unit,
        "role": "provider_staff",
        "title": "Undersköterska",
        "compartments": [2],
        "valid_from": SINCE,
    }
    return unit, _many(Assignment, (known | {"user": user} for user in users))


def _people(name: str, count: int, now: datetime) -> list[Any]:
    from livlina.registers.people.models import Contact, Person, Relation

    home = {"postcode": "99102", "city": "Åsvalla", "birth_date": BORN}
    people = _many(
        Person,
        (
            home
            | {
                "given_names": f"Förnamn {place}",
                "family_name": f"{name} {place}",
                "street": f"Björkvägen {place}",
            }
            for place in range(count)
        ),
    )
    since = now - timedelta(days=30)
    _many(
        Contact, ({"person": one, "kind": "phone", "value": "0999-123 45", "since": since} for one in people)
    )
    near = {
        "kind": "child",
        "name": "Anna Berg",
        "phone": "070-123 45 67",
        "consent": True,
        "consent_at": now,
    }
    _many(Relation, (near | {"person": one, "since": since} for one in people))
    return people


def _plans(unit: Any, people: list[Any], now: datetime) -> dict[Any, list[Any]]:
    """Give each a plan with a goal, wishes and three tasks, and return the tasks' ids."""
    from livlina.core.clock import day_of
    from livlina.provider.homecare.models import CarePlan, PlannedTask
    from livlina.registers.orders.models import Order

    asked = {
        "kind": "home_care",
        "orderer_unit": unit,
        "orderer_role": "case_worker",
        "orderer_name": "Karin",
    }
    orders = _many(Order, (asked | {"drafted_at": now} for _ in people))
    said = {
        "unit": unit, "number": 1, "goal": "Att kunna bo kvar hemma och känna sig trygg om kvällarna.",
        "participation": "Vi gick igenom planen vid köksbordet.", "wishes": "Lunch före tolv, helst fisk på fredagar.",
        "follow_up_on": day_of(now), "agreed_at": now, "author_id": 1, "author_name": "Petra", "author_title": "Chef",
    }  # fmt: skip
    plans = _many(
        CarePlan, (said | {"order": order, "person": one} for order, one in zip(orders, people, strict=True))
    )
    found: dict[Any, list[Any]] = {one.pk: [] for one in people}
    does = list(enumerate(("Dusch", "Frukost", "Medicin ur dosett")))
    tasks = (
        {"plan": plan, "position": place, "what": what, "how": HOW if place == 0 else ""}
        for plan in plans
        for place, what in does
    )
    for task in _many(PlannedTask, tasks):
        found[task.plan.person_id].append(task.pk)
    return found


def _visits(
    unit: Any, carers: list[Any], people: list[Any], tasks: dict[Any, list[Any]], midnight: datetime
) -> None:
    from livlina.provider.homecare.models import Shift, Visit, VisitCarer

    said = {"unit": unit, "title": "Hjälp hemma", "minutes": 25}
    moments = [midnight + timedelta(days=day, hours=hour) for day in (0, 1) for hour in HOURS]
    visits = _many(
        Visit,
        (
            said
            | {
                "person": one,
                "starts_at": at + timedelta(minutes=one.pk.int % 60),
                "on": at.date(),
                "task_ids": tasks[one.pk],
            }
            for at in moments
            for one in people
        ),
    )
    given = {"given_at": midnight}
    _many(
        VisitCarer,
        (given | {"visit": one, "carer": carers[at % len(carers)]} for at, one in enumerate(visits)),
    )
    hours = {"starts_at": midnight + timedelta(hours=7), "ends_at": midnight + timedelta(hours=16)}
    _many(Shift, (hours | {"unit": unit, "carer": one} for one in carers))


def _nursing(unit: Any, people: list[Any], midnight: datetime) -> None:
    from livlina.provider.homecare.models import Dose, NursingTask

    said = {
        "unit": unit, "task": "medicine_dose", "what": "Läkemedel ur dosett", "amount": "1 fack", "ordered_by_id": 1,
        "times": [wall(8), wall(20)], "first_on": midnight.date(), "ordered_at": midnight, "ordered_by": "Lena",
    }  # fmt: skip
    moments = [midnight + timedelta(days=day, hours=hour) for day in (0, 1) for hour in (8, 20)]
    ordered = _many(NursingTask, (said | {"person": one} for one in people))
    _many(
        Dose, ({"task": one, "person_id": one.person_id, "due_at": at} for one in ordered for at in moments)
    )


def _things(unit: Any, people: list[Any], now: datetime) -> None:
    from livlina.provider.alarms.models import AlarmUnit
    from livlina.provider.doors.models import MetalKey

    said = {"state": "active", "team": unit, "installed_at": now, "risks": "Blodförtunnande, hör dåligt"}
    said |= {"keys": "Nyckelskåp 4711, portkod 1212"}
    alarms = enumerate(people[::3])
    _many(
        AlarmUnit,
        (said | {"number": f"{unit.name[-1]}{at:04}", "person": one, "risk": at % 4} for at, one in alarms),
    )
    key = {"unit": unit, "place": "Skåp 2"}
    _many(MetalKey, (key | {"number": f"N-{at}", "person": one} for at, one in enumerate(people[::4])))
