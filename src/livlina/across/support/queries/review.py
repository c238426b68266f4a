"""The material of a review meeting, made by itself: a week as it was."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from livlina.across.support.models import KnownFault, Sheet, Ticket, TicketEvent
from livlina.across.support.models.codes import RUNNING
from livlina.across.support.queries.figures import MissingSheet, missing_sheets
from livlina.across.support.queries.sheets import all_sheets
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN

OLD = timedelta(days=14)
SHOWN = 40


@dataclass(frozen=True)
class Review:
    """A week: what came, what is old, what was opened again, what lay silent, and what is proposed."""

    week: str
    monday: date
    new: list[Ticket]
    old: list[Ticket]
    reopened: list[Ticket]
    silent: list[Ticket]
    outside: list[Ticket]
    faults: list[KnownFault]
    unhelpful: list[Sheet]
    missing: list[MissingSheet]

    @property
    def before(self) -> str:
        """The week before."""
        return name_of(self.monday - timedelta(days=7))

    @property
    def after(self) -> str:
        """The week after."""
        return name_of(self.monday + timedelta(days=7))


def name_of(day: date) -> str:
    """Return the week of a day as `2026-w10`."""
    year, week, _ = day.isocalendar()
    return f"{year}-w{week:02d}"


def monday_of(name: str) -> date | None:
    """Return the first day of `2026-w10`, or None where there is no such week."""
    year, _, week = name.partition("-w")
    try:
        return date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None


def review(actor: Actor, monday: date, now: datetime) -> Review:
    """Return the material for the meeting after the week that began on a Monday. Raises Refused."""
    demand(actor, "support.review")
    first = datetime.combine(monday, time(0), SWEDEN)
    last = datetime.combine(monday + timedelta(days=7), time(0), SWEDEN)
    rows = Ticket.objects.filter(municipality_id=actor.municipality_id).order_by("opened_at")

    def having(kind: str) -> list[Ticket]:
        events = TicketEvent.objects.filter(
            municipality_id=actor.municipality_id, kind=kind, at__gte=first, at__lt=last
        )
        return list(rows.filter(pk__in=events.values("ticket_id"))[:SHOWN])

    faults = KnownFault.objects.filter(municipality_id=actor.municipality_id, published_at__lt=last)
    standing = [
        one
        for one in faults.order_by("-published_at")[:SHOWN]
        if one.ended_at is None or one.ended_at >= first
    ]
    return Review(
        name_of(monday), monday,
        new=list(rows.filter(opened_at__gte=first, opened_at__lt=last)[:SHOWN]),
        old=list(rows.filter(state__in=RUNNING, opened_at__lt=min(last, now) - OLD)[:SHOWN]),
        reopened=having("reopened"), silent=having("silent"),
        outside=list(rows.filter(state__in=RUNNING, line=3)[:SHOWN]), faults=standing,
        unhelpful=[one for one in all_sheets(actor, now) if one.missed > one.helped],  # type: ignore[attr-defined]
        missing=missing_sheets(actor, now),
    )  # fmt: skip
