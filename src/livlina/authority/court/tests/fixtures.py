"""Elsa, who is taken into care on a Monday morning, and Jonas, about whom the court must know by tomorrow."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from livlina.authority.cases.actions import set_intake_unit, take_step
from livlina.authority.cases.models import Case
from livlina.authority.court import actions
from livlina.authority.court.models import Submission
from livlina.core.access import Actor
from livlina.core.ids import test_number
from livlina.core.models import Unit
from livlina.registers.people.actions import register_person
from livlina.registers.people.models import Person

DECIDED: dict[str, Any] = {
    "immediate_decided_on": "2026-03-02",
    "immediate_decided_by": "chair",
    "immediate_decider": "Kerstin Holm",
    "immediate_reasons": "Elsa är slagen och föräldrarna hindrar vidare utredning.",
    "care_ground": "home",
}
"""What the duty officer writes down when the chair has decided by telephone."""


@pytest.fixture
def elsa(registrar: Actor, now: datetime) -> Person:
    """Elsa Brandt, born 2015, taken into care."""
    number = test_number(date(2015, 10, 2), "female", 0)
    return register_person(given_names="Elsa", family_name="Brandt", number=number, by=registrar, now=now)


@pytest.fixture
def jonas(registrar: Actor, now: datetime) -> Person:
    """Jonas Vik, born 1981."""
    number = test_number(date(1981, 5, 6), "male", 1)
    return register_person(given_names="Jonas", family_name="Vik", number=number, by=registrar, now=now)


@pytest.fixture
def court_units(fatima: Actor, gunnar: Actor, mona: Actor, bengt: Actor, now: datetime) -> None:
    """Children's cases come to Barn och unga, those of LVM to Vuxenenheten."""
    for code, worker, manager in (
        ("lvu", fatima, gunnar),
        ("shelter_child", fatima, gunnar),
        ("lvm", mona, bengt),
    ):
        set_intake_unit(Unit.objects.get(pk=worker.unit_id), process_code=code, by=manager, now=now)


@pytest.fixture
def elsas_case(elsa: Person, court_units: None, fatima: Actor, now: datetime) -> Case:
    """Elsa's case under LVU, just opened by Fatima."""
    return actions.open_case("lvu", elsa, by=fatima, now=now)


@pytest.fixture
def elsa_taken(elsas_case: Case, duty: Actor, kerstin: Actor, eva: Actor, now: datetime) -> Case:
    """Kerstin has decided by telephone; Dag has written it down, and that Elsa was fetched the same day."""
    case = actions.decide_now(elsas_case, DECIDED, by=duty, now=now)
    take_step(
        case, "note_execution", by=duty, now=now, verb="court.submit", answers={"executed_on": "2026-03-02"}
    )
    case.refresh_from_db()
    return case


@pytest.fixture
def jonas_taken(
    jonas: Person, court_units: None, mona: Actor, kerstin: Actor, eva: Actor, now: datetime
) -> Case:
    """Jonas is taken into care under LVM; the court must have it tomorrow."""
    case = actions.open_case("lvm", jonas, by=mona, now=now)
    told = DECIDED | {"immediate_reasons": "Jonas kan skada sig allvarligt."}
    del told["care_ground"]
    return actions.decide_now(case, told, by=mona, now=now)


@pytest.fixture
def drafted(elsa_taken: Case, fatima: Actor, now: datetime) -> Submission:
    """Fatima has saved a draft of the submission, and nothing more."""
    return actions.draft(elsa_taken, "submit_decision", by=fatima, now=now)


@pytest.fixture
def faxed(drafted: Submission, fatima: Actor, now: datetime) -> Submission:
    """It is sent by fax, and nobody knows that it arrived."""
    return actions.send(drafted, how="fax", by=fatima, now=now + timedelta(hours=1))


@pytest.fixture
def prove_it(now: datetime) -> Callable[..., actions.Proved]:
    """Return a function that proves a submission by the court's receipt: `prove_it(faxed, fatima, after=hours)`."""

    def make(submission: Submission, by: Actor, *, after: int = 2, **more: Any) -> actions.Proved:
        then = now + timedelta(hours=after)
        given = {
            "kind": "court_receipt",
            "receipt_number": "FRÖ 2210-26",
            "reached_at": then,
            "by": by,
            "now": then,
        }
        return actions.prove(submission, **(given | more))

    return make
