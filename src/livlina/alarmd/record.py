"""What the receiver has to tell: one log of records, whichever protocol or clock they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FROM_UNITS = {
    "alarm": "somebody asks for help",
    "reset": "an alarm is withdrawn at the unit: told to staff, closes nothing",
    "cancel": "an alarm is called off at the unit: told to staff, closes nothing",
    "update": "more about something already told",
    "test": "a test transmission",
    "fault": "the unit, its battery, its power or its network fails",
    "restored": "what failed works again",
    "unreadable": "something came that could not be understood: shown to staff as an alarm is",
}
"""What comes off the wire and is kept before it is acknowledged. Heartbeats are not kept: they only move a moment."""

FROM_HERE = {
    "silent": "a unit has not been heard for too long",
    "late": "a unit is late with its sign of life",
    "heard": "a silent or late unit is heard again",
    "mass_silence": "many units with something in common fell silent together",
    "mass_silence_over": "they are heard again",
    "receiver": "the receiver tells of itself: alone, out of space, clock stepped, certificate soon out",
    "deed": "somebody acted at the receiver's own desk: presented, accepted, noted, closed",
}
"""What the receiver itself has to tell."""

KINDS = FROM_UNITS | FROM_HERE
URGENT = ("alarm", "unreadable")
"""What a human must see now."""

VERDICTS = ("ok", "too_long", "invalid", "wrong", "missing", "unknown_unit")


@dataclass(frozen=True)
class Record:
    """One line of the log.

    `number` runs at this receiver and is the cursor of everyone who follows it. `id` (a UUID as text) names what
    happened: the same press seen by two receivers has the same id. `at` is seconds since 1970 (UTC) by this receiver's
    clock. `unit` and `device` are as the wire said, trimmed: which unit (SCAIP cid), and which of its pendants (did).
    `verified`: it came from where the unit is known to be, so it may count as a sign of life. `of`: the id of the open
    alarm this is a repeated press of. `solo`: kept here only, the other receiver did not answer in time.
    """

    id: str
    kind: str
    at: float
    number: int = 0
    unit: str = ""
    device: str = ""
    reference: str = ""
    protocol: str = ""
    verdict: str = "ok"
    verified: bool = False
    solo: bool = False
    of: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Codes as integers and texts as sent (dty, dco, stc, pri, lco, lva, lte, lge, dte, stt, ico, ite, crd: list), and
    of what the receiver tells itself: what its README says of the kind."""


@dataclass(frozen=True)
class Unit:
    """What the receiver must know of an installed unit to judge what comes from it, and to help when all else is dead.

    `interval` in seconds between signs of life, 0 = none promised. `source` is where it may send from ("" = anywhere);
    `secret` for digest or a DC-09 key, kept out of every log.
    """

    id: str
    profile: str = "scaip"
    interval: int = 0
    source: str = ""
    secret: str = ""
    team: str = ""
    operator: str = ""
    model: str = ""
    area: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    keys: str = ""
    risk: int = 0
    risks: str = ""
    contacts: tuple[str, ...] = ()
    pendants: tuple[str, ...] = ()
