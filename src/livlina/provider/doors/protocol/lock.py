"""The lock: a state machine without sockets, clock or motor of its own (continuity.md 1.4).

    nonce = lock.challenge(up)                 16 bytes, good for one message within a minute
    answer = lock.act(message, own, up)        always an answer, never an exception
    answer = lock.fit(order, mark, own, up)    the order that makes it somebody's lock

`own` is the lock's own clock in seconds since 1970, or None when it has stopped; `up` is seconds since it last started,
which always go forward. It never fails open: what is not understood, or not known, leaves the bolt where it is.

**Time** is the later of its own clock and the newest time an issuer has signed (`memory.floor`, kept in flash), which
runs on while the lock is up. A lock that has lost both would take an old token for a new one; so it takes none, and
puts a question (16 bytes) that the issuer must sign the time for within an hour, as the lock itself counts. The same
question is put when a token has not begun or has ended: the answer puts a wrong clock right in either direction.
Cryptography does not stop a relay between a phone and a door far from it: nearness is the radio's to show.
"""

import os
from collections.abc import Callable
from typing import ClassVar

from livlina.provider.doors.protocol import fitting, guards, lists, log, messages, token
from livlina.provider.doors.protocol.cose import read as read_cose
from livlina.provider.doors.protocol.cose import thumbprint
from livlina.provider.doors.protocol.faults import Fault
from livlina.provider.doors.protocol.memory import Memory

NONCE_FOR = 60.0
QUESTION_FOR = 3600.0
OPEN_FOR = 30.0
"""Seconds until the bolt goes back by itself."""
AT_ONCE = 24
"""Entries of the log in one answer."""
SAME_REFUSAL = 600
"""Seconds within which the same refusal of the same token is one entry."""
BUILT = 1_767_225_600  # 2026-01-01: a clock that says earlier has stopped
DOUBTS = ("clock_lost", "too_early", "expired")


def turns(action: str) -> str:
    """The bolt of a lock in order: it always moves. Returns a fault's code when it does not."""
    return ""


