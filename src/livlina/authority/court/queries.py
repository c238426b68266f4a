"""What the pages show: the clocks, what was sent, what is missing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from livlina.authority.cases.actions.facts import current_facts
from livlina.authority.cases.engine import Process, Step, load
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.court.models import (
    CourtAnswer,
    Hearing,
    Submission,
    UrgentDecision,
)
from livlina.core.access import Actor, allowed, demand, fetch, may
from livlina.core.clock import SWEDEN, day_of

GUARD = "submission_is_proved"
GROUNDS = ("lvu_2", "lvu_22", "lvu_24", "lvu_31_a", "shelter_3_1", "lvm_4")
"""The first ground of each process of compulsory care."""


@dataclass(frozen=True)
class Left:
    """How long is left of a clock, in whole days and hours of elapsed time; negative when the day is over."""

    hours: int

    @classmethod
    def until(cls, day: date, now: datetime) -> "Left":
        """The time until the Swedish midnight that ends the day."""
        end = datetime.combine(day + timedelta(days=1), time(), SWEDEN)
        # Moments are compared as such: an hour is lost or won when summer time comes and goes.
        return cls(int((end.timestamp() - now.timestamp()) // 3600))

    @property
    def over(self) -> bool:
        """Whether the day is over."""
        return self.hours < 0

    @property
    def words(self) -> str:
        """As it is read: “2 dagar 5 timmar”, “mindre än en timme”, “ute”."""
        if self.over:
            return "Ute"
        days, hours = divmod(self.hours, 24)
        parts = [f"{days} {'dag' if days == 1 else 'dagar'}"] if days else []
        if hours or not days:
            parts.append(f"{hours} {'timme' if hours == 1 else 'timmar'}" if hours else "mindre än en timme")
        return " ".join(parts)


@dataclass(frozen=True)
class Clock:
    """One clock after which a decision lapses: whose, what stops it, and how far that has come."""

    deadline: Deadline
    case: Case
    process: Process
    step: Step | None
    """The step that goes to court; None when the clock is stopped by something else (the care begins)."""
    submission: Submission | None
    left: Left
    lapsed: bool
    """The legal date has passed, and nothing proves that it was kept."""

    @property
    def name(self) -> str:
        """The person's name; of a protected person nothing."""
        return "Skyddade personuppgifter" if self.case.person.is_protected else self.case.person.name

    @property
    def missing(self) -> str:
        """What is missing, in words; empty when the court is proved to have it."""
        if self.step is None:
            return ""
        if self.submission is None:
            return "Inget är skickat"
        return {"drafted": "Utkast, inte skickat", "sent": "Skickat, bevis saknas"}.get(
            self.submission.state, ""
        )

    @property
    def holidays(self) -> bool:
        """Whether the law gives longer than plain counting, because the day is no working day."""
        return self.deadline.legal_date != self.deadline.strict_date


def can_open(actor: Actor, on: date) -> list[Process]:
    """Return the processes of compulsory care that the actor may open a case in: those of the actor's branches."""
    codes = dict.fromkeys(process.code for process in load().all() if process.legal_basis[0] in GROUNDS)
    found = [load().current(code, on=on) for code in codes]
    return [process for process in found if settings.AREAS[process.area] in actor.compartments]


def court_steps(case: Case) -> list[str]:
    """Return the steps the case can take now that need proof from the court."""
    process = load().process(case.process_code, case.process_version)
    return [step.name for step in process.steps if GUARD in step.guards and case.state in step.sources]


