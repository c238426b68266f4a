"""A request on the shadow: who asks is found without the main system, and nothing is written."""

from datetime import date
from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import InternalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.crypto import constant_time_compare

from livlina.core import clock, middleware, tenancy
from livlina.core.access import Actor
from livlina.core.models import Unit, User
from livlina.core.models.organisation import Assignment

log = structlog.get_logger(__name__)
OPEN = ("/sign-in/", "/account/", "/assignment/", "/ui/preferences")
"""Where a form may be sent to: what it changes lies in the browser and on the shadow's own disk."""
SEARCH = "/search"
"""Searching is reading, sent as a form so that no name stands in an address."""
UNSHOWN = ("csrfmiddlewaretoken", "submission_key", "next", "version")
READ_ONLY = "25006"


class Enter(middleware.Enter):
    """Opens the transaction, finds out who asks from the shadow's own session, and sets what they may see."""

    def _attempt(self, request: HttpRequest) -> HttpResponse:
        """Do the request in one transaction, which can change nothing."""
        request.now = clock.now()  # type: ignore[attr-defined]
        request.refused = request.fault = None  # type: ignore[attr-defined]
        request.failed = request.committing = False  # type: ignore[attr-defined]
        with transaction.atomic():
            enter(request)
            response = self.get_response(request)
            if request.fault is not None:  # type: ignore[attr-defined]
                raise request.fault  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        middleware.record_refusal(request)
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A page that would have written something says that it cannot be opened here."""
        if isinstance(fault, InternalError) and getattr(fault.__cause__, "sqlstate", "") == READ_ONLY:
            request.failed = True  # type: ignore[attr-defined]
            transaction.set_rollback(True)
            log.info("shadow_refused", route=getattr(request.resolver_match, "route", ""))
            return refused(request)
        return super().process_exception(request, fault)


class Gate:
    """Lets only reading through; a form is answered with what to do instead, and with what was typed."""

    def __init__(self, get_response: middleware.Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if request.method in ("GET", "HEAD", "OPTIONS") or path.startswith(OPEN) or path.endswith(SEARCH):
            return self.get_response(request)
        if path.startswith("/api/"):
            detail = "Det här är en läskopia: här kan inget skrivas. Försök igen när systemet är igång."
            told = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": detail}
            return JsonResponse(told, status=503, content_type="application/problem+json")
        return refused(request)


def refused(request: HttpRequest) -> HttpResponse:
    """Return the page that says what to do instead. What was typed is shown, to be written on paper."""
    typed = [
        str(value)
        for name, values in (request.POST.lists() if request.method == "POST" else ())
        for value in values
        if name not in UNSHOWN
        and "password" not in name
        and (" " in str(value).strip() or len(str(value)) > 60)
    ]
    answer = render(
        request,
        "continuity/shadow/refused.html",
        {"typed": typed, "post": request.method == "POST"},
        status=503,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # it is no fault of ours
    return answer


def enter(request: HttpRequest) -> None:
    """Set `request.actor`, `request.user` and the row-level context, from the session on the shadow's disk."""
    request.actor = None  # type: ignore[attr-defined]
    tenancy.enter(None)
    session = request.session
    if SESSION_KEY not in session:
        return
    user = User.objects.filter(pk=session[SESSION_KEY], is_active=True, kind="staff").first()
    if user is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    ):
        return
    request._cached_user = user  # type: ignore[attr-defined]
    translation.activate("sv")
    if "assignment_id" in session:
        on = clock.day_of(request.now)  # type: ignore[attr-defined]
        request.actor = actor_of(user, UUID(session["assignment_id"]), session["municipality_id"], on)  # type: ignore[attr-defined]


def actor_of(user: User, assignment_id: UUID, municipality_id: int, on: date) -> Actor | None:
    """Return the actor an assignment makes of a user today, with care duties alone, and enter what it may see."""
    tenancy.enter(municipality_id, user_id=user.pk)
    held = Assignment.objects.valid(on).filter(pk=assignment_id, user=user).first()
    if held is None:
        tenancy.enter(None)
        return None
    unit: Any = Unit.objects.get(pk=held.unit_id)
    tenancy.enter(municipality_id, held.compartments, user.pk)
    return Actor(
        "staff", municipality_id, held.role, user.name, user_id=user.pk, assignment_id=held.pk, unit_id=unit.pk,
        unit_name=unit.name, title=held.title, compartments=tuple(held.compartments),
        qualifications=tuple(held.qualifications or ()), outage=True,
    )  # fmt: skip
