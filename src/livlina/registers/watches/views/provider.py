"""The provider's watches: what needs doing today, one watch, and what can be done about it."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from livlina.core.views import Request, page
from livlina.registers.watches.views import pages


@page("provider", "watches.read")
def watch_list(request: Request) -> HttpResponse:
    """Today's watches."""
    return pages.today(request, "provider", "watches/list.html")


@page("provider", "watches.read")
def fragment(request: Request) -> HttpResponse:
    """Today's watches as a piece of another page."""
    return pages.today(request, "provider", "watches/today.html")


@page("provider", "watches.read")
def watch(request: Request, pk: UUID) -> HttpResponse:
    """One watch."""
    return pages.one(request, "provider", pk)


@require_POST
@page("provider", "watches.act", once=True)
def done(request: Request, pk: UUID) -> HttpResponse:
    """Close it as done."""
    return pages.done(request, "provider", pk)


@require_POST
@page("provider", "watches.snooze", once=True)
def snooze(request: Request, pk: UUID) -> HttpResponse:
    """Put it off."""
    return pages.snooze(request, "provider", pk)


@require_POST
@page("provider", "watches.ignore", once=True)
def ignore(request: Request, pk: UUID) -> HttpResponse:
    """Say that it is nothing for me."""
    return pages.ignore(request, "provider", pk)


@require_POST
@page("provider", "watches.hand_over", once=True)
def hand_over(request: Request, pk: UUID) -> HttpResponse:
    """Give it to someone else."""
    return pages.hand_over(request, "provider", pk)
