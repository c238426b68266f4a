"""SIA DC-09, what fire and intruder panels in special housing speak: one frame in, kept, and only then acknowledged.

A frame is LF, CRC, length, then `"SIA-DCS"0001R1L0#1234[#1234|NFA1]_09:00:00,03-02-2026` and CR. With `*` before the
name what follows `[` is AES in CBC, in hex, by the unit's key (`Unit.secret`, 32, 48 or 64 hex digits).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from livlina.alarmd import wire
from livlina.alarmd.codes import HEARTBEAT
from livlina.alarmd.record import URGENT, Record, Unit
from livlina.alarmd.wire import Beat, Events, Keep, Send, Source, TooLong, within

BEHIND, AHEAD = 40.0, 20.0
"""Seconds the panel's clock may differ from ours (the standard's default)."""
REPLAYED, WAITING, ANSWERED = 32.0, 10_000, 20_000
LONGEST = 0x0FFF + 10

Out = Send | Keep | Beat

_ASCII = re.compile(rb"\n([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})(?=\")")
_BINARY = re.compile(rb"\n(..)([0-9A-Fa-f]{4})(?=\")", re.DOTALL)  # some panels write the CRC as two bytes
_FRAME = re.compile(
    r'"(\*?)([A-Z0-9-]{1,10})"(\d{4})(R[0-9A-Fa-f]{0,6})?(L[0-9A-Fa-f]{0,6})(?:#([0-9A-Za-z]{1,16}))?\[(.*)',
    re.DOTALL,
)
_CONTENT = re.compile(r"([^\]]*)\](.*?)(?:_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4}))?", re.DOTALL)
_CONTACT_ID = re.compile(r"([136])(\d{3}) ?(\d\d) ?([0-9A-Fa-f]{3})")
_SIA = re.compile(r"(?:[a-z]{2}[^/]*/)*([A-Z]{2})([0-9A-Za-z]*)")
_DEVICES = {"F": 47, "B": 28, "P": 7, "M": 3, "Q": 3, "G": 21, "K": 25, "W": 33, "S": 37, "T": 38, "Z": 20}


def crc(data: bytes) -> int:
    """CRC-16 with the polynomial 0xA001, from zero."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def frame(content: str, *, binary: bool = False) -> bytes:
    """A whole frame around what stands from the first quotation mark to the last character before CR."""
    data = content.encode("latin-1", "replace")
    check = crc(data).to_bytes(2, "big") if binary else b"%04X" % crc(data)
    return b"\n" + check + b"%04X" % len(data) + data + b"\r"


