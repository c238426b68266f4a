"""Appeals: received, judged in time or late, reviewed by ourselves, and forwarded to the court (FL 44–46 §§)."""

from datetime import date, datetime

from django.db import transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.change import settle
from livlina.authority.cases.actions.decide import store_decision
from livlina.authority.cases.actions.effects import open_appeal_window
from livlina.authority.cases.actions.notice import appeal_timing
from livlina.authority.cases.actions.steps import Doing, take_step
from livlina.authority.cases.actions.words import DecisionDraft, LineDraft
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Appeal, Decision
from livlina.core.access import Actor
from livlina.core.calendar import Channel, deemed_received
from livlina.core.clock import day_of


@transaction.atomic
def receive_appeal(
    decision: Decision,
    *,
    wish: str,
    reasons: str = "",
    by: Actor,
    now: datetime,
    found_on: date | None = None,
    how: Channel = Channel.E_SERVICE,
    improbable: bool = False,
) -> Appeal:
    """Take in an appeal the day it came in (FL 22 §): by the citizen, or registered by staff.

    Also a late one is taken in: that it is late is a decision of its own. Raises Refused, StepRefused.
    """
    if not wish.strip():
        raise StepRefused("Skriv vilken ändring du vill ha.")
    found = found_on or day_of(now)
    if found > day_of(now):
        raise StepRefused("Överklagandet kan inte ha kommit in efter i dag.")
    received = deemed_received(found, how, improbable=improbable)
    answers = {"appeal_wish": wish, "appeal_reasons": reasons, "appeal_received_on": received}
    doing = take_step(
        decision.case, "receive_appeal", by=by, now=now, answers=answers, appeal=_flow(decision),
        verb="cases.step" if by.kind == "citizen" else "cases.receive",
    )  # fmt: skip
    appeal = doing.the_appeal
    appeal.received_on, appeal.received_how, appeal.received_from = received, how.value, by.name
    appeal.save(update_fields=["received_on", "received_how", "received_from"])
    clocks.start(doing.case, doing.process, "appeal_received", received, now=now, appeal=appeal)
    clocks.refresh(doing.case)
    return appeal


@transaction.atomic
def dismiss_appeal(appeal: Appeal, *, assessment: str, by: Actor, now: datetime) -> Decision:
    """Dismiss an appeal that came in too late (FL 45 §): a decision of its own, which can be appealed.

    Raises Refused, StepRefused when it is in time or must count as in time, or the delegation does not cover it.
    """
    timing = appeal_timing(appeal)
    draft = DecisionDraft(outcome="dismissed", reasons=f"{timing.reason} {assessment}".strip())
    answers = {"appeal_time_assessment": assessment or timing.reason}
    doing = take_step(
        appeal.case, "dismiss_appeal", by=by, now=now, answers=answers, appeal=appeal, draft=draft
    )
    appeal = doing.the_appeal
    decision = store_decision(doing.case, doing.process, draft, by=by, now=now)
    doing.decision = decision
    appeal.in_time, appeal.in_time_reason, appeal.changed_by = False, timing.reason[:400], decision
    appeal.save(update_fields=["in_time", "in_time_reason", "changed_by"])
    open_appeal_window(doing, decision, "appeal")
    return decision


@transaction.atomic
def review_appeal(appeal: Appeal, *, by: Actor, now: datetime, assessment: str = "") -> Appeal:
    """Begin our own review of an appeal that is in time (FL 46, 38 §§). Raises Refused, StepRefused."""
    timing = appeal_timing(appeal)
    answers = {"appeal_time_assessment": assessment or timing.reason}
    appeal = take_step(
        appeal.case, "review_appeal", by=by, now=now, answers=answers, appeal=appeal
    ).the_appeal
    appeal.in_time, appeal.in_time_reason = True, timing.reason[:400]
    appeal.save(update_fields=["in_time", "in_time_reason"])
    return appeal


@transaction.atomic
def change_fully(
    appeal: Appeal,
    lines: list[LineDraft],
    *,
    review: str,
    by: Actor,
    now: datetime,
    follow_up_on: date | None = None,
) -> Decision:
    """Change the decision to all that the appellant asked for; the appeal is then closed (FL 46 §).

    Raises Refused, StepRefused if anything asked for is still missing.
    """
    draft = DecisionDraft(
        lines=tuple(lines), outcome="changed", reasons=review, previous=appeal.decision, relation="changes",
        follow_up_on=follow_up_on,
    )  # fmt: skip
    doing = take_step(
        appeal.case,
        "change_fully",
        by=by,
        now=now,
        answers={"appeal_review": review},
        appeal=appeal,
        draft=draft,
    )
    decision = _changed(doing, draft, by=by, now=now)
    return _reviewed(doing, decision, "fully")


