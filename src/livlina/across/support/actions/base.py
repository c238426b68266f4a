"""What every write of a ticket has in common: the lock, the row that tells of it, and the clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from livlina.across.support.models import OutMail, Ticket, TicketEvent
from livlina.across.support.models.codes import AT_WORK
from livlina.across.support.privacy import REFUSED, holds_number
from livlina.across.support.rules import hours, rules
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of


class SupportRefused(Exception):
    """It cannot be done as the ticket stands. The sentence is for a person, in Swedish; `field` is where it belongs."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


def locked(ticket: Ticket, verb: str, by: Actor, *, running: bool = True) -> Ticket:
    """Return the ticket with its row locked, as it stands now. Raises Refused, and SupportRefused when it is closed."""
    demand(by, verb, ticket)
    found = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if running and not found.is_running:
        raise SupportRefused("Ärendet är avslutat. Öppna det igen om det inte är löst.")
    return found


def said(text: str, now: datetime, empty: str = "Skriv något.", field: str = "text") -> str:
    """Return what was written, tidied. Raises SupportRefused when it is empty or holds a person number."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise SupportRefused(empty, field)
    if holds_number(text, day_of(now)):
        raise SupportRefused(str(REFUSED), field)
    return text


def tell(
    ticket: Ticket,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    client_id: UUID | None = None,
    **detail: Any,
) -> TicketEvent:
    """Write that something happened, in the history and in the audit."""
    event = TicketEvent.objects.create(
        municipality_id=ticket.municipality_id, ticket=ticket, client_id=client_id, at=now, kind=kind,
        by_id=by.user_id, by_name=by.name, by_role=by.role, text=text, detail=detail,
    )  # fmt: skip
    audit.wrote(by, f"support.{kind}", now=now, obj=ticket, detail={"event": str(event.pk)})
    return event


def touch(ticket: Ticket, now: datetime, **values: Any) -> None:
    """Set what has changed, and that the support has done something. Announces `ticket.changed`."""
    for name, value in (values | {"touched_at": max(now, ticket.opened_at)}).items():
        setattr(ticket, name, value)
    ticket.save(update_fields=[*values, "touched_at"])
    outbox.announce("ticket.changed", ticket, now=now)


def due(municipality_id: int, priority: str, since: datetime) -> dict[str, datetime]:
    """Return when the first answer and the solution are due for what came in at a moment."""
    given, clock = rules(municipality_id), hours(municipality_id, priority)
    return {
        "first_due_at": clock.after(since, given["first_answer"][priority]),
        "solve_due_at": clock.after(since, given["solution"][priority]),
    }


def answered(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """Return what is set when whoever asked is answered: the first answer stops the first clock."""
    if ticket.answered_at is not None:
        return {}
    spent = hours(ticket.municipality_id, ticket.priority).minutes(ticket.opened_at, now)
    return {"answered_at": now, "answer_minutes": spent}


def resumed(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """Return what is set when a ticket no longer waits: the clock goes on where it stood."""
    values: dict[str, Any] = {"waiting_since": None}
    if ticket.waiting_since is not None:
        clock = hours(ticket.municipality_id, ticket.priority)
        left = clock.minutes(ticket.waiting_since, ticket.solve_due_at)
        waited = clock.minutes(ticket.waiting_since, now)
        values["paused_minutes"] = ticket.paused_minutes + waited
        if left:
            values["solve_due_at"] = clock.after(now, left)
    return values


def at_work(ticket: Ticket) -> str:
    """Return the state of a ticket that goes to another: new as long as nobody had it."""
    return ticket.state if ticket.state in AT_WORK else "open"


def post(ticket: Ticket, text: str, *, now: datetime, automatic: bool = False) -> None:
    """Write a letter to whoever asked, if there is an address; it is sent when this is committed."""
    if not ticket.reporter_mail or not rules(ticket.municipality_id)["address"]:
        return
    letter = OutMail.objects.create(
        municipality_id=ticket.municipality_id, ticket=ticket, to=ticket.reporter_mail,
        subject=f"[{ticket.number}] {ticket.subject}"[:200], text=text, automatic=automatic, at=now,
    )  # fmt: skip
    outbox.announce("support.letter", letter, now=now)
