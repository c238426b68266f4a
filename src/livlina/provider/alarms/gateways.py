"""The gateways that carry notices out of the house. Each supplier is a line in `settings.ALARM_SUPPLIERS`.

    ALARM_SUPPLIERS = {"sms": [{"name": "ett", "kind": "json", "url": "https://…", "token": "…"}, {"name": "två", …}],
                       "voice": […], "push": […]}

A supplier of kind `json` takes `POST {"to", "text", "reference"}` with a bearer token and answers 2xx. `webpush`
speaks to the push servers of the browsers' makers (`webpush.py`). `fake` sends nothing: the demo's, and the tests'
(`Fake.sent`, `Fake.down`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from livlina.provider.alarms.webpush import WebPush

PATIENCE = 5.0
"""Seconds a gateway has to answer. Then the next one is asked."""


class Supplier(Protocol):
    """One gateway."""

    @property
    def name(self) -> str:
        """What it is called in the settings."""

    def send(self, to: str, text: str, reference: str) -> str:
        """Send, and return nothing, or why it did not go in words."""


@dataclass(frozen=True)
class Json:
    """A gateway over HTTPS."""

    name: str
    url: str
    token: str = ""

    def send(self, to: str, text: str, reference: str) -> str:
        """Post it. No redirects are followed, and what the gateway says back is not kept."""
        place = urlsplit(self.url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.netloc, timeout=PATIENCE)
        body = json.dumps({"to": to, "text": text, "reference": reference})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            connection.request("POST", place.path or "/", body, headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as fault:
            return f"Svarar inte ({type(fault).__name__})."
        finally:
            connection.close()
        return "" if 200 <= status < 300 else f"Svarade {status}."


@dataclass(frozen=True)
class Fake:
    """A gateway that only remembers, and that can be out of order."""

    name: str
    sent: ClassVar[list[tuple[str, str, str]]] = []
    """(supplier, to, text), the last hundred."""
    down: ClassVar[set[str]] = set()
    """Suppliers that are out of order."""

    def send(self, to: str, text: str, reference: str) -> str:
        """Remember it."""
        if self.name in self.down:
            return "Ur funktion."
        self.sent.append((self.name, to, text))
        del self.sent[:-100]
        return ""


@dataclass(frozen=True)
class Missing:
    """What stands in where no supplier is set."""

    name: str = ""

    def send(self, to: str, text: str, reference: str) -> str:
        """Say so."""
        return "Ingen leverantör är inställd för kanalen."


NONE = Missing()


def suppliers(channel: str) -> Sequence[Supplier]:
    """Return the suppliers of a channel (push, sms, voice), the first choice first."""
    return [_made(row) for row in settings.ALARM_SUPPLIERS.get(channel, ())]


def push_key() -> str:
    """Return what a browser must know to take notices, or nothing where none are pushed to browsers."""
    found = (one for one in suppliers("push") if isinstance(one, WebPush))
    return next((one.public for one in found), "")


def link(alarm_id: UUID) -> str:
    """Return the address of an alarm, to stand in a message. It opens for those who are signed in and may see it."""
    return f"{settings.ORIGIN}{reverse('alarms_provider:alarm', args=[alarm_id])}"


def _made(row: dict[str, Any]) -> Supplier:
    if row["kind"] == "fake":
        return Fake(row["name"])
    if row["kind"] == "webpush":
        return WebPush(row["name"], row["key"], row["contact"])
    return Json(row["name"], row["url"], row.get("token", ""))