@transaction.atomic
def change_partly(
    appeal: Appeal, lines: list[LineDraft], *, review: str, by: Actor, now: datetime
) -> Decision:
    """Change the decision in part while it is reviewed; the appeal still goes to the court (FL 46 §).

    Raises Refused, StepRefused.
    """
    from livlina.authority.cases.actions import delegation
    from livlina.authority.cases.actions.steps import locked, note_event
    from livlina.authority.cases.processes import process_of
    from livlina.core.access import demand

    demand(by, "cases.step", appeal.case)
    case = locked(appeal.case)
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if appeal.state != "appeal_review":
        raise StepRefused("Beslutet går att ändra medan överklagandet omprövas.")
    draft = DecisionDraft(
        lines=tuple(lines), outcome="changed", reasons=review, previous=appeal.decision, relation="changes"
    )
    if fault := delegation.match(case, draft, by=by, on=day_of(now)).why_not:
        raise StepRefused(fault)
    process = process_of(case)
    doing = Doing(case, process, process.step("change_fully"), by, now, {}, appeal, draft)
    decision = _changed(doing, draft, by=by, now=now)
    note_event(case, "change_partly", "Beslutet ändrat i en del", by=by, now=now, law="fl_38")
    return _reviewed(doing, decision, "partly")


@transaction.atomic
def forward_appeal(
    appeal: Appeal, *, review: str, court: str, by: Actor, now: datetime, forwarded_on: date | None = None
) -> Appeal:
    """Hand the appeal and the file over to the court (FL 46 §). Raises Refused, StepRefused."""
    answers = {"appeal_review": review, "forwarded_on": forwarded_on or day_of(now), "court_name": court}
    appeal = take_step(appeal.case, "forward", by=by, now=now, answers=answers, appeal=appeal).the_appeal
    if not appeal.review:
        appeal.review = "unchanged"
        appeal.save(update_fields=["review"])
    return appeal


@transaction.atomic
def receive_judgment(appeal: Appeal, *, judgment: str, judgment_on: date, by: Actor, now: datetime) -> Appeal:
    """Record what the court decided. Raises Refused, StepRefused, FactsWrong."""
    answers = {"judgment": judgment, "judgment_on": judgment_on}
    appeal = take_step(
        appeal.case, "receive_judgment", by=by, now=now, answers=answers, appeal=appeal, verb="cases.receive"
    ).the_appeal
    appeal.judgment, appeal.judgment_on = judgment, judgment_on
    appeal.save(update_fields=["judgment", "judgment_on"])
    return appeal


def apply_judgment(appeal: Appeal, *, by: Actor, now: datetime) -> Appeal:
    """Note that the judgment is carried out. Raises Refused, StepRefused."""
    return take_step(appeal.case, "note_judgment", by=by, now=now, appeal=appeal).the_appeal


def let_lapse(appeal: Appeal, *, by: Actor, now: datetime) -> Appeal:
    """Note that nobody appealed in time. Raises Refused, StepRefused."""
    return take_step(appeal.case, "let_lapse", by=by, now=now, appeal=appeal).the_appeal


def _changed(doing: Doing, draft: DecisionDraft, *, by: Actor, now: datetime) -> Decision:
    """Store the changed decision, its facts and its clocks, and let it be appealed in turn."""
    doing.decision = store_decision(doing.case, doing.process, draft, by=by, now=now)
    settle(doing, draft)
    return doing.decision


def _reviewed(doing: Doing, decision: Decision, review: str) -> Decision:
    appeal = doing.the_appeal
    appeal.review, appeal.changed_by = review, decision
    appeal.save(update_fields=["review", "changed_by"])
    return decision


def _flow(decision: Decision) -> Appeal:
    """Return the appeal's row of a decision. Raises StepRefused for a decision that cannot be appealed."""
    appeal = Appeal.objects.filter(decision=decision).first()
    if appeal is None:
        raise StepRefused("Beslutet går inte att överklaga.")
    return appeal
