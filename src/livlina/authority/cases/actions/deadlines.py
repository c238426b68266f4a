"""Clocks told to those who can do something about them: on the day the process says, and once."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.models import Deadline
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.registers.watches.actions import Owner, close_for, raise_watch

SOURCE = "cases.deadline"
BATCH = 500


@transaction.atomic
def raise_due(*, by: Actor, now: datetime) -> int:
    """Raise (or hand on) the watch of each running clock whose next day of telling has come. Return how many.

    The watch goes to the role the process names for that day; a later day hands the same watch on, so that one
    clock is never two lines. Rows another worker holds are left to it.
    """
    demand(by, "cases.tell")
    today = day_of(now)
    rows = (
        Deadline.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(municipality_id=by.municipality_id, state="running", next_escalation__lte=today)
        .select_related("case")
        .order_by("next_escalation", "id")[:BATCH]
    )
    homes = _homes(by.municipality_id, today)
    return sum(_tell(deadline, homes, today, by=by, now=now) for deadline in rows)


def _tell(deadline: Deadline, homes: dict[str, UUID], today: date, *, by: Actor, now: datetime) -> int:
    """Tell the role whose day has come last, and set the next day."""
    due = [role for day, role in deadline.escalations if date.fromisoformat(day) <= today]
    later = [date.fromisoformat(day) for day, _ in deadline.escalations if date.fromisoformat(day) > today]
    deadline.next_escalation = min(later, default=None)
    deadline.save(update_fields=["next_escalation"])
    if not due:
        return 0
    case, role = deadline.case, due[-1]
    close_for((SOURCE, deadline.pk), why="Gick vidare", by=by, now=now)
    seat = Owner(role, homes.get(role, case.unit_id), compartment=case.compartment)
    own = Owner("case_worker", case.unit_id, case.responsible_id, compartment=case.compartment)
    if deadline.lapses:  # firm, and the worker sees it as well: it is nobody's to put off
        _raise("cases.lapsing", deadline, seat, by=by, now=now)
        _raise("cases.lapsing_own", deadline, own, by=by, now=now)
    else:
        _raise("cases.deadline", deadline, own if role == "case_worker" else seat, by=by, now=now)
    audit.wrote(by, "cases.tell", now=now, obj=deadline, person_id=case.person_id, detail={"role": role})
    return 1


def _raise(kind: str, deadline: Deadline, owner: Owner, *, by: Actor, now: datetime) -> None:
    """Raise one watch about a clock, due at four in the afternoon of its strict last day."""
    raise_watch(
        kind,
        (SOURCE, deadline.pk),
        owner=owner,
        due_at=datetime.combine(deadline.strict_date, time(16), SWEDEN),
        by=by,
        now=now,
        person_id=deadline.case.person_id,
        units={"unit_manager": deadline.case.unit_id},
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
