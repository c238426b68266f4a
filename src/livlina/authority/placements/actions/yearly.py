"""The yearly register of placed children: asked for each January, and kept as it was sent (SoF 3:4)."""

import hashlib
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from livlina.authority.placements.models import YearlyList
from livlina.authority.placements.queries import CHILDREN, register_csv
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.registers.watches.actions import Owner, close_for, raise_watch

SOURCE = "placements.yearlylist"
WATCH = "placements.yearly_list"


class AlreadySent(Exception):
    """Förteckningen för det året är redan skickad."""


class YearNotOver(Exception):
    """Året är inte slut, så förteckningen kan ändras än."""


@transaction.atomic
def open_yearly_list(year: int, *, by: Actor, now: datetime) -> YearlyList:
    """Open the list of a year that has ended, due on 31 January of the next, and tell the manager. Once. Raises Refused."""
    demand(by, "placements.remind")
    row, new = YearlyList.objects.get_or_create(
        municipality_id=by.municipality_id,
        year=year,
        defaults={"due_on": date(year + 1, 1, 31), "compartment": CHILDREN},
    )
    unit = _unit(by.municipality_id, day_of(now))
    if new and unit is not None:
        due = datetime.combine(row.due_on, time(16), SWEDEN)
        raise_watch(
            WATCH,
            (SOURCE, row.pk),
            owner=Owner("unit_manager", unit, compartment=row.compartment),
            due_at=due,
            by=by,
            now=now,
        )
    return row


@transaction.atomic
def send_yearly_list(year: int, *, by: Actor, now: datetime) -> YearlyList:
    """Record that the list of a year has been sent to IVO, as it was. Raises Refused, AlreadySent, YearNotOver."""
    demand(by, "placements.list")
    if year >= day_of(now).year:
        raise YearNotOver(YearNotOver.__doc__)
    content = register_csv(by, year, now=now)
    row, _ = YearlyList.objects.select_for_update().get_or_create(
        municipality_id=by.municipality_id,
        year=year,
        defaults={"due_on": date(year + 1, 1, 31), "compartment": CHILDREN},
    )
    if row.sent_at is not None:
        raise AlreadySent(AlreadySent.__doc__)
    row.content, row.sha256 = content, hashlib.sha256(content.encode()).hexdigest()
    row.sent_at, row.sent_by = now, by.name
    row.save(update_fields=["content", "sha256", "sent_at", "sent_by"])
    close_for((SOURCE, row.pk), types=(WATCH,), why="Förteckningen är skickad till IVO", by=by, now=now)
    audit.wrote(by, "placements.send_list", now=now, obj=row, detail={"year": year, "sha256": row.sha256})
    return row


def _unit(municipality_id: int, on: date) -> UUID | None:
    """The unit whose manager answers for placed children."""
    held = Assignment.objects.filter(
        municipality_id=municipality_id, role="unit_manager", compartments__contains=[CHILDREN]
    )
    return held.valid(on).order_by("unit__name").values_list("unit_id", flat=True).first()
