"""Writes about measures: decide, do, and see whether it helped. Each that is open is a watch."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from livlina.across.quality.actions.incident import IncidentRefused
from livlina.across.quality.models import Incident, Measure
from livlina.core import audit
from livlina.core.access import Actor, demand, system
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.registers.watches import actions as watches
from livlina.registers.watches.queries import desk_for

SOURCE = "quality.measure"
EFFECT_AFTER = timedelta(days=90)
"""When it is looked at whether a measure helped."""


def decide_measure(
    incident: Incident,
    what: str,
    owner: Assignment,
    due_on: date,
    *,
    client_id: UUID,
    by: Actor,
    now: datetime,
) -> Measure:
    """Decide what is to be done, by whom and until when; a watch holds them to it. Raises Refused, IncidentRefused."""
    demand(by, "incident.judge", incident)
    if not what.strip():
        raise IncidentRefused("Skriv vad som ska göras.")
    if due_on < day_of(now):
        raise IncidentRefused("Dagen har redan varit.")
    measure, made = Measure.objects.get_or_create(
        municipality_id=by.municipality_id,
        client_id=client_id,
        defaults={
            "incident": incident, "what": what.strip(), "owner_id": owner.user_id, "owner_name": owner.user.name,
            "due_on": due_on, "decided_at": now, "decided_name": by.name,
        },
    )  # fmt: skip
    if made:
        _watch("quality.measure_due", measure, owner, datetime.combine(due_on, time(16), SWEDEN), now=now)
        audit.wrote(by, "incident.judge", now=now, obj=measure)
    return measure


def measure_done(measure: Measure, text: str, *, by: Actor, now: datetime) -> Measure:
    """Say that it is done; whether it helped is asked for three months later. Raises Refused, IncidentRefused."""
    _may(measure, text, by)
    if measure.done_at is None:
        measure.done_at, measure.done_text, measure.done_name = now, text.strip(), by.name
        measure.save(update_fields=["done_at", "done_text", "done_name"])
        watches.close_for(
            (SOURCE, measure.pk),
            types=("quality.measure_due",),
            why="measure.done",
            by=system(by.municipality_id),
            now=now,
        )
        owner = Assignment.objects.filter(user_id=measure.owner_id).valid(day_of(now)).order_by("id").first()
        if owner:
            _watch("quality.measure_effect", measure, owner, now + EFFECT_AFTER, now=now)
        audit.wrote(by, "measure.work", now=now, obj=measure)
    return measure


def measure_effect(measure: Measure, helped: bool, text: str, *, by: Actor, now: datetime) -> Measure:
    """Say whether it helped. Raises Refused, and IncidentRefused before it is done."""
    _may(measure, text, by)
    if measure.done_at is None:
        raise IncidentRefused("Åtgärden är inte gjord än.")
    if measure.effect_at is None:
        measure.effect_at, measure.effect = now, helped
        measure.effect_text, measure.effect_name = text.strip(), by.name
        measure.save(update_fields=["effect_at", "effect", "effect_text", "effect_name"])
        watches.close_for((SOURCE, measure.pk), why="measure.effect", by=system(by.municipality_id), now=now)
        audit.wrote(by, "measure.work", now=now, obj=measure)
    return measure


def _may(measure: Measure, text: str, by: Actor) -> None:
    demand(by, "measure.work", measure)
    if not text.strip():
        raise IncidentRefused("Skriv vad som gjordes.")


def _watch(code: str, measure: Measure, owner: Assignment, due_at: datetime, *, now: datetime) -> None:
    whose = desk_for(owner.role, owner.unit_id, owner.user_id, day_of(now))
    house = system(measure.municipality_id)
    watches.raise_watch(code, (SOURCE, measure.pk), owner=whose, due_at=due_at, by=house, now=now)
