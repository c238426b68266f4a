"""Every write about what goes to court: drafted, sent, proved; hearings; and the chair's decisions reported."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from livlina.authority.cases.actions import FactsWrong, StepRefused, take_step
from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.actions.steps import locked, note_event
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, Deadline, Document, signature
from livlina.authority.court.models import (
    HOW,
    PROOFS,
    Hearing,
    Proof,
    Submission,
    UrgentDecision,
)
from livlina.authority.court.queries import can_open, court_steps
from livlina.core import audit, outbox, parameters
from livlina.core.access import Actor, demand
from livlina.core.calendar import Channel
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.registers.people.models import Person
from livlina.registers.watches.actions import Owner, close_for, raise_watch

ON_DUTY = ("note_execution", "note_late_execution", "court_confirms", "court_revokes", "note_lapse")
"""Steps that cannot wait for the worker of the case."""
LARGEST = 10 * 1024 * 1024
"""Bytes of a stored receipt."""
KINDS = {
    b"%PDF": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
}
"""What a receipt may be, told by how the file begins and never by its name."""


class NotSendable(Exception):
    """Ärendet har inget att skicka till rätten i det här läget."""


class AlreadyProved(Exception):
    """Det finns redan bevis på att handlingarna har kommit in till rätten."""


class ProofWrong(Exception):
    """Beviset räcker inte."""


class AlreadyReported(Exception):
    """Beslutet är redan anmält till nämnden."""


@dataclass(frozen=True)
class Proved:
    """What came of a proof: whether the step was taken on it, and otherwise what is missing."""

    submission: Submission
    taken: bool
    why_not: list[str] = field(default_factory=list)


@transaction.atomic
def open_case(
    process_code: str, person: Person, *, by: Actor, now: datetime, received_on: date | None = None
) -> Case:
    """Open a case of compulsory care about a person. Raises Refused, NotSendable for another branch's process."""
    demand(by, "court.open")
    today = day_of(now)
    process = next((one for one in can_open(by, today) if one.code == process_code), None)
    if process is None:
        raise NotSendable("Välj vad ärendet gäller.")
    day = received_on or today
    if day > today:
        raise NotSendable("Ärendet kan inte ha kommit in efter i dag.")
    case = begin_case(process, person, received_on=day, how=Channel.PHONE, by=by, now=now)
    note_event(case, "register", "Ärende öppnat", by=by, now=now, law=process.legal_basis[0], detail={})
    audit.wrote(
        by, "court.open", now=now, obj=case, person_id=person.pk,
        detail={"process": process.code, "number": case.number},
    )  # fmt: skip
    outbox.announce("case.registered", case, now=now)
    return case


@transaction.atomic
def draft(case: Case, step: str, *, by: Actor, now: datetime, court: str = "", note: str = "") -> Submission:
    """Begin what will be sent for a step; begun twice it is the same. A draft stops no clock.

    Raises Refused, NotSendable.
    """
    demand(by, "court.submit", case)
    case = locked(case)
    if step not in court_steps(case):
        raise NotSendable(NotSendable.__doc__)
    clock = _clock(case, step)
    found = _open(case, step)
    if found is not None and found.deadline_id == (clock.pk if clock else None):
        return found
    if found is not None:  # about an earlier decision in the same case
        Submission.objects.filter(pk=found.pk).update(state="abandoned")
    head = parameters.value(case.municipality_id, "letterhead")
    process = load().process(case.process_code, case.process_version)
    new = Submission(
        municipality_id=case.municipality_id,
        case=case,
        deadline=clock,
        step=step,
        label=process.step(step).label,
        court=(court.strip() or head["administrative_court"])[:160],
        note=note.strip(),
        drafted_at=now,
        drafted_by=by.name,
    )
    new.save(force_insert=True)
    audit.wrote(
        by,
        "court.draft",
        now=now,
        obj=new,
        person_id=case.person_id,
        detail={"step": step},
    )
    return new


