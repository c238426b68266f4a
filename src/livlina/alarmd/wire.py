"""What passes between the protocols and the server that has the sockets and the log."""

from __future__ import annotations

import hashlib
import ipaddress
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from livlina.alarmd.record import URGENT, Record

SAME = 35 * 60.0
"""Seconds within which the same reference with the same words is the same event."""
ANEW = 60.0
"""Seconds after a unit has our answer from which the same words are no longer the same transmission, but a new press:
some units never change their reference, and nobody who presses again may be taken for an echo."""
REMEMBERED = 50_000
"""Events remembered at most; of a forgotten one the id is made anew, and is the same within its 35 minutes."""

K = TypeVar("K")
V = TypeVar("V")
_NAMESPACE = uuid.UUID("6d6c8b7e-2f5a-5b1e-9d53-0d1f5a7c4e21")


class Source(NamedTuple):
    """Where something came from: "udp", "tcp" or "tls"; the number of a stream; the name in its client certificate."""

    transport: str
    address: tuple[str, int]
    connection: int = 0
    identity: str = ""


class Send(NamedTuple):
    """Bytes to put on the wire."""

    to: Source
    data: bytes


class Keep(NamedTuple):
    """Make it durable, then call kept(token, …). Token 0: it is answered already (refused), keep and show it anyway."""

    token: int
    draft: Record
    raw: bytes
    source: Source

    @property
    def urgent(self) -> bool:
        """A human must see it now."""
        return self.draft.kind in URGENT


class Beat(NamedTuple):
    """A sign of life, answered by the Sends beside it. Only a verified one counts."""

    unit: str
    source: Source
    verified: bool


class Fate(NamedTuple):
    """What became of our answer: the unit acknowledged it, or never did."""

    record: str
    acknowledged: bool


class Answer(NamedTuple):
    """What the mrs says: status number, media, how to call, the number to call, heartbeat interval code."""

    status: int = 0
    media: int | None = None
    handling: int | None = None
    number: str = ""
    interval: int | None = None


def text(data: bytes) -> str:
    """UTF-8 if it can be, else ISO-8859-1: units get it wrong both ways."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


class TooLong(ValueError):
    """What comes is longer than any alarm: the connection is not worth keeping."""


class Frames(ABC):
    """One stream, cut into what its protocol calls a message."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def waiting(self) -> bool:
        """Is a message half-way here? Who takes longer than 10 s over one is hung up on."""
        return bool(self._held.strip(b"\r\n"))

    def feed(self, data: bytes) -> list[bytes]:
        """What became whole with these bytes. Raises TooLong."""
        self._held += data
        return list(iter(self._next, None))

    @abstractmethod
    def _next(self) -> bytes | None:
        """The first whole message, taken out; None while there is none."""

    def _take(self, size: int) -> bytes | None:
        if len(self._held) < size:
            return None
        piece = bytes(self._held[:size])
        del self._held[:size]
        return piece


def event_id(unit: str, reference: str, digest: str, at: float) -> str:
    """The same at every receiver for the same words within the same 35 minutes of the clock (`at`: seconds since 1970)."""
    return str(uuid.uuid5(_NAMESPACE, f"{unit}\n{reference}\n{digest}\n{int(at // SAME)}"))


def remember(table: dict[K, V], key: K, value: V, most: int) -> None:
    """Put it last in a table that holds so many at most: the first is let go."""
    table.pop(key, None)
    table[key] = value
    if len(table) > most:
        del table[next(iter(table))]


class Events:
    """Which transmissions are one event. `wall` gives seconds since 1970."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._seen: dict[tuple[str, str, str], tuple[str, float]] = {}
        self._answered: dict[str, float] = {}

    def dated(self, draft: Record, words: bytes, **judged: Any) -> Record:
        """The draft with its moment, the id of its event and what it is `judged` to be. Seen before within 35 minutes:
        that event, even over the edge of a clock bucket, so that two receivers and two transmissions agree."""
        at = self._wall()
        digest = hashlib.sha256(words).hexdigest()[:32]
        same = (draft.unit, draft.reference, digest)
        id_, first = self._seen.get(same, ("", at))
        over = abs(at - first) >= SAME
        if not id_ or over or at - self._answered.get(id_, at) >= ANEW:
            id_ = event_id(*same, at) if over or not id_ else event_id(*same[:2], digest + id_, at)
            remember(self._seen, same, (id_, at), REMEMBERED)
        return replace(draft, id=id_, at=at, facts={**draft.facts, "sum": digest}, **judged)

    def answered(self, id_: str) -> None:
        """The unit has our answer to this event."""
        self._answered.setdefault(id_, self._wall())

    def recall(self, record: Record) -> None:
        """A record kept before the restart or by the other receiver: the same words again are the same event."""
        if digest := record.facts.get("sum"):
            same = (record.unit, record.reference, digest)
            if record.at >= self._seen.get(same, ("", 0.0))[1]:
                remember(self._seen, same, (record.id, record.at), REMEMBERED)

    def forget(self) -> None:
        """Let go of what is older than 35 minutes."""
        at = self._wall()
        while self._seen and abs(at - (oldest := next(iter(self._seen.items())))[1][1]) >= SAME:
            del self._seen[oldest[0]]
        while self._answered and abs(at - next(iter(self._answered.values()))) >= SAME:
            del self._answered[next(iter(self._answered))]


def within(address: str, allowed: str) -> bool:
    """Is the address one of the agreed ones (addresses and networks, by comma or space)?"""
    try:
        ours = ipaddress.ip_address(address)
        mapped = getattr(ours, "ipv4_mapped", None)
        return any(
            (mapped or ours) in ipaddress.ip_network(each, strict=False)
            for each in allowed.replace(",", " ").split()
        )
    except ValueError:
        return False
