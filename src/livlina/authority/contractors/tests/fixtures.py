"""Fixtures of the room, for its own tests and for those above: the Sjögrens, who want to be a foster home."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from livlina.authority.contractors import actions
from livlina.authority.contractors.models import Check, Home
from livlina.core.access import Actor
from livlina.core.ids import test_number
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person


@pytest.fixture
def ida(registrar: Actor, now: datetime) -> Person:
    """Ida Sjögren, born 1980: the home's contact."""
    number = test_number(date(1980, 2, 2), "female", 7)
    return people.register_person(
        given_names="Ida", family_name="Sjögren", number=number, street="Sjövägen 2", postcode="99110",
        city="Åsvalla", by=registrar, now=now,
    )  # fmt: skip


@pytest.fixture
def per(registrar: Actor, now: datetime) -> Person:
    """Per Sjögren, born 1978: the other adult of the home."""
    number = test_number(date(1978, 3, 3), "male", 8)
    return people.register_person(
        given_names="Per", family_name="Sjögren", number=number, by=registrar, now=now
    )


@pytest.fixture
def sjogrens(ida: Person, per: Person, tove: Actor, now: datetime) -> Home:
    """The home, with both adults, and no extract shown."""
    home = actions.register_home(
        name="Familjen Sjögren",
        kinds=["foster_home", "on_call_home"],
        place="Åsvalla",
        contact=ida,
        by=tove,
        now=now,
    )
    actions.add_adult(home, per, by=tove, now=now)
    return home


@pytest.fixture
def show_all(tove: Actor, now: datetime) -> Callable[[Home], None]:
    """Return a function that asks for every extract of a home and notes it as shown."""

    def show(home: Home) -> None:
        for adult in home.adults.all():
            actions.ask_extracts(adult, by=tove, now=now)
        for check in Check.objects.filter(adult__home=home, shown_on=None):
            actions.show_extract(check, on=now.date(), by=tove, now=now)

    return show


@pytest.fixture
def approved_home(sjogrens: Home, show_all: Callable[[Home], None], ulf: Actor, now: datetime) -> Home:
    """The Sjögrens, approved as a foster home for two children of six to twelve."""
    show_all(sjogrens)
    actions.approve_home(
        sjogrens,
        kinds=["foster_home"],
        capacity=2,
        ages=(6, 12),
        valid_from=date(2026, 3, 2),
        by=ulf,
        now=now,
    )
    return sjogrens