@transaction.atomic
def send(submission: Submission, *, how: str, by: Actor, now: datetime, court: str = "") -> Submission:
    """Say that it has been sent, and how. That is not proof: the clock goes on.

    Raises Refused, AlreadyProved, ProofWrong.
    """
    demand(by, "court.submission", submission)
    demand(by, "court.submit", submission.case)
    if how not in dict(HOW):
        raise ProofWrong("Välj hur handlingarna skickades.")
    submission = _held(submission)
    submission.state, submission.sent_at, submission.sent_how, submission.sent_by = (
        "sent",
        now,
        how,
        by.name,
    )
    submission.court = court.strip()[:160] or submission.court
    submission.contents = [
        {"title": title, "sha256": digest}
        for title, digest in Document.objects.filter(case=submission.case, withdrawn_at=None)
        .order_by("at", "id")
        .values_list("title", "sha256")
    ]
    submission.save(update_fields=["state", "sent_at", "sent_how", "sent_by", "court", "contents"])
    audit.wrote(
        by,
        "court.send",
        now=now,
        obj=submission,
        person_id=submission.case.person_id,
        detail={"how": how},
    )
    outbox.announce("court.sent", submission, now=now)
    return submission


@transaction.atomic
def prove(
    submission: Submission,
    *,
    kind: str,
    reached_at: datetime,
    by: Actor,
    now: datetime,
    receipt_number: str = "",
    document: bytes = b"",
    document_name: str = "",
    decided_on: date | None = None,
) -> Proved:
    """Store the proof that the court has it, and take the step that stops the clock.

    A proof is a receipt number, a stored document, or both. It stands also when the step cannot be taken: then
    `why_not` says what is missing. `decided_on`: the day the board decided to apply. Raises Refused, ProofWrong,
    AlreadyProved.
    """
    demand(by, "court.submission", submission)
    demand(by, "court.submit", submission.case)
    submission = _held(submission)
    if submission.state != "sent":
        raise ProofWrong("Skriv först att handlingarna är skickade, och hur.")
    proof = _proof(
        submission,
        kind,
        receipt_number,
        reached_at,
        document,
        document_name,
        by=by,
        now=now,
    )
    submission.proof, submission.state = proof, "proved"
    submission.save(update_fields=["proof", "state"])
    audit.wrote(
        by, "court.prove", now=now, obj=submission, person_id=submission.case.person_id,
        detail={"kind": kind, "sha256": proof.sha256, "proof": str(proof.pk)},
    )  # fmt: skip
    outbox.announce("court.proved", submission, now=now)
    return take(submission, by=by, now=now, decided_on=decided_on)


@transaction.atomic
def take(submission: Submission, *, by: Actor, now: datetime, decided_on: date | None = None) -> Proved:
    """Take the step a proved submission is for; what is missing is answered, and the proof stays.

    Raises Refused, ProofWrong without a proof.
    """
    submission = Submission.objects.select_related("case", "proof").get(pk=submission.pk)
    demand(by, "court.submit", submission.case)
    if submission.proof is None:
        raise ProofWrong("Det finns inget bevis på att handlingarna har kommit in till rätten.")
    answers: dict[str, Any] = {
        "court_name": submission.court,
        "reached_court_on": day_of(submission.proof.reached_at).isoformat(),
    }
    if decided_on is not None:
        answers["application_decided_on"] = decided_on.isoformat()
    form = load().process(submission.case.process_code, submission.case.process_version)
    step = form.step(submission.step)
    known = {item.fact.name for item in form.form(step.form).fields()}
    try:
        with transaction.atomic():
            take_step(
                submission.case, submission.step, by=by, now=now, verb="court.submit",
                answers={name: value for name, value in answers.items() if name in known},
            )  # fmt: skip
    except StepRefused as refused:
        return Proved(submission, False, list(refused.reasons))
    except FactsWrong as wrong:
        return Proved(submission, False, list(wrong.errors.values()))
    submission.refresh_from_db()
    return Proved(submission, True)


