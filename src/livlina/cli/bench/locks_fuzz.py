"""Messages bent in every way, against one lock: does it ever open to a wrong one, refuse a right one, or fall over?

Four sorts, mixed by a seed: *bent* on their way (bytes changed in a right message); *inside* (a phone with a right key
bends its own token, loan or statement, and signs the whole again: what a carer who means ill could do); *spoilt* (right in
form, wrong in one thing); and *right*. Now and then one is heard twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from livlina.cli.bench import locks_drafts as drafts
from livlina.provider.doors.protocol import messages
from livlina.provider.doors.protocol.lock import Lock
from livlina.provider.doors.protocol.log import Log
from livlina.provider.doors.protocol.trial.world import World

POOL = 40
FRESH_EVERY = 2_000
KEPT = 5  # examples of each wrong


@dataclass
class Found:
    """What came of it."""

    tried: int = 0
    opened: int = 0
    wrong_opens: int = 0
    wrong_refusals: int = 0
    crashes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not (self.wrong_opens or self.wrong_refusals or self.crashes)

    def add(self, other: Found) -> None:
        """Count another's as well."""
        self.tried, self.opened = self.tried + other.tried, self.opened + other.opened
        self.wrong_opens += other.wrong_opens
        self.wrong_refusals += other.wrong_refusals
        self.crashes += other.crashes
        self.faults += other.faults
        self.examples = (self.examples + other.examples)[: 3 * KEPT]


class Fuzz:
    """One lock and a seed."""

    def __init__(self, seed: int, kind: type[Lock] = Lock) -> None:
        self.rng, self.kind, self.found = Random(seed), kind, Found()  # noqa: S311  repeatable, no secret
        self._begin()

    def run(self, count: int, *, until_wrong: bool = False) -> Found:
        """Give the lock so many messages, or stop at the first wrong."""
        for at in range(count):
            if at % FRESH_EVERY == FRESH_EVERY - 1:
                self._begin()
            self.one()
            if until_wrong and not self.found.clean:
                break
        return self.found

    def one(self) -> None:
        """Give it one message."""
        chance = self.rng.random()
        if chance < 0.60:
            message = self.rng.choice(self.pool)
            heard = bend(message, self.rng)
            self._judge("bent", heard, heard == message)
        elif chance < 0.88:
            self._inside(self.rng.choice(self.spelt))
        elif chance < 0.96:
            draft = drafts.spoilt(self.world, self.rng)
            self._judge(draft.defects[0], drafts.spell(draft, self.world).message(), False)
        else:
            message = drafts.spell(drafts.right(self.world, self.rng), self.world).message()
            self._judge("right", message, True)
            if chance > 0.99:
                self._judge("heard twice", message, False, challenge=False)

    def _inside(self, spelt: drafts.Spelt) -> None:
        places = ["chain", *(name for name in ("unsealing", "leading") if getattr(spelt, name))]
        place = self.rng.choice(places)
        parts: dict[str, object]
        if place == "chain":
            at = self.rng.randrange(len(spelt.chain))
            one = bend(spelt.chain[at], self.rng)
            parts = {"chain": (*spelt.chain[:at], one, *spelt.chain[at + 1 :])}
            same = one == spelt.chain[at]
        else:
            bent = bend(getattr(spelt, place), self.rng)
            parts, same = {place: bent}, bent == getattr(spelt, place)
        self._judge(f"inside {place}", spelt.message(**parts), same)

    def _judge(self, sort: str, message: bytes, right: bool, *, challenge: bool = True) -> None:
        lock, found = self.world.lock, self.found
        lock.memory.revoked.clear()
        lock.memory.used.clear()
        lock._open_until = 0.0
        found.tried += 1
        try:
            if challenge:
                lock.challenge(self.world.up)
            answer = messages.read_answer(lock.act(message, self.world.own, self.world.up))
        except Exception as fault:  # whatever it is, a lock that falls over is what we look for
            found.crashes += 1
            self._keep(f"{sort}: {fault!r}: {message.hex()}")
            return
        opened = lock.open(self.world.up)
        found.opened += opened
        found.faults[answer.fault] += 1
        if opened and not right:
            found.wrong_opens += 1
            self._keep(f"{sort} opened: {message.hex()}")
        if right and not opened:
            found.wrong_refusals += 1
            self._keep(f"{sort} refused, {answer.fault}: {message.hex()}")

    def _keep(self, example: str) -> None:
        if len(self.found.examples) < KEPT:
            self.found.examples.append(example)

    def _begin(self) -> None:
        """A lock with an empty log, and right messages of all kinds for it."""
        self.world = World(self.kind)
        self.world.lock.random = lambda size: drafts.NONCE[:size]
        self.world.lock.memory.log = Log()
        self.spelt = [drafts.spell(drafts.right(self.world, self.rng), self.world) for _ in range(POOL)]
        self.pool = [one.message() for one in self.spelt]


Bend = Callable[[bytearray, Random], None]
HEADS = bytes.fromhex("00171819 1a1b2040 58595b60 7880819f a0a1bfc0 d2d8f4f5 f6f7f9fb ff".replace(" ", ""))


def _flip(raw: bytearray, rng: Random) -> None:
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)


def _set(raw: bytearray, rng: Random) -> None:
    raw[rng.randrange(len(raw))] = rng.randrange(256)


def _head(raw: bytearray, rng: Random) -> None:
    raw[rng.randrange(min(len(raw), 40))] = rng.choice(HEADS)


def _insert(raw: bytearray, rng: Random) -> None:
    raw.insert(rng.randrange(len(raw) + 1), rng.choice(HEADS))


def _delete(raw: bytearray, rng: Random) -> None:
    del raw[rng.randrange(len(raw))]


def _cut(raw: bytearray, rng: Random) -> None:
    del raw[rng.randrange(len(raw)) :]


def _append(raw: bytearray, rng: Random) -> None:
    raw += rng.randbytes(rng.randrange(1, 9))


def _double(raw: bytearray, rng: Random) -> None:
    start = rng.randrange(len(raw))
    part = raw[start : start + rng.randrange(1, 40)]
    raw[start:start] = part


def _swap(raw: bytearray, rng: Random) -> None:
    size = rng.randrange(1, 20)
    one, other = rng.randrange(len(raw)), rng.randrange(len(raw))
    raw[one : one + size], raw[other : other + size] = raw[other : other + size], raw[one : one + size]


def _noise(raw: bytearray, rng: Random) -> None:
    raw[:] = rng.randbytes(rng.randrange(len(raw)))


BENDS: tuple[Bend, ...] = (
    _flip, _flip, _flip, _set, _head, _head, _insert, _delete, _cut, _append, _double, _swap, _noise,
)  # fmt: skip


def bend(raw: bytes, rng: Random) -> bytes:
    """Return bytes changed in one or a few ways; now and then they come out as they were."""
    changed = bytearray(raw)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        if changed:
            rng.choice(BENDS)(changed, rng)
    return bytes(changed)
