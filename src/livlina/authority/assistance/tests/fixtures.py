"""Assistance the tests tell of: Elin, her case and decision, and the assistants Bo and Ayla."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from livlina.authority.assistance import actions
from livlina.authority.assistance.models import AssistanceDecision, Assistant
from livlina.authority.cases import actions as cases
from livlina.authority.cases.models import Case
from livlina.core.access import Actor
from livlina.core.calendar import Channel
from livlina.core.models import User
from livlina.registers.people.models import Person
from livlina.registers.people.tests.fixtures import register


def lss_case(person: Person, code: str, *, worker: Actor, manager: Actor, now: datetime) -> Case:
    """Register a request on paper, and give the case to a worker."""
    application = cases.register_application(
        code, person, {}, found_on=date(2026, 3, 2), how=Channel.VISIT, by=worker, now=now
    )
    return cases.assign_case(
        application.cases.get(), User.objects.get(pk=worker.user_id), by=manager, now=now
    )


@pytest.fixture
def elin(registrar: Actor, now: datetime) -> Person:
    """Elin Ståhl, born 1994, who has personal assistance."""
    return register(registrar, now, "Elin", "Ståhl", date(1994, 5, 20), serial=3)


@pytest.fixture
def oskar(registrar: Actor, now: datetime) -> Person:
    """Oskar Frid, born 1984, who also has personal assistance."""
    return register(registrar, now, "Oskar", "Frid", date(1984, 2, 1), serial=4)


@pytest.fixture
def elins_case(elin: Person, karin: Actor, maria: Actor, now: datetime) -> Case:
    """Karin has the case about Elin's assistance allowance."""
    return lss_case(elin, "lass", worker=karin, manager=maria, now=now)


def decided(case: Case, by: Actor, now: datetime, **also: object) -> AssistanceDecision:
    """A decision of 70 hours a week in 2026, accounted for by the month."""
    said: dict[str, object] = {
        "payer": "fk",
        "reference": "FK-1",
        "hours_per_week": Decimal(70),
        "accounting_months": 1,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "arranger": "municipality",
    }
    return actions.record_decision(case, **(said | also), by=by, now=now)  # type: ignore[arg-type]


@pytest.fixture
def elins_assistance(elins_case: Case, karin: Actor, now: datetime) -> AssistanceDecision:
    """Försäkringskassan has granted Elin 70 hours a week for 2026."""
    return decided(elins_case, karin, now)


def employed(name: str, number: str, by: Actor, now: datetime) -> Assistant:
    """Someone employed by the municipality since January."""
    return actions.add_assistant(
        name=name, employee_number=number, employer="Åsvalla kommun", employed_from=date(2026, 1, 1), by=by,
        now=now,
    )  # fmt: skip


@pytest.fixture
def bo(karin: Actor, now: datetime) -> Assistant:
    """Bo Kvist, assistant."""
    return employed("Bo Kvist", "1001", karin, now)


@pytest.fixture
def ayla(karin: Actor, now: datetime) -> Assistant:
    """Ayla Demir, assistant."""
    return employed("Ayla Demir", "1002", karin, now)
