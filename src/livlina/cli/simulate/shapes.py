"""How units of different make shape what they send. Facts of the field in our own words; no maker's message is copied.

What differs in the field: the order of tags, codes with and without leading zeros, references of every form, a space
in the number, no message type at all, a sign of life that calls itself an alarm by its status code. One shape speaks
NOWIP and one SIA DC-09 instead of SCAIP.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from livlina.cli.simulate import wire

Fields = list[tuple[str, str]]

STATUS = {
    "alarm": 10,
    "fall": 10,
    "reset": 93,
    "cancel": 19,
    "update": 119,
    "test": 102,
    "low_battery": 16,
    "battery_ok": 15,
    "power_failure": 85,
    "power_back": 86,
    "fault": 67,
    "beat": 70,
}
"""The status code each kind of message carries, where the shape has no way of its own."""

TYPE = {"reset": "RE", "update": "IN", "beat": "PI"}
"""The message type; all else is ME."""

URGENT = ("alarm", "fall")
"""Kinds with which somebody asks for help."""


@dataclass(frozen=True)
class Said:
    """What a unit wants to tell, whatever shape it gets. `phone` is the number to call, in digits with country code."""

    kind: str
    number: str
    ref: str
    device: str = "1"
    phone: str = ""

    @property
    def mty(self) -> str:
        """The message type."""
        return TYPE.get(self.kind, "ME")

    def stc(self, width: int = 4) -> str:
        """The status code, with leading zeros up to a width."""
        return str(STATUS[self.kind]).zfill(width)

    @property
    def dty(self) -> int:
        """The device type: the unit itself, a trigger somebody wears, a fall sensor."""
        if self.kind == "fall":
            return 5
        return 3 if self.kind in ("alarm", "test", "cancel", "reset") else 2


@dataclass(frozen=True)
class Profile:
    """One make: how it composes, how it travels, and its own patience.

    `patience`: seconds without any answer until it tries the other address. `mrs_wait`: seconds it waits for the
    receiver's own message after the 200. Both are the makers' choices and differ: to be measured for each model.
    """

    name: str
    about: str
    fields: Callable[[Said], Fields]
    ref: Callable[[Random], str]
    transport: str = "udp"
    root: str = "mrq"
    content_type: str = "application/scaip+xml"
    declaration: bool = True
    between: str = ""
    protocol: str = "scaip"
    interval: float = 60.0
    patience: float = 4.0
    mrs_wait: float = 20.0

    def body(self, said: Said) -> str:
        """The XML this make sends."""
        return wire.body(self.root, self.fields(said), self.declaration, self.between)


def drawn(letters: str, length: int) -> Callable[[Random], str]:
    """Return a way to draw references of these letters."""
    return lambda rng: "".join(rng.choices(letters, k=length))


def _orderly(said: Said) -> Fields:
    found = [("ref", said.ref), ("ver", "01.00"), ("mty", said.mty), ("cid", said.number)]
    found += [("dty", f"{said.dty:04}"), ("did", said.device), ("stc", said.stc()), ("pri", "0")]
    if said.kind in URGENT:
        found += [("lco", "002"), ("crd", f"gsm:+{said.phone}" if said.phone else "no-voice:")]
    return found


def _hexed(said: Said) -> Fields:
    voice = f"gsm:+{said.phone}" if said.kind in URGENT and said.phone else "no-voice:"
    status = "102" if said.kind == "beat" else said.stc(3)
    device = "00" if said.kind == "beat" else said.device
    found = [("ref", said.ref), ("cha", "0"), ("mty", said.mty), ("cid", said.number)]
    return [*found, ("dty", f"{said.dty:02}"), ("did", device), ("crd", voice), ("stc", status)]


def _terse(said: Said) -> Fields:
    if said.kind == "beat":
        return [("mty", "PI"), ("ref", said.ref), ("cid", said.number), ("dty", "2")]
    found = [] if said.kind in URGENT else [("mty", said.mty)]
    found += [("ref", said.ref), ("cid", said.number), ("dty", str(said.dty)), ("stc", said.stc(0))]
    return [*found, ("did", said.device), ("crd", f"gsm:{said.phone}")]


def _automatic(said: Said) -> Fields:
    status = "0009" if said.kind == "beat" else said.stc()
    found = [("ref", said.ref), ("cid", said.number), ("dty", f"{said.dty:04}")]
    if said.kind != "beat":
        found.append(("did", said.device))
    return [*found, ("mty", said.mty), ("stc", status), ("lco", "002"), ("crd", "gsm:"), ("cha", "0")]


def _spaced(said: Said) -> Fields:
    found = [("ref", said.ref), ("cid", f" {said.number}"), ("mty", said.mty), ("dty", f"{said.dty:04}")]
    return [*found, ("did", said.device), ("stc", said.stc()), ("crd", "gsm:+")]


def _callback(said: Said) -> Fields:
    found = [("crd", f"gsm:{said.phone}"), ("cha", "1"), ("stc", said.stc()), ("dty", f"{said.dty:04}")]
    return [*found, ("did", said.device), ("cid", said.number), ("mty", said.mty), ("ref", said.ref)]


def _rooted(said: Said) -> Fields:
    found = [("ref", said.ref), ("cid", said.number), ("dty", f"{said.dty:04}"), ("mty", said.mty)]
    return [
        *found,
        ("did", said.device.rjust(12, "0")),
        ("stc", said.stc()),
        ("dte", "Larmknapp i badrummet"),
    ]


_EVENTS = {
    "alarm": "01900", "fall": "02100", "reset": "00000", "cancel": "00000", "update": "09000", "test": "06400",
    "low_battery": "05207", "battery_ok": "05204", "power_failure": "05100", "power_back": "05104", "fault": "06200",
}  # fmt: skip
"""Event (three digits) and status (two) of BS 8521-2; a sign of life has none."""


def _british(said: Said) -> Fields:
    who = said.number.zfill(8)[-8:]
    told = f"{who}0000"
    if said.kind != "beat":
        event = _EVENTS[said.kind]
        told = (
            f"1101{who}{said.device.zfill(4)[-4:]}{event[:3]}00{1 if said.kind in URGENT else 5}{event[3:]}"
        )
    return [
        ("version", "1.5"),
        ("type", "0" if said.kind == "beat" else "1"),
        ("data", told),
        ("time", said.ref),
    ]


def _moment(rng: Random) -> str:
    """Some moment of a year, as NOWIP writes it: what tells one message of a unit from the next."""
    parts = (
        rng.randrange(1, 13),
        rng.randrange(1, 29),
        rng.randrange(24),
        rng.randrange(60),
        rng.randrange(60),
    )
    return "26" + "".join(f"{part:02}" for part in parts)


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("orderly", "every tag in the schema's order, codes in full width", _orderly,
                drawn(string.digits, 10)),
        Profile("hexed", "short codes, a sign of life with the status of a test transmission", _hexed,
                drawn("0123456789abcdef", 8), declaration=False, patience=5.0),
        Profile("terse", "no message type on alarms, codes without zeros, an empty number to call", _terse,
                drawn(string.digits, 10), declaration=False, patience=8.0),
        Profile("automatic", "a sign of life that says automatic alarm; references of mixed letters", _automatic,
                drawn(string.ascii_letters + string.digits, 16), between="\n  ", patience=6.0),
        Profile("spaced", "a space before its own number, a plus sign without a number", _spaced,
                drawn(string.digits, 12), patience=10.0),
        Profile("callback", "asks to be called back; over TCP, tags backwards", _callback,
                drawn(string.digits, 10), transport="tcp"),
        Profile("rooted", "another root, a pendant's name of twelve characters, a dash in the reference", _rooted,
                lambda rng: f"{rng.randrange(10**6):06}-{rng.randrange(10**6):06}", root="scaip",
                content_type="application/xml"),
        Profile("british", "NOWIP (BS 8521-2); its number has eight digits, a button's four", _british,
                _moment, root="ATM", content_type="text/plain", declaration=False, protocol="nowip"),
        Profile("panel", "SIA DC-09 over TCP, to the addresses of --dc09", lambda said: [],
                drawn(string.digits, 4), transport="tcp", protocol="dc09", patience=10.0),
    )
}  # fmt: skip
SCAIP = ("orderly", "hexed", "terse", "automatic", "spaced", "callback")
"""The shapes that are answered in a message of the receiver's own; `rooted` must be told to answer in another way."""
MIXED = dict.fromkeys(SCAIP, 16) | {"british": 2, "panel": 2}
"""What stands in people's homes in one town, and how common it is."""
