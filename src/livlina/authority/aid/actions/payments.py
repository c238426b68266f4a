"""Payments: made by one, approved by another, to an account that two have seen. A double click pays once."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from livlina.authority.aid.actions.decisions import granted
from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.actions.settling import close_error_watch
from livlina.authority.aid.calculation import AmountWrong, money
from livlina.authority.aid.models import Payment, PayoutAccount
from livlina.authority.aid.models.payment import ACCOUNT_KINDS, LIVE
from livlina.authority.cases.models import Case, Decision, signature
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.ids7 import uuid7


@transaction.atomic
def add_account(case: Case, *, payee: str, kind: str, number: str, by: Actor, now: datetime) -> PayoutAccount:
    """Write down where money may go. It is used when another has confirmed it. Raises Refused, AidRefused."""
    demand(by, "aid.work", case)
    digits = "".join(sign for sign in number if sign.isdigit())
    if (
        kind not in dict(ACCOUNT_KINDS)
        or len(digits) < 2
        or any(sign not in "0123456789 -," for sign in number)
    ):
        raise AidRefused("Skriv kontonumret med siffror: clearingnummer och konto, bankgiro eller plusgiro.")
    if not payee.strip():
        raise AidRefused("Skriv vem kontot tillhör.")
    known = PayoutAccount.objects.filter(
        case=case, payee=payee.strip()[:70], kind=kind, number=digits, ended_at=None
    )
    if (same := known.first()) is not None:
        return same
    account = PayoutAccount.objects.create(
        **signature(by, now), case=case, payee=payee.strip()[:70], kind=kind, number=digits
    )
    audit.wrote(by, "aid.add_account", now=now, obj=account, person_id=case.person_id)
    return account


@transaction.atomic
def confirm_account(account: PayoutAccount, *, by: Actor, now: datetime) -> PayoutAccount:
    """Confirm an account another has written. Done twice is done once. Raises Refused, AidRefused for one's own."""
    demand(by, "aid.account", account)
    account = PayoutAccount.objects.select_for_update().get(pk=account.pk)
    if account.by_user_id == by.user_id:
        raise AidRefused("Kontot måste bekräftas av någon annan än den som skrev in det.")
    if account.confirmed_at is None:
        account.confirmed_by_id, account.confirmed_by_name, account.confirmed_at = by.user_id, by.name, now
        account.save(update_fields=["confirmed_by_id", "confirmed_by_name", "confirmed_at"])
        audit.wrote(by, "aid.confirm_account", now=now, obj=account, person_id=account.case.person_id)
    return account


@transaction.atomic
def create_payment(
    decision: Decision,
    account: PayoutAccount,
    amount: Decimal,
    *,
    by: Actor,
    now: datetime,
    message: str = "",
) -> Payment:
    """Make a payment of a granted decision; never more in all than was granted. Raises Refused, AidRefused."""
    demand(by, "aid.work", decision.case)
    Case.objects.select_for_update(of=("self",)).get(pk=decision.case_id)
    if account.case_id != decision.case_id or account.ended_at is not None:
        raise AidRefused("Kontot hör inte till ärendet, eller används inte längre.")
    try:
        value = money(amount)
    except AmountWrong as wrong:
        raise AidRefused(str(wrong)) from None
    left = granted(decision) - live_sum(decision)
    if not 0 < value <= left:
        raise AidRefused(
            f"Det finns {left:f} kronor kvar att betala av beslutet. Ändra beloppet." if left > 0
            else "Hela beslutet är redan lagt till betalning."
        )  # fmt: skip
    return _make(decision, account, value, message, None, by=by, now=now)


@transaction.atomic
def approve_payment(payment: Payment, *, by: Actor, now: datetime) -> Payment:
    """Approve another's payment. Done twice is done once. Raises Refused, AidRefused (one's own; account not confirmed)."""
    demand(by, "aid.pay", payment)
    payment = (
        Payment.objects.select_for_update(of=("self",)).select_related("account", "case").get(pk=payment.pk)
    )
    if payment.created_by_id == by.user_id:
        raise AidRefused("Du har själv gjort betalningen. Någon annan måste godkänna den.")
    if payment.account.confirmed_at is None:
        raise AidRefused("Kontot är nytt eller ändrat och inte bekräftat. Bekräfta kontot först.")
    if payment.state != "created":
        if payment.approved_by_id == by.user_id:
            return payment
        raise AidRefused(f"Betalningen är redan hanterad: {payment.get_state_display().lower()}.")
    payment.state, payment.approved_at = "approved", now
    payment.approved_by_id, payment.approved_by_name = by.user_id, by.name
    payment.save(update_fields=["state", "approved_at", "approved_by_id", "approved_by_name"])
    audit.wrote(by, "aid.approve_payment", now=now, obj=payment, person_id=payment.case.person_id,
                detail={"amount": str(payment.amount)})  # fmt: skip
    return payment


@transaction.atomic
def cancel_payment(payment: Payment, *, by: Actor, now: datetime) -> Payment:
    """Take back a payment that is not sent. Raises Refused, AidRefused."""
    demand(by, "aid.pay", payment)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.state == "cancelled":
        return payment
    if payment.state not in ("created", "approved"):
        raise AidRefused("Betalningen är redan skickad till banken och kan inte tas bort.")
    payment.state = "cancelled"
    payment.save(update_fields=["state"])
    audit.wrote(by, "aid.cancel_payment", now=now, obj=payment, person_id=payment.case.person_id)
    return payment


@transaction.atomic
def pay_again(payment: Payment, account: PayoutAccount, *, by: Actor, now: datetime) -> Payment:
    """Make a new payment in place of one the bank refused; it needs a new approval. Raises Refused, AidRefused."""
    demand(by, "aid.pay", payment)
    payment = (
        Payment.objects.select_for_update(of=("self",)).select_related("case", "decision").get(pk=payment.pk)
    )
    if account.case_id != payment.case_id or account.ended_at is not None:
        raise AidRefused("Kontot hör inte till ärendet, eller används inte längre.")
    first = Payment.objects.filter(replaces=payment).exclude(state="cancelled").first()
    if first is not None:
        return first
    if payment.state != "error":
        raise AidRefused("Bara en betalning som banken har avvisat kan göras om.")
    payment.state = "replaced"
    payment.save(update_fields=["state"])
    close_error_watch(payment, by=by, now=now)
    return _make(payment.decision, account, payment.amount, payment.message, payment, by=by, now=now)


def live_sum(decision: Decision) -> Decimal:
    """Return the kronor of a decision's payments that are paid, on their way, or made. One statement."""
    rows = Payment.objects.filter(decision=decision, state__in=LIVE)
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _make(
    decision: Decision,
    account: PayoutAccount,
    amount: Decimal,
    message: str,
    replaces: Payment | None,
    *,
    by: Actor,
    now: datetime,
) -> Payment:
    key = uuid7()
    payment = Payment.objects.create(
        id=key, municipality_id=by.municipality_id, case_id=decision.case_id, decision=decision, account=account,
        amount=amount, message=message.strip()[:35], reference=key.hex, created_at=now,
        created_by_id=by.user_id or 0, created_by_name=by.name, replaces=replaces,
    )  # fmt: skip
    audit.wrote(by, "aid.create_payment", now=now, obj=payment, person_id=decision.case.person_id,
                detail={"amount": str(amount)})  # fmt: skip
    return payment
