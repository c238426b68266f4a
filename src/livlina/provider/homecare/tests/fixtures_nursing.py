"""Home nursing that tests of this and other rooms stand on: Astrid's dosette, and a carer who may sign."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from livlina.core.access import Actor, system
from livlina.core.tenancy import EVERYTHING
from livlina.provider.homecare.actions import delegation, nursing
from livlina.provider.homecare.actions.nursing import Ordering
from livlina.provider.homecare.models import Delegation, Dose, NursingTask
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from tests.people import staff


def _reached(person: Person, lena: Actor, now: datetime) -> Person:
    by = system(lena.municipality_id, EVERYTHING)
    assert lena.unit_id
    people.grant_reach(person, lena.unit_id, source="test:nursing", reason="order", by=by, now=now)
    return person


@pytest.fixture
def astrid_nursed(astrid: Person, lena: Actor, now: datetime) -> Person:
    """Astrid, whom Lena's unit has to do with."""
    return _reached(astrid, lena, now)


@pytest.fixture
def bertil_nursed(bertil: Person, lena: Actor, now: datetime) -> Person:
    """Bertil, whom Lena's unit has to do with."""
    return _reached(bertil, lena, now)


@pytest.fixture
def ali_in_care(asvalla: Any) -> Actor:
    """Ali Omsorg, a carer at Lena's unit whose assignment sees the nursing book: given on purpose."""
    return staff(asvalla, "Ali Omsorg", "provider_staff", "Norra hemtjänsten", compartments=(2, 3))


@pytest.fixture
def astrids_dosette(astrid_nursed: Person, lena: Actor, now: datetime) -> NursingTask:
    """Lena has ordered that Astrid gets her dosette at eight, morning and evening."""
    said = Ordering(
        "medicine_dose", "Läkemedel ur dosett", date(2026, 3, 2), amount="1 fack", times=[time(8), time(20)]
    )
    return nursing.order_task(astrid_nursed.pk, said, by=lena, now=now)


@pytest.fixture
def evening(astrids_dosette: NursingTask) -> Dose:
    """This evening's dose: eleven hours from now."""
    return Dose.objects.select_related("task").filter(task=astrids_dosette).earliest("due_at")


@pytest.fixture
def give(lena: Actor, now: datetime) -> Callable[..., Delegation]:
    """Return a function by which Lena delegates: `give(ali_in_care, "insulin")`, for a year."""

    def make(carer: Actor, task: str = "medicine_dose", **more: Any) -> Delegation:
        known: dict[str, Any] = {"valid_from": date(2026, 3, 2), "valid_to": date(2027, 3, 2)}
        known |= {"tested": "Skriftligt prov och visat i praktiken"} | more
        assert carer.assignment_id
        return delegation.give_delegation(carer.assignment_id, task, by=lena, now=now, **known)

    return make
