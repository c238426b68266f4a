"""Files: opened, read, closed. Never removed."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from livlina.core import audit, compiled
from livlina.core.access import Actor, Refused, allowed, demand
from livlina.registers.journal.access import BOOK
from livlina.registers.journal.codes import AUTHORITY, HEALTH, PROVIDER, Law
from livlina.registers.journal.content import tidy
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

    `compartment` chooses among the authority's branches for whoever works in several; beside `unit_id` it is the
    system's. Raises Refused.
    """
    demand(by, "journal.open", person)
    if by.role != "system":
        compartment, unit_id = _book(by, compartment), by.unit_id
        if compartment is None:
            raise Refused("journal.open", person_id=person.pk)
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


def _book(by: Actor, wanted: int | None) -> int | None:
    """Return the book the actor writes in: the role's, and for the authority that of the branch."""
    book = BOOK[by.role]
    if book != AUTHORITY:
        return book
    branches = [one for one in by.compartments if one not in (PROVIDER, HEALTH)]
    return wanted if wanted in branches else next(iter(branches), None) if wanted is None else None


def read_file(file_id: UUID, *, by: Actor, now: datetime) -> File:
    """Return a file for reading, its person with it, and record it. Two statements. Raises Refused."""
    file = compiled.fetch(by, "journal.read", _with_person, file_id)
    review = review_of(by, file.person)
    audit.read(by, "journal.read", now=now, person_id=file.person_id, obj=file, review=review)
    return file


def read_outside(person_id: UUID, reason: str, *, by: Actor, now: datetime) -> list[File]:
    """Return the files of the actor's book on a person outside one's relations, for a manager to look at afterwards.

    The reading is recorded with its reason whether there was anything to read or not. Two statements. Raises
    Refused, and NoReason when the reason is blank.
    """
    demand(by, "journal.emergency")
    reason = tidy(reason)[:400]
    if not reason:
        raise NoReason
    files = File.objects.filter(person_id=person_id).select_related("person", "unit").order_by("pk")
    found = list(allowed(by, "journal.emergency", files))
    audit.read(
        by,
        "journal.emergency",
        now=now,
        person_id=person_id,
        review="outside",
        reason=reason,
        detail={"files": [str(file.pk) for file in found]},
    )
    return found


def close_file(file: File, *, by: Actor, now: datetime) -> None:
    """Close a file. Later notes in it need a reason; a new matter opens a new file. Raises Refused."""
    demand(by, "journal.close", file)
    if File.objects.filter(pk=file.pk, closed_at__isnull=True).update(closed_at=now):
        audit.wrote(by, "journal.close", now=now, person_id=file.person_id, obj=file)


def _with_person(actor: Actor) -> QuerySet[File]:
    return File.objects.select_related("person", "unit")
