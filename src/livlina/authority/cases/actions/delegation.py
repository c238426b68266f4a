"""Who may decide for the board: rules are set by the board's secretary, and asked before every decision (KL 6:37–40)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal as Number

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from livlina.authority.cases.actions.words import DecisionDraft, LineDraft, amount
from livlina.authority.cases.engine.names import KNOWN_ROLES
from livlina.authority.cases.models import Case, DelegationRule, signature
from livlina.authority.cases.processes import code_label, service_unit
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.calendar import add_months

BOARD = "committee_secretary"
"""Records what the board itself decided: no delegation is needed."""


@dataclass(frozen=True)
class Match:
    """The rule a decision rests on, or why there is none."""

    rule: DelegationRule | None
    why_not: str | None = None

    @property
    def text(self) -> str:
        """As the decision keeps it."""
        if self.rule is None:
            return "Beslutat av nämnden"
        return f"Delegation, punkt {self.rule.point}" + (f" ({self.rule.law})" if self.rule.law else "")


def match(case: Case, draft: DecisionDraft, *, by: Actor, on: date) -> Match:
    """Return the rule that lets `by` take this decision on the day, or a sentence that says what is missing."""
    if by.role == BOARD:
        return Match(None)
    rules = list(
        DelegationRule.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on),
            Q(process_code="") | Q(process_code=case.process_code),
            outcome=draft.result,
            valid_from__lte=on,
        ).order_by("-max_quantity", "point")
    )
    own = [rule for rule in rules if rule.role == by.role]
    rule, fault = _covering(own, draft, on)
    if fault is None:
        return Match(rule)
    others = {role for role in {rule.role for rule in rules} - {by.role} if _may(rules, role, draft, on)}
    to = " eller ".join(sorted(KNOWN_ROLES[role] for role in others)) or "nämnden"
    return Match(None, f"{fault} Lämna över beslutet till {to}.")


def covering(
    process_code: str, role: str, draft: DecisionDraft, on: date
) -> tuple[DelegationRule | None, str]:
    """Return the rule that lets a role take such a decision in a process, or why none does. One statement."""
    rules = DelegationRule.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        Q(process_code="") | Q(process_code=process_code),
        outcome=draft.result,
        role=role,
        valid_from__lte=on,
    )
    rule, fault = _covering(list(rules.order_by("-max_quantity", "point")), draft, on)
    return (
        (None, fault.replace("Du har", "Rollen har").replace("Din delegation", "Delegationen"))
        if fault
        else (rule, "")
    )


def _may(rules: list[DelegationRule], role: str, draft: DecisionDraft, on: date) -> bool:
    return _covering([rule for rule in rules if rule.role == role], draft, on)[1] is None


def _covering(
    rules: list[DelegationRule], draft: DecisionDraft, on: date
) -> tuple[DelegationRule | None, str | None]:
    """The narrowest rule that covers each granted line, or the first fault."""
    if not rules:
        label = code_label("decision_outcomes", draft.result, on)
        return None, f"Du har ingen delegation på beslutet ”{label}”."
    found: DelegationRule | None = None
    for line in [line for line in draft.lines if line.granted]:
        fitting = [rule for rule in rules if rule.service in ("", line.service)]
        covering = [rule for rule in fitting if _covers(rule, line)]
        if not covering:
            return None, _too_much(fitting, line, on)
        found = found or covering[0]
    return found or rules[0], None


def _covers(rule: DelegationRule, line: LineDraft) -> bool:
    if rule.max_quantity is not None and line.quantity > rule.max_quantity:
        return False
    if rule.max_months is None or line.valid_from is None:
        return True
    return line.valid_to is not None and line.valid_to <= add_months(line.valid_from, rule.max_months)


def _too_much(fitting: list[DelegationRule], line: LineDraft, on: date) -> str:
    service, unit = code_label("services", line.service, on), service_unit(line.service, on)
    if not fitting:
        return f"Du har ingen delegation på {service.lower()}."
    limits = [rule.max_quantity for rule in fitting if rule.max_quantity is not None]
    if limits and line.quantity > max(limits):
        return (
            f"Din delegation räcker inte: {service.lower()} {amount(line.quantity)} {unit} är mer än "
            f"{amount(max(limits))} (punkt {fitting[0].point})."
        )
    months = max(rule.max_months or 0 for rule in fitting)
    limit = f"får beviljas för högst {months} månader (punkt {fitting[0].point})"
    return f"Din delegation räcker inte: {service.lower()} {limit}."


@transaction.atomic
def add_delegation_rule(
    *,
    outcome: str,
    role: str,
    point: str,
    valid_from: date,
    by: Actor,
    now: datetime,
    process_code: str = "",
    service: str = "",
    max_quantity: Number | None = None,
    max_months: int | None = None,
    law: str = "",
    valid_to: date | None = None,
) -> DelegationRule:
    """Write what the board has delegated. Raises Refused, ValueError for a role that takes no decisions."""
    demand(by, "cases.delegate")
    if role not in settings.AUDIENCES["officer"]:
        raise ValueError(f"The role {role} takes no decisions for the board.")
    rule = DelegationRule.objects.create(
        **signature(by, now),
        outcome=outcome,
        role=role,
        point=point,
        process_code=process_code,
        service=service,
        max_quantity=max_quantity,
        max_months=max_months,
        law=law,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    audit.wrote(by, "cases.delegate", now=now, obj=rule, detail={"point": point})
    return rule


@transaction.atomic
def end_delegation_rule(rule: DelegationRule, *, last_day: date, by: Actor, now: datetime) -> None:
    """Let a rule hold to and with a day. Raises Refused."""
    demand(by, "cases.delegate")
    DelegationRule.objects.filter(pk=rule.pk).update(valid_to=last_day)
    audit.wrote(by, "cases.delegate", now=now, obj=rule, detail={"last_day": last_day.isoformat()})
