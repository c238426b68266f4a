"""What an author gives, made ready to be stored: two equal notes become equal bytes."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from livlina.core.access import Actor
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
from livlina.registers.journal.models import LATE, File


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


def author_of(by: Actor) -> dict[str, Any]:
    """Return the author's columns of an entry, as they are at this moment; ready for JSON."""
    return {
        "author_id": by.user_id or 0,
        "author_name": by.name,
        "author_title": by.title,
        "author_unit": by.unit_name,
        "author_unit_id": str(by.unit_id) if by.unit_id else None,
    }
