"""The journal seen from support: notes on the wrong person are moved, and nothing is read."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from livlina.core.views import Request, page
from livlina.registers.journal.views import writing
from livlina.registers.journal.views.side import OPERATIONS


@page("operations", "journal.move", once=True)
def move(request: Request, note_id: UUID) -> HttpResponse:
    """Move a note from the wrong person, without reading it."""
    return writing.move(request, OPERATIONS, note_id)


@page("operations", "journal.move")
@require_safe
def moved(request: Request) -> HttpResponse:
    """Say that it is done."""
    return render(request, "journal/moved.html", {"layout": OPERATIONS.layout})
