"""Asking SSBTEK: per adult and source; what did not answer is stored as not answered."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from livlina.authority.aid.actions.households import household_of
from livlina.authority.aid.actions.warnings import refresh_warnings
from livlina.authority.aid.calculation import months_after, next_month
from livlina.authority.aid.models import FINANCIAL_AID, MonthApplication, SourceAnswer
from livlina.authority.aid.queries.picture import adults_in
from livlina.authority.aid.ssbtek.port import ANSWERED, SOURCES, Answered, Port, Question, Status, connected
from livlina.authority.cases.actions import take_step
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.registers.people.models import Person, PersonNumber


@transaction.atomic
def ask_sources(
    month: MonthApplication, *, by: Actor, now: datetime, port: Port | None = None
) -> list[SourceAnswer]:
    """Ask about each adult: the month before and the month itself; sources that have answered are not asked again.

    The case moves to "data collected", whole or in part: what is missing is a warning. Raises Refused, StepRefused.
    """
    demand(by, "aid.month", month)
    case = take_step(month.case, "collect_data", by=by, now=now).case
    adults = adults_in(household_of(case), month.month)
    rows: list[SourceAnswer] = []
    for member in adults:
        before = SourceAnswer.objects.filter(month_application=month, person=member.person)
        attempt = (before.aggregate(last=Max("attempt"))["last"] or 0) + 1
        done = set(
            before.filter(status__in=[each.value for each in ANSWERED]).values_list("source", flat=True)
        )
        left = [source for source in SOURCES if source not in done]
        for answer in _ask(port or connected(), month, member.person, left, attempt, by):
            rows.append(_row(month, member.person, answer, attempt, by, now))
        audit.read(by, "aid.ask_sources", now=now, person_id=member.person_id, obj=month,
                   detail={"sources": left, "attempt": attempt})  # fmt: skip
    SourceAnswer.objects.bulk_create(rows)
    refresh_warnings(month, now=now)
    return rows


def _ask(
    port: Port, month: MonthApplication, person: Person, sources: list[str], attempt: int, by: Actor
) -> list[Answered]:
    """Ask about one person. One without a personnummer cannot be asked about: that too is an answer."""
    number = PersonNumber.objects.filter(person=person, current=True).first()
    if number is None or number.kind != "personnummer":
        return [Answered(source, Status.NOT_ASKED) for source in sources]
    question = Question(
        number=number.value.value,
        case_number=month.case.number,
        first=months_after(month.month, -1),
        last=next_month(month.month) - timedelta(days=1),
        asked_by=by.name,
        sources=sources,
        attempt=attempt,
    )
    return port.ask(question) if sources else []


def _row(
    month: MonthApplication, person: Person, answer: Answered, attempt: int, by: Actor, now: datetime
) -> SourceAnswer:
    return SourceAnswer(
        **signature(by, now), compartment=FINANCIAL_AID, month_application=month, person=person,
        source=answer.source, status=answer.status.value, attempt=attempt, fault=answer.fault[:200],
        rows=[
            {"kind": row.kind, "amount": str(row.amount), "on": row.on.isoformat(), "text": row.text}
            for row in answer.rows
        ],
    )  # fmt: skip
