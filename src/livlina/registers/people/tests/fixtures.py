"""The persons every room tells its tests about. Their numbers are official or generated test numbers."""

from datetime import date, datetime

import pytest

from livlina.core.access import Actor, system
from livlina.core.ids import test_number
from livlina.core.models import Municipality
from livlina.registers.people import actions
from livlina.registers.people.models import Mandate, Person


def register(by: Actor, now: datetime, given: str, family: str, born: date, *, serial: int = 0) -> Person:
    """Register one more person, with a generated test number of a woman."""
    number = test_number(born, "female", serial)
    return actions.register_person(given_names=given, family_name=family, number=number, by=by, now=now)


@pytest.fixture
def registrar(asvalla: Municipality) -> Actor:
    """The system itself, under whose name the fixed persons are registered."""
    return system(asvalla.pk, (1, 2, 3))


@pytest.fixture
def astrid(registrar: Actor, now: datetime) -> Person:
    """Astrid Lindqvist, born 1938, lives alone at Björkvägen 12 in Åsvalla. The mother."""
    return actions.register_person(
        given_names="Astrid Margareta",
        called_name="Astrid",
        family_name="Lindqvist",
        number=test_number(date(1938, 4, 12), "female", 0),
        street="Björkvägen 12",
        postcode="99102",
        city="Åsvalla",
        home_municipality="9901",
        by=registrar,
        now=now,
    )


@pytest.fixture
def anna(astrid: Person, registrar: Actor, now: datetime) -> Person:
    """Anna Lindqvist Berg, born 1966: Astrid's daughter, who acts for her by power of attorney."""
    daughter = actions.register_person(
        given_names="Anna Kristina",
        called_name="Anna",
        family_name="Lindqvist Berg",
        number=test_number(date(1966, 9, 3), "female", 1),
        street="Skolgatan 4",
        postcode="99101",
        city="Åsvalla",
        home_municipality="9901",
        by=registrar,
        now=now,
    )
    actions.give_mandate(
        astrid,
        daughter,
        Mandate.Kind.POWER_OF_ATTORNEY,
        scope=Mandate.Scope.EVERYTHING,
        proof="Fullmakt daterad 2024-01-10, visad i original",
        valid_from=date(2024, 1, 10),
        by=registrar,
        now=now,
    )
    return daughter


@pytest.fixture
def bertil(registrar: Actor, now: datetime) -> Person:
    """Bertil Nordin, born 1944: a neighbour with nothing to do with Astrid's case."""
    return actions.register_person(
        given_names="Bertil Olof",
        called_name="Bertil",
        family_name="Nordin",
        number=test_number(date(1944, 8, 13), "male", 2),
        street="Kvarngatan 7",
        postcode="99103",
        city="Åsvalla",
        home_municipality="9901",
        by=registrar,
        now=now,
    )
