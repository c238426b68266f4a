"""One request, one transaction, one statement to begin it.

The database function `livlina_enter` (migration 0003) looks up the session, its user and the assignment, and
sets the row-level context, in one round trip. Whatever a view raises rolls everything back: a middleware that
only wraps the view in a transaction would commit, since Django has turned the exception into a page by then.

When the database is lost on the way, as in a fail-over, the request is done again (`failover.py`).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.crypto import constant_time_compare

from livlina.core import audit, clock, failover, health, tenancy
from livlina.core.access import Actor, Refused, RefusedInOutage
from livlina.core.models import Municipality, Unit, User
from livlina.core.models.organisation import Assignment

log = structlog.get_logger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

CITIZEN_COMPARTMENTS = (1, 4, 5, 6, 7, 8)
"""The authority's branches (`config/roles.py`), as in `livlina_enter`; the rules then show a citizen their own."""

HELD = "LV002"
"""What the database says when a municipality is being moved to another cluster (`core.secure`)."""


class Enter:
    """Opens the transaction, finds out who asks, and sets what they may see."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == health.PATH:
            return health.answer()
        attempts = failover.Attempts(request)
        while True:
            try:
                response = self._attempt(request)
            except failover.FAULTS as fault:
                if attempts.again(fault):
                    continue
                if not isinstance(fault, OperationalError | InterfaceError) and not failover.kind(fault):
                    raise
                return away(request, fault)
            attempts.done()
            return response

    def _attempt(self, request: HttpRequest) -> HttpResponse:
        """Do the request in one transaction. Raises what the database raises, so that it can be done again."""
        request.now = clock.now()  # type: ignore[attr-defined]
        request.refused = None  # type: ignore[attr-defined]
        request.failed = request.committing = False  # type: ignore[attr-defined]
        request.fault = None  # type: ignore[attr-defined]
        with transaction.atomic():
            enter(request)
            response = self.get_response(request)
            if request.fault is not None:  # type: ignore[attr-defined]
                raise request.fault  # type: ignore[attr-defined]
            if request.failed or response.status_code >= 500:  # type: ignore[attr-defined]
                transaction.set_rollback(True)
            else:
                request.committing = True  # type: ignore[attr-defined]
        request.committing = False  # type: ignore[attr-defined]
        record_refusal(request)
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Roll back after any exception; a refusal and a missing page look the same to the stranger."""
        request.failed = True  # type: ignore[attr-defined]
        if isinstance(fault, OperationalError | InterfaceError) or failover.kind(fault):
            request.fault = fault  # type: ignore[attr-defined]
            return HttpResponse(status=503)  # nobody sees it: `_attempt` raises the fault
        if isinstance(fault, Refused):
            request.refused = fault  # type: ignore[attr-defined]
            if isinstance(fault, RefusedInOutage):
                return render(request, "outage.html", status=403)
            return render(request, "404.html", status=404)
        if isinstance(fault, Http404):
            return render(request, "404.html", status=404)
        if getattr(fault.__cause__, "sqlstate", "") == HELD:
            return render(request, "moving.html", status=503)
        return None


def away(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Answer that the database is away, in words."""
    from livlina.core.ui.views import unavailable

    log.error("database_away", exc_info=fault)
    return unavailable(request)


def enter(request: HttpRequest) -> None:
    """Set `request.actor`, `request.user` and the row-level context, in one statement."""
    request.actor = None  # type: ignore[attr-defined]
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return
    today = clock.day_of(request.now)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM livlina_enter(%s, %s, %s)", [key, request.now, today])  # type: ignore[attr-defined]
        names = [column.name for column in cursor.description or ()]
        found = cursor.fetchone()
    if found is None:
        return
    row = dict(zip(names, found, strict=True))
    request.session._session_cache = request.session.decode(row["session_data"])  # type: ignore[attr-defined]
    user = _user(request, row)
    if user is None:
        tenancy.enter(None)
        return
    request._cached_user = user  # type: ignore[attr-defined]
    request.actor = actor = _actor(row, outage="outage" in request.session)  # type: ignore[attr-defined]
    if actor and actor.kind == "staff":
        translation.activate("sv")  # staff pages are written in Swedish, whatever the browser asks for


_USER = ("email", "name", "kind", "is_active", "language", "appearance", "single_keys", "password")


def _user(request: HttpRequest, row: dict[str, Any]) -> User | None:
    """Return the session's user if the session is still as good as the day it was made."""
    if row["user_id"] is None or not row["is_active"]:
        return None
    user = User(**{name: row[name] for name in _USER}, id=row["user_id"])
    user._state.adding, user._state.db = False, "default"
    kept = request.session.get(HASH_SESSION_KEY, "")
    return user if constant_time_compare(kept, user.get_session_auth_hash()) else None


def _actor(row: dict[str, Any], outage: bool) -> Actor | None:
    """Return whoever the row says acts: staff under an assignment that holds today, or a citizen."""
    if row["assignment_id"] is not None:
        return Actor(
            "staff",
            row["municipality_id"],
            row["role"],
            row["name"],
            user_id=row["user_id"],
            assignment_id=row["assignment_id"],
            unit_id=row["unit_id"],
            unit_name=row["unit_name"],
            title=row["title"],
            compartments=tuple(row["compartments"]),
            qualifications=tuple(row["qualifications"] or ()),
            outage=outage,
        )
    if row["person_id"] is not None and row["municipality_id"] is not None:
        return Actor(
            "citizen",
            row["municipality_id"],
            "citizen",
            row["name"],
            user_id=row["user_id"],
            person_id=row["person_id"],
            compartments=CITIZEN_COMPARTMENTS,
        )
    return None


def record_refusal(request: HttpRequest) -> None:
    """Write down a refusal in a transaction of its own: the refused one is rolled back."""
    fault: Refused | None = request.refused  # type: ignore[attr-defined]
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if fault is None or actor is None:
        return
    with tenancy.acting(actor.municipality_id, actor.compartments, actor.user_id):
        audit.refused(actor, fault.verb, now=request.now, person_id=fault.person_id, obj=fault.obj)  # type: ignore[attr-defined]


def assignments_of(user: User, on: date) -> list[Assignment]:
    """Return every assignment `user` holds on the day `on`, in any municipality: the policy lets one's own through.

    The units are hidden outside their municipality, so each is fetched inside it. Leaves no municipality entered.
    """
    tenancy.enter(None, user_id=user.pk)
    held = list(Assignment.objects.filter(user=user).valid(on).select_related("municipality").order_by("id"))
    for one in held:
        tenancy.enter(one.municipality_id, user_id=user.pk)
        one.unit = Unit.objects.get(pk=one.unit_id)
    tenancy.enter(None, user_id=user.pk)
    return held


def municipality_of(actor: Actor) -> Municipality:
    """Return the actor's municipality."""
    return Municipality.objects.get(pk=actor.municipality_id)
