"""What a step of compulsory care sets going."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from livlina.authority.cases.actions.steps import Doing
from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.words import effect
from livlina.authority.cases.models import signature
from livlina.authority.court.models import CourtAnswer, Submission, UrgentDecision
from livlina.core.clock import SWEDEN
from livlina.core.models import Assignment
from livlina.registers.watches.actions import Owner, raise_watch

MEETING = timedelta(days=14)
"""A reminder until the decision is reported; the board's own calendar says when it meets."""


@effect("file_submission")
def file_submission(doing: Doing, what: str) -> None:
    """Tie the proved submission to the step that was taken on it; it serves no other step."""
    Submission.objects.filter(case=doing.case, step=doing.step.name, state="proved", used_at=None).update(
        used_at=doing.now
    )


@effect("record_court_answer")
def record_court_answer(doing: Doing, what: str) -> None:
    """Store what the court decided and when."""
    facts = doing.facts
    asked = {field.fact.name for field in doing.process.form(doing.step.form).fields()}
    day = facts["court_confirmed_on" if "court_confirmed_on" in asked else "court_answered_on"]
    CourtAnswer.objects.create(
        **signature(doing.by, doing.now),
        case=doing.case,
        step=doing.step.name,
        label=doing.step.label,
        answered_on=day,
        court_case_number=str(facts.get("court_case_number") or "")[:80],
        holds_at_once=facts.get("court_holds_at_once") if "court_holds_at_once" in asked else None,
        until=facts.get("more_time_until") if "more_time_until" in asked else None,
    )


@effect("report_at_next_meeting")
def report_at_next_meeting(doing: Doing, what: str) -> None:
    """Put a decision of the chair or an appointed member on the list for the board's next meeting (LVU 6 §, LVM 13 §)."""
    facts = doing.facts
    if facts["immediate_decided_by"] == "board":
        return
    decision = UrgentDecision.objects.create(
        **signature(doing.by, doing.now),
        case=doing.case,
        label=doing.step.label,
        law_text=load().law(doing.step.law).label if doing.step.law else "",
        decided_on=facts["immediate_decided_on"],
        decided_by=facts["immediate_decided_by"],
        decider=str(facts["immediate_decider"])[:160],
    )
    raise_watch(
        "court.to_report",
        ("court.urgentdecision", decision.pk),
        owner=Owner("committee_secretary", _secretariat(doing), compartment=decision.compartment),
        due_at=datetime.combine(_soon(decision.decided_on), time(16), SWEDEN),
        by=doing.by,
        now=doing.now,
    )


def _soon(day: date) -> date:
    return day + MEETING


def _secretariat(doing: Doing) -> UUID:
    held = Assignment.objects.filter(municipality_id=doing.case.municipality_id, role="committee_secretary")
    return (
        held.valid(doing.today).order_by("id").values_list("unit_id", flat=True).first() or doing.case.unit_id
    )
