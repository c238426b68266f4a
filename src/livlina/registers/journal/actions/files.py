"""Files: opened, read, closed. Never removed."""

from datetime import datetime
from uuid import UUID

from livlina.core import audit
from livlina.core.access import Actor, Refused, demand, fetch
from livlina.registers.journal.access import BOOK
from livlina.registers.journal.codes import HEALTH, Law
from livlina.registers.journal.faults import NoReason
from livlina.registers.journal.models import File
from livlina.registers.people.models import Person
from livlina.registers.people.queries.person import review_of


def open_file(
    person: Person,
    *,
    by: Actor,
    now: datetime,
    law: str = "",
    compartment: int | None = None,
    unit_id: UUID | None = None,
) -> File:
    """Return the unit's open file on a person in the actor's book, beginning one if there is none.

    `compartment` and `unit_id` are for the system only. Raises Refused.
    """
    demand(by, "journal.open", person)
    if by.role != "system":
        compartment, unit_id = BOOK[by.role], by.unit_id
    elif compartment is None or unit_id is None:
        raise Refused("journal.open", person_id=person.pk)
    # One statement decides who begins it, so two at once get the same file.
    file, begun = File.objects.get_or_create(
        municipality_id=by.municipality_id,
        person=person,
        unit_id=unit_id,
        compartment=compartment,
        closed_at=None,
        defaults={
            "law": law or (Law.HSL if compartment == HEALTH else Law.SOL),
            "opened_at": now,
            "opened_by": by.user_id or 0,
        },
    )
    if begun:
        audit.wrote(by, "journal.open", now=now, person_id=person.pk, obj=file)
    return file


def read_file(file_id: UUID, *, by: Actor, now: datetime, reason: str | None = None) -> File:
    """Return a file for reading, and record it. Two statements. Its person comes along.

    With a `reason` (not empty) a file outside one's own relations is opened, for a manager to look at
    afterwards. Raises Refused, and NoReason when the reason is blank.
    """
    files = File.objects.select_related("person", "unit")
    if reason is None:
        file = fetch(by, "journal.read", files, pk=file_id)
        review = review_of(by, file.person)
    else:
        file = fetch(by, "journal.emergency", files, pk=file_id)
        if not reason.strip():
            raise NoReason
        review = "outside"
    audit.read(
        by,
        "journal.read" if reason is None else "journal.emergency",
        now=now,
        person_id=file.person_id,
        obj=file,
        review=review,
        reason=(reason or "").strip()[:400],
    )
    return file


def close_file(file: File, *, by: Actor, now: datetime) -> None:
    """Close a file. Later notes in it need a reason; a new matter opens a new file. Raises Refused."""
    demand(by, "journal.close", file)
    if File.objects.filter(pk=file.pk, closed_at__isnull=True).update(closed_at=now):
        audit.wrote(by, "journal.close", now=now, person_id=file.person_id, obj=file)
