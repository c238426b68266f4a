"""What the board's secretary works from: matters for the next meeting, who may decide what, and who gets new cases."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from livlina.authority.cases.actions.board import REFERRED
from livlina.authority.cases.actions.delegation import covering
from livlina.authority.cases.actions.words import DecisionDraft, LineDraft, amount
from livlina.authority.cases.engine import Process, load
from livlina.authority.cases.engine.catalogue import NoSuchProcess
from livlina.authority.cases.engine.names import KNOWN_ROLES
from livlina.authority.cases.models import Case, CaseEvent, Decision, DelegationRule, IntakeUnit
from livlina.authority.cases.models.decision import OUTCOMES
from livlina.authority.cases.processes import branch_of, code_label, process_of, service_unit
from livlina.core import audit
from livlina.core.access import Actor, allowed, demand
from livlina.core.calendar import add_months
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Unit

DECIDERS = ("case_worker", "unit_manager")
"""Roles that decide on delegation; what none of them may, the board decides."""


@dataclass(frozen=True)
class Matter:
    """One matter for the board: by its number, never the person by name."""

    case: Case
    process_label: str
    presenter: str
    why: str
    ready_on: date


@dataclass(frozen=True)
class May:
    """What one role may in a decision that is tried out, and on which rule, or why not."""

    role: str
    rule: DelegationRule | None
    why_not: str


@dataclass(frozen=True)
class Rule:
    """A rule as it is read in a list."""

    rule: DelegationRule
    outcome: str
    process: str
    limit: str
    role: str
    ended: bool


@dataclass(frozen=True)
class Intake:
    """Who gets new cases of an area or of a process."""

    code: str
    label: str
    under: str
    unit: Unit | None


def in_use(on: date) -> list[Process]:
    """Return the processes a new case may begin in on the day, by area and name. No statement."""
    found = []
    for code in dict.fromkeys(process.code for process in load().all()):
        try:
            found.append(load().current(code, on=on))
        except NoSuchProcess:
            continue
    order = list(settings.AREA_NAMES)
    return sorted(found, key=lambda process: (order.index(process.area), process.label))


def label_of(case: Case) -> str:
    """Return what a case is about. No statement."""
    return process_of(case).label


def newest_decision(case: Case) -> Decision | None:
    """Return the newest decision in the matter itself. One statement."""
    return Decision.objects.filter(case=case, interim=False, subject="").order_by("-number").first()


def board_matters(actor: Actor, now: datetime) -> list[Matter]:
    """Return what waits for the board's next meeting, the oldest first. Three statements. Raises Refused.

    What was handed to the board, and what no role may decide on delegation.
    """
    demand(actor, "cases.board")
    today = day_of(now)
    steps = {
        (process.code, process.version): {
            state for step in process.steps if step.name == "decide" and actor.role in step.roles for state in step.sources
        }
        for process in load().all()
    }  # fmt: skip
    waiting = sorted({state for states in steps.values() for state in states})
    rows = allowed(actor, "cases.read", Case.objects.filter(closed_at=None, state__in=waiting))
    cases = [
        case
        for case in rows.select_related("unit", "responsible").order_by("state_since", "number")
        if case.state in steps[case.process_code, case.process_version]
    ]
    events = CaseEvent.objects.filter(case__in=cases, step=REFERRED).order_by("at", "id")
    referred = {event.case_id: event for event in events}  # the newest of each
    delegated = _delegated(today)
    found = []
    for case in cases:
        event = referred.get(case.pk)
        if event is not None and event.at >= case.state_since:
            found.append(_matter(case, f"{event.by_name}, {event.by_title.lower()}", "Lämnat till nämnden"))
        elif case.process_code not in delegated and "" not in delegated:
            who = case.responsible.name if case.responsible else "Ingen ansvarig handläggare"
            found.append(_matter(case, who, "Ingen har beslutanderätten på delegation"))
    audit.read(actor, "cases.board", now=now, detail={"count": len(found)})
    return found


def _matter(case: Case, presenter: str, why: str) -> Matter:
    return Matter(case, process_of(case).label, presenter, why, day_of(case.state_since))


def _delegated(on: date) -> set[str]:
    """The processes in which somebody may grant something on delegation; empty for all. One statement."""
    rules = DelegationRule.objects.filter(outcome="granted", role__in=DECIDERS, valid_from__lte=on)
    return {rule.process_code for rule in rules if rule.valid_to is None or rule.valid_to >= on}


def who_may(
    actor: Actor,
    process: Process,
    outcome: str,
    on: date,
    *,
    service: str,
    quantity: Decimal,
    months: int | None,
) -> list[May]:
    """Return for each role whether it may take such a decision, and on which rule. One statement. Raises Refused."""
    demand(actor, "cases.delegate")
    lines = []
    if service:
        last = add_months(on, months) if months else None
        lines = [LineDraft(service, True, quantity, on, last)]
    draft = DecisionDraft(lines=tuple(lines), outcome=outcome)
    return [
        May(KNOWN_ROLES[role].capitalize(), *covering(process.code, role, draft, on)) for role in DECIDERS
    ]


def rules_of(actor: Actor, on: date, *, ended: bool = False) -> list[Rule]:
    """Return the rules that hold on the day or later, or those that have ended. One statement. Raises Refused."""
    demand(actor, "cases.delegate")
    rows = DelegationRule.objects.order_by("point", "outcome", "role", "-valid_from")
    labels = {process.code: process.label for process in in_use(on)}
    found = [_rule(rule, labels, on) for rule in rows]
    return [one for one in found if one.ended == ended]


def rule_as_read(rule: DelegationRule, on: date) -> Rule:
    """Return one rule as it is read. No statement."""
    return _rule(rule, {process.code: process.label for process in in_use(on)}, on)


def _rule(rule: DelegationRule, labels: dict[str, str], on: date) -> Rule:
    service = code_label("services", rule.service, on) if rule.service else ""
    limits = []
    if rule.max_quantity is not None:
        limits.append(
            f"högst {amount(rule.max_quantity)} {service_unit(rule.service, on) if service else ''}".strip()
        )
    if rule.max_months is not None:
        limits.append(f"högst {rule.max_months} månader")
    return Rule(
        rule,
        dict(OUTCOMES)[rule.outcome],
        labels.get(rule.process_code, rule.process_code) or "Alla",
        ", ".join(filter(None, [service, *limits])) or "Utan gräns",
        KNOWN_ROLES.get(rule.role, rule.role).capitalize(),
        rule.valid_to is not None and rule.valid_to < on,
    )


def intake(actor: Actor, on: date) -> list[Intake]:
    """Return which unit gets new cases of each area and process in the actor's branches. One statement."""
    demand(actor, "cases.arrange")
    units = {row.process_code: row.unit for row in IntakeUnit.objects.select_related("unit")}
    mine = [process for process in in_use(on) if branch_of(process) in actor.compartments]
    found = []
    for area in dict.fromkeys(process.area for process in mine):
        found.append(Intake(area, settings.AREA_NAMES[area], "", units.get(area)))
        found += [
            Intake(one.code, one.label, settings.AREA_NAMES[area], units.get(one.code))
            for one in mine
            if one.area == area
        ]
    return found


def units_for(actor: Actor, code: str, on: date) -> list[Unit]:
    """Return the units that can get new cases of an area or process: they have a case worker in its branch.

    One statement. Nothing for what is not of the actor's branches.
    """
    demand(actor, "cases.arrange")
    branch = settings.AREAS.get(code) or next(
        (branch_of(one) for one in in_use(on) if one.code == code), None
    )
    if branch is None or branch not in actor.compartments:
        return []
    held = Assignment.objects.filter(
        municipality_id=actor.municipality_id, role="case_worker", compartments__contains=[branch]
    ).valid(on)
    return list(Unit.objects.filter(pk__in=held.values("unit_id")).order_by("name"))
