"""Putting a note right: always by another row. The note stays, and so does who wrote what when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from livlina.core import audit, outbox
from livlina.core.access import Actor, fetch
from livlina.core.ids7 import uuid7
from livlina.registers.journal.actions.notes import insert
from livlina.registers.journal.codes import HEALTH, STRIKING, CorrectionKind, Law, Precision
from livlina.registers.journal.content import Citation, Content, author_of, checked, tidy
from livlina.registers.journal.faults import (
    AlreadySigned,
    AlreadyStruck,
    Empty,
    InTheFuture,
    LawOutsideBook,
    MovedByManager,
    NeedsDate,
    NeedsNewText,
    NoReason,
    NotSealed,
    NotTheEarlier,
    SamePerson,
)
from livlina.registers.journal.models import LATE, Correction, Dissent, File, Note
from livlina.registers.people.models import Person


def correct(
    note_id: UUID,
    kind: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    new_text: str = "",
    event_at: datetime | None = None,
    precision: str = Precision.MINUTE,
    law: str = "",
    original_id: UUID | None = None,
) -> Correction:
    """Correct a note in one of five ways (the sixth, wrong person, is `move_note`). The note is not changed.

    * struck_wrong_text: the text no longer holds; `new_text`, if given, becomes a note that replaces it.
    * supplement: `new_text` becomes a note beside it. * wrong_law: `law` holds instead.
    * wrong_date: `event_at` holds instead, not after `now`. * duplicate: of the earlier `original_id`.

    Announces `journal.corrected`. Raises Refused and JournalFault. (PDL 3:14; SOSFS 2014:5.)
    """
    note = _note(by, "journal.correct", note_id)
    kind, reason = CorrectionKind(kind), _reason(reason)
    if note.sealed_at or note.struck_at:
        raise AlreadyStruck
    values: dict[str, Any] = {}
    if kind is CorrectionKind.WRONG_PERSON:
        raise MovedByManager
    if kind is CorrectionKind.WRONG_DATE:
        values = _date(event_at, precision, now)
    elif kind is CorrectionKind.WRONG_LAW:
        if not law or (law == Law.HSL) != (note.compartment == HEALTH):
            raise LawOutsideBook
        values = {"corrected_law": Law(law)}
    elif kind is CorrectionKind.DUPLICATE:
        original = Note.objects.filter(file_id=note.file_id, seq__lt=note.seq, pk=original_id).first()
        if original is None:
            raise NotTheEarlier
        values = {"replacement": original}
    elif tidy(new_text):
        values = {"replacement": _replacement(note, new_text, reason, by=by, now=now)}
    elif kind is CorrectionKind.SUPPLEMENT:
        raise NeedsNewText
    return _write(note, kind, reason, by=by, now=now, **values)


def move_note(note_id: UUID, right_person: Person, reason: str, *, by: Actor, now: datetime) -> Correction:
    """Move a note that stands on the wrong person: a new note in the right file, a sealed stub in the wrong one.

    The new note cites the original author and time. Of the old one nothing shows but that it was moved; its
    text is opened with `unseal` only. Both trails are logged. Raises Refused and JournalFault.
    """
    note = _note(by, "journal.move", note_id)
    reason = _reason(reason)
    if note.sealed_at:
        raise AlreadyStruck
    if right_person.pk == note.person_id or right_person.municipality_id != note.municipality_id:
        raise SamePerson
    _lock_both(note, right_person)
    file, begun = File.objects.get_or_create(
        municipality_id=note.municipality_id,
        person=right_person,
        unit_id=note.file.unit_id,
        compartment=note.compartment,
        closed_at=None,
        defaults={"law": note.file.law, "opened_at": now, "opened_by": by.user_id or 0},
    )
    if begun:
        audit.wrote(by, "journal.open", now=now, person_id=right_person.pk, obj=file)
    moved = insert(
        file,
        checked(_same_content(note, reason, now), file, now),
        client_id=uuid7(),
        by=by,
        now=now,
        citation=Citation(note.cites_author or note.author, note.cites_at or note.authored_at),
    ).note
    audit.wrote(
        by, "journal.move", now=now, person_id=right_person.pk, obj=moved, detail={"from": str(note.pk)}
    )
    return _write(
        note,
        CorrectionKind.WRONG_PERSON,
        reason,
        by=by,
        now=now,
        verb="journal.move",
        replacement=moved,
        sealed=True,
    )


def add_dissent(note_id: UUID, text: str, said_by: str, *, by: Actor, now: datetime) -> Dissent:
    """Add the person's own view of what a note says; the note is not changed (LSS 21 b §; PDL 3:8).

    `said_by` is whoever says it: the person, or someone who speaks for them. Raises Refused and Empty.
    """
    note = _note(by, "journal.dissent", note_id)
    if not tidy(text) or not tidy(said_by):
        raise Empty
    dissent = Dissent.objects.create(**_entry(note, by, now), text=tidy(text), said_by=tidy(said_by)[:160])
    audit.wrote(by, "journal.dissent", now=now, person_id=note.person_id, obj=dissent)
    outbox.announce("journal.disputed", dissent, now=now)
    return dissent


def sign_note(note_id: UUID, *, by: Actor, now: datetime) -> Note:
    """Sign one's own note in the health book (PDL 3:10). Raises Refused, or AlreadySigned."""
    note = _note(by, "journal.sign", note_id)
    signed = Note.objects.filter(
        pk=note.pk, author_id=by.user_id, signed_at__isnull=True, sealed_at__isnull=True
    )
    values = {"signed_at": now, "signed_by": by.user_id, "signed_name": f"{by.name}, {by.title}"[:240]}
    if not signed.update(**values):
        raise AlreadySigned
    audit.wrote(by, "journal.sign", now=now, person_id=note.person_id, obj=note)
    for name, value in values.items():
        setattr(note, name, value)
    return note


