"""What a session is given when someone signs in: whose it is, from which device, and when it ends at the latest."""

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from livlina.across.portal import health, policy
from livlina.across.portal.device import device
from livlina.core.clock import day_of
from livlina.core.middleware import assignments_of
from livlina.core.models import Assignment, User

STAFF_LASTS = timedelta(hours=12)
"""A working day and a night's margin: not prolonged by use."""
CITIZEN_LASTS = timedelta(hours=1)
"""Since last used: a form may take long, a library computer may be left."""
SEAL_LASTS = timedelta(hours=1)
"""A session that a sealed key opened: long enough to take over, short enough to be missed."""
NOTED_EVERY = timedelta(minutes=5)


def stamp(request: HttpRequest, user: User, kind: str) -> None:
    """Note in a session just begun when, where and by which way it began, and bound its life.

    Staff who came in by a reserve way while the municipality's own was away get a mark, and with it care duties only
    (`config/outage.py`). The mark stays until they sign in anew.
    """
    now: datetime = request.now  # type: ignore[attr-defined]
    session = request.session
    session["created_at"] = session["seen_at"] = now.isoformat()
    session["device"] = device(request.headers.get("user-agent", ""))
    session["way_in"] = kind
    session.pop("outage", None)
    if user.kind == "staff" and kind != "staff" and (kind == "seal" or health.state(now).away):
        session["outage"] = now.isoformat()
    bound(session, user, now)


def bound(session: SessionBase, user: User, now: datetime) -> None:
    """Bound the life of a session: the staff's by the clock, the citizen's by idleness."""
    if session.get("way_in") == "seal":
        session.set_expiry(now + SEAL_LASTS)
    elif user.kind == "staff":
        session.set_expiry(now + STAFF_LASTS)
    else:
        session.set_expiry(int(CITIZEN_LASTS.total_seconds()))


def note_use(request: HttpRequest) -> None:
    """Note that the session was used, at most every five minutes (one statement then, none otherwise)."""
    now: datetime = request.now  # type: ignore[attr-defined]
    seen = request.session.get("seen_at")
    if seen and now - datetime.fromisoformat(seen) >= NOTED_EVERY:
        request.session["seen_at"] = now.isoformat()


def choose(request: HttpRequest, assignment: Assignment) -> None:
    """Let the session act under `assignment` from the next request on, under a new key."""
    request.session["municipality_id"] = assignment.municipality_id
    request.session["assignment_id"] = str(assignment.pk)
    request.session.pop("person_id", None)
    request.session.cycle_key()


def choose_only(request: HttpRequest, user: User) -> list[Assignment]:
    """Return the assignments one may act under; when there is one, take it at once."""
    held = choices(request, user)
    if len(held) == 1:
        choose(request, held[0])
    return held


def choices(request: HttpRequest, user: User) -> list[Assignment]:
    """Return the assignments the user holds today in municipalities that let them in the way they came."""
    now: datetime = request.now  # type: ignore[attr-defined]
    held = assignments_of(user, day_of(now))
    places = {one.municipality_id for one in held}
    kind, marked = request.session.get("way_in", ""), "outage" in request.session
    admitting = policy.admitting(kind, places, health.state(now), begun_away=marked)
    return [one for one in held if one.municipality_id in admitting]


def way_in(request: HttpRequest, user: User) -> str:
    """Return by which means the user just signed in: a kind of SignInEvent."""
    given: str | None = getattr(request, "sign_in_kind", None)
    if given:
        return given
    records = get_authentication_records(request, user)
    if any(record.get("method") == "provider" for record in records):
        return "staff"
    return "passkey" if any(record.get("passwordless") for record in records) else "password"
