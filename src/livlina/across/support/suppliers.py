"""Suppliers of the third line: each a line in `settings.SUPPORT_SUPPLIERS`.

    [{"code": "maker", "name": "Livlinas förvaltare", "kind": "webhook", "url": "https://…", "secret": "…"},
     {"code": "locks", "name": "Låsleverantören", "kind": "mail", "address": "support@…"}]

A webhook is `POST {"id", "ticket", "kind", "page", "error", "text", "reply"}` with `X-Livlina-Timestamp` and
`X-Livlina-Signature: sha256=HMAC(secret, timestamp + "." + body)`. The same `id` comes again when an answer was lost: it is
the same message. They answer likewise to `reply`, with an `id` of their own. `fake` sends nothing (demo and tests).
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from livlina.across.support.models import SupplierMessage
from livlina.across.support.rules import rules
from livlina.core.models import Municipality

PATIENCE = 5.0
"""Seconds a supplier has to answer."""
AGE = 300
"""Seconds a signature is good for."""


class SupplierFault(Exception):
    """It did not get there. The sentence says what was answered; it is tried again."""


class Adapter(Protocol):
    """One way to reach a supplier."""

    def send(self, message: SupplierMessage, now: datetime) -> None:
        """Send it, or raise SupplierFault. May be asked twice for the same message, and must bear that."""


@dataclass(frozen=True)
class Webhook:
    """A supplier's own system, over HTTPS."""

    url: str
    secret: str

    def send(self, message: SupplierMessage, now: datetime) -> None:
        """Post it, signed. No redirects are followed. Raises SupplierFault."""
        place = urlsplit(self.url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        body = json.dumps(told(message), ensure_ascii=False).encode()
        stamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Livlina-Timestamp": stamp,
            "X-Livlina-Signature": signature(self.secret, stamp, body),
            "Idempotency-Key": str(message.pk),
        }
        connection = kind(place.netloc, timeout=PATIENCE)
        try:
            connection.request("POST", place.path or "/", body, headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as fault:
            raise SupplierFault(f"Svarar inte ({type(fault).__name__}).") from fault
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise SupplierFault(f"Svarade {status}.")


@dataclass(frozen=True)
class Mail:
    """A supplier who takes letters; they answer to the ticket's own address."""

    address: str

    def send(self, message: SupplierMessage, now: datetime) -> None:
        """Send a letter. Raises SupplierFault."""
        ticket, said = message.ticket, told(message)
        own = rules(ticket.municipality_id)["address"]
        letter = EmailMessage(
            f"[{ticket.number}] {ticket.get_kind_display()}",
            "\n".join(filter(None, (said["text"], "", f"Sida: {said['page']}", f"Fel: {said['error']}"))),
            own or None,
            [self.address],
            reply_to=[reply_address(own, ticket.token)] if own else None,
            headers={"Message-ID": f"<{message.pk}@livlina>", "X-Livlina-Ticket": ticket.number},
        )
        try:
            letter.send()
        except OSError as fault:
            raise SupplierFault(f"Brevet gick inte iväg ({type(fault).__name__}).") from fault


@dataclass(frozen=True)
class Fake:
    """A supplier who only remembers, and who can be out of order."""

    code: str
    sent: ClassVar[list[dict[str, Any]]] = []
    down: ClassVar[set[str]] = set()

    def send(self, message: SupplierMessage, now: datetime) -> None:
        """Remember it. Raises SupplierFault while out of order."""
        if self.code in self.down:
            raise SupplierFault("Ur funktion.")
        self.sent.append(told(message))
        del self.sent[:-50]


def reply_address(own: str, token: str) -> str:
    """Return the address an answer about a ticket is sent to."""
    mailbox, _, domain = own.partition("@")
    return f"{mailbox}+{token}@{domain}"


def by_address(address: str) -> str:
    """Return the code of the supplier who writes from an address, or nothing."""
    rows = (row for row in settings.SUPPORT_SUPPLIERS if row.get("address", "").lower() == address)
    return next((row["code"] for row in rows), "")


def names() -> list[tuple[str, str]]:
    """Return suppliers by code and name, for a form."""
    return [(row["code"], row["name"]) for row in settings.SUPPORT_SUPPLIERS]


def adapter(code: str) -> Adapter:
    """Return the way to a supplier. Raises SupplierFault when the settings know no such."""
    row = next((one for one in settings.SUPPORT_SUPPLIERS if one["code"] == code), None)
    if row is None:
        raise SupplierFault("Leverantören finns inte bland inställningarna.")
    if row["kind"] == "webhook":
        return Webhook(row["url"], row["secret"])
    return Mail(row["address"]) if row["kind"] == "mail" else Fake(code)


def told(message: SupplierMessage) -> dict[str, str]:
    """Return what a supplier is told: never who asked, nor anything of the page but its name."""
    ticket = message.ticket
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=ticket.municipality_id)
    return {
        "id": str(message.pk), "ticket": ticket.number, "kind": ticket.kind, "page": ticket.page,
        "error": ticket.error_id, "text": message.text,
        "reply": f"{settings.ORIGIN}/api/v1/support/{slug}/{message.pk}/reply",
    }  # fmt: skip


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body at a moment (seconds, as written in the header)."""
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(code: str, stamp: str, given: str, body: bytes, now: datetime) -> bool:
    """Whether a supplier said this, within `AGE` seconds of now."""
    row = next((one for one in settings.SUPPORT_SUPPLIERS if one["code"] == code), None)
    secret = row.get("secret", "") if row else ""
    if not secret or not stamp.isdigit() or len(stamp) > 12 or abs(now.timestamp() - int(stamp)) > AGE:
        return False
    return hmac.compare_digest(signature(secret, stamp, body), given)
