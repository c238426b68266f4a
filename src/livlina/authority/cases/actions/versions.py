"""Moving an open case to a newer version of its process: an explicit act with a reason, never something that happens.

Rule for the clocks: one that the new version counts alike goes on; one it counts otherwise begins anew from its own
first day; one it does not have ends; one it adds begins at the day the case passed its beginning. What a decision
has extended stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.deadlines import close_watches
from livlina.authority.cases.actions.facts import current_facts
from livlina.authority.cases.actions.steps import locked, note_event
from livlina.authority.cases.engine import Process, StepRefused, load
from livlina.authority.cases.engine.process import MAIN, DeadlineRule, Due
from livlina.authority.cases.models import Appeal, Case, CaseEvent, Deadline
from livlina.authority.cases.processes import own_lengths, process_of
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.registers.watches.actions import close_for


@dataclass(frozen=True)
class ClockChange:
    """What becomes of one clock: the running row (None for a new one), its new end, and the rule it then follows."""

    running: Deadline | None
    due: Due | None
    rule: DeadlineRule | None
    anchor: str = ""

    @property
    def label(self) -> str:
        """What it is called after the move, or was before."""
        return self.due.label if self.due else self.running.label if self.running else ""


@dataclass(frozen=True)
class Plan:
    """What moving a case would do, or why it cannot be done."""

    old: Process
    new: Process
    faults: list[str]
    clocks: list[ClockChange]


def newer_versions(case: Case, today: date) -> list[Process]:
    """Return the versions a case may be asked to move to: begun after its own and in use, the newest first."""
    old = process_of(case)
    found = [
        process
        for process in load().all()
        if process.code == old.code
        and old.valid_from < process.valid_from <= today
        and (process.valid_to is None or today <= process.valid_to)
    ]
    return sorted(found, key=lambda process: process.valid_from, reverse=True)


def plan_move(case: Case, new: Process, now: datetime) -> Plan:
    """Return what moving the case to a version would do. The caller has checked that the actor may open it."""
    old = process_of(case)
    faults = list(_faults(case, old, new, day_of(now)))
    return Plan(old, new, faults, [] if faults else list(_clocks(case, new, now)))


@transaction.atomic
def move_to_version(case: Case, version: str, *, reason: str, by: Actor, now: datetime) -> Case:
    """Let an open case follow a newer version of its process from now on.

    Raises Refused; StepRefused with every reason: closed, no such version, a state that is missing, facts that lack.
    """
    demand(by, "cases.move_version", case)
    case = locked(case)
    new = next((one for one in newer_versions(case, day_of(now)) if one.version == version), None)
    if new is None:
        raise StepRefused("Det finns ingen sådan nyare version i bruk.")
    if len(reason.strip()) < 3:
        raise StepRefused("Skriv varför ärendet flyttas.")
    plan = plan_move(case, new, now)
    if plan.faults:
        raise StepRefused(*plan.faults)
    before, case.process_version = case.process_version, new.version
    case.save(update_fields=["process_version"])
    for change in plan.clocks:
        _change(case, change, by=by, now=now)
    clocks.refresh(case)
    gone = [f"cases.{name}" for name in plan.old.watches if name not in new.watches]
    close_for(("cases.case", case.pk), types=gone, why="Ny version av processen", by=by, now=now)
    label = f"Flyttat från version {before} av processen till {new.version}"
    detail = {"from": before, "to": new.version, "reason": reason.strip()[:400]}
    note_event(case, "move_to_version", label, by=by, now=now, detail=detail)
    audit.wrote(by, "cases.move_version", now=now, obj=case, person_id=case.person_id,
                detail={"from": before, "to": new.version, "number": case.number})  # fmt: skip
    outbox.announce("case.moved_to_version", case, now=now)
    return case


def _faults(case: Case, old: Process, new: Process, today: date) -> Iterator[str]:
    if not case.is_open:
        yield "Ärendet är avslutat."
    if case.state not in new.states or new.state(case.state).flow != MAIN:
        label = old.state(case.state).label
        yield f"Läget ”{label}” finns inte i version {new.version}. Ta ärendet vidare till ett annat läge först."
    for appeal in Appeal.objects.filter(case=case):
        if appeal.state not in new.states:
            yield f"Överklagandets läge ”{old.state(appeal.state).label}” finns inte i version {new.version}."
    taken = set(CaseEvent.objects.filter(case=case, flow=MAIN).values_list("step", flat=True))
    facts = current_facts(case)
    for step in new.steps:
        if step.name not in taken or not step.form:
            continue
        before = {fact.name for fact in old.missing(step.form, facts)} if step.form in old.forms else set()
        for fact in new.missing(step.form, facts):
            if fact.name not in before:
                yield f"”{fact.label}” saknas. Versionen kräver uppgiften vid ”{step.label}”, som redan är gjort."


def _clocks(case: Case, new: Process, now: datetime) -> Iterator[ClockChange]:
    """The clocks that end, begin anew or are added; those that go on as they are stand in none."""
    rules = {rule.name: rule for rule in new.deadlines}
    lengths = own_lengths(case.municipality_id, day_of(now))
    rows = list(Deadline.objects.filter(case=case))
    running = [row for row in rows if row.state == "running"]
    decided = {(row.name, row.about_id) for row in rows if row.state == "extended"}
    for row in running:
        rule = rules.get(row.name)
        if rule is None:
            yield ClockChange(row, None, None)
        elif (row.name, row.about_id) not in decided:
            anchor = row.anchor if row.anchor in rule.anchors else rule.anchors[0]
            due = next(
                one for one in new.due(anchor, row.anchor_date, lengths=lengths) if one.name == row.name
            )
            if due.strict_date != row.strict_date:
                yield ClockChange(row, due, rule, anchor)
    known = {row.name for row in rows}
    moments = CaseEvent.objects.filter(case=case).values_list("step").annotate(last=Max("at"))
    passed = {step: day_of(last) for step, last in moments}
    facts = current_facts(case)
    for rule in new.deadlines:
        begun = _begun(case, rule, passed) if rule.name not in known else None
        if begun is not None:
            anchor, day = begun
            dues = new.due(anchor, day, lengths=lengths, facts=facts)
            yield ClockChange(None, next(one for one in dues if one.name == rule.name), rule, anchor)


def _begun(case: Case, rule: DeadlineRule, passed: dict[str, date]) -> tuple[str, date] | None:
    """Where and when a clock the version adds would have begun; None if the case is before it, or past what stops it."""
    days = passed | {"received": case.received_on}
    begun = [(days[anchor], anchor) for anchor in rule.anchors if anchor in days]
    if not begun:
        return None
    day, anchor = max(begun)
    stopped = [passed[step] for step in rule.stops_at if step in passed]
    return None if stopped and max(stopped) >= day else (anchor, day)


def _change(case: Case, change: ClockChange, *, by: Actor, now: datetime) -> None:
    about_id = None
    if change.running is not None:
        about_id = change.running.about_id
        Deadline.objects.filter(pk=change.running.pk).update(
            state="lapsed", stopped_at=now, stopped_by="move_to_version"
        )
        if change.running.was_told:
            close_watches([change.running.pk], why="Ny version av processen", by=by, now=now)
    if change.due is not None and change.rule is not None:
        clocks.write(case, change.rule, change.due, change.anchor, about_id=about_id)
