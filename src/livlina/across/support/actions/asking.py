"""What whoever asks does: asks, writes more, attaches, agrees, opens again."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from livlina.across.support.actions.base import (
    SupportRefused,
    due,
    locked,
    post,
    resumed,
    said,
    tell,
)
from livlina.across.support.models import Attachment, Ticket, TicketEvent
from livlina.across.support.models.codes import KIND_OF_ROOM
from livlina.across.support.rules import rules
from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, demand, fetch
from livlina.core.clock import day_of
from livlina.core.filetypes import FileRefused, recognise, tidy_name
from livlina.core.models import User
from livlina.registers.journal.models import Note

MOST_FILES, MOST_BYTES = 5, 10_000_000
"""Attachments of one message, and bytes of one."""


@dataclass(frozen=True)
class Question:
    """What is asked, from where. `page` is a route's name; nothing else of the page travels along."""

    client_id: UUID
    subject: str
    text: str
    kind: str = ""
    page: str = ""
    browser: str = ""
    error_id: str = ""
    priority: str = "normal"
    channel: str = "page"


def ask(question: Question, *, by: Actor, now: datetime) -> Ticket:
    """Take in a question from somebody who is signed in; the same `client_id` again is the same ticket.

    Raises Refused, and SupportRefused when it says nothing or holds a person number.
    """
    demand(by, "support.ask")
    if standing := sent_before(by.municipality_id, question.client_id):
        return standing
    mail = User.objects.values_list("email", flat=True).filter(pk=by.user_id).first() or ""
    about = {
        "reporter_kind": by.kind, "reporter_id": by.user_id, "reporter_name": by.name, "reporter_role": by.role,
        "reporter_mail": mail, "unit_id": by.unit_id,
    }  # fmt: skip
    return opened(question, about, by=by, now=now)


def ask_correction(note_id: UUID, question: Question, *, by: Actor, now: datetime) -> Ticket:
    """Ask the support to move a note that stands on the wrong person. Only the note's id goes along.

    Raises Refused for whoever may not read the note, and SupportRefused.
    """
    demand(by, "support.ask_correction")
    note = fetch(by, "journal.read_notes", Note.objects.filter(sealed_at__isnull=True), pk=note_id)
    ticket = ask(question, by=by, now=now)
    if ticket.object_id is None:
        Ticket.objects.filter(pk=ticket.pk).update(object_label="journal.note", object_id=note.pk)
        ticket.refresh_from_db()
        audit.wrote(
            by,
            "support.ask_correction",
            now=now,
            person_id=note.person_id,
            obj=note,
            detail={"ticket": str(ticket.pk)},
        )
    return ticket


def opened(question: Question, about: dict[str, Any], *, by: Actor, now: datetime) -> Ticket:
    """Make the ticket, with its number, its clocks and its first row. Announces `ticket.opened`."""
    subject = said(question.subject, now, "Skriv vad det gäller.", "subject")[:160]
    text = said(question.text, now, "Skriv vad du behöver hjälp med.")
    kind = question.kind or KIND_OF_ROOM.get(question.page.partition(":")[0].partition("_")[0], "other")
    try:
        with transaction.atomic():
            year, serial = _next_number(by.municipality_id, now)
            ticket = Ticket.objects.create(
                municipality_id=by.municipality_id, client_id=question.client_id, year=year, serial=serial,
                subject=subject, kind=kind, priority=question.priority, channel=question.channel,
                page=question.page[:80], browser=question.browser[:200], error_id=question.error_id[:16],
                token=secrets.token_urlsafe(12), opened_at=now, touched_at=now, heard_at=now, **about,
                **due(by.municipality_id, question.priority, now),
            )  # fmt: skip
    except IntegrityError:
        if standing := sent_before(by.municipality_id, question.client_id):
            return standing
        raise
    tell(ticket, "opened", by=by, now=now, text=text, channel=question.channel)
    outbox.announce("ticket.opened", ticket, now=now)
    return ticket