def stamp(at: float) -> str:
    """The moment as DC-09 writes it, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("_%H:%M:%S,%m-%d-%Y")


def encrypted(content: str, key: str) -> str:
    """`content` behind padding to whole blocks, in hex."""
    data = content.encode("latin-1", "replace")
    return _aes(key).encryptor().update(b"0" * (-(len(data) + 1) % 16) + b"|" + data).hex().upper()


def decrypted(content: str, key: str) -> str:
    """What was written behind the padding. Raises ValueError."""
    padding, bar, told = _aes(key).decryptor().update(bytes.fromhex(content)).decode("latin-1").partition("|")
    if not bar or len(padding) > 15 or not told.isprintable():
        raise ValueError("not written with this key")
    return told


def _aes(key: str) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(bytes.fromhex(key)), modes.CBC(bytes(16)))


class Frames(wire.Frames):
    """One TCP stream cut into frames by the length they tell, since a binary CRC may hold any byte."""

    def _next(self) -> bytes | None:
        del self._held[: self._held.find(b"\n") if b"\n" in self._held else len(self._held)]
        if len(self._held) < 10:
            return None
        held = bytes(self._held)
        if head := _ASCII.match(held) or _BINARY.match(held):
            size = head.end() + int(head[2], 16) + 1
        else:
            size = held.find(b"\r") + 1 or len(held) + 1
        if size > LONGEST:
            raise TooLong(f"a frame of {size} bytes")
        return self._take(size)


@dataclass(frozen=True)
class _Told:
    """One frame, taken apart."""

    secret: bool
    name: str
    sequence: str
    path: str
    account: str
    rest: str
    binary: bool
    intact: bool


def parse(data: bytes) -> _Told | None:
    """A frame taken apart, None when it is none. `intact`: its length and CRC are right."""
    head = _ASCII.match(data) or _BINARY.match(data)
    content = data[head.end() :].removesuffix(b"\r") if head else b""
    met = _FRAME.fullmatch(content.decode("latin-1"))
    if head is None or met is None:
        return None
    binary = len(head[1]) == 2
    said = int.from_bytes(head[1], "big") if binary else int(head[1], 16)
    intact = said == crc(content) and int(head[2], 16) == len(content)
    return _Told(bool(met[1]), met[2], met[3], (met[4] or "") + met[5], met[6] or "", met[7], binary, intact)


def record_of(name: str, content: str) -> Record:
    """What the event says, as a record without id, moment, unit and reference."""
    event = content.rpartition("|")[2]
    facts: dict[str, object] = {"event": event[:64]}
    kind = "unreadable"
    if name == "NULL":
        kind = HEARTBEAT
    elif name == "ADM-CID" and (cid := _CONTACT_ID.fullmatch(event.strip())):
        kind = _contact_id_kind(cid[1], int(cid[2]))
        facts |= {"code": cid[1] + cid[2], "zone": cid[4]}
    elif name == "SIA-DCS" and (sia := _SIA.match(event[event[:1] in ("N", "O") :]) or _SIA.match(event)):
        kind = _sia_kind(sia[1])
        facts |= {"code": sia[1], "zone": sia[2]}
        if kind == "alarm":
            facts["dty"] = _DEVICES.get(sia[1][0], 1)
    verdict = "invalid" if kind == "unreadable" else "ok"
    return Record(id="", kind=kind, at=0.0, protocol="dc09", verdict=verdict, facts=facts)


def _contact_id_kind(qualifier: str, event: int) -> str:
    kind = {1: "alarm", 2: "fault", 3: "fault", 4: "update", 5: "update", 6: "test"}.get(
        event // 100, "alarm"
    )
    return "restored" if qualifier == "3" and kind in ("alarm", "fault") else kind


def _sia_kind(code: str) -> str:
    """By the letters of SIA DC-03. What is in doubt is an alarm."""
    if code[1] == "X" or code == "RP":
        return "test"
    if code[0] in "OCDJ":
        return "update"
    if code[1] in "RHJ":
        return "restored"
    return "fault" if code[1] == "T" or code[0] in "YXL" or code == "TT" else "alarm"


@dataclass
class _Asked:
    """A frame that is not yet, or was lately, acknowledged."""

    told: _Told
    key: str
    source: Source
    until: float
    acknowledged: bool = False


class Dc09:
    """The receiver of one DC-09 port. `unit` knows the panels by account; `wall` gives seconds since 1970."""

    def __init__(self, unit: Callable[[str], Unit | None], *, wall: Callable[[], float] = time.time) -> None:
        self._unit, self._wall = unit, wall
        self._events = Events(wall)
        self.recall = self._events.recall
        self._count = 0
        self._asked: dict[tuple[str, str, str], _Asked] = {}
        self._waiting: dict[int, _Asked] = {}

    def receive(self, data: bytes, source: Source, now: float) -> list[Out]:
        """One frame. Never raises. What is no frame is not answered."""
        told = parse(data[:LONGEST])
        if told is None:
            return []
        unit = self._unit(told.account)
        key = unit.secret if unit and told.secret else ""
        met = _opened(told, key)
        if not told.intact or met is None:
            # A broken frame is met with silence and so sent again, one that cannot be opened with DUH and so sent
            # elsewhere; but somebody may be calling for help, and staff see it now.
            refused: list[Out] = [_send(told, source, "DUH")] if told.intact else []
            shown = (unit or told.intact) and told.name != "NULL"
            return [*refused, self._shown(told, record_of("", ""), data, source)] if shown else refused
        draft = replace(record_of(told.name, met[1]), unit=told.account, reference=told.sequence)
        draft = replace(
            draft,
            verified=unit is not None and self._verified(unit, told, source),
            verdict="unknown_unit" if unit is None and draft.verdict == "ok" else draft.verdict,
        )
        if not self._in_time(told, met[3]):
            refused = [_send(told, source, "NAK", at=self._wall())]
            late = replace(draft, verified=False, verdict="wrong")
            return [*refused, self._shown(told, late, data, source)] if draft.kind in URGENT else refused
        if draft.kind == HEARTBEAT:
            return [
                self._acknowledged(_Asked(told, key, source, now)),
                Beat(told.account, source, draft.verified),
            ]
        return self._hand_out(told, key, draft, met[1], data, source, now)

    def _hand_out(
        self, told: _Told, key: str, draft: Record, words: str, data: bytes, source: Source, now: float
    ) -> list[Out]:
        """A Keep for what is new; for the same sent again the same ACK, once there is one."""
        self._forget(now)
        same = (told.account, told.sequence, words)
        if known := self._asked.get(same):
            return [self._acknowledged(replace(known, source=source))] if known.acknowledged else []
        draft = self._events.dated(draft, words.encode())
        if len(self._waiting) >= WAITING:
            return [_send(told, source, "DUH"), Keep(0, draft, data, source)]
        self._count += 1
        self._waiting[self._count] = self._asked[same] = _Asked(told, key, source, now + REPLAYED)
        return [Keep(self._count, draft, data, source)]

    def kept(self, token: int, record: Record | None, now: float) -> list[Send]:
        """The record is durable: ACK. None: it could not be stored, so the panel is sent elsewhere (DUH)."""
        asked = self._waiting.pop(token, None)
        if asked is None:
            return []
        if record is None:
            self._asked = {same: each for same, each in self._asked.items() if each is not asked}
            return [_send(asked.told, asked.source, "DUH")]
        asked.acknowledged, asked.until = True, now + REPLAYED
        return [self._acknowledged(asked)]

    def _acknowledged(self, asked: _Asked) -> Send:
        told = asked.told
        if not told.secret:
            return _send(told, asked.source, "ACK")
        content = f'"*ACK"{told.sequence}{told.path}#{told.account}[{encrypted("]" + stamp(self._wall()), asked.key)}'
        return Send(asked.source, frame(content, binary=told.binary))

    def _verified(self, unit: Unit, told: _Told, source: Source) -> bool:
        """What opens with the unit's key is the unit's; else it must come from where the unit is known to be."""
        if unit.secret:
            return told.secret
        if source.identity:
            return source.identity == unit.id
        return not unit.source or within(source.address[0], unit.source)

    def _in_time(self, told: _Told, moment: str | None) -> bool:
        """Is the panel's clock right enough? Only what is encrypted has to tell its moment."""
        if moment is None:
            return not told.secret
        try:
            at = datetime.strptime(moment, "%H:%M:%S,%m-%d-%Y").replace(tzinfo=UTC).timestamp()
        except ValueError:
            return False
        return -BEHIND <= at - self._wall() <= AHEAD

    def _shown(self, told: _Told, draft: Record, data: bytes, source: Source) -> Keep:
        """What is refused, and yet shown to staff."""
        draft = replace(draft, unit=told.account, reference=told.sequence)
        return Keep(0, self._events.dated(draft, told.rest.encode()), data, source)

    def _forget(self, now: float) -> None:
        self._events.forget()
        while self._asked and (
            (first := next(iter(self._asked.items())))[1].until <= now or len(self._asked) > ANSWERED
        ):
            del self._asked[first[0]]


def _opened(told: _Told, key: str) -> re.Match[str] | None:
    """The event, its additions and its moment; None for what cannot be opened."""
    try:
        return _CONTENT.fullmatch(decrypted(told.rest, key) if told.secret else told.rest)
    except ValueError:
        return None


def _send(told: _Told, source: Source, word: str, *, at: float = 0.0) -> Send:
    """ACK, DUH (not handled) or NAK (the clock: with ours to set it by)."""
    if word == "NAK":
        content = f'"NAK"0000R0L0A0[]{stamp(at)}'
    else:
        content = f'"{word}"{told.sequence}{told.path}#{told.account}[]'
    return Send(source, frame(content, binary=told.binary))