@transaction.atomic
def decide_now(case: Case, answers: Mapping[str, Any], *, by: Actor, now: datetime) -> Case:
    """Write down a decision that cannot wait (LVU 6 §, LVM 13 §). Raises Refused, StepRefused, FactsWrong."""
    demand(by, "court.decide", case)
    doing = take_step(case, "decide_immediate", by=by, now=now, answers=answers, verb="court.decide")
    close_for(
        ("cases.case", case.pk),
        types=("court.decision_asked",),
        why="Beslut fattat",
        by=by,
        now=now,
    )
    return doing.case


@transaction.atomic
def note(case: Case, step: str, answers: Mapping[str, Any], *, by: Actor, now: datetime) -> Case:
    """Take one of the steps that whoever is on duty must be able to take (ON_DUTY).

    Raises Refused, StepRefused, FactsWrong, NotSendable for another step.
    """
    demand(by, "court.submit", case)
    if step not in ON_DUTY:
        raise NotSendable("Steget tas i ärendet.")
    return take_step(case, step, by=by, now=now, answers=answers, verb="court.submit").case


@transaction.atomic
def ask_chair(case: Case, *, by: Actor, now: datetime) -> None:
    """Ask the chair to decide now: it lies on the chair's desk until it is decided. Raises Refused, NotSendable."""
    demand(by, "court.decide", case)
    process = load().process(case.process_code, case.process_version)
    if not any(step.name == "decide_immediate" and case.state in step.sources for step in process.steps):
        raise NotSendable("Inget omedelbart beslut kan fattas i ärendets läge.")
    held = Assignment.objects.filter(municipality_id=case.municipality_id, role="committee_chair")
    chair = held.valid(day_of(now)).order_by("id").first()
    raise_watch(
        "court.decision_asked",
        ("cases.case", case.pk),
        owner=Owner(
            "committee_chair",
            chair.unit_id if chair else case.unit_id,
            compartment=case.compartment,
        ),
        due_at=now + timedelta(hours=1),
        by=by,
        now=now,
        person_id=case.person_id,
        units={"unit_manager": case.unit_id},
    )
    audit.wrote(by, "court.ask_chair", now=now, obj=case, person_id=case.person_id)


@transaction.atomic
def report(decision: UrgentDecision, *, meeting_on: date, by: Actor, now: datetime) -> UrgentDecision:
    """Say at which meeting the decision was reported to the board. Raises Refused, AlreadyReported, ProofWrong."""
    demand(by, "court.report", decision)
    if not decision.decided_on <= meeting_on <= day_of(now):
        raise ProofWrong("Sammanträdet ska ha hållits efter beslutet och senast i dag.")
    changed = UrgentDecision.objects.filter(pk=decision.pk, reported_on=None).update(
        reported_on=meeting_on, reported_by=by.name
    )
    if not changed:
        raise AlreadyReported(AlreadyReported.__doc__)
    close_for(("court.urgentdecision", decision.pk), why="Anmält till nämnden", by=by, now=now)
    audit.wrote(
        by,
        "court.report",
        now=now,
        obj=decision,
        detail={"meeting": meeting_on.isoformat()},
    )
    decision.refresh_from_db()
    return decision


@transaction.atomic
def set_hearing(
    case: Case,
    *,
    starts_at: datetime,
    place: str,
    court_case_number: str,
    by: Actor,
    now: datetime,
) -> Hearing:
    """Write down a hearing the court has called to; the worker is reminded three days before. Raises Refused."""
    demand(by, "court.hear", case)
    hearing = Hearing(
        municipality_id=case.municipality_id, case=case, starts_at=starts_at, place=place.strip()[:160],
        court_case_number=court_case_number.strip()[:80], written_by=by.name,
    )  # fmt: skip
    hearing.save(force_insert=True)
    raise_watch(
        "court.hearing",
        ("court.hearing", hearing.pk),
        owner=Owner(
            "case_worker",
            case.unit_id,
            case.responsible_id,
            compartment=case.compartment,
        ),
        due_at=starts_at,
        shown_from=starts_at - timedelta(days=3),
        by=by,
        now=now,
        person_id=case.person_id,
    )
    audit.wrote(by, "court.set_hearing", now=now, obj=hearing, person_id=case.person_id)
    return hearing


