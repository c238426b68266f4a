"""The decision that time is reported on, and the assistants who work."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from livlina.authority.assistance.faults import AssistanceRefused
from livlina.authority.assistance.models import AssistanceDecision, Assistant, TimeRow
from livlina.authority.cases.models import Case
from livlina.core import audit
from livlina.core.access import Actor, demand


@transaction.atomic
def record_decision(
    case: Case,
    *,
    payer: str,
    hours_per_week: Decimal,
    accounting_months: int,
    valid_from: date,
    valid_to: date,
    arranger: str,
    by: Actor,
    now: datetime,
    reference: str = "",
) -> AssistanceDecision:
    """Write a decision on assistance; one of the case that runs then ends the day before.

    `payer` is fk or municipality; hours are decimals a week. Raises Refused, AssistanceRefused.
    """
    demand(by, "assistance.decide", case)
    if not 1 <= accounting_months <= 6:
        raise AssistanceRefused("En beräkningsperiod är minst en och högst sex månader.")
    if valid_to < valid_from:
        raise AssistanceRefused("Beslutet kan inte sluta före det börjar.")
    if hours_per_week <= 0:
        raise AssistanceRefused("Skriv hur många timmar i veckan beslutet gäller.")
    Case.objects.select_for_update().get(pk=case.pk)
    _end_earlier(case, valid_from)
    decision = AssistanceDecision.objects.create(
        municipality_id=by.municipality_id,
        case=case,
        payer=payer,
        reference=reference.strip(),
        hours_per_week=hours_per_week,
        accounting_months=accounting_months,
        valid_from=valid_from,
        valid_to=valid_to,
        arranger=arranger,
    )
    said = {"payer": payer}
    audit.wrote(by, "assistance.decide", now=now, obj=decision, person_id=case.person_id, detail=said)
    return decision


def _end_earlier(case: Case, begins: date) -> None:
    """Let a decision that runs on the day end the day before; one that would begin later is in the way."""
    later = (
        AssistanceDecision.objects.filter(case=case, valid_from__gte=begins).order_by("valid_from").first()
    )
    if later is not None:
        raise AssistanceRefused(
            f"Det finns redan ett beslut i ärendet som gäller från den {later.valid_from}."
        )
    last = begins - timedelta(days=1)
    running = AssistanceDecision.objects.filter(case=case, valid_to__gte=begins)
    for decision in running:
        _keep_reported_inside(decision, last)
    running.update(valid_to=last)


@transaction.atomic
def end_decision(case: Case, *, last_day: date, by: Actor, now: datetime) -> int:
    """Let the decisions of a case that run after a day end on it. Return how many. Raises Refused, AssistanceRefused."""
    demand(by, "assistance.decide", case)
    running = AssistanceDecision.objects.select_for_update().filter(case=case, valid_to__gt=last_day)
    ended = 0
    for decision in running:
        if decision.valid_from > last_day:
            raise AssistanceRefused(
                f"Beslutet börjar den {decision.valid_from} och kan inte sluta före dess."
            )
        _keep_reported_inside(decision, last_day)
        decision.valid_to = last_day
        decision.save(update_fields=["valid_to"])
        audit.wrote(by, "assistance.end", now=now, obj=decision, person_id=case.person_id)
        ended += 1
    return ended


def _keep_reported_inside(decision: AssistanceDecision, last_day: date) -> None:
    """Refuse to end a decision before a day on which time is reported."""
    rows = TimeRow.objects.filter(report__month__decision=decision, struck_at=None, day__gt=last_day)
    if rows.exists():
        raise AssistanceRefused(
            f"Tid är redovisad efter den {last_day}. Stryk den först, eller välj en senare dag."
        )


@transaction.atomic
def add_assistant(
    *,
    name: str,
    employee_number: str,
    employer: str,
    employed_from: date,
    by: Actor,
    now: datetime,
    employed_to: date | None = None,
) -> Assistant:
    """Add someone who is employed to assist; the same number at the same employer again is the one there is.

    Raises Refused, AssistanceRefused.
    """
    demand(by, "assistance.assistants")
    if not (name.strip() and employee_number.strip() and employer.strip()):
        raise AssistanceRefused("Skriv assistentens namn, anställningsnummer och arbetsgivare.")
    if employed_to is not None and employed_to < employed_from:
        raise AssistanceRefused("Anställningen kan inte sluta före den börjar.")
    assistant, new = Assistant.objects.get_or_create(
        municipality_id=by.municipality_id,
        employer=employer.strip(),
        employee_number=employee_number.strip(),
        defaults={
            "name": name.strip(),
            "employed_from": employed_from,
            "employed_to": employed_to,
            "compartment": settings.AREAS["disability"],
        },
    )
    if new:
        audit.wrote(by, "assistance.assistants", now=now, obj=assistant)
    return assistant
