"""What was decided on delegation, as it is reported to the board (KL 6:40)."""

from dataclasses import dataclass
from datetime import date, datetime

from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, Decision, DelegationRule
from livlina.authority.cases.processes import code_label
from livlina.core import audit
from livlina.core.access import Actor, allowed, demand


@dataclass(frozen=True)
class Delegated:
    """One line of the list: the case by its number, never the person by name."""

    decision: Decision
    case_number: str
    process_label: str
    outcome_label: str
    services: str


def delegation_list(actor: Actor, first: date, last: date, now: datetime) -> list[Delegated]:
    """Return the decisions taken on delegation in a period, both days included. Three statements. Raises Refused."""
    demand(actor, "cases.decisions")
    rows = (
        allowed(actor, "cases.decisions", Decision.objects.all())
        .filter(decided_on__range=(first, last), delegation__isnull=False)
        .select_related("case")
        .prefetch_related("lines")
        .order_by("decided_on", "case__number", "number")
    )
    found = [_line(decision) for decision in rows]
    audit.read(
        actor, "cases.decisions", now=now,
        detail={"first": first.isoformat(), "last": last.isoformat(), "count": len(found)},
    )  # fmt: skip
    return found


def decisions_to_appeal(actor: Actor, case: Case, now: datetime) -> list[Decision]:
    """Return a case's decisions that go against the party: by number and day, nothing of what they say. Two statements."""
    demand(actor, "cases.receive", case)
    audit.read(actor, "cases.receive", now=now, obj=case)
    return list(Decision.objects.filter(case=case, against=True, appeals__isnull=False).order_by("-number"))


def delegation_rules(actor: Actor, on: date) -> list[DelegationRule]:
    """Return the rules that hold on the day or later. One statement. Raises Refused."""
    demand(actor, "cases.delegate")
    return [rule for rule in DelegationRule.objects.order_by("point", "outcome", "role") if _holds(rule, on)]


def _holds(rule: DelegationRule, on: date) -> bool:
    return rule.valid_to is None or rule.valid_to >= on


def _line(decision: Decision) -> Delegated:
    case = decision.case
    return Delegated(
        decision,
        case.number,
        load().process(case.process_code, case.process_version).label,
        code_label("decision_outcomes", decision.outcome, decision.decided_on),
        ", ".join(dict.fromkeys(line.service_label for line in decision.lines.all())),
    )
