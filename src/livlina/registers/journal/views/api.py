"""The journal over the API: read an opened file's notes, write a note once."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from livlina.core.failover import repeatable
from livlina.core.views import Request, page
from livlina.registers.journal import actions, queries
from livlina.registers.journal.codes import Kind
from livlina.registers.journal.faults import JournalFault

router = Router(tags=["journal"])


class NoteIn(Schema):
    """A note. `client_id` is made where it was written: sent twice, it is one note."""

    client_id: UUID
    event_at: Annotated[datetime, Field(description="When it happened; with a time zone.")]
    kind: Kind
    text: Annotated[str, Field(max_length=100_000)]
    source_person: Annotated[str, Field(max_length=160)] = ""
    late_reason: Annotated[str, Field(max_length=400)] = ""


class NoteOut(Schema):
    """A note as it may be shown. `outcome` is new, same (it was there already) or variant (same id, other text)."""

    id: UUID
    event_at: datetime
    authored_at: datetime
    author: str
    kind: str
    text: str
    struck: bool
    outcome: str = ""


@router.post("/files/{file_id}/notes", response={201: NoteOut, 200: NoteOut})
@page("staff", "journal.write")
def write(request: Request, file_id: UUID, note: NoteIn) -> Status:
    """Write a note: 201 when it is new, 200 when it was there already."""
    repeatable(request)
    if note.event_at.tzinfo is None:
        raise HttpError(422, "Give event_at with a time zone.")
    content = actions.Content(
        event_at=note.event_at,
        kind=note.kind.value,
        text=note.text,
        source_person=note.source_person,
        late_reason=note.late_reason,
    )
    try:
        written = actions.write_note(
            file_id, content, client_id=note.client_id, by=request.actor, now=request.now
        )
    except JournalFault as fault:
        raise HttpError(422, str(fault)) from None
    shown = _shown(written.note, written.note.text) | {"outcome": written.outcome}
    return Status(201 if written.outcome == "new" else 200, shown)


@router.get("/files/{file_id}/notes", response=list[NoteOut])
@page("staff", "journal.read")
def notes(request: Request, file_id: UUID) -> list[dict[str, Any]]:
    """Return the newest notes of one file. The reading is recorded."""
    file = actions.read_file(file_id, by=request.actor, now=request.now)
    return [_shown(row.note, row.text) for row in queries.notes_of(request.actor, file).rows]


def _shown(note: Any, text: str) -> dict[str, Any]:
    return {
        "id": note.pk,
        "event_at": note.event_at,
        "authored_at": note.authored_at,
        "author": ", ".join(part for part in (note.author_name, note.author_title, note.author_unit) if part),
        "kind": note.kind,
        "text": text,
        "struck": note.struck_at is not None,
    }
