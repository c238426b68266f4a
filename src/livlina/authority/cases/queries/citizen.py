"""What the citizen sees: own applications, cases and decisions, and those of people they act for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from livlina.authority.cases.engine import Process
from livlina.authority.cases.models import (
    Appeal,
    Application,
    ApplicationDraft,
    Case,
    Communication,
    Decision,
    DecisionLine,
    Document,
)
from livlina.authority.cases.processes import code_label, process_of, spec
from livlina.authority.cases.secrecy import may_show
from livlina.core import audit
from livlina.core.access import Actor, Refused, allowed, fetch
from livlina.core.clock import day_of

PHASES: tuple[tuple[str, frozenset[str]], ...] = (
    ("received", frozenset({"received", "assigned"})),
    ("investigation", frozenset({"investigating", "waiting", "communicated", "ready_to_decide"})),
    ("decision", frozenset({"decided", "written_off"})),
    ("service", frozenset({"to_be_executed", "running", "interrupted", "follow_up", "ending"})),
    ("closed", frozenset({"closed"})),
)
"""The phases a citizen follows; their words are the template's, in Swedish and English."""


@dataclass(frozen=True)
class Letter:
    """A letter the citizen may read: found by its opaque id."""

    id: UUID
    title: str
    at: datetime
    decision_id: UUID | None


@dataclass(frozen=True)
class CitizenDecision:
    """A decision as the one it concerns sees it."""

    decision: Decision
    outcome_label: str
    lines: list[DecisionLine]
    appeal: Appeal | None
    last_day: date | None
    can_appeal: bool
    late: bool
    """The last day to appeal has passed: one may still write, and is told that it may be dismissed."""


@dataclass(frozen=True)
class CitizenCase:
    """A case as the citizen follows it: nothing of the file beyond what was sent, decided and answered."""

    case: Case
    process: Process
    phase: str
    phases: list[tuple[str, str]]
    """(phase, done, now or later)."""
    worker: str
    decisions: list[CitizenDecision]
    letters: list[Letter]
    answers: list[tuple[str, str]]
    """What was applied for: (question, answer)."""
    to_answer: Communication | None
    own: bool
    """The citizen's own case, not one of somebody they act for."""


def application_drafts(actor: Actor) -> list[ApplicationDraft]:
    """Return applications begun and not sent, the newest first. One statement."""
    rows = allowed(actor, "cases.draft", ApplicationDraft.objects.select_related("person"))
    return list(rows.order_by("-saved_at"))


def application_draft(actor: Actor, draft_id: UUID) -> ApplicationDraft:
    """Return one's own unsent application. Raises Refused."""
    return fetch(
        actor, "cases.draft", ApplicationDraft.objects.select_related("person", "applicant"), pk=draft_id
    )


def sent_application(actor: Actor, application_id: UUID) -> Application:
    """Return an application that was sent: its receipt. Raises Refused."""
    return fetch(actor, "cases.applied", Application.objects.select_related("person"), pk=application_id)


def readable_answers(actor: Actor, application: Application) -> dict[str, Any]:
    """Return the answers of a sent application that the citizen may read, as stored: all to the one who gave them.

    The person it is about, and those who act for that person, read less: what somebody said of others in confidence
    stays with the one who said it (OSL 26:1).
    """
    if application.applicant_id == actor.person_id:
        place = "giver"
    else:
        place = "person" if application.person_id == actor.person_id else "mandate"
    return {name: value for name, value in application.answers.items() if may_show(place, spec(name).secrecy)}


def whole_application(actor: Actor, application_id: UUID) -> Application:
    """Return an application of which the citizen may read every answer: only then its bytes. Raises Refused."""
    application = sent_application(actor, application_id)
    if readable_answers(actor, application) != application.answers:
        raise Refused("cases.applied", person_id=application.person_id)
    return application


def my_cases(actor: Actor, now: datetime) -> list[CitizenCase]:
    """Return the citizen's cases and those of people they act for, open ones first. Five statements."""
    rows = _whole(actor, allowed(actor, "cases.follow", Case.objects.all()))
    found = [_case(actor, case, now) for case in rows.order_by("-received_on", "-number")]
    audit.read(actor, "cases.follow", now=now, person_id=actor.person_id, detail={"count": len(found)})
    return sorted(found, key=lambda each: each.case.closed_at is not None)


