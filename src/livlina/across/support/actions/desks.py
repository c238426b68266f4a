"""Nobody's ticket dies with their absence: a desk is handed over, or goes back to its line by itself."""

from datetime import date, datetime

from livlina.across.support.actions.base import SupportRefused, at_work, tell, touch
from livlina.across.support.actions.handling import colleagues
from livlina.across.support.models import Absence, Ticket
from livlina.across.support.models.codes import RUNNING
from livlina.across.support.rules import hours, rules
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Unit
from livlina.registers.watches.actions import Owner, close_for, raise_watch

SILENT = "support.silent"


def hand_over_desk(from_id: int, to_id: int | None, why: str, *, by: Actor, now: datetime) -> int:
    """Move all of somebody's running tickets to a colleague, or to the lines they belong to. Return how many.

    A colleague who is not of a ticket's line does not get it: it goes to the line. Raises Refused, SupportRefused.
    """
    demand(by, "support.desks")
    if to_id == from_id:
        raise SupportRefused("Välj en annan kollega, eller linjen.", "to")
    mine = Ticket.objects.filter(municipality_id=by.municipality_id, owner_id=from_id, state__in=RUNNING)
    rows = list(mine.order_by("pk").select_for_update(of=("self",)))
    people = {line: colleagues(by.municipality_id, line, now) for line in {row.line for row in rows}}
    for row in rows:
        name = people[row.line].get(to_id) if to_id else None
        before = row.owner_name
        values = {"owner_id": to_id if name else None, "owner_name": name or ""}
        words = f"{before}: {why}" if why else before
        tell(row, "given" if name else "returned", by=by, now=now, text=f"{name}. {words}" if name else words)
        touch(row, now, **values, state=row.state if row.state in ("waiting", "solved") else at_work(row))
    if rows:
        audit.wrote(by, "support.desks", now=now, detail={"from": from_id, "to": to_id, "tickets": len(rows)})
    return len(rows)


def tell_absence(
    user_id: int, first_day: date, last_day: date, substitute_id: int | None, *, by: Actor, now: datetime
) -> Absence:
    """Say that somebody of the support is away. The desk moves when the day comes. Raises Refused, SupportRefused."""
    demand(by, "support.desks")
    names = colleagues(by.municipality_id, 1, now)
    if user_id not in names or (substitute_id is not None and substitute_id not in names):
        raise SupportRefused("Personen arbetar inte i supporten i dag.", "user")
    if substitute_id == user_id:
        raise SupportRefused("Den som är borta kan inte vara sin egen ersättare.", "substitute")
    if last_day < max(first_day, day_of(now)):
        raise SupportRefused("Sista dagen ligger före den första, eller är redan förbi.", "last_day")
    row, made = Absence.objects.get_or_create(
        municipality_id=by.municipality_id, user_id=user_id, first_day=first_day, last_day=last_day, ended_at=None,
        defaults={
            "user_name": names[user_id], "substitute_id": substitute_id, "told_by": by.name,
            "substitute_name": names.get(substitute_id, "") if substitute_id else "",
        },
    )  # fmt: skip
    if made:
        audit.wrote(by, "support.desks", now=now, obj=row)
    if first_day <= day_of(now):
        hand_over_desk(user_id, substitute_id, f"Borta till och med {last_day}.", by=by, now=now)
    return row


def come_back(absence: Absence, *, by: Actor, now: datetime) -> None:
    """Say that they are back before the last day. Raises Refused."""
    demand(by, "support.desks", absence)
    Absence.objects.filter(pk=absence.pk, ended_at=None).update(ended_at=now)
    audit.wrote(by, "support.desks", now=now, obj=absence)


def return_desks(municipality_id: int, *, by: Actor, now: datetime) -> int:
    """Hand over the desks of those who are away today, and of those who no longer work here. Return how many tickets.

    What somebody takes by themselves while away stays theirs until the next time this runs: then it moves too.
    """
    demand(by, "support.desks")
    today = day_of(now)
    away = {
        row.user_id: row
        for row in Absence.objects.filter(
            municipality_id=municipality_id, first_day__lte=today, last_day__gte=today, ended_at=None
        )
    }
    running = Ticket.objects.filter(
        municipality_id=municipality_id, state__in=RUNNING, owner_id__isnull=False
    )
    owners = {key for key in running.values_list("owner_id", flat=True).distinct() if key is not None}
    here = set(colleagues(municipality_id, 1, now))
    moved = 0
    for owner in sorted(owners - here):
        moved += hand_over_desk(owner, None, "Arbetar inte längre i supporten.", by=by, now=now)
    for owner in sorted(owners & away.keys() & here):
        row = away[owner]
        to = row.substitute_id if row.substitute_id not in away else None
        moved += hand_over_desk(owner, to, f"Borta till och med {row.last_day}.", by=by, now=now)
    return moved


def sweep_silent(municipality_id: int, *, by: Actor, now: datetime) -> int:
    """Give back to its line what nobody has done anything with for `silent_after` working minutes. Return how many.

    It is told in the history, and as a watch for the first line's desk, until somebody does something.
    """
    demand(by, "support.desks")
    limit, found = rules(municipality_id)["silent_after"], 0
    rows = Ticket.objects.filter(municipality_id=municipality_id, state__in=("new", "open"))
    for row in rows.order_by("pk").select_for_update(of=("self",), skip_locked=True):
        clock = hours(municipality_id, row.priority)
        last = max(row.touched_at, row.heard_at)
        if clock.minutes(last, now) < limit:
            continue
        found += 1
        tell(row, "silent", by=by, now=now, text=f"{row.has_it}. Ingen har gjort något sedan dess.")
        touch(row, now, owner_id=None, owner_name="", state=at_work(row))
        _tell_desk(row, by, now)
    return found


def _tell_desk(ticket: Ticket, by: Actor, now: datetime) -> None:
    """Raise a watch with the first line: the second has no compartment in which a watch could lie."""
    held = Assignment.objects.valid(day_of(now)).filter(
        municipality_id=ticket.municipality_id, role="support"
    )
    unit = Unit.objects.filter(pk__in=held.values("unit_id")).order_by("pk").first()
    if unit is not None:
        owner = Owner("support", unit.pk)
        raise_watch(
            SILENT,
            ("support.ticket", ticket.pk),
            owner=owner,
            due_at=now,
            about=ticket.number,
            by=by,
            now=now,
        )


def settle_watch(ticket_id: object, *, by: Actor, now: datetime) -> None:
    """Take the watch away when somebody has done something."""
    close_for(("support.ticket", ticket_id), types=(SILENT,), why="Någon tog hand om det", by=by, now=now)  # type: ignore[arg-type]
