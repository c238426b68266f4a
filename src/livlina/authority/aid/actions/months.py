"""Months: applied for once, linked when applied for again, and led on through the case's loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from livlina.authority.aid.actions.households import household_of
from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.actions.warnings import refresh_warnings
from livlina.authority.aid.calculation import COSTS, INCOMES, AmountWrong, money, months_after
from livlina.authority.aid.kinds import Earlier, kind_of
from livlina.authority.aid.models import FINANCIAL_AID, AppliedRow, MonthApplication
from livlina.authority.cases.actions import close_case, take_step
from livlina.authority.cases.models import Application, Case, signature
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, system
from livlina.core.clock import day_of

LIVELIHOOD = "livelihood_support"
RESTING = ("paid", "awaiting_month", "inactive")
"""States of the loop in which the next month may begin."""


@dataclass(frozen=True)
class AppliedDraft:
    """A row about to be applied for: `group` is cost or income; `person` whose income it is."""

    group: str
    kind: str
    amount: Decimal
    person_id: UUID | None = None
    same_as_last: bool = False
    words: str = ""


@transaction.atomic
def apply_for_month(
    case: Case,
    month: date,
    rows: Sequence[AppliedDraft],
    *,
    by: Actor,
    now: datetime,
    household_changed: bool = False,
    told: str = "",
    received_on: date | None = None,
    received_how: str = "e_service",
) -> MonthApplication:
    """Apply for a month: by the citizen, or taken down by staff. For a month that is open already it is linked.

    Raises Refused, AidRefused.
    """
    demand(by, "aid.apply" if by.kind == "citizen" else "aid.work", case)
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case.pk)
    if case.process_code != LIVELIHOOD or not case.is_open:
        raise AidRefused("Ärendet är avslutat. Gör en ny ansökan i stället.")
    today = day_of(now)
    _check(month, rows, today)
    application = write_month(
        case, month, rows, by=by, now=now, received_on=received_on or today, received_how=received_how,
        household_changed=household_changed, told=told,
    )  # fmt: skip
    refresh_warnings(application.linked_to or application, now=now)
    advance(case, now=now)
    return application


def write_month(
    case: Case,
    month: date,
    rows: Sequence[AppliedDraft],
    *,
    by: Actor,
    now: datetime,
    received_on: date,
    received_how: str,
    household_changed: bool = False,
    told: str = "",
    application: Application | None = None,
) -> MonthApplication:
    """Write the application for a month and its rows. The caller has checked access and holds the case."""
    before = list(MonthApplication.objects.filter(case=case).exclude(state="linked"))
    earlier = [Earlier(each.month, each.state == "open", each.received_on) for each in before]
    kind = kind_of(month, earlier, on=received_on)
    first = next((each for each in before if each.month == month and each.state == "open"), None)
    household_of(case)
    row = MonthApplication.objects.create(
        **signature(by, now), case=case, month=month, kind=kind, state="linked" if first else "open",
        linked_to=first, received_on=received_on, received_how=received_how, application=application,
        household_changed=household_changed, told=told.strip(),
    )  # fmt: skip
    AppliedRow.objects.bulk_create(
        AppliedRow(
            **signature(by, now), compartment=FINANCIAL_AID, month_application=row, position=place,
            group=each.group, kind=each.kind, amount=each.amount, person_id=each.person_id,
            same_as_last=each.same_as_last, words=each.words[:200],
        )
        for place, each in enumerate(rows, 1)
    )  # fmt: skip
    audit.wrote(
        by, "aid.apply", now=now, obj=row, person_id=case.person_id,
        detail={"month": month.isoformat(), "kind": kind, "state": row.state},
    )  # fmt: skip
    outbox.announce("aid.applied", row, now=now)
    return row


def advance(case: Case, *, now: datetime) -> Case:
    """Lead the case to its next month when one waits; done twice is done once. The caller holds the case."""
    case.refresh_from_db()
    if case.state in RESTING and MonthApplication.objects.filter(case=case, state="open").exists():
        return take_step(case, "apply_month", by=system(case.municipality_id, (FINANCIAL_AID,)), now=now).case
    return case


@transaction.atomic
def withdraw_month(month: MonthApplication, *, by: Actor, now: datetime) -> Case:
    """Record that a month's application is withdrawn. Raises Refused, StepRefused."""
    demand(by, "aid.month", month)
    case = take_step(month.case, "withdraw_month", by=by, now=now).case
    return advance(case, now=now)


def current_month(case: Case) -> MonthApplication | None:
    """Return the month that is handled: the earliest open one."""
    return MonthApplication.objects.filter(case=case, state="open").order_by("month").first()


@transaction.atomic
def close_inactive(case: Case, *, now: datetime) -> bool:
    """Let a case rest after three months without an application, and close it when nothing in it is open.

    Returns whether it was closed; what is still open is left to a worker.
    """
    from livlina.authority.cases.actions import StepRefused

    by = system(case.municipality_id, (FINANCIAL_AID,))
    if case.state != "inactive":
        answers = {"aid_ended_reason": "no_application"}
        case = take_step(case, "make_inactive", by=by, now=now, answers=answers).case
    try:
        with transaction.atomic():
            close_case(case, reason="other", note="Ingen ansökan på tre månader.", choices={}, by=by, now=now)
    except StepRefused:
        return False
    return True


def _check(month: date, rows: Sequence[AppliedDraft], today: date) -> None:
    if month.day != 1:
        raise AidRefused("En månad anges med sin första dag.")
    this = today.replace(day=1)
    if not months_after(this, -3) <= month <= months_after(this, 1):
        raise AidRefused("Du kan söka för den här månaden, nästa månad och de tre senaste.")
    for row in rows:
        kinds = {"cost": COSTS, "income": INCOMES}.get(row.group, {})
        if row.kind not in kinds:
            raise AidRefused("Välj vad raden gäller.")
        try:
            money(row.amount)
        except AmountWrong as wrong:
            raise AidRefused(f"{kinds[row.kind]}: {wrong}") from None
