"""One TOML file, read once, into values that cannot be wrong: what is wrong in it is refused in a sentence.

Sections that belong to another module ([exchange], [desk], [dispatch], [supervise]) are read into the class of that
name in that module, when the module is there and the section too or all of it has a default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

MEGABYTE = 1 << 20
OFF = -1


class Wrong(ValueError):
    """The configuration cannot be used: a sentence that says where and why."""


@dataclass(frozen=True)
class Sip:
    """Where SCAIP and NOWIP are received. A port of 0 is any free one, -1 none. TLS takes a certificate and its key;
    `clients` is the authority whose client certificates are believed (then they are asked for, not demanded)."""

    host: str = "0.0.0.0"  # noqa: S104  units call from anywhere
    udp: int = 5060
    tcp: int = 5060
    tls: int = OFF
    certificate: str = ""
    key: str = ""
    clients: str = ""
    name: str = "livlina"
    """What the receiver calls itself in its answers."""
    realm: str = ""
    """Digest is asked of units that have a secret, in this realm; "" = never asked."""
    proxies: str = ""
    """Addresses and networks of our own SIP proxies: what they say of where a message came from is believed."""

    def __post_init__(self) -> None:
        _ports(self, "udp", "tcp", "tls")
        if self.tls != OFF and not (self.certificate and self.key):
            raise Wrong("tls needs both certificate and key")


@dataclass(frozen=True)
class Dc09:
    """Where SIA DC-09 is received, UDP and TCP on the same port; -1 = not at all."""

    host: str = "0.0.0.0"  # noqa: S104
    port: int = OFF

    def __post_init__(self) -> None:
        _ports(self, "port")


@dataclass(frozen=True)
class Voice:
    """The number a unit is told to call, "gsm:+46…" or "sip:…", and other numbers by team. `seconds`: how long a call
    is taken to be going on, so that a press meanwhile does not set up a second one."""

    number: str = ""
    teams: Mapping[str, str] = field(default_factory=dict)
    seconds: int = 120

    def __post_init__(self) -> None:
        for number in (self.number, *self.teams.values()):
            if number and not number.startswith(("sip:", "sips:", "gsm:", "tel:")):
                raise Wrong(f"the number “{number}” must begin with sip:, gsm: or tel:")


@dataclass(frozen=True)
class Limits:
    """Connections in all and from one address (at the limit the one longest silent is closed, never the new one
    refused); seconds for a whole message; messages a second from one address that name no unit we know, and how many at
    once; heartbeats that may wait."""

    connections: int = 5000
    per_source: int = 500
    message_seconds: float = 10.0
    strangers_per_second: float = 20.0
    strangers_at_once: int = 200
    beats: int = 100_000


@dataclass(frozen=True)
class Storage:
    """Megabytes for the log; megabytes held back to be given when the disk is full; days what all have confirmed is kept."""

    quota: int = 4096
    ballast: int = 256
    days: int = 35

    def __post_init__(self) -> None:
        if self.quota < 1 or self.ballast < 0 or self.days < 1:
            raise Wrong("quota and days are at least 1, ballast at least 0")


@dataclass(frozen=True)
class Peer:
    """The receiver on the other site: where it answers, and where we do. `plain`: without TLS, only between loopback
    addresses. Its certificate must come from `authority`, as ours must for it."""

    name: str = ""
    address: str = ""
    port: int = 0
    listen: str = "0.0.0.0"  # noqa: S104
    listen_port: int = 0
    certificate: str = ""
    key: str = ""
    authority: str = ""
    plain: bool = False
    wait: float = 0.25
    """Seconds its sync is waited for before an alarm is acknowledged without it."""

    def __post_init__(self) -> None:
        _ports(self, "port", "listen_port")
        loopback = all(host.startswith("127.") for host in (self.address, self.listen) if host)
        if self.name and self.plain and not loopback:
            raise Wrong("plain is only for loopback addresses: between sites the receivers speak TLS")
        if self.name and not self.plain and not (self.certificate and self.key and self.authority):
            raise Wrong("certificate, key and authority are all needed")


@dataclass(frozen=True)
class Watchdog:
    """The loop-back alarm: every so many seconds, from a unit nobody else may be."""

    every: float = 10.0
    unit: str = "9999999999999999"


@dataclass(frozen=True)
class Config:
    """All of it. `receiver` is the name others know this one by; `folder` is where its log lives."""

    receiver: str
    folder: Path
    sip: Sip = field(default_factory=Sip)
    dc09: Dc09 = field(default_factory=Dc09)
    voice: Voice = field(default_factory=Voice)
    limits: Limits = field(default_factory=Limits)
    storage: Storage = field(default_factory=Storage)
    peer: Peer = field(default_factory=Peer)
    watchdog: Watchdog = field(default_factory=Watchdog)
    exchange: Any = None
    desk: Any = None
    dispatch: Any = None
    supervise: Any = None

    def __post_init__(self) -> None:
        if not (self.receiver.isalnum() and self.receiver.isascii() and len(self.receiver) <= 16):
            raise Wrong("receiver is a name of 1 to 16 letters and digits")
        if self.peer.name == self.receiver:
            raise Wrong("the peer must have another name than this receiver")


ELSEWHERE = ("exchange", "desk", "dispatch", "supervise")


def read(path: Path) -> Config:
    """The configuration in a file. Raises Wrong."""
    try:
        table = tomllib.loads(path.read_text())
    except OSError as error:
        raise Wrong(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong(f"{path} is not TOML: {error}.") from error
    return make(table)


def make(table: Mapping[str, Any]) -> Config:
    """The same of a table. Raises Wrong."""
    sections = {name: table[name] for name in table if name not in ELSEWHERE}
    others = {name: _elsewhere(name, table.get(name)) for name in ELSEWHERE}
    return _build(Config, sections, "", others)


def _elsewhere(name: str, table: Any) -> Any:
    module = f"livlina.alarmd.{name}"
    if find_spec(module) is None:
        if table is not None:
            raise Wrong(f"[{name}] is not known to this version.")
        return None
    kind = getattr(import_module(module), name.capitalize())
    if table is None and any(_demanded(one) for one in fields(kind)):
        return None
    return _build(kind, table or {}, name, {})


def _demanded(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _build(kind: Any, table: Any, where: str, ready: Mapping[str, Any]) -> Any:
    place = f"[{where}] " if where else ""
    if not isinstance(table, Mapping):
        raise Wrong(f"{place}must be a section.")
    known = {one.name: one for one in fields(kind)}
    hints = get_type_hints(kind)
    for name in table:
        if name not in known:
            raise Wrong(f"{place}has no “{name}”; it has {', '.join(known)}.")
    for name, one in known.items():
        if _demanded(one) and name not in table and name not in ready:
            raise Wrong(f"{place}needs “{name}”.")
    values = {name: _value(hints[name], value, name, place) for name, value in table.items()}
    try:
        return kind(**values, **ready)
    except ValueError as error:
        raise Wrong(f"{place}{error}.".replace("..", ".")) from error


def _value(hint: Any, value: Any, name: str, place: str) -> Any:
    origin = get_origin(hint) or hint
    if isinstance(hint, UnionType):  # "X | None": TOML has no null
        return _value(get_args(hint)[0], value, name, place)
    if hasattr(origin, "__dataclass_fields__"):
        return _build(origin, value, name, {})
    if origin is Path and isinstance(value, str) and value:
        return Path(value)
    if origin is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if origin is tuple and isinstance(value, list):
        inner = get_args(hint)[0]
        return tuple(_value(inner, one, name, place) for one in value)
    if origin in (dict, Mapping) and isinstance(value, dict):
        return {key: _value(get_args(hint)[1], one, key, place) for key, one in value.items()}
    if isinstance(origin, type) and isinstance(value, origin) and isinstance(value, bool) == (origin is bool):
        return value
    words = {
        int: "a whole number",
        float: "a number",
        str: "a text",
        bool: "true or false",
        tuple: "a list",
        Path: "a path",
    }
    raise Wrong(f"{place}“{name}” must be {words.get(origin, 'a section')}, not {value!r}.")


def _ports(section: Any, *names: str) -> None:
    for name in names:
        if not OFF <= getattr(section, name) <= 65535:
            raise Wrong(f"{name} is a port: 0 to 65535, or -1 for none")
