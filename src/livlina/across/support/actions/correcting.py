"""Corrections that only the support may do, done from the ticket that asked for them, and traced both ways."""

from datetime import datetime
from typing import Any

from livlina.across.support.actions.base import SupportRefused, answered, locked, post, tell, touch
from livlina.across.support.models import Ticket
from livlina.core import audit
from livlina.core.access import Actor
from livlina.registers.journal import actions as journal
from livlina.registers.people.models import Person


def move_note(ticket: Ticket, right_person: Person, reason: str, *, by: Actor, now: datetime) -> Any:
    """Move the note a ticket is about to the right person's file.

    The ticket's number stands in the correction's reason and its id in the audit; the ticket keeps the ids of the
    correction. Raises Refused, SupportRefused and JournalFault.
    """
    found = locked(ticket, "support.correct", by)
    if found.object_label != "journal.note" or found.object_id is None:
        raise SupportRefused("Ärendet gäller ingen anteckning.")
    why = f"{reason.strip()} (supportärende {found.number})"
    correction = journal.move_note(found.object_id, right_person, why, by=by, now=now)
    audit.wrote(
        by,
        "support.correct",
        now=now,
        person_id=right_person.pk,
        obj=correction,
        detail={"ticket": str(found.pk)},
    )
    words = "Anteckningen är flyttad till rätt person. I den gamla akten står bara att den är flyttad."
    tell(
        found,
        "corrected",
        by=by,
        now=now,
        text=words,
        correction=str(correction.pk),
        note=str(found.object_id),
    )
    mine = {} if found.owner_id else {"owner_id": by.user_id, "owner_name": by.name}
    touch(found, now, **answered(found, now), **mine, state="open")
    post(found, words, now=now)
    return correction
