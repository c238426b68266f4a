"""Who is on call, and how one is reached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of, local
from livlina.core.models import Assignment
from livlina.provider.alarms.models import Channel, EmergencyCode, OnCall

DAYS = 7


@dataclass(frozen=True)
class Day:
    """One day of the rota."""

    day: date
    rows: list[OnCall]


def week(actor: Actor, now: datetime) -> list[Day]:
    """Return the rota of the actor's team, today and the six days after. One statement."""
    end = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=DAYS)
    rows = allowed(actor, "alarms.rota", OnCall.objects.filter(ends_at__gt=now, starts_at__lt=end))
    found = list(rows.select_related("assignment__user").order_by("starts_at", "step"))
    days = [day_of(now) + timedelta(days=number) for number in range(DAYS)]
    return [
        Day(day, [row for row in found if day_of(row.starts_at) <= day <= day_of(row.ends_at)])
        for day in days
    ]


def holes(actor: Actor, now: datetime) -> bool:
    """Whether nobody is on call at this moment for the step after the team itself."""
    rows = OnCall.objects.filter(team_id=actor.unit_id, step__gte=1, starts_at__lte=now, ends_at__gt=now)
    return not rows.exists()


def people(actor: Actor, on: date) -> list[tuple[str, str]]:
    """Return who can be put on call: the team first, then others at providers, as (assignment, words)."""
    rows = Assignment.objects.valid(on).filter(
        municipality_id=actor.municipality_id, role__in=("provider_manager", "provider_staff", "nurse")
    )
    found = list(rows.select_related("user", "unit").order_by("user__name", "pk"))
    found.sort(key=lambda one: one.unit_id != actor.unit_id)
    return [(str(one.pk), f"{one.user.name}, {one.title}, {one.unit.name}") for one in found]


def channels(actor: Actor) -> list[Channel]:
    """Return how the actor is reached. One statement."""
    rows = allowed(actor, "alarms.reach_me", Channel.objects.filter(ended_at=None))
    return list(rows.order_by("kind"))


def code_since(actor: Actor) -> datetime | None:
    """Return since when the actor has a code for the receiver's page, if they have one."""
    rows = allowed(actor, "alarms.own_code", EmergencyCode.objects.filter(ended_at=None))
    return rows.values_list("made_at", flat=True).first()
