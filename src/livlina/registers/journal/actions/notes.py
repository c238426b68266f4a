"""Writing a note: once, however many times it is sent."""

import json
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from livlina.core import audit, outbox
from livlina.core.access import Actor, fetch
from livlina.core.ids7 import uuid7
from livlina.registers.journal.chain import moment, pack, sha
from livlina.registers.journal.codes import HEALTH, Kind, Law, Precision
from livlina.registers.journal.faults import (
    Empty,
    FileClosed,
    InTheFuture,
    LateWithoutReason,
    LawOutsideBook,
    Unreadable,
)
from livlina.registers.journal.models import LATE, Draft, File, Note


@dataclass(frozen=True)
class Content:
    """What the author gives. `event_at` is aware; with day precision it is the day's beginning in Sweden."""

    event_at: datetime
    kind: str
    text: str
    precision: str = Precision.MINUTE
    law: str = ""
    source_person: str = ""
    life_areas: tuple[str, ...] = ()
    late_reason: str = ""
    about_type: str = ""
    about_id: UUID | None = None


@dataclass(frozen=True)
class Citation:
    """Who first wrote what is moved here, and when."""

    author: str = ""
    at: datetime | None = field(default=None)


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
    file = fetch(by, "journal.write", File.objects.all(), pk=file_id)
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


def checked(content: Content, file: File, now: datetime) -> Content:
    """Return the content as it is stored, or raise the JournalFault that stops it."""
    content = replace(
        content,
        text=tidy(content.text),
        source_person=tidy(content.source_person)[:160],
        late_reason=tidy(content.late_reason)[:400],
        law=content.law or file.law,
        kind=Kind(content.kind),
        precision=Precision(content.precision),
    )
    if not content.text:
        raise Empty
    if content.event_at > now:
        raise InTheFuture
    if (content.law == Law.HSL) != (file.compartment == HEALTH):
        raise LawOutsideBook
    if not content.late_reason:
        if file.closed_at is not None:
            raise FileClosed
        if content.event_at < now - LATE:
            raise LateWithoutReason
    return content


def tidy(text: str) -> str:
    """Return the text as two equal texts are stored alike: one kind of line break, composed letters, no edges."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Unreadable
    return text


def content_hash(file: File, content: Content) -> bytes:
    """Return what tells two equal notes in one file: SHA-256 of everything the author gave."""
    return sha(
        pack(
            [
                str(file.pk),
                moment(content.event_at),
                content.precision,
                content.kind,
                content.law,
                content.source_person,
                pack(content.life_areas),
                content.late_reason,
                content.text,
                content.about_type,
                str(content.about_id or ""),
            ]
        )
    )


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
    columns = [field.column for field in Note._meta.concrete_fields]
    note = Note.from_db("default", columns, [row[column] for column in columns])
    note.file = file
    return Written(note, row["outcome"])


def author_of(by: Actor) -> dict[str, Any]:
    """Return the author's columns of an entry, as they are at this moment; ready for JSON."""
    return {
        "author_id": by.user_id or 0,
        "author_name": by.name,
        "author_title": by.title,
        "author_unit": by.unit_name,
        "author_unit_id": str(by.unit_id) if by.unit_id else None,
    }