class Lock:
    """One lock. `turn` moves the bolt; `code` is that on the card in its box."""

    identity: ClassVar[tuple[guards.Guard, ...]] = guards.IDENTITY
    rules: ClassVar[tuple[guards.Guard, ...]] = guards.RULES
    read = staticmethod(messages.read_ask)

    def __init__(
        self,
        memory: Memory | None = None,
        *,
        up: float = 0.0,
        code: bytes = b"",
        turn: Callable[[str], str] = turns,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.memory = memory or Memory()
        self.turn, self.code, self.random = turn, code, random
        self.battery = 100
        self.noise = 0  # messages that were nobody's
        self._nonce: tuple[bytes, float] | None = None
        self._question: tuple[bytes, float] | None = None
        self._floor_up = up
        self._open_until = 0.0
        self._refusals: dict[tuple[bytes, str], int] = {}

    def challenge(self, up: float) -> bytes:
        """Return a nonce; the one before it is forgotten."""
        self._nonce = (self.random(messages.NONCE), up)
        return self._nonce[0]

    def open(self, up: float) -> bool:
        """Return whether the bolt is drawn back."""
        return up < self._open_until

    def act(self, message: bytes, own: int | None, up: float) -> bytes:
        """Take a message, do what it asks if it may, and answer."""
        nonce = self._take_nonce(up)
        asked = None
        try:
            ask = self.read(message)
            self._learn(ask.extra, own, up)
            asked = self._known(ask, nonce)
            asked.now = self._now(own, up)
            for guard in self.rules:
                guard(asked)
            return self._do(asked, own, up).raw
        except Fault as fault:
            return self._refuse(fault, asked, own, up).raw

    def fit(self, order: bytes, mark: bytes, own: int | None, up: float) -> bytes:
        """Take an order (`mark` the first time, otherwise empty): become what it says, and answer."""
        memory, first = self.memory, not self.memory.fitted
        try:
            if first and not (self.code and fitting.marked(self.code, order, mark)):
                raise Fault("not_fitted")
            owner = None if first else memory.issuers[0].public
            given = fitting.read_order(order, owner)
            if given.number <= memory.order or (not first and given.door != memory.door):
                raise Fault("claims")
        except Fault as fault:
            self.noise += 1
            return messages.Answer("refused", fault.code, battery=self.battery).raw
        memory.door, memory.area, memory.order = given.door, given.area, given.number
        memory.epoch, memory.area_epoch, memory.issuers = given.epoch, given.area_epoch, given.issuers
        if first:
            memory.floor, self._floor_up = given.at, up
        self._raise_floor(given.at, own, up)
        at = self.time(own, up) or given.at
        entry = memory.log.append(log.Entry(given.door, 0, log.FIRST, at, "fitted", flags=self._flags(own)))
        return messages.Answer("fitted", at=entry.at, entries=(entry.raw,), battery=self.battery).raw

    def time(self, own: int | None, up: float) -> int | None:
        """Return what time the lock holds it to be, or None when it does not know."""
        clock = self._clock(own)
        floor = None if self.memory.floor is None else self.memory.floor + int(up - self._floor_up)
        return max((one for one in (clock, floor) if one is not None), default=None)

    def _known(self, ask: messages.Ask, nonce: bytes) -> guards.Asked:
        """Return whose token and phone it is. Raises Fault, counted as noise."""
        try:
            if not self.memory.fitted:
                raise Fault("not_fitted")
            asked = guards.read(ask, nonce, self.memory)
            for guard in self.identity:
                guard(asked)
        except Fault:
            self.noise += 1
            raise
        return asked

    def _take_nonce(self, up: float) -> bytes:
        """Return the nonce and drop it: whatever is answered, it is used. An old one, or none, proves nothing."""
        held, self._nonce = self._nonce, None
        return held[0] if held and up - held[1] <= NONCE_FOR else b""

    def _now(self, own: int | None, up: float) -> int:
        now = self.time(own, up)
        if now is None:
            raise Fault("clock_lost")
        return now

    def _clock(self, own: int | None) -> int | None:
        return None if own is None or own < BUILT else own + self.memory.offset

    def _do(self, asked: guards.Asked, own: int | None, up: float) -> messages.Answer:
        """Move the bolt and write it down; then give what waits of the log."""
        if asked.ask.action == "read":
            return self._answer("told", asked.ask.extra.after, own, up)
        if fault := self.turn(asked.ask.action):
            raise Fault(fault)
        opens = asked.ask.action == "open"
        self._open_until = up + OPEN_FOR if opens else 0.0
        self._remember_use(asked)
        self._write(asked, "opened" if opens else "locked", "", own)
        return self._answer("opened" if opens else "locked", asked.ask.extra.after, own, up)

    def _answer(self, outcome: str, after: int, own: int | None, up: float) -> messages.Answer:
        """Answer with what waits of the log. What has just been done is always among it."""
        waiting = self.memory.log.waiting(log.KEPT, after)
        given = waiting[:AT_ONCE]
        if outcome != "told" and waiting and waiting[-1] not in given:
            given = [*given[:-1], waiting[-1]]
        return messages.Answer(
            outcome, "", self.time(own, up) or 0, tuple(entry.raw for entry in given), len(waiting) - len(given),
            self._flags(own), self.battery,
        )  # fmt: skip

    def _refuse(
        self, fault: Fault, asked: guards.Asked | None, own: int | None, up: float
    ) -> messages.Answer:
        """Answer no. It is written down when a phone of ours was there; the log itself is not given."""
        at = self.time(own, up)
        if asked is not None and at is not None:
            asked.now = at
            known = (asked.claims.name, fault.code)
            if at - self._refusals.get(known, -SAME_REFUSAL) >= SAME_REFUSAL:
                self._refusals = {**dict(list(self._refusals.items())[-99:]), known: at}
                self._write(asked, "refused", fault.code, own)
        question = self._ask_time(up) if asked is not None and fault.code in DOUBTS else b""
        return messages.Answer(
            "refused", fault.code, at or 0, (), 0, self._flags(own), self.battery, question
        )

    def _write(self, asked: guards.Asked, outcome: str, fault: str, own: int | None) -> None:
        ask, loan = asked.ask, asked.loans[-1] if asked.loans else None
        self.memory.log.append(
            log.Entry(
                self.memory.door, 0, log.FIRST, asked.now, outcome, fault, ask.reason, asked.claims.name,
                loan.name if loan else b"", thumbprint(asked.key), ask.said_at, self._flags(own),
            )
        )  # fmt: skip

    def _flags(self, own: int | None) -> int:
        return 0 if self._clock(own) is not None else log.FLOOR_CLOCK

    def _remember_use(self, asked: guards.Asked) -> None:
        used, claims = self.memory.used, asked.claims
        if claims.kind in ("emergency", "fitting") and claims.name not in used:
            ended = [name for name, (_, ends) in used.items() if ends + token.SKEW < asked.now]
            for name in ended:
                del used[name]
            used[claims.name] = (asked.now, claims.expires)

    def _ask_time(self, up: float) -> bytes:
        """Return the question the issuer must sign the time for: the same to all phones for an hour."""
        if self._question is None or up - self._question[1] > QUESTION_FOR:
            self._question = (self.random(messages.NONCE), up)
        return self._question[0]

    def _learn(self, extra: messages.Extra, own: int | None, up: float) -> None:
        """Believe the news that are signed by whoever may sign them, and pass over the rest in silence."""
        if not self.memory.fitted:
            return
        owner = self.memory.issuers[0]
        for raw in extra.lists:
            self._learn_list(raw, own, up)
        if extra.time:
            self._learn_time(extra.time, owner, own, up)
        for raw in extra.acks:
            try:
                ack = log.read_acknowledgement(raw, owner.public)
            except Fault:
                continue
            if ack.door == self.memory.door:
                self.memory.log.take(ack)

    def _learn_list(self, raw: bytes, own: int | None, up: float) -> None:
        try:
            issuer = self.memory.issuer(read_cose(raw, lists.REVOKED).kid)
            found = lists.read_revocations(raw, issuer.public)
        except Fault:
            return
        held = self.memory.revoked.get(issuer.kid)
        if found.issuer == issuer.name and (held is None or found.number > held[0]):
            self.memory.revoked[issuer.kid] = (found.number, found.ids)
            if issuer == self.memory.issuers[0]:
                self._raise_floor(found.at, own, up)

    def _learn_time(self, raw: bytes, owner: fitting.Issuer, own: int | None, up: float) -> None:
        try:
            found = lists.read_time(raw, owner.public)
        except Fault:
            return
        if found.issuer != owner.name:
            return
        if not found.nonce:
            self._raise_floor(found.at, own, up)
        elif self._question and found.door == self.memory.door and found.nonce == self._question[0]:
            elapsed, self._question = up - self._question[1], None
            if elapsed <= QUESTION_FOR:
                self._set_clock(found.at, found.at + int(elapsed), own, up)

    def _set_clock(self, earliest: int, latest: int, own: int | None, up: float) -> None:
        """The issuer's answer to this lock's own question: it is between these now, whatever the lock believed."""
        held, clock = self.time(own, up), self._clock(own)
        if held is not None and earliest <= held <= latest + token.SKEW:
            return
        if own is not None and clock is not None and not earliest <= clock <= latest + token.SKEW:
            self.memory.offset = latest - own
        self.memory.floor, self._floor_up = earliest, up

    def _raise_floor(self, at: int, own: int | None, up: float) -> None:
        """It is at least so late. A lock that has lost its time does not believe this: any old news would do."""
        held = self.time(own, up)
        if held is not None and (
            self.memory.floor is None or at > self.memory.floor + int(up - self._floor_up)
        ):
            self.memory.floor, self._floor_up = at, up
