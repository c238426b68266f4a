"""The room's rows that tests tell of: a morning at Astrid's, and those who work it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.provider.homecare.models import Shift, Visit, VisitEvent
from livlina.provider.homecare.tests.fixtures_sync import telephone
from livlina.registers.orders.models import Order
from livlina.registers.people.models import Person
from tests.people import staff

__all__ = ["telephone"]


@pytest.fixture
def noor(asvalla: Any) -> Actor:
    """Noor Aziz, who works at Norra hemtjänsten with Ali."""
    return staff(asvalla, "Noor Aziz", "provider_staff", "Norra hemtjänsten")


@pytest.fixture
def visit_at(asvalla: Any, petra: Actor, now: datetime) -> Callable[..., Visit]:
    """Return a function that plans a visit: `visit_at(astrid, now, 30, ali)`."""

    def make(person: Person, at: datetime, minutes: int = 30, *carers: Actor, **more: Any) -> Visit:
        from livlina.provider.homecare.actions import visits

        visit = Visit.objects.create(
            municipality_id=petra.municipality_id, unit_id=petra.unit_id, person=person, title="Morgon", on=day_of(at),
            starts_at=at, minutes=minutes, **more,
        )  # fmt: skip
        VisitEvent.objects.create(
            municipality_id=petra.municipality_id, visit=visit, kind="planned", at=at, to_at=at,
            heard_at=min(at, now) - timedelta(days=7), by_name="Livlina",
        )  # fmt: skip
        for carer in carers:
            assert carer.assignment_id
            visits.give_visit(visit, carer.assignment_id, by=petra, now=min(at, now) - timedelta(days=1))
        visit.refresh_from_db()
        return visit

    return make


@pytest.fixture
def shift_of(petra: Actor, now: datetime) -> Callable[..., Shift]:
    """Return a function that gives a carer a shift: `shift_of(ali)`, from an hour before now and eight hours on."""

    def make(carer: Actor, starts: datetime | None = None, hours: int = 8, **more: Any) -> Shift:
        starts = starts or now - timedelta(hours=1)
        return Shift.objects.create(
            municipality_id=petra.municipality_id, unit_id=petra.unit_id, carer_id=carer.assignment_id,
            starts_at=starts, ends_at=starts + timedelta(hours=hours), **more,
        )  # fmt: skip

    return make


@pytest.fixture
def morning(
    confirmed: Order, astrid: Person, ali: Actor, now: datetime, visit_at: Callable[..., Visit]
) -> Visit:
    """Half an hour at Astrid's, nine o'clock, by Ali, on her order."""
    return visit_at(astrid, now, 30, ali, order=confirmed)