@transaction.atomic
def cancel_hearing(hearing: Hearing, *, by: Actor, now: datetime) -> Hearing:
    """Say that the hearing is not held. Done twice is done once. Raises Refused."""
    demand(by, "court.hearing", hearing)
    if Hearing.objects.filter(pk=hearing.pk, cancelled_at=None).update(cancelled_at=now):
        close_for(
            ("court.hearing", hearing.pk),
            why="Förhandlingen är inställd",
            by=by,
            now=now,
        )
        audit.wrote(
            by,
            "court.cancel_hearing",
            now=now,
            obj=hearing,
            person_id=hearing.case.person_id,
        )
    hearing.refresh_from_db()
    return hearing


@transaction.atomic
def tell_of_lapsed(*, by: Actor, now: datetime) -> int:
    """Raise the red watch of each clock whose legal date has passed with no proof. Return how many new ones.

    It lies with whoever is on duty and with the unit's manager at once, and goes only when a step stops the clock.
    """
    demand(by, "court.tell")
    late = Deadline.objects.filter(
        municipality_id=by.municipality_id,
        state="running",
        lapses=True,
        legal_date__lt=day_of(now),
    ).select_related("case")
    duty = Assignment.objects.filter(municipality_id=by.municipality_id, role="duty_officer")
    home = duty.valid(day_of(now)).order_by("-id").values_list("unit_id", flat=True).first()
    raised = 0
    for clock in late.order_by("legal_date", "id"):
        watch = raise_watch(
            "court.lapsed",
            ("cases.deadline", clock.pk),
            owner=Owner(
                "duty_officer",
                home or clock.case.unit_id,
                compartment=clock.case.compartment,
            ),
            due_at=datetime.combine(clock.legal_date + timedelta(days=1), time(), SWEDEN),
            by=by,
            now=now,
            person_id=clock.case.person_id,
            units={"unit_manager": clock.case.unit_id},
        )
        raised += watch.opened_at == now
    return raised


def _clock(case: Case, step: str) -> Deadline | None:
    """The running clock that the step stops, and after which what it guards ends."""
    process = load().process(case.process_code, case.process_version)
    names = [rule.name for rule in process.deadlines if rule.lapses and step in rule.stops_at]
    running = Deadline.objects.filter(case=case, name__in=names, state="running")
    return running.order_by("strict_date").first()


def _open(case: Case, step: str) -> Submission | None:
    found = Submission.objects.filter(case=case, step=step, used_at=None).exclude(state="abandoned")
    return found.first()


def _held(submission: Submission) -> Submission:
    """The submission, locked; AlreadyProved if it is."""
    found = Submission.objects.select_for_update(of=("self",)).select_related("case").get(pk=submission.pk)
    if found.state not in ("drafted", "sent"):
        raise AlreadyProved(AlreadyProved.__doc__)
    return found


def _proof(
    submission: Submission,
    kind: str,
    number: str,
    reached_at: datetime,
    document: bytes,
    name: str,
    *,
    by: Actor,
    now: datetime,
) -> Proof:
    """Store the proof. Raises ProofWrong in words."""
    if kind not in dict(PROOFS):
        raise ProofWrong("Välj vilket slags bevis det är.")
    if not number.strip() and not document:
        raise ProofWrong("Skriv kvittensens nummer, eller bifoga kvittensen.")
    if reached_at > now:
        raise ProofWrong("Handlingarna kan inte ha kommit in till rätten efter nu.")
    mime = next((mime for begins, mime in KINDS.items() if document.startswith(begins)), "")
    if document and not mime:
        raise ProofWrong("Kvittensen ska vara en PDF eller en bild (JPEG eller PNG).")
    if len(document) > LARGEST:
        raise ProofWrong("Filen är för stor. Den får vara högst 10 MB.")
    return Proof.objects.create(
        **signature(by, now),
        case=submission.case,
        kind=kind,
        receipt_number=number.strip()[:80],
        reached_at=reached_at,
        document=document,
        document_name=name[:120] if document else "",
        document_type=mime,
        sha256=hashlib.sha256(document).hexdigest() if document else "",
    )
