"""Files old enough to be destroyed, for this room's tests and those above."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from livlina.core.access import Actor
from livlina.core.ids import test_number
from livlina.registers.journal import actions as journal
from livlina.registers.journal.models import File
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

LONG_AGO = datetime(2019, 6, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def born(registrar: Actor, now: datetime) -> Callable[..., Person]:
    """Return a function that registers a person born on a day: `born(date(1950, 3, 7))`."""

    def make(day: date, given: str = "Rune", family: str = "Alm", serial: int = 0) -> Person:
        number = test_number(day, "male", serial)
        return people.register_person(
            given_names=given, family_name=family, number=number, by=registrar, now=now
        )

    return make


@pytest.fixture
def old_file(karin: Actor, reach: Callable[..., None], write: Callable[..., Any]) -> Callable[..., File]:
    """Return a function that gives a person a file at Biståndsenheten whose last note is from long ago."""

    def make(person: Person, *, by: Actor = karin, at: datetime = LONG_AGO, texts: int = 2) -> File:
        reach(by, person)
        file = journal.open_file(person, by=by, now=at)
        for number in range(texts):
            write(by, file, f"Anteckning {number + 1} om {person.name}.", at=at, hours=texts - number)
        return file

    return make


@pytest.fixture
def runes_file(born: Callable[..., Person], old_file: Callable[..., File]) -> File:
    """Rune Alm, born 7 March 1950: two notes from June 2019 and nothing since. Due in March 2026."""
    return old_file(born(date(1950, 3, 7)))
