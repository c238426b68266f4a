"""What nobody presses: receivers that are not heard, buttons that have not been tested for a month."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.alarms.models import AlarmUnit, Receiver
from livlina.provider.alarms.queries.units import overdue_pendants
from livlina.registers.watches import actions as watches
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import Watch

LOST_AFTER = timedelta(seconds=60)
LOST, LOST_DUTY, OVERDUE = "alarms.receiver_lost", "alarms.receiver_lost_duty", "alarms.test_overdue"


def watch_receivers(*, by: Actor, now: datetime) -> int:
    """Tell every team, and the officer on duty, of a receiver not heard for a minute; take it back when it is heard.

    Return how many watches were raised. Three statements when all is well.
    """
    demand(by, "alarms.told")
    heard = Q(last_at__gt=now - LOST_AFTER) | Q(last_at=None, added_at__gt=now - LOST_AFTER)
    receivers = Receiver.objects.filter(municipality_id=by.municipality_id)
    lost = list(receivers.filter(~heard, ended_at=None).values_list("pk", flat=True))
    told = Watch.objects.filter(type__in=(LOST, LOST_DUTY), closed_at=None)
    for key in set(told.exclude(object_id__in=lost).values_list("object_id", flat=True)):
        watches.close_for(
            (None, key), types=(LOST, LOST_DUTY), why="Larmmottagaren hörs igen.", by=by, now=now
        )
    already = set(told.filter(object_id__in=lost, type=LOST).values_list("object_id", flat=True))
    return sum(_lost(key, by, now) for key in lost if key not in already)


def remind_of_tests(*, by: Actor, now: datetime) -> int:
    """Let the buttons a team has not tested for a month be one line of its list, however many; return how many teams.

    The line goes when the last of them has been pressed.
    """
    demand(by, "alarms.told")
    rows = overdue_pendants(now).filter(municipality_id=by.municipality_id)
    late = set(rows.values_list("unit__team_id", flat=True))
    for key in Watch.objects.filter(type=OVERDUE, closed_at=None).exclude(object_id__in=late):
        watches.close_for(
            ("alarms.team", key.object_id),
            types=[OVERDUE],
            why="Alla knappar är provtryckta.",
            by=by,
            now=now,
        )
    for team in late:
        owner = Owner("provider_staff", team)
        watches.raise_watch(
            OVERDUE, ("alarms.team", team), owner=owner, due_at=now + timedelta(days=7), by=by, now=now
        )
    return len(late)


def _lost(receiver: UUID, by: Actor, now: datetime) -> int:
    """Tell of one receiver: each team that has units, and whoever is on duty for the municipality."""
    teams = AlarmUnit.objects.filter(state="active").values_list("team_id", flat=True).distinct()
    owners = [(LOST, f"alarms.receiver:{team}", Owner("provider_manager", team)) for team in sorted(teams)]
    duty = Assignment.objects.valid(day_of(now)).filter(role="duty_officer").order_by("id").first()
    if duty is not None:
        owners.append((LOST_DUTY, "alarms.receiver", Owner("duty_officer", duty.unit_id)))
    for what, label, owner in owners:
        watches.raise_watch(what, (label, receiver), owner=owner, due_at=now, by=by, now=now)
    return len(owners)
