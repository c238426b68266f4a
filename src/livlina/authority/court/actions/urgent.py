"""What cannot wait: a case opened at night, the chair's decision, the steps of whoever is on duty, what has lapsed."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from livlina.authority.cases.actions import take_step
from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.actions.steps import note_event
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.court.actions.faults import AlreadyReported, NotSendable, ProofWrong
from livlina.authority.court.models import UrgentDecision
from livlina.authority.court.queries import can_open
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.calendar import Channel
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.registers.people.models import Person
from livlina.registers.watches.actions import Owner, close_for, raise_watch

ON_DUTY = ("note_execution", "note_late_execution", "court_confirms", "court_revokes", "note_lapse")
"""Steps that cannot wait for the worker of the case."""


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
