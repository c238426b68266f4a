"""What is sent to the court: drafted, sent, proved; only a proof lets the step be taken that stops a clock."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from livlina.authority.cases.actions import FactsWrong, StepRefused, take_step
from livlina.authority.cases.actions.steps import locked
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, Deadline, Document, signature
from livlina.authority.court.actions.faults import AlreadyProved, NotSendable, ProofWrong
from livlina.authority.court.models import HOW, PROOFS, Proof, Submission
from livlina.authority.court.queries import court_steps
from livlina.core import audit, outbox, parameters
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of

LARGEST = 10 * 1024 * 1024
"""Bytes of a stored receipt."""
KINDS = {
    b"%PDF": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
}
"""What a receipt may be, told by how the file begins and never by its name."""


@dataclass(frozen=True)
class Proved:
    """What came of a proof: whether the step was taken on it, and otherwise what is missing."""

    submission: Submission
    taken: bool
    why_not: list[str] = field(default_factory=list)


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
        .exclude(data__has_key="copy_of")
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
    proof = _proof(submission, kind, receipt_number, reached_at, document, document_name, by=by, now=now)
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
