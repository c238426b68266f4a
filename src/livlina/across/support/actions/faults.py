"""Known faults: published by the second line on the pages they touch, ended when they are mended."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from livlina.across.support import banners
from livlina.across.support.actions.base import said
from livlina.across.support.models import KnownFault, Ticket
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand


def publish_fault(
    title: str,
    workaround: str,
    pages: tuple[str, ...],
    *,
    client_id: UUID,
    ticket: Ticket | None = None,
    by: Actor,
    now: datetime,
) -> KnownFault:
    """Show a fault, with the way around it, on pages whose route name begins so (everywhere when none is named).

    The same `client_id` is one. Announces `fault.published`. Raises Refused, SupportRefused.
    """
    demand(by, "support.faults")
    row, made = KnownFault.objects.get_or_create(
        municipality_id=by.municipality_id, client_id=client_id,
        defaults={
            "title": said(title, now, "Skriv vad som är fel.", "title")[:160],
            "workaround": said(workaround, now, "Skriv hur man gör så länge.", "workaround"),
            "pages": list(pages), "ticket": ticket, "published_at": now, "published_by": by.name,
        },
    )  # fmt: skip
    if made:
        audit.wrote(by, "support.faults", now=now, obj=row)
        outbox.announce("fault.published", row, now=now)
    transaction.on_commit(lambda: banners.forget(by.municipality_id))
    return row


def end_fault(fault: KnownFault, *, by: Actor, now: datetime) -> None:
    """Take a known fault away from the pages: it is mended. Announces `fault.ended`. Raises Refused."""
    demand(by, "support.faults", fault)
    ended = KnownFault.objects.filter(pk=fault.pk, ended_at=None).update(ended_at=now, ended_by=by.name)
    if ended:
        audit.wrote(by, "support.faults", now=now, obj=fault, detail={"ended": True})
        outbox.announce("fault.ended", fault, now=now)
    transaction.on_commit(lambda: banners.forget(by.municipality_id))
