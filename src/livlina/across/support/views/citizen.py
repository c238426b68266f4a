"""The same for citizens: a short form, and what they have asked."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from livlina.across.support import actions
from livlina.across.support.forms import AskForm
from livlina.across.support.views import asking
from livlina.across.support.views.common import file_answer
from livlina.core.views import Request, page


@page("citizen", "support.ask", once=True)
def help(request: Request) -> HttpResponse:
    """Få hjälp."""
    return asking.ask(request, AskForm)


@page("citizen", "support.read_sheets")
def sheet(request: Request, sheet_id: UUID) -> HttpResponse:
    """One cheat-sheet."""
    return asking.one_sheet(request, sheet_id)


@page("citizen", "support.own")
@require_safe
def mine(request: Request) -> HttpResponse:
    """What I have asked."""
    return asking.own_list(request)


@page("citizen", "support.own", once=True)
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    """One question of mine."""
    return asking.own_ticket(request, ticket_id)


@page("citizen", "support.own")
@require_safe
def attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """A file of a ticket."""
    return file_answer(actions.read_attachment(attachment_id, by=request.actor, now=request.now))
