"""Writing a note: once, however many times it is sent."""

import json
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from livlina.core import audit, compiled, outbox
from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.registers.journal.content import Citation, Content, author_of, checked, content_hash
from livlina.registers.journal.models import Draft, File, Note


class Written(NamedTuple):
    """The note, and how it came to be: `new`, `same` (it was there already) or `variant` (same key, other text)."""

    note: Note
    outcome: str


def write_note(
    file_id: UUID, content: Content, *, client_id: UUID, by: Actor, now: datetime, form: str = "note"
) -> Written:
    """Write a note in a file; sent twice it is one note. Four statements, and the author's draft dies with it.

    The same `client_id` with the same content, or the same content by the same author in the same file within
    sixty seconds, gives the note that is there. The same `client_id` with other content is kept as a variant.
    `authored_at` is `now`. Announces `journal.written` for a note that is new. Raises Refused and JournalFault.
    """
    file = compiled.fetch(by, "journal.write", _files, file_id)
    content = checked(content, file, now)
    written = insert(file, content, client_id=client_id, by=by, now=now)
    audit.wrote(
        by,
        "journal.write",
        now=now,
        person_id=file.person_id,
        obj=written.note,
        detail={"outcome": written.outcome},
    )
    if by.user_id is not None:
        Draft.objects.filter(user_id=by.user_id, file=file, form=form).delete()
    if written.outcome != "same":
        outbox.announce("journal.written", written.note, now=now)
    return written


def insert(
    file: File,
    content: Content,
    *,
    client_id: UUID,
    by: Actor,
    now: datetime,
    citation: Citation | None = None,
) -> Written:
    """Hand the note to the database, which decides under lock whether it is new. One statement."""
    payload = {
        "id": str(uuid7()),
        "municipality_id": file.municipality_id,
        "file_id": str(file.pk),
        "person_id": str(file.person_id),
        "compartment": file.compartment,
        **author_of(by),
        "authored_at": now.isoformat(),
        "seq": 0,
        "client_id": str(client_id),
        "content_hash": "\\x" + content_hash(file, content).hex(),
        "event_at": content.event_at.isoformat(),
        "event_precision": content.precision,
        "late_reason": content.late_reason,
        "kind": content.kind,
        "law": content.law,
        "source_person": content.source_person,
        "life_areas": list(content.life_areas),
        "text": content.text,
        "about_type": content.about_type,
        "about_id": str(content.about_id) if content.about_id else None,
        "cites_author": citation.author if citation else "",
        "cites_at": citation.at.isoformat() if citation and citation.at else None,
        "placed_at": content.event_at.isoformat(),
        "signed_name": "",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome, (note).* FROM journal_write(%s::jsonb)", [json.dumps(payload)])
        names = [column.name for column in cursor.description or ()]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    columns = [str(field.column) for field in Note._meta.concrete_fields]
    note = Note.from_db("default", columns, [row[column] for column in columns])
    note.file = file
    return Written(note, row["outcome"])


def _files(actor: Actor) -> QuerySet[File]:
    return File.objects.all()
