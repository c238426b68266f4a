"""What a step sets going: one function for each effect a process may name."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.deadlines import close_watches
from livlina.authority.cases.actions.decide import store_decision
from livlina.authority.cases.actions.execution import draft_orders, end_orders
from livlina.authority.cases.actions.words import DecisionDraft
from livlina.authority.cases.engine.words import effect
from livlina.authority.cases.models import Appeal, Decision, Document
from livlina.core.calendar import next_working_day
from livlina.core.clock import SWEDEN
from livlina.registers.people.actions import end_reach
from livlina.registers.watches.actions import Owner, close_for, raise_watch

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

DUE_BY_FACT = {
    "information_awaited": "waiting_review_on",
    "back_from_interruption": "expected_back_on",
    "to_wind_up": "ends_on",
}
"""Watches that are due on a day somebody has written; the others within a week."""

PROMPT = {"appeal_to_handle"}
"""Watches to act on the next working day: an appeal is handled promptly, and the court has it within a week (FL 46 §)."""

REACH_AFTER_CLOSING = timedelta(days=90)  # the unit finishes what must be written down


@effect("record_opening")
def record_opening(doing: "Doing", what: str) -> None:
    """The decision to open the investigation is the event itself (SoL 14:2); the clocks of a new one begin."""
    clocks.start(doing.case, doing.process, "opened", doing.today, now=doing.now)


@effect("record_decision")
def record_decision(doing: "Doing", what: str) -> None:
    """Store the decision and its lines, and begin the clocks it sets going."""
    doing.decision = decision = store_decision(
        doing.case, doing.process, doing.the_draft, by=doing.by, now=doing.now
    )
    if decision.grants and decision.outcome not in ("ended", "revoked"):
        clocks.start(doing.case, doing.process, "decided", doing.today, now=doing.now)
    if decision.valid_to:
        clocks.start(doing.case, doing.process, "decision_end", decision.valid_to, now=doing.now)


@effect("record_write_off")
def record_write_off(doing: "Doing", what: str) -> None:
    """Store the decision to write the case off."""
    reason = doing.facts.get("write_off_reason", "")
    from livlina.authority.cases.processes import spec

    draft = DecisionDraft(outcome="written_off", reasons=spec("write_off_reason").show(reason))
    doing.decision = store_decision(doing.case, doing.process, draft, by=doing.by, now=doing.now)


@effect("place_order")
def place_order(doing: "Doing", what: str) -> None:
    """Draft one order per granted line; a person chooses the provider in two steps, in the orders room."""
    draft_orders(doing)


@effect("end_orders")
def stop_orders(doing: "Doing", what: str) -> None:
    """Tell each provider the last day of its order."""
    end_orders(doing.case, doing.facts["ends_on"], by=doing.by, now=doing.now)


@effect("start_not_executed_clock")
def start_not_executed_clock(doing: "Doing", what: str) -> None:
    """Begin the three months of SoL 34:1 at the interruption; those at the decision run since the decision."""
    since = doing.facts.get("interrupted_on")
    if doing.step.target == "interrupted" and isinstance(since, date):
        clocks.start(doing.case, doing.process, "interrupted", since, now=doing.now)


@effect("stop_not_executed_clock")
def stop_not_executed_clock(doing: "Doing", what: str) -> None:
    """End the three months: the service is carried out."""
    names = [rule.name for rule in doing.process.deadlines if {"decided", "interrupted"} & {*rule.anchors}]
    clocks.stop(doing.case, names, step=doing.step.name, now=doing.now)
    if doing.step.name == "begin_service":
        clocks.start(doing.case, doing.process, "followed_up", doing.today, now=doing.now)


@effect("cancel_letters")
def cancel_letters(doing: "Doing", what: str) -> None:
    """Withdraw letters that are made and not sent."""
    Document.objects.filter(case=doing.case, sent_at=None, withdrawn_at=None).update(withdrawn_at=doing.now)


@effect("forward_to_court")
def forward_to_court(doing: "Doing", what: str) -> None:
    """Write on the appeal where and when it went; the bundle is the documents of the case, by their hashes."""
    appeal = doing.the_appeal
    appeal.forwarded_on, appeal.court = doing.facts["forwarded_on"], doing.facts["court_name"]
    appeal.save(update_fields=["forwarded_on", "court"])


@effect("begin_retention")
def begin_retention(doing: "Doing", what: str) -> None:
    """Stop every clock of the closed case; the unit keeps its reach for as long as there is something to write."""
    told = clocks.lapse_all(doing.case, now=doing.now)
    close_watches(told, why=doing.step.label, by=doing.by, now=doing.now)
    until = doing.today + REACH_AFTER_CLOSING
    end_reach(
        doing.case.person, source=f"cases.case:{doing.case.pk}", by=doing.by, now=doing.now, until=until
    )


@effect("raise_watch", takes="watch")
def raise_named_watch(doing: "Doing", what: str) -> None:
    """Raise the watch named in the process, for the role that owns it and the worker who has the case."""
    watch = doing.process.watches[what]
    user_id = doing.case.responsible_id if watch.owner == "case_worker" else None
    raise_watch(
        f"cases.{what}",
        _source(doing),
        owner=Owner(watch.owner, doing.case.unit_id, user_id, doing.case.compartment),
        due_at=_due(doing, what),
        by=doing.by,
        now=doing.now,
        person_id=doing.case.person_id,
    )


@effect("close_watch", takes="watch")
def close_named_watch(doing: "Doing", what: str) -> None:
    """Close the watch, with the step as the reason."""
    close_for(_source(doing), types=(f"cases.{what}",), why=doing.step.label, by=doing.by, now=doing.now)


@effect("open_flow", takes="flow")
def open_flow(doing: "Doing", what: str) -> None:
    """Begin the appeal's flow beside the main one, for the decision just taken."""
    if doing.the_decision.outcome in ("written_off", "closed_no_action"):
        return
    open_appeal_window(doing, doing.the_decision, what)


def open_appeal_window(doing: "Doing", decision: Decision, flow: str) -> Appeal:
    """Make the row in which everything about appealing a decision will stand."""
    return Appeal.objects.create(
        municipality_id=doing.case.municipality_id,
        case=doing.case,
        decision=decision,
        state=doing.process.start(flow).name,
        opened_at=doing.now,
    )


def _source(doing: "Doing") -> tuple[str, Any]:
    return ("cases.appeal", doing.about_id) if doing.about_id else ("cases.case", doing.case.pk)


def _due(doing: "Doing", what: str) -> datetime:
    """Four in the afternoon of the day, Swedish time."""
    written = doing.facts.get(DUE_BY_FACT.get(what, ""))
    day = written if isinstance(written, date) else doing.today + timedelta(days=7)
    if what in PROMPT:
        day = next_working_day(doing.today)
    return datetime.combine(day, time(16), SWEDEN)
