"""Clocks: begun at an anchor, stopped by a step, moved only by a decision."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from livlina.authority.cases.engine import Process
from livlina.authority.cases.engine.process import MAIN, DeadlineRule, Due
from livlina.authority.cases.models import Appeal, Case, Deadline, Decision
from livlina.authority.cases.processes import own_lengths
from livlina.core.calendar import Deadline as Dates


def start(
    case: Case,
    process: Process,
    anchor: str,
    day: date,
    *,
    now: datetime,
    appeal: Appeal | None = None,
    facts: Mapping[str, Any] | None = None,
) -> list[Deadline]:
    """Begin the clocks of an anchor on a day; one that already runs begins anew. Return the new ones.

    A rule that counts from a day written in a fact takes it from `facts`.
    """
    rules = {rule.name: rule for rule in process.deadlines if anchor in rule.anchors}
    if not rules:
        return []
    started = []
    for due in process.due(anchor, day, lengths=own_lengths(case.municipality_id, day), facts=facts):
        rule = rules[due.name]
        about_id = appeal.pk if appeal and _beside(process, rule) else None
        running = Deadline.objects.filter(case=case, name=due.name, about_id=about_id, state="running")
        running.update(state="lapsed", stopped_at=now, stopped_by="restarted")
        started.append(write(case, rule, due, anchor, about_id=about_id))
    return started


def write(case: Case, rule: DeadlineRule, due: Due, anchor: str, *, about_id: UUID | None = None) -> Deadline:
    """Write one clock that runs. The caller has stopped one of the same name."""
    return Deadline.objects.create(
        municipality_id=case.municipality_id,
        case=case,
        about_id=about_id,
        name=due.name,
        label=due.label,
        law_key=rule.law,
        lapses=rule.lapses,
        anchor=anchor,
        anchor_date=due.begins,
        strict_date=due.strict_date,
        legal_date=due.legal_date,
        escalations=[[told.isoformat(), role] for told, role in due.escalations],
        next_escalation=due.escalations[0][0] if due.escalations else None,
    )


def stop(
    case: Case, names: Sequence[str], *, step: str, now: datetime, about_id: UUID | None = None
) -> list[UUID]:
    """Stop the named clocks; return those that ran and had been told to someone."""
    if not names:
        return []
    running = Deadline.objects.filter(case=case, name__in=names, state="running", about_id=about_id)
    told = [deadline.pk for deadline in running if deadline.was_told]
    running.update(state="met", stopped_at=now, stopped_by=step)
    return told


def extend(deadline: Deadline, until: date, *, decision: Decision, now: datetime) -> Deadline:
    """Move a clock's end by a decision; the old row stays and says by which. Return the new row."""
    Deadline.objects.filter(pk=deadline.pk, state="running").update(
        state="extended", stopped_at=now, stopped_by="extend", extended_by=decision
    )
    dates = Dates.on(until)
    later = Deadline(
        **{
            name: getattr(deadline, name)
            for name in (
                "municipality_id",
                "case_id",
                "about_id",
                "name",
                "label",
                "law_key",
                "lapses",
                "anchor",
                "anchor_date",
            )
        },
        strict_date=dates.strict_date,
        legal_date=dates.legal_date,
        escalations=[[until.isoformat(), "case_worker"]],
        next_escalation=until,
    )
    later.save(force_insert=True)
    return later


def refresh(case: Case) -> None:
    """Keep the case's nearest day beside it, so that work lists are one index scan."""
    nearest = Deadline.objects.filter(case=case, state="running").aggregate(day=Min("strict_date"))["day"]
    if case.next_due != nearest:
        case.next_due = nearest
        case.save(update_fields=["next_due"])


def lapse_all(case: Case, *, now: datetime) -> list[UUID]:
    """Stop every clock of a case that is closed, save those of an appeal; return those that had been told to someone."""
    running = Deadline.objects.filter(case=case, state="running", about_id=None)
    told = [deadline.pk for deadline in running if deadline.was_told]
    running.update(state="lapsed", stopped_at=now, stopped_by="closed")
    return told


def _beside(process: Process, rule: DeadlineRule) -> bool:
    """Whether the clock belongs to a flow beside the main one."""
    return any(process.step(name).flow != MAIN for name in rule.stops_at)
