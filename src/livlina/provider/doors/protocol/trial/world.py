"""One door, its owner, and the phones that come to it. Keys are the same each time, so that nothing here is luck."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from livlina.provider.doors.protocol import cbor, cose, fitting, lists, messages, token
from livlina.provider.doors.protocol.lock import Lock
from livlina.provider.doors.protocol.memory import Memory
from livlina.provider.doors.protocol.messages import Answer
from livlina.provider.doors.protocol.phone import Key, Phone

DOOR = 4_123_456_789
AREA = "Norra Åsvalla"
NAME = "asvalla"
NOW = 1_772_438_400  # 2026-03-02 09:00 in Sweden
CODE = b"the card in box 7"
HOUR, DAY = 3600, 86_400


@lru_cache(maxsize=64)
def known(number: int) -> Key:
    """Return a key that is the same each time."""
    return Key.known(0x5EC0_0000 + number)


@dataclass
class World:
    """A fitted lock at 09:00 with a clock that is right. `clock` is how wrong it is in seconds, None when it has stopped."""

    kind: type[Lock] = Lock
    now: int = NOW
    up: float = 100.0
    clock: int | None = 0
    fault: str = ""
    issuer: Key = field(default_factory=lambda: known(1))
    stranger: Key = field(default_factory=lambda: known(2))
    carer: Phone = field(default_factory=lambda: Phone(known(3)))
    colleague: Phone = field(default_factory=lambda: Phone(known(4)))
    third: Phone = field(default_factory=lambda: Phone(known(5)))
    leader: Phone = field(default_factory=lambda: Phone(known(6)))
    lock: Lock = field(init=False)

    def __post_init__(self) -> None:
        """Hang the lock on its door."""
        owner = fitting.Issuer(NAME, self.issuer.public)
        self.lock = self.kind(
            Memory(DOOR, AREA, 3, 2, (owner,)), up=self.up, code=CODE, turn=lambda _: self.fault
        )

    @property
    def own(self) -> int | None:
        """What the lock's own clock says."""
        return None if self.clock is None else self.now + self.clock

    def later(self, seconds: int) -> None:
        """Let time pass, for the lock as for everybody."""
        self.now += seconds
        self.up += seconds

    def restart(self, *, floor: bool = True) -> None:
        """Take the battery out and in: only flash remains, and the clock has stopped."""
        memory = Memory.from_bytes(self.lock.memory.to_bytes())
        if not floor:
            memory.floor = None
        self.up, self.clock = 1.0, None
        self.lock = self.kind(memory, up=self.up, code=CODE, turn=lambda _: self.fault)

    def mint(self, by: Key | None = None, **changes: Any) -> bytes:
        """Mint a token: of the carer's shift for this door, where nothing else is said."""
        by = by or self.issuer
        said: dict[str, Any] = {
            "issuer": NAME, "name": os.urandom(16), "not_before": self.now - HOUR, "expires": self.now + 8 * HOUR,
            "key": self.carer.key.public, "kind": "shift", "doors": {DOOR: 3},
        }  # fmt: skip
        if "area" in changes:
            said |= {"doors": {}, "epoch": 2}
        if changes.get("kind") == "continuation":
            said["leaders"] = (self.leader.key.thumbprint,)
        return token.mint(by.sign, by.kid, token.Claims(**{**said, **changes}))

    def meet(
        self, chain: Iterable[bytes], who: Phone | None = None, door: int = DOOR, **options: Any
    ) -> Answer:
        """Let a phone come to the door: challenge, question, answer."""
        nonce = self.lock.challenge(self.up)
        return self.act((who or self.carer).ask(nonce, door, list(chain), now=self.now, **options))

    def act(self, message: bytes) -> Answer:
        """Give the lock a message."""
        return messages.read_answer(self.lock.act(message, self.own, self.up))

    def loan(self, held: bytes, **changes: Any) -> bytes:
        """Let the carer lend this door to her colleague, for half an hour where nothing else is said."""
        said: dict[str, Any] = {
            "to": self.colleague.key.public,
            "doors": [DOOR],
            "not_before": self.now,
            "expires": self.now + 1800,
        }
        said |= changes
        by: Phone = said.pop("by", self.carer)
        return by.lend(held, said.pop("to"), said.pop("doors"), **said)

    def ended(self, *ids: bytes, number: int = 5, by: Key | None = None) -> bytes:
        """Sign a list of what opens nothing."""
        by = by or self.issuer
        return lists.revocations(by.sign, by.kid, issuer=NAME, number=number, at=self.now, ids=ids)

    def time(
        self, at: int | None = None, *, by: Key | None = None, door: int = 0, nonce: bytes = b""
    ) -> bytes:
        """Sign the time."""
        by = by or self.issuer
        return lists.time(by.sign, by.kid, issuer=NAME, at=at or self.now, door=door, nonce=nonce)

    def carrying(self, *, who: Phone | None = None, **news: Any) -> Phone:
        """Return a phone with news for the lock."""
        return Phone((who or self.carer).key, **news)

    def hear(self, *, list_: bytes = b"", time: bytes = b"") -> None:
        """Let a phone with a key of its own bring the lock news, and open nothing."""
        visitor = self.carrying(who=self.third, lists=(list_,) if list_ else (), time=time)
        self.meet([self.mint(key=self.third.key.public)], visitor, action="read")

    def order(self, by: Key, number: int, issuer: Key | None = None, epoch: int = 3) -> bytes:
        """Sign what the lock is to be."""
        owner = fitting.Issuer(NAME, (issuer or by).public)
        return fitting.order(by.sign, by.kid, fitting.Order(DOOR, number, self.now, AREA, epoch, 2, (owner,)))

    def signed(self, payload: bytes, *, typ: int | str = token.CWT, header: bytes | None = None) -> bytes:
        """Let the issuer sign anything at all, under any header: what only a faulty issuer would send."""
        if header is None:
            return cose.sign1(payload, sign=self.issuer.sign, kid=self.issuer.kid, typ=typ)
        signature = self.issuer.sign(cbor.encode(["Signature1", header, b"", payload]))
        return cose.TAG + cbor.encode([header, {}, payload, signature])

    def claims(self, **changes: Any) -> dict[int, Any]:
        """What a token says, as a map that can be spoilt before it is signed."""
        said: dict[int, Any] = {
            1: NAME, 4: self.now + HOUR, 5: self.now - HOUR, 7: os.urandom(16), 8: token.cnf(self.carer.key.public),
            token.OURS: {1: 1, 2: {DOOR: 3}},
        }  # fmt: skip
        return said | {int(key[1:]): value for key, value in changes.items()}
