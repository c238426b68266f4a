"""The loading itself: town by town, bulk by COPY, then the told people by the rooms' own actions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import psycopg
from django.contrib.auth.hashers import make_password
from django.db import connection

from livlina.core.databases import purpose
from livlina.core.models import Municipality
from livlina.demo import (
    alarms,
    cast,
    disturbing,
    doors,
    lived,
    nursing,
    reporting,
    supporting,
    told,
    visiting,
)
from livlina.demo.copy import Database, Digest, Sink
from livlina.demo.filling import Filling
from livlina.demo.plan import Days, Town, towns
from livlina.demo.words import PASSWORD

Tell = Callable[[str, int, int], None]
FIRST_USER, USERS_PER_TOWN = 1_000, 1_000_000
SEQUENCES = (("core_user", "id"),)


class NotADemo(Exception):
    """The demo's people are invented, and go into a database that is marked as a demo, and into no other."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def load_all(size: float, now: datetime, tell: Tell) -> None:
    """Fill the connected database, as its owner. `size` 1 is 30 000 inhabitants. Raises NotADemo."""
    refuse_unless_demo()
    days = Days.of(now)
    found = [_municipality(town) for town in towns(size, days.today)]
    with writer() as sink:
        fill(found, days, sink, tell, make_password(PASSWORD))
    told.tell_all(found[0], now, tell)
    lived.tell_all(found[0], now, tell)
    alarms.receivers(found[0], now)
    visiting.tell_all(found[0], now, tell)
    nursing.tell_all(found[0], now, tell)
    supporting.tell_all(found[0], now, tell)
    doors.tell_all(found[0], now, tell)  # last: it opens doors at visits that are there already
    disturbing.tell_all(found[0], now, tell)
    reporting.tell_all(found[0], now, tell)  # last: it counts and reports what there is
    _settle(tell)


def fill(found: list[Town], days: Days, sink: Sink, tell: Tell, password: str) -> None:
    """Fill the towns with everyone but the told people."""
    for place, town in enumerate(found):
        first = FIRST_USER + place * USERS_PER_TOWN
        taken = cast.numbers() | lived.numbers() if place == 0 else frozenset[str]()
        Filling(town, days, sink, tell, password=password, first_user=first, taken=taken).fill()


def digest(size: float, today: date) -> Digest:
    """Return what the bulk of a demo of this size on this day comes to, without a database."""
    sink = Digest()
    numbered = [replace(town, municipality_id=place) for place, town in enumerate(towns(size, today), 1)]
    fill(numbered, Days(today), sink, lambda words, done, total: None, "no password")
    return sink


def refuse_unless_demo() -> None:
    """Return if the connected database says it holds a demo; raise NotADemo otherwise."""
    connection.ensure_connection()
    if purpose(connection.connection) != "demo":
        raise NotADemo


@contextmanager
def writer() -> Iterator[Database]:
    """A connection of its own for COPY, beside Django's. Raises what the database refused."""
    with psycopg.connect(**_parameters()) as beside:
        sink = Database(beside)
        try:
            yield sink
        except BaseException:
            sink.abandon()
            raise
        sink.close()


def _parameters() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}


def _municipality(town: Town) -> Town:
    """Make the municipality, with its letterhead and those who have an invented e-identification."""
    row, _ = Municipality.objects.get_or_create(
        slug=town.slug, defaults={"name": town.name, "code": town.code}
    )
    row.parameters = row.parameters | {
        "letterhead": {
            "board_name": "socialnämnden",
            "administrative_court": "förvaltningsrätten",
            "postal_address": f"Socialförvaltningen, {town.districts[0].postcode[:3]} 00 {town.city}",
            "phone": "08-465 004 00",
        },
        "demo_citizens": cast.citizens() if town.slug == "asvalla" else [],
    }
    row.save(update_fields=["parameters"])
    return replace(town, municipality_id=row.pk)


def _settle(tell: Tell) -> None:
    """Let sequences go on after the numbers used, and tell the planner what there is."""
    with connection.cursor() as cursor:
        for table, column in SEQUENCES:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"  # noqa: S608
            )
        cursor.execute("ANALYZE")
    tell("Statistics for the planner", 1, 1)
