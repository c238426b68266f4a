"""How rows and columns are declared, and how a person stands in a file."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from livlina.across.statistics.periods import Period
from livlina.authority.unexecuted.queries import substitute
from livlina.core.ids import NATIONAL
from livlina.registers.people.models import Person, PersonNumber

Value = str | int | Decimal | date | None


@dataclass
class Record:
    """One row before it is written: about whom, what is known, and what it is called on a page (never a number)."""

    person: Person
    ref: str
    facts: dict[str, Any] = field(default_factory=dict)
    others: list[Person] = field(default_factory=list)
    who: dict[UUID, str] = field(default_factory=dict)


ROWS: dict[str, Callable[[Period], list[Record]]] = {}
COLUMNS: dict[str, Callable[[Record], Value]] = {}


def rows(name: str) -> Callable[[Callable[[Period], list[Record]]], Callable[[Period], list[Record]]]:
    """Declare a function that gives the rows of a file for a period."""

    def register(made: Callable[[Period], list[Record]]) -> Callable[[Period], list[Record]]:
        ROWS[name] = made
        return made

    return register


def column(name: str) -> Callable[[Callable[[Record], Value]], Callable[[Record], Value]]:
    """Declare a function that gives one column of a row."""

    def register(made: Callable[[Record], Value]) -> Callable[[Record], Value]:
        COLUMNS[name] = made
        return made

    return register


def facts(room: str, *names: str) -> None:
    """Declare columns that are facts of the row as they are: `sol.service` gives the fact `service`."""
    for name in names:
        column(f"{room}.{name}")(lambda record, name=name: record.facts.get(name))


@column("person")
def person(record: Record) -> Value:
    """The person's number, or the id that stands for it."""
    return record.who.get(record.person.pk)


@column("other")
def other(record: Record) -> Value:
    """The number of the second person of the row, such as a co-applicant, or what stands for it."""
    return record.who.get(record.others[0].pk) if record.others else None


@column("sex")
def sex(record: Record) -> Value:
    """The person's sex as the register has it."""
    return record.person.sex or None


@column("birth_year")
def birth_year(record: Record) -> Value:
    """The year the person was born."""
    return record.person.birth_date.year if record.person.birth_date else None


def name_persons(records: Iterable[Record]) -> None:
    """Give every row the number of its persons. Two statements less one, however many.

    A protected person, and one without a number of a national series, gets the id that IVO takes instead: birth date,
    T, three digits, the last even for a woman and odd for a man. Within one file it always means the same person.
    """
    many = list(records)
    persons = {one.pk: one for record in many for one in (record.person, *record.others)}
    numbers = {
        row.person_id: row.value
        for row in PersonNumber.objects.filter(current=True, person_id__in=list(persons), kind__in=NATIONAL)
    }
    places: Counter[object] = Counter()
    who: dict[UUID, str] = {}
    for key in sorted(persons):
        one = persons[key]
        if key in numbers and not one.is_protected:
            who[key] = numbers[key].display()
        else:
            who[key] = substitute(one.birth_date, one.sex, places[one.birth_date])
            places[one.birth_date] += 1
    for record in many:
        record.who = who
