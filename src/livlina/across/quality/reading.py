"""Whom an event hit, read from the rows of care: visits of its time, units that were silent, alarms that waited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from livlina.provider.alarms.models import Alarm, AlarmUnit, Silence
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries.outcomes import NOTHING, outcomes_of

WAITED = timedelta(minutes=1)
"""An alarm that needed longer from the press to the desk has waited."""


@dataclass(frozen=True)
class Hit:
    """One person an event hit, and by how much."""

    person_id: UUID
    unit_id: UUID
    how: str
    source_id: UUID
    minutes: int | None


def hit(begun: datetime, ended: datetime) -> list[Hit]:
    """Return everyone hit between two moments, in the entered municipality: four statements, whatever the number."""
    return [*_visits(begun, ended), *_silent(begun, ended), *_waited(begun, ended)]


def _visits(begun: datetime, ended: datetime) -> Iterator[Hit]:
    rows = list(Visit.objects.filter(starts_at__gte=begun, starts_at__lt=ended).exclude(state="cancelled"))
    said = outcomes_of(visit.pk for visit in rows)
    for visit in rows:
        began = said.get(visit.pk, NOTHING).begun_at
        if visit.state == "missed":
            yield Hit(visit.person_id, visit.unit_id, "missed", visit.pk, None)
        elif began and began - visit.starts_at > timedelta(minutes=visit.window):
            yield Hit(visit.person_id, visit.unit_id, "late", visit.pk, minutes(began - visit.starts_at))


def _silent(begun: datetime, ended: datetime) -> Iterator[Hit]:
    times: dict[str, timedelta] = {}
    for silence in Silence.objects.filter(Q(over_at=None) | Q(over_at__gt=begun), began_at__lt=ended):
        for code in silence.units:
            lasted = min(silence.over_at or ended, ended) - max(silence.began_at, begun)
            times[code] = max(lasted, times.get(code, lasted))
    for unit in AlarmUnit.objects.filter(number__in=times):
        if unit.person_id is not None:
            yield Hit(unit.person_id, unit.team_id, "silent", unit.pk, minutes(times[unit.number]))


def _waited(begun: datetime, ended: datetime) -> Iterator[Hit]:
    rows = Alarm.objects.filter(pressed_at__gte=begun, pressed_at__lt=ended)
    for alarm in rows.filter(received_at__gt=F("pressed_at") + WAITED):
        if alarm.person_id is not None:
            waited = minutes(alarm.received_at - alarm.pressed_at)
            yield Hit(alarm.person_id, alarm.team_id, "waited", alarm.pk, waited)


def minutes(span: timedelta) -> int:
    """Whole minutes, begun ones too."""
    return -(-int(span.total_seconds()) // 60)
