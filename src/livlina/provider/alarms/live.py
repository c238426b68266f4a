"""The tick that wakes a desk: a short-lived ticket for a municipality's ticks, and the process that sends them.

The stream carries "changed" and a number, never data: what changed is fetched by the page, with its own session.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

SALT = "livlina.alarms.live"
LASTS = 120
"""Seconds a ticket opens a stream. Each drawing of the desk brings a new one."""


@dataclass(frozen=True)
class Ticket:
    """Whose ticks: of a municipality, for a team."""

    municipality_id: int
    team: str


def address(municipality_id: int, team: str) -> str:
    """Return where a page listens, or nothing when no live process is set up."""
    if not settings.LIVE_ORIGIN:
        return ""
    ticket = signing.dumps({"m": municipality_id, "t": team}, salt=SALT)
    return f"{settings.LIVE_ORIGIN}/alarms/{ticket}"


def admitted(ticket: str) -> Ticket | None:
    """Return what a ticket opens, or None when it is forged or too old."""
    try:
        said = signing.loads(ticket, salt=SALT, max_age=LASTS)
        return Ticket(int(said["m"]), str(said["t"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