def links_of_case(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what a case's own page leads to here: words and address. No statement unless the case goes to court."""
    process = load().process(case.process_code, case.process_version)
    to_court = any(GUARD in step.guards for step in process.steps)
    if not to_court or not may(actor, "court.read", case):
        return []
    return [("Ärendet i rätten", reverse("court:case", args=[case.pk]))]


def clocks(actor: Actor, now: datetime, case: Case | None = None) -> list[Clock]:
    """Return the clocks after which something lapses by law, the nearest first. Four statements."""
    demand(actor, "court.list")
    seen = allowed(actor, "court.read", Case.objects.all())
    rows = Deadline.objects.filter(state="running", lapses=True, case__in=seen).select_related("case__person")
    if case is not None:
        rows = rows.filter(case=case)
    found = list(rows.order_by("strict_date", "id"))
    sent = {
        (one.case_id, one.step): one
        for one in Submission.objects.filter(case__in={row.case_id for row in found}, used_at=None).exclude(
            state="abandoned"
        )
    }
    return [_clock(row, sent, now) for row in found]


def clock(actor: Actor, deadline_id: UUID, now: datetime) -> Clock | None:
    """Return one running clock the actor may see, or None."""
    row = Deadline.objects.filter(pk=deadline_id, state="running", lapses=True).select_related("case__person")
    found = row.first()
    if found is None or not allowed(actor, "court.read", Case.objects.filter(pk=found.case_id)).exists():
        return None
    sent = {
        (one.case_id, one.step): one
        for one in Submission.objects.filter(case=found.case, used_at=None).exclude(state="abandoned")
    }
    return _clock(found, sent, now)


def submission(actor: Actor, submission_id: UUID) -> Submission:
    """Return one submission with its case and proof (without the document). Raises Refused."""
    rows = Submission.objects.select_related("case__person", "deadline", "proof").defer("proof__document")
    return fetch(actor, "court.submission", rows, pk=submission_id)


def of_case(actor: Actor, case: Case) -> tuple[list[Submission], list[CourtAnswer], list[Hearing]]:
    """Return what was sent, answered and called to in a case the actor may see. Raises Refused."""
    demand(actor, "court.read", case)
    return (
        list(Submission.objects.filter(case=case).order_by("-drafted_at", "-id")),
        list(CourtAnswer.objects.filter(case=case).order_by("-at", "-id")),
        list(Hearing.objects.filter(case=case).order_by("-starts_at")),
    )


def of_person(actor: Actor, person_id: UUID) -> list[tuple[Case, Process]]:
    """Return the person's cases of compulsory care that the actor may see, newest first, with what each is."""
    seen = allowed(actor, "court.read", Case.objects.filter(person_id=person_id)).order_by(
        "-received_on", "-id"
    )
    found = [(case, load().process(case.process_code, case.process_version)) for case in seen]
    return [(case, process) for case, process in found if process.legal_basis[0] in GROUNDS]


def to_report(actor: Actor) -> QuerySet[UrgentDecision]:
    """Return the decisions not yet reported to the board, oldest first. Raises Refused."""
    return (
        allowed(actor, "court.reports", UrgentDecision.objects.filter(reported_on=None))
        .select_related("case")
        .order_by("decided_on", "id")
    )


def unwritten(actor: Actor, found: Submission) -> list[str]:
    """Return the labels of what the application must hold and nobody has written yet. Raises Refused."""
    demand(actor, "court.submission", found)
    process = load().process(found.case.process_code, found.case.process_version)
    if found.step != "apply_to_court" or "application_content" not in process.forms:
        return []
    return [str(fact.label) for fact in process.missing("application_content", current_facts(found.case))]


def _clock(row: Deadline, sent: dict[tuple[UUID, str], Submission], now: datetime) -> Clock:
    process = load().process(row.case.process_code, row.case.process_version)
    stops = next((rule.stops_at for rule in process.deadlines if rule.name == row.name), ())
    steps = [
        step
        for step in process.steps
        if step.name in stops and GUARD in step.guards and row.case.state in step.sources
    ]
    begun = next((step for step in steps if (row.case_id, step.name) in sent), None)
    step = begun or (steps[0] if steps else None)
    return Clock(
        deadline=row,
        case=row.case,
        process=process,
        step=step,
        submission=sent.get((row.case_id, step.name)) if step else None,
        left=Left.until(row.strict_date, now),
        lapsed=row.legal_date < day_of(now),
    )
