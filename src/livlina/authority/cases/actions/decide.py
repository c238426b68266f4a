"""Decisions: taken under delegation, stored as rows that never change, and told in a letter."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from livlina.authority.cases.actions import clocks, delegation
from livlina.authority.cases.actions.favour import demand_ground
from livlina.authority.cases.actions.words import DecisionDraft, LineDraft, appeal_text
from livlina.authority.cases.engine import Process
from livlina.authority.cases.models import Case, Decision, DecisionLine, signature
from livlina.authority.cases.processes import code_label, law_text, legal_basis, service_law, service_unit
from livlina.core import audit
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality

SUBJECT_LAW = {"request": "fl_12"}
"""What a decision rests on that is about something else than the matter itself."""


def decide(case: Case, draft: DecisionDraft, *, by: Actor, now: datetime) -> Decision:
    """Take a decision: the delegation must cover it, and what goes against the party has reasons and was communicated.

    Raises Refused, StepRefused (with every reason), FactsWrong. Of two at once one wins; the other is told who.
    """
    from livlina.authority.cases.actions.steps import take_step

    doing = take_step(case, "decide", by=by, now=now, answers=decision_facts(draft), draft=draft)
    return doing.the_decision


def decision_facts(draft: DecisionDraft) -> dict[str, Any]:
    """Return the facts a decision states, so that letters and orders can say them by reference."""
    facts: dict[str, Any] = {
        "decision_outcome": draft.result,
        "decision_reasons": draft.reasons,
        "decision_period": list(draft.period) if draft.period else None,
        "decision_interim": draft.interim,
        "decision_reservation": draft.reserved,
        "follow_up_on": draft.follow_up_on,
    }
    return facts | ({"goals": draft.goals} if draft.goals else {})


def store_decision(
    case: Case, process: Process, draft: DecisionDraft, *, by: Actor, now: datetime
) -> Decision:
    """Write a decision and its lines. The caller has checked access and delegation, and holds the case.

    An interim decision in force ends with it. Raises StepRefused when it takes a favourable decision back without ground.
    """
    on = day_of(now)
    demand_ground(case, draft, on)
    found = delegation.match(case, draft, by=by, on=on)
    last = Decision.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    law = SUBJECT_LAW.get(draft.subject) or legal_basis(process, on)
    period, rejects = draft.period or (None, None), any(not line.granted for line in draft.lines)
    text = appeal_text(*_board(case)) if draft.against else ""
    decision = Decision.objects.create(
        **signature(by, now),
        case=case,
        number=last + 1,
        outcome=draft.result,
        decided_on=on,
        against=draft.against,
        reasons=draft.reasons,
        **_conditions(draft),
        interim=draft.interim,
        valid_from=period[0],
        valid_to=period[1],
        follow_up_on=draft.follow_up_on,
        law_key=law,
        law_text=law_text(law),
        appeal_text="" if rejects else text,
        presented_by=draft.presented_by,
        unit_name=by.unit_name or case.unit.name,
        delegation=found.rule,
        delegation_text=found.text,
        previous=draft.previous,
        relation=draft.relation,
    )
    DecisionLine.objects.bulk_create(
        _line(decision, place, line, law=law, appeal=text, by=by, now=now)
        for place, line in enumerate(draft.lines, 1)
    )
    _end_interim(case, process, decision, now=now)
    audit.wrote(
        by, "cases.decision", now=now, obj=decision, person_id=case.person_id,
        detail={"outcome": draft.result, "delegation": str(found.rule.pk) if found.rule else ""},
    )  # fmt: skip
    return decision


def _conditions(draft: DecisionDraft) -> dict[str, str]:
    """What a decision reserves, on what ground it takes something back, and whether the party was heard."""
    return {
        "reservation": draft.reserved,
        "reserved_for": draft.reserved_for,
        "harm_ground": draft.harm_ground,
        "subject": draft.subject,
        "heard": draft.heard,
        "heard_words": draft.heard_words,
    }


def _end_interim(case: Case, process: Process, decision: Decision, *, now: datetime) -> None:
    """An interim decision holds until the final one is taken, or the next interim one."""
    if decision.subject or decision.relation == "corrects":
        return
    running = Decision.objects.filter(case=case, interim=True, ended_on=None).exclude(pk=decision.pk)
    if running.update(ended_on=decision.decided_on, ended_by=decision):
        names = [rule.name for rule in process.deadlines if "decision_end" in rule.anchors]
        clocks.stop(case, names, step="decide", now=now)


def _line(
    decision: Decision, place: int, line: LineDraft, *, law: str, appeal: str, by: Actor, now: datetime
) -> DecisionLine:
    on = decision.decided_on
    law = service_law(line.service, on) or law
    return DecisionLine(
        **signature(by, now),
        compartment=decision.compartment,
        decision=decision,
        position=place,
        service=line.service,
        service_label=code_label("services", line.service, on),
        granted=line.granted,
        quantity=line.quantity,
        unit=service_unit(line.service, on),
        valid_from=line.valid_from if line.granted else None,
        valid_to=line.valid_to if line.granted else None,
        law_key=law,
        law_text=law_text(law),
        reasons=line.reasons,
        appeal_text="" if line.granted else appeal,
    )


def _board(case: Case) -> tuple[str, str]:
    """The board's name and the municipality's, as the appeal text says them."""
    from livlina.core import parameters

    head = parameters.value(case.municipality_id, "letterhead")
    return head.get("board_name", "socialnämnden"), Municipality.objects.values_list("name", flat=True).get(
        pk=case.municipality_id
    )
