"""Payments that wait, and files with what the bank has said of each row."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from livlina.authority.aid.models import BankAnswer, Payment, PaymentFile
from livlina.core.access import Actor, allowed, demand, fetch


@dataclass(frozen=True)
class Waiting:
    """The payments an officer may see, by what they wait for."""

    to_approve: list[Payment]
    approved: list[Payment]
    errors: list[Payment]


def payments_waiting(actor: Actor) -> Waiting:
    """Return payments to approve, to send, and to mend. One statement. Raises Refused."""
    demand(actor, "aid.payments")
    rows = allowed(actor, "aid.pay", Payment.objects.filter(state__in=("created", "approved", "error")))
    found = list(rows.select_related("account", "case__person", "decision").order_by("created_at", "id"))
    by = {state: [row for row in found if row.state == state] for state in ("created", "approved", "error")}
    return Waiting(by["created"], by["approved"], by["error"])


def the_payment(actor: Actor, payment_id: UUID) -> Payment:
    """Return a payment the actor works with. Raises Refused."""
    rows = Payment.objects.select_related("account", "case__person", "decision", "file")
    return fetch(actor, "aid.pay", rows, pk=payment_id)


def files(actor: Actor) -> list[PaymentFile]:
    """Return the files, newest first, each with how many of its rows are paid, refused and unanswered. One statement."""
    demand(actor, "aid.bank")
    counted = {
        f"n_{state}": Count("payments", filter=Q(payments__state=state))
        for state in ("paid", "error", "in_file")
    }
    return list(PaymentFile.objects.annotate(**counted).order_by("-at")[:60])


def the_file(actor: Actor, file_id: UUID) -> PaymentFile:
    """Return a file. Raises Refused."""
    demand(actor, "aid.bank")
    return fetch(actor, "aid.bank", PaymentFile.objects.all(), pk=file_id)


def payments_of_file(actor: Actor, file: PaymentFile) -> list[Payment]:
    """Return a file's rows: all of them, since the sum is everybody's; names only of cases the actor works with."""
    demand(actor, "aid.bank")
    mine = set(allowed(actor, "aid.pay", Payment.objects.filter(file=file)).values_list("pk", flat=True))
    rows = list(
        Payment.objects.filter(file=file).select_related("account", "case").order_by("created_at", "id")
    )
    for row in rows:
        row.named = row.pk in mine  # type: ignore[attr-defined]
    return rows


def answers_of(actor: Actor, file: PaymentFile) -> list[BankAnswer]:
    """Return the bank's answers that speak of a file's rows, newest first."""
    demand(actor, "aid.bank")
    references = set(Payment.objects.filter(file=file).values_list("reference", flat=True))
    rows = BankAnswer.objects.filter(at__gte=file.at).order_by("-at")[:60]
    return [row for row in rows if references & {each["reference"] for each in row.rows}]
