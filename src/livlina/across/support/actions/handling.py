"""What the support does with a ticket. Who has it is always one person or one line, and stands on the ticket."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from livlina.across.support.actions.base import (
    SupportRefused,
    answered,
    at_work,
    due,
    locked,
    post,
    resumed,
    said,
    tell,
    touch,
)
from livlina.across.support.models import Sheet, SheetUse, Ticket, TicketEvent, TicketLink
from livlina.across.support.models.codes import KIND_NAMES, PRIORITIES
from livlina.across.support.rules import hours, rules
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.core.models import Assignment

ROLE_OF_LINE = {1: ("support", "administrator"), 2: ("administrator",), 3: ("administrator",)}


def take(ticket: Ticket, *, by: Actor, now: datetime) -> None:
    """Have the ticket from now on. Raises Refused, SupportRefused."""
    found = locked(ticket, "support.handle", by)
    if found.owner_id == by.user_id:
        return
    tell(found, "took", by=by, now=now)
    touch(
        found,
        now,
        owner_id=by.user_id,
        owner_name=by.name,
        state="open" if found.state == "new" else found.state,
    )


def give(ticket: Ticket, user_id: int, *, by: Actor, now: datetime) -> None:
    """Give the ticket to a colleague of its line. Raises Refused, SupportRefused when they are not of the line."""
    found = locked(ticket, "support.handle", by)
    name = colleagues(by.municipality_id, found.line, now).get(user_id)
    if name is None:
        raise SupportRefused("Kollegan arbetar inte i den linjen i dag. Välj någon annan.", "user")
    tell(found, "given", by=by, now=now, text=name, to=user_id)
    touch(
        found, now, owner_id=user_id, owner_name=name, state="open" if found.state == "new" else found.state
    )


def colleagues(municipality_id: int, line: int, now: datetime) -> dict[int, str]:
    """Return who may have a ticket of a line today: name by user."""
    held = Assignment.objects.valid(day_of(now)).filter(
        municipality_id=municipality_id, role__in=ROLE_OF_LINE[line], user__is_active=True
    )
    return dict(held.order_by("user__name").values_list("user_id", "user__name"))


def set_line(ticket: Ticket, line: int, why: str, *, by: Actor, now: datetime) -> None:
    """Move the ticket to the first or the second line, where whoever is free takes it. The third: `send_out`.

    Raises Refused, SupportRefused.
    """
    found = locked(ticket, "support.handle", by)
    if line not in (1, 2):
        raise SupportRefused("Till leverantören skickas ärendet från andra linjen.", "line")
    if found.line == line:
        raise SupportRefused("Ärendet ligger redan där.", "line")
    words = said(why, now, "Skriv vad som är gjort, så att nästa slipper fråga.")
    tell(found, "line", by=by, now=now, text=words, line=line)
    touch(found, now, line=line, owner_id=None, owner_name="", state=at_work(found))


def set_priority(ticket: Ticket, priority: str, *, by: Actor, now: datetime) -> None:
    """Judge how urgent it is; the times are counted anew from when it came in. Raises Refused, SupportRefused."""
    found = locked(ticket, "support.handle", by)
    if priority not in dict(PRIORITIES) or priority == found.priority:
        return
    tell(found, "priority", by=by, now=now, text=dict(PRIORITIES)[priority], priority=priority)
    touch(found, now, priority=priority, **due(found.municipality_id, priority, found.opened_at))


def set_kind(ticket: Ticket, kind: str, *, by: Actor, now: datetime) -> None:
    """Say what it is about. Raises Refused, SupportRefused."""
    found = locked(ticket, "support.handle", by)
    if kind not in KIND_NAMES or kind == found.kind:
        return
    tell(found, "kind", by=by, now=now, text=KIND_NAMES[kind], kind=kind)
    touch(found, now, kind=kind)


def answer(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Write to whoever asked. The same `client_id` is one answer. Raises Refused, SupportRefused."""
    _outward(ticket, "answered", text, client_id=client_id, by=by, now=now)


