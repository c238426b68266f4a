"""Clocks told to those who can do something about them: on the day the process says, and once."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.models import Deadline
from livlina.core import audit, bulk
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.registers.watches.actions import Duty, Owner, close_for, close_for_many, raise_watches

SOURCE = "cases.deadline"
BATCH = 1000
"""Clocks told in one transaction: enough that statements cost little, few enough that no row is locked for long."""


class Clock(NamedTuple):
    """What is needed of a clock and of its case to tell someone of it."""

    id: UUID
    escalations: list[list[str]]
    strict_date: date
    lapses: bool
    compartment: int
    unit_id: UUID
    responsible_id: int | None
    person_id: UUID
    label: str

    def last_due(self, today: date) -> str | None:
        """The role whose day has come last, or None."""
        due = [role for day, role in self.escalations if date.fromisoformat(day) <= today]
        return due[-1] if due else None

    def next_day(self, today: date) -> date | None:
        """The next day of telling after today."""
        days = (date.fromisoformat(day) for day, _ in self.escalations)
        return min((day for day in days if day > today), default=None)


COLUMNS = (
    "id", "escalations", "strict_date", "lapses", "case__compartment", "case__unit_id", "case__responsible_id",
    "case__person_id", "label",
)  # fmt: skip


def due_clocks(*, by: Actor, now: datetime) -> list[UUID]:
    """The running clocks whose next day of telling has come: what ends by law first, then the longest overdue."""
    demand(by, "cases.tell")
    due = Deadline.objects.filter(
        municipality_id=by.municipality_id, state="running", next_escalation__lte=day_of(now)
    )
    return list(due.order_by("-lapses", "next_escalation", "id").values_list("id", flat=True))


@transaction.atomic
def raise_due(*, by: Actor, now: datetime, among: Collection[UUID] | None = None) -> int:
    """Raise (or hand on) the watch of each due clock, `among` these or the first thousand. Return how many.

    The watch goes to the role the process names for that day; a later day hands the same watch on, so that one
    clock is never two lines. Rows another worker holds are left to it. The statements are as many for a thousand
    clocks as for one (tests/budgets).
    """
    today = day_of(now)
    keys = due_clocks(by=by, now=now)[:BATCH] if among is None else list(among)
    demand(by, "cases.tell")
    rows = Deadline.objects.select_for_update(of=("self",), skip_locked=True).filter(
        municipality_id=by.municipality_id, pk__in=keys, state="running", next_escalation__lte=today
    )
    clocks = [Clock(*row) for row in rows.values_list(*COLUMNS)]
    bulk.put(Deadline, "next_escalation", {clock.id: clock.next_day(today) for clock in clocks})
    told = [(clock, role) for clock in clocks if (role := clock.last_due(today))]
    if not told:
        return 0
    close_for_many(SOURCE, [clock.id for clock, _ in told], why="Gick vidare", by=by, now=now)
    homes = _homes(by.municipality_id, today)
    raise_watches([duty for clock, role in told for duty in _duties(clock, role, homes)], by=by, now=now)
    record = [(clock.id, clock.person_id, {"role": role}) for clock, role in told]
    audit.wrote_many(by, "cases.tell", Deadline, record, now=now)
    return len(told)


def _duties(clock: Clock, role: str, homes: dict[str, UUID]) -> list[Duty]:
    """The watch of a clock for the role whose turn it is; what lapses is firm, and the worker sees it as well."""
    seat = Owner(role, homes.get(role, clock.unit_id), compartment=clock.compartment)
    own = Owner("case_worker", clock.unit_id, clock.responsible_id, compartment=clock.compartment)
    if clock.lapses:  # nobody's to put off
        return [_duty("cases.lapsing", clock, seat), _duty("cases.lapsing_own", clock, own)]
    return [_duty("cases.deadline", clock, own if role == "case_worker" else seat)]


def _duty(kind: str, clock: Clock, owner: Owner) -> Duty:
    """One watch about a clock, due at four in the afternoon of its strict last day."""
    return Duty(
        kind,
        (SOURCE, clock.id),
        owner=owner,
        due_at=datetime.combine(clock.strict_date, time(16), SWEDEN),
        person_id=clock.person_id,
        units={"unit_manager": clock.unit_id},
        about=clock.label,
    )


def close_watches(deadlines: list[UUID], *, why: str, by: Actor, now: datetime) -> None:
    """Close what was raised about clocks that have stopped: their cause is gone."""
    for key in deadlines:
        close_for((SOURCE, key), why=why, by=by, now=now)


def _homes(municipality_id: int, today: date) -> dict[str, UUID]:
    """Where the roles sit that are not in every unit."""
    held = Assignment.objects.filter(
        municipality_id=municipality_id, role__in=("committee_secretary", "duty_officer", "reception")
    ).valid(today)
    return dict(held.order_by("-id").values_list("role", "unit_id"))
