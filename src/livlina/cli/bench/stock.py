"""Invented people for the measurement, in any number: the rows the measured pages read, written in bulk.

The demo's own data tells lives; this only gives tables their size. Names follow the usual unevenness (one in
forty is called Andersson), numbers are test numbers. Triggers are off while the rows go in, so the hashes of the
journal's chain are filler: nobody verifies them here, and what is written afterwards is chained as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from livlina.cli.bench.rows import AFTER, CARE, STAFF
from livlina.core.ids import test_number
from livlina.core.ids7 import uuid7
from livlina.registers.people import names

Tell = Callable[[str], None]
OPEN_WATCHES = 100_000
LATEST_YEAR, YEARS = 2005, 100
NUMBERS_OF_A_DAY = 40  # ten for each sex, and as many coordination numbers
PROTECTED = 0.003


def _words(text: str) -> list[str]:
    return text.split()


_GIVEN = _words("""Anna Eva Maria Karin Kristina Lena Kerstin Ingrid Marie Sara Emma Elin Birgitta Johanna Annika Margareta
Lars Mikael Anders Johan Erik Per Peter Karl Thomas Jan Daniel Fredrik Hans Bo Nils Sven Olof Mohammed Ali Fatima Amir
Astrid Gunnel Siv Britt Ulla Monica Susanne Helena Linnea Agneta Elisabet Gunilla Marianne Inger Barbro Ann-Marie
Lisbeth Olle Gustav Axel Oskar Viktor Elias Hugo""")
_COMMON = _words("""Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson
Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Berg Axelsson
Bergström Lundberg Lind Lundgren Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Engström
Eklund Danielsson Lundin Håkansson Björk Bergman Holm Samuelsson Fransson Nyström Arvidsson Löfgren Söderberg Nyberg
Claesson Nordström Mårtensson Ali Hassan Mohamed Ström Åberg Ekström Holmgren Hedlund Sjögren Falk Öberg Åkesson""")
_FIRST = _words("""Lind Berg Ek Sand Ny Hag Al Björk Gran Hed Sten Strand Norr Söder Väster Öster Dal Fors Hol Kull Lång Mo
Ros Sjö Tall Vik Ås Åker Äng""")
_LAST = _words("mark ström berg gren kvist qvist man sten lund dahl holm vall stedt blad fors bom ling")
_FAMILY = [*_COMMON, *(first + last for first in _FIRST for last in _LAST)]

_PERSON = ("id", "municipality_id", "given_names", "called_name", "family_name", "birth_date", "sex", "language",
           "interpreter", "protection", "street", "postcode", "city", "home_municipality")  # fmt: skip
_NUMBER = ("id", "municipality_id", "person_id", "value", "kind", "current", "since")
_TOKEN = ("id", "municipality_id", "person_id", "token", "others", "sound", "hidden")


def fill(connection: psycopg.Connection[Any], persons: int, tell: Tell) -> None:
    """Fill an empty, migrated database. `connection` is a superuser's: triggers and foreign keys wait outside."""
    indexes = _indexes(connection)
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for index, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
        for statement in STAFF:
            connection.execute(statement)
        people = list(_people(persons))
        _copy(connection, "people_person", _PERSON, map(_person_row, people))
        _copy(connection, "people_personnumber", _NUMBER, map(_number_row, people, range(persons)))
        tell(f"  {persons:,} persons, now their names …")
        _copy(connection, "people_nametoken", _TOKEN, _token_rows(people))
        for what, statement in CARE.items():
            tell(f"  {what} …")
            counts = {"cared": max(2000, persons // 10), "watches": OPEN_WATCHES}
            psycopg.ClientCursor(connection).execute(statement, counts)  # the other kind takes one statement
        tell("  indexes …")
        for _, definition in indexes:
            connection.execute(definition.encode())
    for statement in AFTER:
        connection.execute(statement)


def some_people(connection: psycopg.Connection[Any], persons: int) -> None:
    """Only people with their numbers, for what needs no more. `connection` is a superuser's, in a transaction."""
    connection.execute("SET LOCAL session_replication_role = replica")
    people = list(_people(persons))
    _copy(connection, "people_person", _PERSON, map(_person_row, people))
    _copy(connection, "people_personnumber", _NUMBER, map(_number_row, people, range(persons)))


def _indexes(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    """Indexes that guard nothing: made anew after the rows, which is several times quicker."""
    return connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace"
        " WHERE c.relname ~ '^(people|journal|watches|cases)_' AND NOT i.indisunique"
    ).fetchall()


def _people(count: int) -> Iterator[tuple[Any, str, str, date, str, bool]]:
    """(id, given names, family name, birth date, sex, protected) of each, the same for the same count."""
    chance = Random(19)  # noqa: S311 - names, not secrets
    given = chance.choices(_GIVEN, [1 / (place + 6) for place in range(len(_GIVEN))], k=2 * count)
    family = chance.choices(_FAMILY, [1 / (place + 4) for place in range(len(_FAMILY))], k=count)
    for place in range(count):
        day, serial = _day_and_serial(place)
        born = date(LATEST_YEAR, 1, 1) - timedelta(days=day)
        sex = "male" if serial % 2 else "female"
        pair = f"{given[2 * place]} {given[2 * place + 1]}"
        yield uuid7(), pair, family[place], born, sex, chance.random() < PROTECTED


def _day_and_serial(place: int) -> tuple[int, int]:
    days = YEARS * 365
    return place * 7919 % days, place // days % NUMBERS_OF_A_DAY


def _person_row(person: tuple[Any, str, str, date, str, bool]) -> tuple[Any, ...]:
    key, given, family, born, sex, protected = person
    return (
        key, 1, given, given.partition(" ")[0], family, born, sex, "", False,
        "secrecy_marked" if protected else "none", "Storgatan 1", "99101", "Mätby", "9999",
    )  # fmt: skip


def _number_row(person: tuple[Any, str, str, date, str, bool], place: int) -> tuple[Any, ...]:
    key, _, _, born, sex, _ = person
    _, serial = _day_and_serial(place)
    number = test_number(
        born, "male" if sex == "male" else "female", serial // 2 % 10, coordination=serial >= 20
    )
    return uuid7(), 1, key, number.value, number.kind.value, True, datetime(2025, 1, 1, tzinfo=UTC)


def _token_rows(people: list[tuple[Any, str, str, date, str, bool]]) -> Iterator[tuple[Any, ...]]:
    sounds: dict[str, str] = {}
    made: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key, given, family, _, _, protected in people:
        rows = made.get((family, given))
        if rows is None:
            rows = made[family, given] = names.rows(family, given)
        for token, others in rows:
            if token not in sounds:
                sounds[token] = names.sound(token)
            yield uuid7(), 1, key, token, others, sounds[token], protected


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)
