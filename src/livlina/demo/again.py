"""A lived case, lived by others too: the same rows about other persons, at other times, without living them step by step.

What one story leaves behind (`lived.py`) is what each of its kind would. Clocks that still run stay with the story, so
that nobody's morning begins with what was never forgotten; nobody else gets its letters.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import DateField, DateTimeField, JSONField, Model, QuerySet, TextField
from django.db.models.fields import CharField

from livlina.authority.cases.actions.cases import next_number
from livlina.authority.cases.models import Case
from livlina.core.ids7 import uuid7
from livlina.registers.people.models import Person, Reach

ROWS = (  # model, how it hangs on the case; what others refer to comes first
    ("cases.CaseEvent", "case"),
    ("cases.CaseFact", "case"),
    ("cases.CaseParty", "case"),
    ("cases.Deadline", "case"),
    ("cases.Decision", "case"),
    ("cases.DecisionLine", "decision__case"),
    ("aid.Household", "case"),
    ("aid.HouseholdMember", "household__case"),
    ("aid.MonthApplication", "case"),
    ("aid.AppliedRow", "month_application__case"),
    ("aid.SourceAnswer", "month_application__case"),
    ("aid.Calculation", "case"),
    ("aid.CalculationLine", "calculation__case"),
    ("aid.SupportMonth", "case"),
    ("aid.PayoutAccount", "case"),
    ("aid.Payment", "case"),
    ("placements.Placement", "case"),
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass
class Copy:
    """One case told again: about whom, how much later (or earlier) than the story, and its rows by model."""

    person: Person
    later: timedelta
    case: Case
    rows: dict[str, list[Any]] = field(default_factory=dict)


def rows_of(case: Case) -> dict[str, list[Any]]:
    """Return what hangs on a story's case and is told again."""
    found = {
        label: list(apps.get_model(label).objects.filter(**{path: case}).order_by("pk"))
        for label, path in ROWS
    }
    found["cases.Deadline"] = [row for row in found["cases.Deadline"] if row.state != "running"]
    return found


def again(case: Case, rows: dict[str, list[Any]], person: Person, later: timedelta) -> Copy:
    """Return a story's case and rows about another person, that much later. Nothing is stored yet."""
    ids: dict[Any, UUID] = {case.person_id: person.pk, case.pk: uuid7()}
    ids |= {row.pk: uuid7() for many in rows.values() for row in many}
    told = _Telling(ids, {case.person.called_name: person.called_name, case.person.name: person.name}, later)
    copy = told.again(case)
    copy.number, copy.next_due = next_number(case.municipality_id, copy.registered_on.year), None
    return Copy(
        person, later, copy, {label: [told.again(row) for row in many] for label, many in rows.items()}
    )


def store(copies: Sequence[Copy]) -> None:
    """Store the cases with all their rows, and let their units reach the persons."""
    Case.objects.bulk_create(one.case for one in copies)
    Reach.objects.bulk_create(
        Reach(municipality_id=one.case.municipality_id, person=one.person, unit_id=one.case.unit_id,
              source=f"cases.case:{one.case.pk}", reason="case", since=_first(one))
        for one in copies
    )  # fmt: skip
    for label, _ in ROWS:
        apps.get_model(label).objects.bulk_create(row for one in copies for row in one.rows[label])


def others(persons: QuerySet[Person], like: Person, count: int) -> list[Person]:
    """Return as many persons of the same sex as somebody, alive and unprotected, whom no case is about."""
    free = persons.filter(
        protection=Person.Protection.NONE, died_on=None, sex=like.sex, cases=None, reaches=None
    )
    return list(free.order_by("pk")[:count])


def _first(one: Copy) -> datetime:
    return min((row.at for row in one.rows["cases.CaseEvent"]), default=one.case.state_since)


@dataclass(frozen=True)
class _Telling:
    ids: dict[Any, UUID]
    names: dict[str, str]
    later: timedelta

    def again(self, row: Model) -> Any:
        """Return the row as it would be about the other: own key, moved days, the other's name."""
        return type(row)(
            **{one.attname: self._value(one, getattr(row, one.attname)) for one in row._meta.concrete_fields}
        )

    def _value(self, column: Any, value: Any) -> Any:
        if isinstance(value, UUID):
            return self.ids.get(value, value)
        if isinstance(column, DateTimeField | DateField):
            return value + self.later if value is not None else None
        if isinstance(column, JSONField):
            return self._said(value)
        return self._named(value) if isinstance(column, CharField | TextField) and value else value

    def _said(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._said(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._said(item) for item in value]
        if not isinstance(value, str):
            return value
        return _DAY.sub(lambda day: f"{date.fromisoformat(day[0]) + self.later}", self._named(value))

    def _named(self, text: str) -> str:
        for name, other in self.names.items():
            text = text.replace(name, other)
        return text


def each_month(months: Iterable[date], story: date) -> list[timedelta]:
    """Return how much later each month begins than the story's month."""
    return [month - story.replace(day=1) for month in months]