def ask_back(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Ask whoever asked; the clock to the solution stands still until they write. Raises Refused, SupportRefused."""
    _outward(ticket, "asked", text, client_id=client_id, by=by, now=now)


def solve(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Say how it was solved. It is closed when whoever asked agrees, or has said nothing for `agree_days`.

    Raises Refused, SupportRefused.
    """
    _outward(ticket, "solved", text, client_id=client_id, by=by, now=now)


def note(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Write for colleagues only. Raises Refused, SupportRefused."""
    found = locked(ticket, "support.handle", by, running=False)
    if _written(found, client_id):
        return
    tell(found, "note", by=by, now=now, text=said(text, now), client_id=client_id)
    touch(found, now)


def use_sheet(ticket: Ticket, sheet_id: UUID, *, by: Actor, now: datetime) -> Sheet:
    """Say that a cheat-sheet was used for the ticket: proposals are weighed by it. Raises Refused, SupportRefused."""
    found = locked(ticket, "support.handle", by)
    sheet = fetch(by, "support.read_sheets", Sheet.objects.all(), pk=sheet_id)
    _, made = SheetUse.objects.get_or_create(
        municipality_id=found.municipality_id, ticket=found, sheet=sheet, defaults={"at": now}
    )
    if made:
        tell(found, "sheet", by=by, now=now, text=sheet.title, sheet=str(sheet.pk), version=sheet.version)
        touch(found, now)
    return sheet


def link(ticket: Ticket, other: Ticket, *, by: Actor, now: datetime) -> None:
    """Say that two tickets have to do with each other. Twice is once. Raises Refused, SupportRefused."""
    found = locked(ticket, "support.handle", by, running=False)
    if other.pk == found.pk:
        raise SupportRefused("Det är samma ärende.", "number")
    first, second = sorted((found, other), key=lambda one: str(one.pk))
    _, made = TicketLink.objects.get_or_create(
        municipality_id=found.municipality_id,
        earlier=first,
        later=second,
        defaults={"at": now, "by_name": by.name},
    )
    if made:
        for one, the_other in ((found, other), (other, found)):
            tell(one, "linked", by=by, now=now, text=the_other.number, other=str(the_other.pk))


def merge(ticket: Ticket, into: Ticket, *, by: Actor, now: datetime) -> None:
    """Go on with two tickets as one: this one ends, and points there. Raises Refused, SupportRefused."""
    first, second = sorted((ticket, into), key=lambda one: str(one.pk))
    rows = {one.pk: locked(one, "support.handle", by, running=False) for one in (first, second)}
    found, target = rows[ticket.pk], rows[into.pk]
    if found.pk == target.pk:
        raise SupportRefused("Det är samma ärende.", "number")
    if not found.is_running or not target.is_running:
        raise SupportRefused("Bara ärenden som pågår kan slås ihop.", "number")
    tell(found, "merged", by=by, now=now, text=target.number, other=str(target.pk))
    tell(target, "linked", by=by, now=now, text=found.number, other=str(found.pk))
    touch(found, now, state="merged", merged_into=target, closed_at=now)
    touch(target, now)
    same = found.reporter_id is not None and found.reporter_id == target.reporter_id
    words = "Din fråga gäller samma sak som en annan som vi redan arbetar med. Svaret kommer där."
    if not same:
        words = "Flera har hört av sig om samma sak. Vi arbetar med det i ett ärende och säger till när det är löst."
    post(found, words, now=now)


def close_agreed(municipality_id: int, *, by: Actor, now: datetime) -> int:
    """Close what was solved so long ago that whoever asked had time to say otherwise, and tell them. Return how many."""
    demand(by, "support.desks")
    days = rules(municipality_id)["agree_days"]
    found = list(_silent_since(municipality_id, now - timedelta(days=days)))
    for ticket in found:
        words = f"Ingen har hört av sig på {days} dagar sedan det löstes."
        tell(ticket, "closed", by=by, now=now, text=words, days=days)
        touch(ticket, now, state="closed", closed_at=now)
        post(
            ticket, f"{words} Ärendet avslutas. Svara på brevet om det inte är löst.", now=now, automatic=True
        )
    return len(found)


def _silent_since(municipality_id: int, moment: datetime) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(municipality_id=municipality_id, state="solved", solved_at__lte=moment)
    return rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)


def _outward(ticket: Ticket, kind: str, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    found = locked(ticket, "support.handle", by)
    if _written(found, client_id):
        return
    words = said(text, now, "Skriv till den som frågade.")
    tell(found, kind, by=by, now=now, text=words, client_id=client_id)
    values = answered(found, now) | (
        resumed(found, now) if found.state == "waiting" and kind != "asked" else {}
    )
    if found.owner_id is None and by.user_id is not None:
        values |= {"owner_id": by.user_id, "owner_name": by.name}
    if kind == "asked":
        values |= {"state": "waiting", "waiting_since": found.waiting_since or now}
    elif kind == "solved":
        spent = _spent(found, now, values.get("paused_minutes", found.paused_minutes))
        values |= {"state": "solved", "solved_at": now, "solution_minutes": spent}
    else:
        values |= {"state": "open"}
    touch(found, now, **values)
    post(found, words, now=now)
    for other in found.merged.all() if kind != "asked" else ():
        tell(other, kind, by=by, now=now, text=words)
        post(other, words, now=now)


def _spent(ticket: Ticket, now: datetime, paused: int) -> int:
    """Working minutes from when it came in to now, without those it waited for an answer."""
    clock = hours(ticket.municipality_id, ticket.priority)
    return max(0, clock.minutes(ticket.opened_at, now) - paused)


def _written(ticket: Ticket, client_id: UUID) -> bool:
    return TicketEvent.objects.filter(municipality_id=ticket.municipality_id, client_id=client_id).exists()
