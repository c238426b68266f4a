"""The journal seen from the authority's side."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from livlina.core.views import Request, page
from livlina.registers.journal.views import reading, writing
from livlina.registers.journal.views.side import OFFICER


@page("officer", "journal.open")
@require_safe
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The journal of a person: their files."""
    return reading.person(request, OFFICER, person_id)


@page("officer", "journal.open", once=True)
@require_POST
def open_file(request: Request, person_id: UUID) -> HttpResponse:
    """Begin a file on a person."""
    return reading.open_file(request, OFFICER, person_id)


@page("officer", "journal.read")
@require_safe
def file(request: Request, file_id: UUID) -> HttpResponse:
    """One file."""
    return reading.file(request, OFFICER, file_id)


@page("officer", "journal.read")
@require_POST
def search(request: Request, file_id: UUID) -> HttpResponse:
    """Search inside one file."""
    return reading.search(request, OFFICER, file_id)


@page("officer", "journal.read")
@require_safe
def check(request: Request, file_id: UUID) -> HttpResponse:
    """Whether the journal is whole."""
    return reading.check(request, OFFICER, file_id)


@page("officer", "journal.emergency")
def emergency(request: Request, person_id: UUID) -> HttpResponse:
    """Read outside one's relations, with a reason."""
    return reading.emergency(request, OFFICER, person_id)


@page("officer", "journal.write")
def write(request: Request, file_id: UUID) -> HttpResponse:
    """Write a note."""
    return writing.write(request, OFFICER, file_id)


@page("officer", "journal.write")
@require_POST
def draft(request: Request, file_id: UUID) -> HttpResponse:
    """Save a draft."""
    return writing.draft(request, OFFICER, file_id)


@page("officer", "journal.draft")
@require_POST
def discard(request: Request, file_id: UUID) -> HttpResponse:
    """Throw away one's own draft."""
    return writing.discard(request, OFFICER, file_id)


@page("officer", "journal.correct", once=True)
def correct(request: Request, note_id: UUID) -> HttpResponse:
    """Correct a note."""
    return writing.correct(request, OFFICER, note_id)


@page("officer", "journal.dissent", once=True)
def dissent(request: Request, note_id: UUID) -> HttpResponse:
    """Note the person's own view."""
    return writing.dissent(request, OFFICER, note_id)


@page("officer", "journal.move", once=True)
def move(request: Request, note_id: UUID) -> HttpResponse:
    """Move a note from the wrong person."""
    return writing.move(request, OFFICER, note_id)


@page("officer", "journal.unseal")
def unseal(request: Request, note_id: UUID) -> HttpResponse:
    """Open a sealed text, with a reason."""
    return writing.unseal(request, OFFICER, note_id)
