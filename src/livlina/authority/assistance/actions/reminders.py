"""Months that are to be accounted for: opened when the decision held in them, and told of in good time."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from livlina.authority.assistance.actions.time import open_month
from livlina.authority.assistance.models import AssistanceDecision, AssistanceMonth
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of
from livlina.registers.watches.actions import Owner, raise_watch

TOLD_BEFORE = timedelta(days=25)
"""A month is told of from the tenth or so of the month after: what is reported in time can be approved in time."""

SOURCE = "assistance.assistancemonth"


@transaction.atomic
def remind_of_months(*, by: Actor, now: datetime) -> int:
    """Open last month for each decision that held in it and whose time the municipality reports; watch what is unsent.

    Only where Försäkringskassan pays and the municipality arranges. Safe to run again. Return how many are watched.
    """
    demand(by, "assistance.remind")
    today = day_of(now)
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    reported = {"payer": "fk", "arranger": "municipality"}
    running = AssistanceDecision.objects.filter(
        **reported, valid_from__lt=today.replace(day=1), valid_to__gte=last
    )
    for decision in running.order_by("id"):
        open_month(decision, last, by=by)
    unsent = AssistanceMonth.objects.filter(
        sent_on=None, due_on__lte=today + TOLD_BEFORE, first_day__lt=today.replace(day=1),
        **{f"decision__{name}": value for name, value in reported.items()},
    )  # fmt: skip
    months = unsent.select_related("decision__case").order_by("due_on", "id")
    for month in months:
        _watch(month, by=by, now=now)
    return len(months)


def _watch(month: AssistanceMonth, *, by: Actor, now: datetime) -> None:
    case = month.decision.case
    raise_watch(
        "assistance.month_to_account",
        (SOURCE, month.pk),
        owner=Owner("case_worker", case.unit_id, case.responsible_id),
        due_at=_afternoon(month.due_on),
        by=by,
        now=now,
        person_id=case.person_id,
    )


def _afternoon(day: date) -> datetime:
    return datetime.combine(day, time(16), SWEDEN)
