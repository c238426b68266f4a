"""The administrator's page: what locks have written, by number alone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from livlina.core.views import Request, page
from livlina.provider.doors import queries
from livlina.provider.doors.protocol.faults import WORDS
from livlina.provider.doors.views.provider import page_of, paged


@page("operations", "doors.technical_log")
@require_safe
def log(request: Request) -> HttpResponse:
    """The log: which lock, when, what, and whether anything is missing."""
    number = page_of(request)
    rows = queries.technical_log(request.actor, number)
    return render(request, "doors/technical_log.html", {"faults": WORDS} | paged(rows, number))
