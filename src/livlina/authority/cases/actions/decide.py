"""Decisions: taken under delegation, stored as rows that never change, and told in a letter."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from livlina.authority.cases.actions import delegation
from livlina.authority.cases.actions.words import DecisionDraft, LineDraft, appeal_text
from livlina.authority.cases.engine import Process
from livlina.authority.cases.models import Case, Decision, DecisionLine, signature
from livlina.authority.cases.processes import code_label, law_text, legal_basis, service_law, service_unit
from livlina.core import audit, outbox
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality


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
        "decision_reservation": draft.reservation,
        "follow_up_on": draft.follow_up_on,
    }
    return facts | ({"goals": draft.goals} if draft.goals else {})


@transaction.atomic
def correct_decision(
    decision: Decision, draft: DecisionDraft, *, reason: str, by: Actor, now: datetime
) -> Decision:
    """Correct an obvious slip of the pen or of counting by a new row (FL 36 §). The old decision stays.

    `reason` says what was plainly wrong; the outcome may not change. Raises Refused, CorrectionRefused.
    """
    from livlina.authority.cases.actions.steps import locked, note_event
    from livlina.core.access import demand

    demand(by, "cases.write", decision.case)
    case = locked(decision.case)
    if not reason.strip():
        raise CorrectionRefused("Skriv vad som uppenbart blev fel.")
    if draft.result != decision.outcome:
        raise CorrectionRefused(
            "En rättelse ändrar inte utgången. Ompröva beslutet i stället (37–38 §§ förvaltningslagen)."
        )
    why_not = delegation.match(case, draft, by=by, on=day_of(now)).why_not
    if why_not:
        raise CorrectionRefused(why_not)
    from livlina.authority.cases.processes import process_of

    linked = replace(draft, previous=decision, relation="corrects", reasons=draft.reasons or decision.reasons)
    row = store_decision(case, process_of(case), linked, by=by, now=now)
    note_event(case, "correct_decision", f"Rättat beslut {decision.number}: {reason.strip()}"[:160], by=by, now=now,
               law="fl_36", detail={"decision": str(row.pk)})  # fmt: skip
    outbox.announce("decision.corrected", row, now=now)
    return row


class CorrectionRefused(Exception):
    """Rättelsen går inte att göra; texten säger varför."""


def store_decision(
    case: Case, process: Process, draft: DecisionDraft, *, by: Actor, now: datetime
) -> Decision:
    """Write a decision and its lines. The caller has checked access and delegation, and holds the case."""
    on = day_of(now)
    found = delegation.match(case, draft, by=by, on=on)
    last = Decision.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    law, period = legal_basis(process, on), draft.period or (None, None)
    text = appeal_text(*_board(case)) if draft.against else ""
    decision = Decision.objects.create(
        **signature(by, now),
        case=case,
        number=last + 1,
        outcome=draft.result,
        decided_on=on,
        against=draft.against,
        reasons=draft.reasons,
        reservation=draft.reservation,
        interim=draft.interim,
        valid_from=period[0],
        valid_to=period[1],
        follow_up_on=draft.follow_up_on,
        law_key=law,
        law_text=law_text(law),
        appeal_text=text if not draft.lines else "",
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
    audit.wrote(
        by, "cases.decision", now=now, obj=decision, person_id=case.person_id,
        detail={"outcome": draft.result, "delegation": str(found.rule.pk) if found.rule else ""},
    )  # fmt: skip
    return decision


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
