"""The officer's watches: what needs doing today, one watch, and what can be done about it."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from livlina.core.views import Request, page
from livlina.registers.watches import queries
from livlina.registers.watches.views import pages

PERIOD = timedelta(days=90)


@page("officer", "watches.read")
def watch_list(request: Request) -> HttpResponse:
    """Today's watches."""
    return pages.today(request, "officer", "watches/list.html")


@page("officer", "watches.read")
def fragment(request: Request) -> HttpResponse:
    """Today's watches as a piece of another page."""
    return pages.today(request, "officer", "watches/today.html")


@page("officer", "watches.read")
def watch(request: Request, pk: UUID) -> HttpResponse:
    """One watch."""
    return pages.one(request, "officer", pk)


@require_POST
@page("officer", "watches.act", once=True)
def done(request: Request, pk: UUID) -> HttpResponse:
    """Close it as done."""
    return pages.done(request, "officer", pk)


@require_POST
@page("officer", "watches.snooze", once=True)
def snooze(request: Request, pk: UUID) -> HttpResponse:
    """Put it off."""
    return pages.snooze(request, "officer", pk)


@require_POST
@page("officer", "watches.ignore", once=True)
def ignore(request: Request, pk: UUID) -> HttpResponse:
    """Say that it is nothing for me."""
    return pages.ignore(request, "officer", pk)


@require_POST
@page("officer", "watches.hand_over", once=True)
def hand_over(request: Request, pk: UUID) -> HttpResponse:
    """Give it to someone else."""
    return pages.hand_over(request, "officer", pk)


@page("officer", "watches.statistics")
def statistics(request: Request) -> HttpResponse:
    """What became of the unit's watches in the last 90 days, per kind."""
    measures = queries.statistics(request.actor, request.now - PERIOD, request.now, request.now)
    return render(request, "watches/statistics.html", {"measures": measures, "days": PERIOD.days})