def unseal(note_id: UUID, reason: str, *, by: Actor, now: datetime) -> Note:
    """Return a sealed note with its text, recorded for review. Raises Refused, NoReason and NotSealed."""
    note = _note(by, "journal.unseal", note_id)
    if not note.sealed_at:
        raise NotSealed
    audit.read(
        by,
        "journal.unseal",
        now=now,
        person_id=note.person_id,
        obj=note,
        review="sealed",
        reason=_reason(reason),
    )
    return note


def _note(by: Actor, verb: str, note_id: UUID) -> Note:
    """Return the note, locked so that two corrections of it come one after the other. Raises Refused."""
    notes = Note.objects.select_for_update(of=("self",)).select_related("file")
    return fetch(by, verb, notes, pk=note_id)


def _reason(reason: str) -> str:
    if not tidy(reason):
        raise NoReason
    return tidy(reason)[:400]


def _date(event_at: datetime | None, precision: str, now: datetime) -> dict[str, Any]:
    if event_at is None:
        raise NeedsDate
    if event_at > now:
        raise InTheFuture
    return {"corrected_event_at": event_at, "corrected_precision": Precision(precision)}


def _replacement(note: Note, text: str, reason: str, *, by: Actor, now: datetime) -> Note:
    content = _same_content(note, reason, now, text)
    return insert(note.file, checked(content, note.file, now), client_id=uuid7(), by=by, now=now).note


def _same_content(note: Note, reason: str, now: datetime, text: str = "") -> Content:
    """Return what a note says, or the same with another text; the reason says why it comes late, if it does."""
    late = note.file.closed_at is not None or note.placed_at < now - LATE
    return Content(
        note.placed_at,
        note.kind,
        text or note.text,
        note.event_precision,
        note.law,
        note.source_person,
        tuple(note.life_areas),
        late_reason=note.late_reason or (reason if late else ""),
        about_type=note.about_type,
        about_id=note.about_id,
    )


def _write(
    note: Note,
    kind: CorrectionKind,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    verb: str = "journal.correct",
    **values: Any,
) -> Correction:
    """Write the correction, unless the same one was just written by a second press."""
    replacement = values.get("replacement")
    if kind not in STRIKING and replacement is not None:
        same = Correction.objects.filter(note=note, kind=kind, replacement=replacement).first()
        if same:
            return same
    correction = Correction.objects.create(**_entry(note, by, now), kind=kind, reason=reason, **values)
    audit.wrote(by, verb, now=now, person_id=note.person_id, obj=note, detail={"kind": str(kind)})
    outbox.announce("journal.corrected", correction, now=now)
    return correction


def _entry(note: Note, by: Actor, now: datetime) -> dict[str, Any]:
    return {
        "municipality_id": note.municipality_id,
        "note": note,
        "person_id": note.person_id,
        "compartment": note.compartment,
        "authored_at": now,
        **author_of(by),
    }


def _lock_both(note: Note, other: Person) -> None:
    """Lock both persons' chains in one order, so that two moves in opposite directions never wait for each other."""
    with connection.cursor() as cursor:
        for person_id in sorted((note.person_id, other.pk)):
            cursor.execute(
                "SELECT journal_lock(%s, %s, %s::smallint)",
                [note.municipality_id, person_id, note.compartment],
            )
