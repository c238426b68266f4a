"""The third line: what is sent to a supplier, and what they say. Only the second line sends."""

from datetime import datetime
from uuid import UUID

from livlina.across.support import suppliers
from livlina.across.support.actions.base import SupportRefused, locked, said, tell, touch
from livlina.across.support.models import SupplierMessage, Ticket
from livlina.across.support.privacy import masked
from livlina.core import outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.ids7 import uuid7


def send_out(
    ticket: Ticket, supplier: str, text: str, *, client_id: UUID, by: Actor, now: datetime
) -> SupplierMessage:
    """Ask a supplier. Whoever sends keeps the ticket. The same `client_id` is one. Raises Refused, SupportRefused.

    The supplier hears what is written here, the page and the error's id: nothing of who asked.
    """
    found = locked(ticket, "support.send_out", by)
    known = dict(suppliers.names())
    if supplier not in known:
        raise SupportRefused("Välj en leverantör.", "supplier")
    before = SupplierMessage.objects.filter(
        municipality_id=found.municipality_id, reference=str(client_id)
    ).first()
    if before is not None:
        return before
    words = said(text, now, "Skriv vad leverantören ska svara på.")
    row = SupplierMessage.objects.create(
        id=uuid7(), municipality_id=found.municipality_id, ticket=found, supplier=supplier, direction="out",
        reference=str(client_id), text=words, at=now,
    )  # fmt: skip
    tell(found, "sent_out", by=by, now=now, text=f"{known[supplier]}: {words}", message=str(row.pk))
    touch(found, now, line=3, state="open", owner_id=by.user_id, owner_name=by.name)
    outbox.announce("support.to_supplier", row, now=now)
    return row


def deliver_message(message: SupplierMessage, *, by: Actor, now: datetime) -> None:
    """Hand a message to its supplier; what has been delivered is not sent again. Raises SupplierFault to be tried again."""
    demand(by, "support.take_in")
    row = SupplierMessage.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=message.pk)
    if row.sent_at is not None:
        return
    suppliers.adapter(row.supplier).send(row, now)
    row.sent_at, row.fault = now, ""
    row.save(update_fields=["sent_at", "fault"])


def supplier_says(
    ticket: Ticket, supplier: str, reference: str, text: str, *, by: Actor, now: datetime
) -> SupplierMessage:
    """Take in what a supplier says: the ticket comes back to the second line. The same `reference` is said once."""
    demand(by, "support.take_in")
    found = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    row, made = SupplierMessage.objects.get_or_create(
        municipality_id=found.municipality_id, supplier=supplier, direction="in", reference=reference[:80],
        defaults={"ticket": found, "text": masked(text, day_of(now))[:20_000], "at": now, "sent_at": now},
    )  # fmt: skip
    if made:
        name = dict(suppliers.names()).get(supplier, supplier)
        tell(found, "supplier", by=by, now=now, text=f"{name}: {row.text}", message=str(row.pk))
        if found.is_running:
            touch(found, now, line=2)
    return row
