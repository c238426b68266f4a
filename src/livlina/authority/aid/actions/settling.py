"""What the bank's answer means for the case: paid, stopped, or still waiting."""

from datetime import datetime, timedelta

from livlina.authority.aid.actions.months import LIVELIHOOD, advance
from livlina.authority.aid.models import FINANCIAL_AID, Payment
from livlina.authority.cases.actions import take_step
from livlina.authority.cases.models import Case
from livlina.core.access import Actor, system
from livlina.registers.watches.actions import Owner, close_for, raise_watch

SOURCE = "aid.payment"
TO_MEND = timedelta(hours=4)
"""How soon somebody should look at a payment the bank refused: a person may be without money."""


def settle_case(case: Case, *, now: datetime) -> Case:
    """Lead a case on by how its payments stand: stopped when one is refused, paid when all are. The caller holds it."""
    by = system(case.municipality_id, (FINANCIAL_AID,))
    case.refresh_from_db()
    if case.state != "in_payment":
        return case
    states = set(Payment.objects.filter(case=case).values_list("state", flat=True))
    if "error" in states:
        return take_step(case, "payment_failed", by=by, now=now).case
    if states <= {"paid", "replaced", "cancelled"}:
        case = take_step(case, "pay", by=by, now=now).case
        return advance(case, now=now) if case.process_code == LIVELIHOOD else case
    return case


def raise_error_watch(payment: Payment, *, now: datetime) -> None:
    """Tell the case's worker at once, the manager and the duty officer if nobody acts."""
    case = payment.case
    raise_watch(
        "aid.payment_error",
        (SOURCE, payment.pk),
        owner=Owner("case_worker", case.unit_id, case.responsible_id, FINANCIAL_AID),
        due_at=now + TO_MEND,
        by=system(case.municipality_id, (FINANCIAL_AID,)),
        now=now,
        person_id=case.person_id,
    )


def close_error_watch(payment: Payment, *, by: Actor, now: datetime) -> None:
    """The payment is made again: nobody need look at the refused one."""
    close_for((SOURCE, payment.pk), types=("aid.payment_error",), why="Betalas på nytt", by=by, now=now)


def close_silent_watch(payment: Payment, *, now: datetime) -> None:
    """The bank has said something: nobody need ask it."""
    by = system(payment.municipality_id, (FINANCIAL_AID,))
    close_for((SOURCE, payment.pk), types=("aid.payment_silent",), why="Banken har svarat", by=by, now=now)
