"""What the portal reads: sessions, the log of oneself, of one's unit, and of who read about a person."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Func, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from livlina.across.portal.models import LogReview
from livlina.core.access import Actor, allowed
from livlina.core.clock import SWEDEN, local
from livlina.core.models import AuditEvent, Session, User
from livlina.core.sessions import SessionStore
from livlina.registers.people.models import Person

PAGE = 50
SAMPLE = 20
"""Readings of a month that are drawn for a manager to look at."""


@dataclass(frozen=True)
class Open:
    """A session as its owner sees it."""

    key: str
    device: str
    created_at: datetime | None
    seen_at: datetime | None
    this_one: bool


def sessions_of(user: User, current: str | None, now: datetime) -> list[Open]:
    """Return the user's living sessions, this one first, then the last used."""
    rows = Session.objects.filter(user=user, expire_date__gt=now)
    found = []
    for row in rows:
        seen = SessionStore().decode(row.session_data).get("seen_at")
        moment = datetime.fromisoformat(seen) if seen else row.created_at
        found.append(
            Open(
                row.session_key,
                row.device or "Okänd enhet",
                row.created_at,
                moment,
                row.session_key == current,
            )
        )
    return sorted(found, key=lambda one: (not one.this_one, -(one.seen_at or now).timestamp()))


def session_handle(key: str) -> str:
    """Return a name for a session that may stand in a page: it does not give the session away."""
    return hmac.new(settings.SECRET_KEY.encode(), f"session:{key}".encode(), "sha256").hexdigest()[:24]


def own_reads(actor: Actor, page: int) -> list[AuditEvent]:
    """Return a page of what the actor did, newest first, and one row more if there is another page."""
    start = (page - 1) * PAGE
    rows = AuditEvent.objects.filter(municipality_id=actor.municipality_id, user_id=actor.user_id)
    return list(rows.order_by("-at", "-id")[start : start + PAGE + 1])


def readers_of(actor: Actor, person_id: UUID, page: int) -> list[AuditEvent]:
    """Return a page of who has read or written about a person, newest first; one's own visits are left out.

    The caller has checked that the actor may ask about the person.
    """
    start = (page - 1) * PAGE
    theirs = Person.objects.filter(Q(pk=person_id) | Q(same_as=person_id)).values("pk")  # earlier rows too
    rows = AuditEvent.objects.filter(municipality_id=actor.municipality_id, person_id__in=theirs)
    rows = rows.exclude(outcome="refused").exclude(user_id=actor.user_id).exclude(role="system")
    return list(rows.order_by("-at", "-id")[start : start + PAGE + 1])


def month_of(text: str, today: date) -> date:
    """Return the first day of the month written `2026-03`; this month if it is written otherwise or lies ahead."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return min(found, today.replace(day=1))


def flagged(actor: Actor, month: date) -> list[AuditEvent]:
    """Return every reading of the month that a manager must look at: marked when it happened."""
    return list(_of_month(actor, month).exclude(review="").order_by("-at", "-id")[:500])


def sample(actor: Actor, month: date) -> list[AuditEvent]:
    """Return readings of the month drawn by lot: the same each time one looks, and not to be foreseen."""
    which = f"sample:{actor.municipality_id}/{actor.unit_id}/{month:%Y-%m}"
    seed = Value(hmac.new(settings.SECRET_KEY.encode(), which.encode(), "sha256").hexdigest())
    lot = Func(Concat(Cast("id", TextField()), seed, output_field=TextField()), function="md5")
    rows = _of_month(actor, month).filter(review="", person_id__isnull=False).exclude(outcome="refused")
    return list(rows.annotate(lot=lot).order_by(F("lot"))[:SAMPLE])


def _of_month(actor: Actor, month: date) -> QuerySet[AuditEvent]:
    start = datetime(month.year, month.month, 1, tzinfo=SWEDEN)
    end = (start + timedelta(days=32)).replace(day=1)
    reviews: Prefetch[Any] = Prefetch("reviews", LogReview.objects.order_by("-at"))
    rows = AuditEvent.objects.filter(at__gte=start, at__lt=end)
    return allowed(actor, "portal.review", rows).prefetch_related(reviews)


def swedish_day(moment: datetime) -> date:
    """The Swedish day of a moment."""
    return local(moment).date()


def previous_month(month: date) -> str:
    """`2026-02` for a day in March."""
    return f"{month.replace(day=1) - timedelta(days=1):%Y-%m}"


def next_month(month: date, today: date) -> str:
    """`2026-04` for a day in March; empty when that lies ahead."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return f"{following:%Y-%m}" if following <= today else ""