def my_case(actor: Actor, case_id: UUID, now: datetime) -> CitizenCase:
    """Return one case to follow, and record the reading. Raises Refused."""
    case = fetch(actor, "cases.follow", _whole(actor, Case.objects.all()), pk=case_id)
    audit.read(actor, "cases.follow", now=now, person_id=case.person_id, obj=case)
    return _case(actor, case, now)


def my_decisions(actor: Actor, now: datetime) -> list[CitizenDecision]:
    """Return every decision in the citizen's cases, the newest first."""
    decisions = [decision for case in my_cases(actor, now) for decision in case.decisions]
    return sorted(decisions, key=lambda each: (each.decision.decided_on, each.decision.number), reverse=True)


def my_letter(actor: Actor, document_id: UUID, now: datetime) -> Document:
    """Return a letter with its bytes, and record the reading. For citizens and officers alike. Raises Refused."""
    document = fetch(actor, "cases.letter", Document.objects.select_related("case"), pk=document_id)
    audit.read(actor, "cases.letter", now=now, person_id=document.case.person_id, obj=document)
    return document


def _whole(actor: Actor, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with decisions, appeals, letters to read and what waits for an answer. Never the facts of the file."""
    decisions = Decision.objects.order_by("-number").prefetch_related(
        Prefetch("lines", DecisionLine.objects.order_by("position")), "appeals"
    )
    letters = allowed(actor, "cases.letter", Document.objects.defer("pdf", "data")).order_by("-at")
    waiting = Communication.objects.filter(answered_on=None).exclude(how="waived").order_by("-at")
    return cases.select_related("person", "unit", "responsible", "application").prefetch_related(
        Prefetch("decisions", decisions),
        Prefetch("documents", letters),
        Prefetch("communications", waiting),
    )


def _case(actor: Actor, case: Case, now: datetime) -> CitizenCase:
    process = process_of(case)
    phase = next((name for name, states in PHASES if case.state in states), "service")
    asked = list(case.communications.all())
    return CitizenCase(
        case=case,
        process=process,
        phase=phase,
        phases=_progress(phase),
        worker=case.responsible.name if case.responsible else "",
        decisions=[_decision(decision, now) for decision in case.decisions.all()],
        letters=[
            Letter(letter.pk, letter.title, letter.at, letter.decision_id) for letter in case.documents.all()
        ],
        answers=application_answers(actor, process, case.application) if case.application else [],
        to_answer=asked[0] if asked and case.state == "communicated" else None,
        own=case.person_id == actor.person_id,
    )


def application_answers(
    actor: Actor, process: Process, application: Application, language: str = "sv"
) -> list[tuple[str, str]]:
    """Return what was answered and the citizen may read, in the order it was asked: (question, answer)."""
    said = readable_answers(actor, application)
    return [
        (item.fact.label.said_in(language), item.fact.show(item.fact.parse(said[item.fact.name]), language))
        for item in process.form("application").fields()
        if item.fact.name in said
    ]


def _progress(phase: str) -> list[tuple[str, str]]:
    names = [name for name, _ in PHASES]
    here = names.index(phase)
    return [
        (name, "done" if place < here else "now" if place == here else "later")
        for place, name in enumerate(names)
    ]


def _decision(decision: Decision, now: datetime) -> CitizenDecision:
    appeals: list[Any] = list(decision.appeals.all())
    appeal = appeals[0] if appeals else None
    last = appeal.last_day if appeal else None
    waits = appeal is not None and appeal.state in ("appeal_window", "appeal_lapsed")
    return CitizenDecision(
        decision=decision,
        outcome_label=code_label("decision_outcomes", decision.outcome, decision.decided_on),
        lines=list(decision.lines.all()),
        appeal=appeal,
        last_day=last,
        can_appeal=waits and decision.against,
        late=last is not None and day_of(now) > last,
    )
