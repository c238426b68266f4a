"""Kommunicering: the party sees what the decision will rest on, and may answer (FL 25 §)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from livlina.authority.cases.actions.redaction import demand_clean
from livlina.authority.cases.actions.steps import locked, note_event, take_step
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Case, Communication, signature
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of


@transaction.atomic
def communicate(
    case: Case,
    *,
    what: str,
    how: str,
    answer_by: date,
    by: Actor,
    now: datetime,
    sent_on: date | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Communication:
    """Send the material to the party, with a day to answer by. Raises Refused, StepRefused, FactsWrong, Withheld."""
    sent = sent_on or day_of(now)
    if answer_by < sent:
        raise StepRefused("Svarsdagen kan inte vara före den dag underlaget skickas.")
    facts = {
        "proposed_decision": what,
        "communicated_on": sent,
        "communicated_how": how,
        "answer_by": answer_by,
    }
    doing = take_step(case, "communicate", by=by, now=now, answers={**(answers or {}), **facts})
    demand_clean(doing.case, doing.case.person, [("Förslag till beslut", what)], by=by, now=now)
    return Communication.objects.create(
        **signature(by, now), case=doing.case, what=what, how=how, sent_on=sent, answer_by=answer_by
    )


@transaction.atomic
def waive_communication(case: Case, *, reason: str, by: Actor, now: datetime) -> Communication:
    """Record why it is plainly unnecessary to communicate the material (FL 25 §). Raises Refused, StepRefused."""
    demand(by, "cases.write", case)
    case = locked(case)
    if len(reason.strip()) < 10:
        raise StepRefused("Skriv varför det är uppenbart obehövligt att kommunicera underlaget.")
    row = Communication.objects.create(
        **signature(by, now), case=case, what=reason.strip(), how="waived", sent_on=day_of(now)
    )
    note_event(case, "waive_communication", "Kommunicering bedömd som obehövlig", by=by, now=now, law="fl_25")
    audit.wrote(by, "cases.waive_communication", now=now, obj=row, person_id=case.person_id)
    return row


@transaction.atomic
def answer(case: Case, text: str, *, by: Actor, now: datetime) -> Case:
    """Take in the party's answer: from the citizen, or as told to the case worker. Raises Refused, StepRefused."""
    demand(by, "cases.answer", case)
    if not text.strip():
        raise StepRefused("Skriv synpunkterna.")
    doing = take_step(case, "receive_answer", by=by, now=now, answers={"party_answer": text})
    sent = (
        Communication.objects.filter(case=case, answered_on=None)
        .exclude(how="waived")
        .order_by("-at", "-id")
        .first()
    )
    if sent is not None:
        Communication.objects.filter(pk=sent.pk).update(
            answer=text.strip(), answered_on=doing.today, answered_by=by.name
        )
    return doing.case


def go_on_without_answer(case: Case, *, by: Actor, now: datetime) -> Case:
    """Go on when the time to answer is over. Raises Refused, StepRefused."""
    return take_step(case, "answer_time_out", by=by, now=now).case


def investigate_more(case: Case, *, by: Actor, now: datetime) -> Case:
    """Go back to the investigation. Raises Refused, StepRefused."""
    return take_step(case, "investigate_more", by=by, now=now).case