def write_more(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> TicketEvent:
    """Add to one's own question, or answer what was asked back; the clocks go on. The same `client_id` is one row."""
    found = locked(ticket, "support.own", by)
    return heard(found, text, client_id=client_id, by=by, now=now)


def heard(
    ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime, **detail: Any
) -> TicketEvent:
    """Write down (on a locked ticket) what whoever asked said, and let it go on."""
    if done := TicketEvent.objects.filter(
        municipality_id=ticket.municipality_id, client_id=client_id
    ).first():
        return done
    event = tell(ticket, "reporter", by=by, now=now, text=said(text, now), client_id=client_id, **detail)
    state = "open" if ticket.owner_id else "new"
    again = (
        {"solved_at": None, "times_reopened": ticket.times_reopened + 1} if ticket.state == "solved" else {}
    )
    _heard(ticket, now, state=state, **resumed(ticket, now), **again)
    return event


def agree(ticket: Ticket, *, by: Actor, now: datetime) -> None:
    """Say that it is solved: the ticket is closed. Saying so twice is saying so once."""
    found = locked(ticket, "support.own", by, running=False)
    if found.state in ("closed", "merged"):
        return
    if found.solved_at is None:
        found.solved_at = now
    tell(found, "closed", by=by, now=now, text="Den som frågade säger att det är löst.")
    _heard(found, now, state="closed", closed_at=now, solved_at=found.solved_at, **resumed(found, now))


def reopen(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Open one's own closed or solved ticket again, with why. It goes to whoever had it, and its clocks begin anew."""
    found = locked(ticket, "support.own", by, running=False)
    if found.state == "merged":
        raise SupportRefused("Ärendet är hopslaget med ett annat. Skriv i det i stället.")
    opened_again(found, text, client_id=client_id, by=by, now=now)


def opened_again(ticket: Ticket, text: str, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Open a locked ticket again; the same `client_id` is one."""
    if TicketEvent.objects.filter(municipality_id=ticket.municipality_id, client_id=client_id).exists():
        return
    words = said(text, now, "Skriv vad som inte fungerar.")
    tell(ticket, "reopened", by=by, now=now, text=words, client_id=client_id)
    again = due(ticket.municipality_id, ticket.priority, now)
    _heard(
        ticket, now, state="open" if ticket.owner_id else "new", closed_at=None, solved_at=None, waiting_since=None,
        times_reopened=ticket.times_reopened + 1, solve_due_at=again["solve_due_at"],
    )  # fmt: skip


def attach(ticket: Ticket, name: str, content: bytes, *, by: Actor, now: datetime) -> Attachment:
    """Add a file; the same bytes again are the same attachment. Raises SupportRefused with why it is not taken."""
    verb = "support.own" if by.user_id == ticket.reporter_id and by.kind != "system" else "support.handle"
    return stored(locked(ticket, verb, by), name, content, by=by, now=now)


def stored(ticket: Ticket, name: str, content: bytes, *, by: Actor, now: datetime) -> Attachment:
    """Store a file of a locked ticket. Raises SupportRefused."""
    if len(content) > MOST_BYTES:
        raise SupportRefused(f"Filen är större än {MOST_BYTES // 1_000_000} MB.", "file")
    try:
        media, ending = recognise(content)
    except FileRefused as fault:
        raise SupportRefused(str(fault), "file") from fault
    sha256 = hashlib.sha256(content).hexdigest()
    row, made = Attachment.objects.get_or_create(
        municipality_id=ticket.municipality_id, ticket=ticket, sha256=sha256,
        defaults={
            "at": now, "by_name": by.name, "filename": tidy_name(name, ending), "content_type": media,
            "size": len(content), "content": content,
        },
    )  # fmt: skip
    if made:
        tell(ticket, "attached", by=by, now=now, text=row.filename, attachment=str(row.pk))
    return row


def read_attachment(attachment_id: UUID, *, by: Actor, now: datetime) -> Attachment:
    """Return a file with its bytes, for whoever asked and for the support, and record that it was read. Raises Refused."""
    row = Attachment.objects.select_related("ticket").filter(pk=attachment_id).first()
    verb = "support.desk" if by.role in ("support", "administrator") else "support.own"
    if row is None:
        raise Refused(verb)
    fetch(by, verb, Ticket.objects.all(), pk=row.ticket_id)
    audit.read(by, verb, now=now, obj=row)
    return row


def receipt(ticket: Ticket, now: datetime, refused: tuple[str, ...] = ()) -> None:
    """Write back at once that it has come, by mail to whoever wrote by mail."""
    given = rules(ticket.municipality_id)
    lines = [
        f"Hej! Vi har fått ditt meddelande. Det har nummer {ticket.number}.",
        "Svara på det här brevet om du vill lägga till något.",
        *(f"Bilagan togs inte emot: {words}" for words in refused),
        f"Är det bråttom? Ring {given['phone']}." if given["phone"] else "",
    ]
    post(ticket, "\n\n".join(line for line in lines if line), now=now, automatic=True)


def first_sentence(text: str) -> str:
    """Return what a question is called in lists: its first sentence, at most 90 characters."""
    line = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0]
    return line if len(line) <= 90 else f"{line[:89].rsplit(' ', 1)[0]}…"


def sent_before(municipality_id: int, client_id: UUID) -> Ticket | None:
    """Return the ticket that the same form or letter already made."""
    return Ticket.objects.filter(municipality_id=municipality_id, client_id=client_id).first()


def _heard(ticket: Ticket, now: datetime, **values: Any) -> None:
    for name, value in (values | {"heard_at": now}).items():
        setattr(ticket, name, value)
    ticket.save(update_fields=[*values, "heard_at"])
    outbox.announce("ticket.heard", ticket, now=now)


def _next_number(municipality_id: int, now: datetime) -> tuple[int, int]:
    """Return the year and its next number; whoever comes at the same moment waits for this one to be done."""
    year = day_of(now).year
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ticket:{municipality_id}:{year}"]
        )
    last = Ticket.objects.filter(municipality_id=municipality_id, year=year).aggregate(last=Max("serial"))[
        "last"
    ]
    return year, (last or 0) + 1
