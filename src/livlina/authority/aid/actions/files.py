"""Payment files: made of what two persons stand for, stored as sent, and reconciled row by row against the answer."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from livlina.authority.aid.actions.decisions import granted
from livlina.authority.aid.actions.settling import close_silent_watch, raise_error_watch, settle_case
from livlina.authority.aid.bank.read import (
    ACCEPTED,
    BOOKED,
    REJECTED,
    Answer,
    AnswerRow,
    AnswerUnreadable,
    read_answer,
)
from livlina.authority.aid.bank.write import Transfer, pain_001
from livlina.authority.aid.models import FINANCIAL_AID, BankAnswer, Payment, PaymentFile
from livlina.authority.cases.actions import take_step
from livlina.authority.cases.models import Case, signature
from livlina.core import audit
from livlina.core.access import Actor, demand, system
from livlina.core.calendar import next_working_day
from livlina.core.clock import day_of, local
from livlina.core.ids7 import uuid7
from livlina.core.models import Municipality

PAYER_ACCOUNT = "NOTPROVIDED"
"""The municipality's own account is known to the bank's agreement; it is written in there, not here."""


class BankAnswerWrong(Exception):
    """Bankens fil går inte att använda; texten säger varför."""


@transaction.atomic
def make_file(*, by: Actor, now: datetime) -> PaymentFile | None:
    """Gather every approved payment whose decision is whole into one file; None when there is none. Raises Refused.

    Two who press at once make one file: the payments are held by the first.
    """
    demand(by, "aid.bank")
    rows = list(
        Payment.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(municipality_id=by.municipality_id, state="approved")
        .select_related("account", "decision")
        .order_by("created_at", "id")
    )
    rows = _whole(rows)
    if not rows:
        return None
    key = uuid7()
    content = pain_001(
        [_transfer(row) for row in rows],
        message_id=key.hex,
        payer=Municipality.objects.get(pk=by.municipality_id).name,
        payer_account=PAYER_ACCOUNT,
        made_at=local(now),
        pay_on=next_working_day(day_of(now)),
    )
    file = PaymentFile.objects.create(
        **signature(by, now), id=key, compartment=FINANCIAL_AID, message_id=key.hex, row_count=len(rows),
        control_sum=sum((row.amount for row in rows), Decimal(0)), content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip
    Payment.objects.filter(pk__in=[row.pk for row in rows]).update(state="in_file", file=file)
    _send_cases(rows, by=by, now=now)
    audit.wrote(
        by, "aid.make_file", now=now, obj=file, detail={"rows": len(rows), "sum": str(file.control_sum)}
    )
    return file


@transaction.atomic
def mark_file_sent(file: PaymentFile, *, by: Actor, now: datetime) -> PaymentFile:
    """Record that the file was handed to the bank; done twice is done once. Raises Refused."""
    demand(by, "aid.bank")
    if PaymentFile.objects.filter(pk=file.pk, sent_at=None).update(sent_at=now):
        audit.wrote(by, "aid.send_file", now=now, obj=file)
    file.refresh_from_db()
    return file


def read_bank_answer(content: bytes, *, by: Actor, now: datetime) -> BankAnswer:
    """Read an answer from the bank and reconcile each of its rows. The same answer again is the first one's result.

    Raises Refused, BankAnswerWrong.
    """
    demand(by, "aid.bank")
    digest = hashlib.sha256(content).hexdigest()
    try:
        answer = read_answer(content)
    except AnswerUnreadable as unreadable:
        raise BankAnswerWrong(str(unreadable)) from None
    try:
        with transaction.atomic():
            return _reconcile(answer, content, digest, by=by, now=now)
    except IntegrityError:
        first = BankAnswer.objects.filter(municipality_id=by.municipality_id, sha256=digest).first()
        if first is None:
            raise
        return first


def _reconcile(answer: Answer, content: bytes, digest: str, *, by: Actor, now: datetime) -> BankAnswer:
    told, touched = [], {}
    if BankAnswer.objects.filter(municipality_id=by.municipality_id, sha256=digest).exists():
        raise IntegrityError
    for row in answer.rows or _every_row(answer):
        payment = (
            Payment.objects.select_for_update(of=("self",))
            .select_related("case")
            .filter(municipality_id=by.municipality_id, reference=row.reference)
            .first()
        )
        outcome = _settle(payment, row, now=now) if payment else "unknown"
        if payment is not None:
            touched[payment.case_id] = payment.case
        told.append(
            {"reference": row.reference, "status": row.status, "outcome": outcome, "reason": row.reason}
        )
    stored = BankAnswer.objects.create(
        **signature(by, now), compartment=FINANCIAL_AID, sha256=digest, kind=answer.kind,
        content=content.decode("utf-8", "replace"), rows=told,
    )  # fmt: skip
    for key in sorted(touched, key=str):
        settle_case(Case.objects.select_for_update(of=("self",)).get(pk=key), now=now)
    audit.wrote(by, "aid.read_answer", now=now, obj=stored, detail={"rows": len(told)})
    return stored


def _every_row(answer: Answer) -> Iterable[AnswerRow]:
    """A file refused (or accepted) as a whole answers each of its rows."""
    if answer.whole in (REJECTED, ACCEPTED):
        for reference in Payment.objects.filter(file__message_id=answer.about).values_list(
            "reference", flat=True
        ):
            yield AnswerRow(reference, answer.whole, None, answer.reason)


def _settle(payment: Payment, row: AnswerRow, *, now: datetime) -> str:
    """Write what the bank says of one payment. Settled is settled, save a return of what was paid."""
    if payment.state not in ("in_file", "paid") or (payment.state == "paid" and row.status != REJECTED):
        return "known"
    if row.status == BOOKED and row.amount is not None and row.amount != payment.amount:
        return _fail(
            payment, f"Banken har bokfört {row.amount:f} kronor i stället för {payment.amount:f}.", now=now
        )
    if row.status == BOOKED:
        payment.state, payment.settled_at = "paid", now
        payment.save(update_fields=["state", "settled_at"])
        close_silent_watch(payment, now=now)
        return "paid"
    if row.status == REJECTED:
        return _fail(payment, row.reason or "Banken har inte angett något skäl.", now=now)
    return "waiting"


def _fail(payment: Payment, reason: str, *, now: datetime) -> str:
    payment.state, payment.bank_reason, payment.settled_at = "error", reason[:160], now
    payment.save(update_fields=["state", "bank_reason", "settled_at"])
    close_silent_watch(payment, now=now)
    raise_error_watch(payment, now=now)
    return "error"


def _whole(rows: list[Payment]) -> list[Payment]:
    """Those payments whose decision is covered to the krona by approved and earlier payments."""
    from livlina.authority.aid.models.payment import LIVE

    kept = []
    for decision in {row.decision_id: row.decision for row in rows}.values():
        live = list(Payment.objects.filter(decision=decision, state__in=LIVE))
        waiting = [each for each in live if each.state == "created"]
        if not waiting and sum((each.amount for each in live), Decimal(0)) == granted(decision):
            kept += [row for row in rows if row.decision_id == decision.pk]
    return kept


def _send_cases(rows: list[Payment], *, by: Actor, now: datetime) -> None:
    """Lead each case on: its money is on its way."""
    acting = system(by.municipality_id, (FINANCIAL_AID,))
    for key in sorted({row.case_id for row in rows}, key=str):
        case = Case.objects.get(pk=key)
        step = {"decided": "send_payment", "payment_error": "pay_again"}.get(case.state)
        if step:
            take_step(case, step, by=acting, now=now)


def _transfer(row: Payment) -> Transfer:
    account = row.account
    return Transfer(row.reference, account.payee, account.kind, account.number, row.amount, row.message)
