"""Letters in and out. What comes is taken in once; what a machine wrote is put aside; nothing goes round in circles."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.mail import EmailMessage

from livlina.across.support import suppliers
from livlina.across.support.actions.asking import Question, heard, opened, opened_again, receipt, stored
from livlina.across.support.actions.base import SupportRefused
from livlina.across.support.actions.third import deliver_message, supplier_says
from livlina.across.support.mail import Letter
from livlina.across.support.models import InMail, OutMail, SupplierMessage, Ticket
from livlina.across.support.privacy import masked
from livlina.across.support.rules import rules
from livlina.across.support.suppliers import SupplierFault
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment

LETTERS = UUID("3f0f6c1e-54b3-4a0e-9a55-7f2f6d5f1f10")
AN_HOUR = timedelta(hours=1)
FLOOD = 20
"""Letters from one sender in an hour. The next are put aside: something is sending by itself."""
TRIES = 20


def take_letter(letter: Letter, *, by: Actor, now: datetime) -> InMail:
    """Take a letter in: an answer to a ticket it carries the token of, or a new one. The same letter again is the same.

    A person number is masked in words, since a letter cannot be refused back to be mended. Raises Refused.
    """
    demand(by, "support.take_in")
    before = InMail.objects.filter(municipality_id=by.municipality_id, message_id=letter.id).first()
    if before is not None:
        return before
    outcome, ticket = _judged(letter, by, now), None
    if outcome in ("ticket", "reply"):
        today = day_of(now)
        letter.text, letter.subject = masked(letter.text, today), masked(letter.subject, today)
        found = _of_token(letter, by)
        outcome = "reply" if found else "ticket"
        ticket = _reply(found, letter, by, now) if found else _new(letter, by, now)
    return InMail.objects.create(
        municipality_id=by.municipality_id, message_id=letter.id, sender=letter.sender, at=now, outcome=outcome,
        ticket=ticket,
    )  # fmt: skip


def deliver_letter(letter: OutMail, *, by: Actor, now: datetime) -> None:
    """Send a letter that waits; what has been sent is not sent again. Raises OSError to be tried again."""
    demand(by, "support.take_in")
    row = OutMail.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=letter.pk)
    if row.sent_at is not None:
        return
    _message(row).send()
    row.sent_at, row.fault = now, ""
    row.save(update_fields=["sent_at", "fault"])


def send_waiting(municipality_id: int, *, by: Actor, now: datetime) -> int:
    """Try again what has waited for ten minutes, at most twenty times; say what went wrong. Return how many went."""
    sent, late = 0, now - timedelta(minutes=10)
    rows: Any = [
        (deliver_letter, OutMail.objects.filter(municipality_id=municipality_id, sent_at=None)),
        (deliver_message, SupplierMessage.objects.filter(municipality_id=municipality_id, sent_at=None)),
    ]
    for deliver, waiting in rows:
        for row in waiting.filter(at__lte=late, tries__lt=TRIES).order_by("at")[:50]:
            try:
                deliver(row, by=by, now=now)
                sent += 1
            except (OSError, SupplierFault) as fault:
                row.tries, row.fault = row.tries + 1, f"{type(fault).__name__}: {fault}"[:160]
                row.save(update_fields=["tries", "fault"])
    return sent


def _judged(letter: Letter, by: Actor, now: datetime) -> str:
    own = rules(by.municipality_id)["address"].lower()
    if letter.ours or (own and letter.sender == own):
        return "loop"
    if letter.automatic:
        return "automatic"
    if not letter.text and not letter.files:
        return "empty"
    since = InMail.objects.filter(
        municipality_id=by.municipality_id, sender=letter.sender, at__gt=now - AN_HOUR
    )
    return "flood" if since.count() >= FLOOD else "ticket"


def _of_token(letter: Letter, by: Actor) -> Ticket | None:
    if not letter.token:
        return None
    found = Ticket.objects.select_for_update(of=("self",)).filter(
        municipality_id=by.municipality_id, token=letter.token
    )
    ticket = found.first()
    while ticket is not None and ticket.merged_into_id is not None:
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.merged_into_id)
    return ticket


def _reply(ticket: Ticket, letter: Letter, by: Actor, now: datetime) -> Ticket:
    """Write in the ticket what was answered; a closed one is opened again."""
    client_id, text = uuid5(LETTERS, letter.id), letter.text or "(Bara bilagor.)"
    who = letter.sender if letter.sender != ticket.reporter_mail.lower() else ""
    words = f"{text}\n\n(Från en annan adress: {who})" if who else text
    if supplier := suppliers.by_address(letter.sender):
        supplier_says(ticket, supplier, letter.id, text, by=by, now=now)
    elif ticket.is_running:
        heard(ticket, words, client_id=client_id, by=by, now=now, by_mail=True)
    else:
        opened_again(ticket, words, client_id=client_id, by=by, now=now)
    _attach(ticket, letter, by, now)
    return ticket


def _new(letter: Letter, by: Actor, now: datetime) -> Ticket:
    question = Question(
        uuid5(LETTERS, letter.id),
        letter.subject or "Utan ämne",
        letter.text or "(Bara bilagor.)",
        channel="mail",
    )
    ticket = opened(question, _sender(letter, by, now), by=by, now=now)
    receipt(ticket, now, refused=tuple(_attach(ticket, letter, by, now)))
    return ticket


def _sender(letter: Letter, by: Actor, now: datetime) -> dict[str, Any]:
    """Somebody of the staff by their address, or somebody outside. An address proves nobody: it opens nothing."""
    about = {"reporter_kind": "outside", "reporter_name": letter.name, "reporter_mail": letter.sender}
    held = Assignment.objects.valid(day_of(now)).filter(
        municipality_id=by.municipality_id, user__email=letter.sender, user__kind="staff"
    )
    one = held.select_related("user").order_by("pk").first()
    if one is None:
        return about
    return about | {
        "reporter_kind": "staff", "reporter_id": one.user_id, "reporter_name": one.user.name, "unit_id": one.unit_id,
        "reporter_role": one.role,
    }  # fmt: skip


def _attach(ticket: Ticket, letter: Letter, by: Actor, now: datetime) -> list[str]:
    """Store the files that may be taken in; return why the others were not."""
    refused = list(letter.left_out)
    for name, content in letter.files:
        try:
            stored(ticket, name, content, by=by, now=now)
        except SupportRefused as fault:
            refused.append(f"{name}: {fault}")
    return refused


def _message(row: OutMail) -> EmailMessage:
    """The letter itself: an answer to it finds its ticket by the token in the address."""
    ticket, own = row.ticket, str(rules(row.municipality_id)["address"])
    domain, reply = own.rpartition("@")[2], suppliers.reply_address(own, ticket.token)
    kind = "auto-replied" if row.automatic else "no"
    headers = {
        "Message-ID": f"<{row.pk}@{domain}>",
        "References": f"<{ticket.pk}@{domain}>",
        "Auto-Submitted": kind,
        "X-Livlina-Ticket": ticket.number,
    }
    text = f"{row.text}\n\nHälsningar\nSupporten\n\nÄrende {ticket.number}. Skriv inga personnummer när du svarar."
    return EmailMessage(row.subject, text, own, [row.to], reply_to=[reply], headers=headers)
