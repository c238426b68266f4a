"""One's own account: sessions, what one has read, and (for managers) the log of one's unit."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livlina.across.portal import actions, queries, words
from livlina.across.portal.forms import ReviewForm
from livlina.core import audit
from livlina.core.access import Actor, fetch
from livlina.core.clock import day_of
from livlina.core.models import AuditEvent, User
from livlina.core.views import Request, page


def layout(actor: Actor | None) -> str:
    """The layout of the actor's own side of the house."""
    if actor is None:
        return "ui/plain.html"
    if actor.kind == "citizen":
        return "ui/citizen.html"
    return "ui/provider.html" if actor.role in settings.AUDIENCES["provider"] else "ui/officer.html"


def told(event: AuditEvent) -> dict[str, Any]:
    """One line of the record, in words."""
    return {
        "event": event,
        "deed": words.deed(event.outcome, event.verb),
        "why": words.why_review(event.review) if event.review else "",
    }


@page("public", None)
@never_cache
@require_GET
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    if not isinstance(request.user, User):
        return redirect("portal_public:sign_in")
    found = queries.sessions_of(request.user, request.session.session_key, request.now)  # type: ignore[attr-defined]
    rows = [(one, queries.session_handle(one.key)) for one in found]
    actor = request.actor  # type: ignore[attr-defined]
    seen = {
        "layout": layout(actor),
        "rows": rows,
        "staff": request.user.kind == "staff",
        "user": request.user,
    }
    return render(request, "portal/sessions.html", seen)


@page("public", None)
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out one other browser."""
    if isinstance(request.user, User):
        ended = actions.end_session(request.POST.get("handle", ""), by=request.user, now=request.now)  # type: ignore[attr-defined]
        if ended:
            messages.success(request, "Den inloggningen är avslutad.")
    return redirect("portal_public:sessions")


@page("staff", "portal.own_reads")
@require_GET
def own_reads(request: Request) -> HttpResponse:
    """What I have read and written, newest first."""
    number = _page(request)
    rows = queries.own_reads(request.actor, number)
    seen = {"layout": layout(request.actor), "rows": [told(row) for row in rows[: queries.PAGE]]}
    return render(request, "portal/own_reads.html", seen | pages(rows, number))


@page("staff", "portal.review")
@require_GET
def log_review(request: Request) -> HttpResponse:
    """The readings of a month that a manager should look at: all that were marked, and some drawn by lot."""
    today = day_of(request.now)
    month = queries.month_of(request.GET.get("month", ""), today)
    marked, drawn = queries.flagged(request.actor, month), queries.sample(request.actor, month)
    audit.read(request.actor, "portal.review", now=request.now, detail={"month": f"{month:%Y-%m}"})
    seen = {
        "layout": layout(request.actor),
        "month": month,
        "before": queries.previous_month(month),
        "after": queries.next_month(month, today),
        "marked": [told(row) for row in marked],
        "drawn": [told(row) for row in drawn],
        "left": sum(not row.reviews.all() for row in [*marked, *drawn]),
    }
    return render(request, "portal/log_review.html", seen)


@page("staff", "portal.review", once=True)
@require_http_methods(["GET", "POST"])
def review(request: Request, event_id: UUID) -> HttpResponse:
    """Look at one reading, and write what one found."""
    event = fetch(request.actor, "portal.review", AuditEvent.objects.prefetch_related("reviews"), pk=event_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        actions.review_reading(event, given["result"], given["note"], by=request.actor, now=request.now)
        messages.success(request, "Bedömningen är sparad.")
        return redirect("portal_public:log_review")
    seen = {"layout": layout(request.actor), "form": form, "row": told(event)}
    return render(request, "portal/review.html", seen, status=422 if form.is_bound else 200)


def pages(rows: list[Any], number: int) -> dict[str, str]:
    """Addresses of the pages before and after."""
    return {
        "newer": f"?page={number - 1}" if number > 1 else "",
        "older": f"?page={number + 1}" if len(rows) > queries.PAGE else "",
    }


def _page(request: HttpRequest) -> int:
    wanted = request.GET.get("page", "1")
    return min(int(wanted), 10_000) if wanted.isdecimal() and int(wanted) > 0 else 1
