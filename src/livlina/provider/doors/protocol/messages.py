"""What a phone says to a lock, and what the lock answers.

    ask    = [1, action, [token] or [token, loan], reason, phone's time, extra, proof]
    extra  = {1: [revocation lists], 2: signed time, 3: [acknowledgements], 4: unsealing, 5: leading, 6: after}
    proof  = ES256 by the phone over ["livlina door 1", nonce, door, SHA-256 of the chain, action, reason, phone's time,
             SHA-256 of extra]
    answer = [1, outcome, fault, lock's time, [entries], left, flags, battery, question]

A nonce has 16 bytes and is good for one message within a minute (ASVS 5.0 V6.7.2 asks for 8). All is strict CBOR.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from livlina.provider.doors.protocol import cbor, cose
from livlina.provider.doors.protocol.faults import CODES, Fault
from livlina.provider.doors.protocol.log import OUTCOMES

VERSION = 1
CONTEXT = "livlina door 1"
NONCE = 16
ACTIONS = ("open", "lock", "read")
ANSWERS = (*OUTCOMES, "told")
MOST_LISTS, MOST_ACKS = 3, 8


@dataclass(frozen=True)
class Extra:
    """What a phone brings besides its token: news for the lock, and what special tokens need."""

    lists: tuple[bytes, ...] = ()
    time: bytes = b""
    acks: tuple[bytes, ...] = ()
    unsealing: bytes = b""
    leading: bytes = b""
    after: int = 0

    @property
    def map(self) -> dict[int, Any]:
        """As it is sent: what is empty is left out."""
        full = {
            1: list(self.lists), 2: self.time, 3: list(self.acks), 4: self.unsealing, 5: self.leading, 6: self.after,
        }  # fmt: skip
        return {key: value for key, value in full.items() if value}


@dataclass(frozen=True)
class Ask:
    """What a phone asks of a lock."""

    action: str
    chain: tuple[bytes, ...]
    reason: int = 0
    said_at: int = 0
    extra: Extra = field(default_factory=Extra)
    proof: bytes = b""

    @property
    def raw(self) -> bytes:
        """As it is sent."""
        action = ACTIONS.index(self.action) + 1
        return cbor.encode(
            [VERSION, action, list(self.chain), self.reason, self.said_at, self.extra.map, self.proof]
        )

    def to_prove(self, nonce: bytes, door: int) -> bytes:
        """What the phone signs: this question, at that door, for that nonce."""
        chain = sha256(cbor.encode(list(self.chain))).digest()
        extra = sha256(cbor.encode(self.extra.map)).digest()
        action = ACTIONS.index(self.action) + 1
        return cbor.encode([CONTEXT, nonce, door, chain, action, self.reason, self.said_at, extra])


@dataclass(frozen=True)
class Answer:
    """What a lock says. `question`: 16 bytes the issuer must sign the time for, when the lock doubts its clock.

    `left`: how many entries of its log still wait besides those it gives here. `battery` in percent.
    """

    outcome: str
    fault: str = ""
    at: int = 0
    entries: tuple[bytes, ...] = ()
    left: int = 0
    flags: int = 0
    battery: int = 100
    question: bytes = b""

    @property
    def raw(self) -> bytes:
        """As it is sent."""
        return cbor.encode([
            VERSION, ANSWERS.index(self.outcome), CODES.index(self.fault), self.at, list(self.entries), self.left,
            self.flags, self.battery, self.question,
        ])  # fmt: skip


def read_ask(raw: bytes, decode: Callable[[bytes], Any] = cbor.decode) -> Ask:
    """Return what a phone asks. Raises Fault("malformed", "too_large" or "version")."""
    match decode(raw):
        case [version, *_] if type(version) is not int or version != VERSION:
            raise Fault("version")
        case [
            _,
            int() as action,
            list() as chain,
            int() as reason,
            int() as said_at,
            {**extra},
            bytes() as proof,
        ]:
            pass
        case _:
            raise Fault("malformed")
    plain = type(action) is type(reason) is type(said_at) is int
    chained = 1 <= len(chain) <= 4 and all(type(one) is bytes for one in chain)
    if not plain or not chained or not 1 <= action <= len(ACTIONS) or len(proof) != 64:
        raise Fault("malformed")
    if not 0 <= reason < 256 or not 0 <= said_at < 2**32:
        raise Fault("malformed")
    return Ask(ACTIONS[action - 1], tuple(chain), reason, said_at, _extra(extra), proof)


def read_answer(raw: bytes) -> Answer:
    """Return what a lock says. Raises Fault("malformed", "too_large" or "version")."""
    match cbor.decode(raw):
        case [version, *_] if type(version) is not int or version != VERSION:
            raise Fault("version")
        case [
            _, int() as outcome, int() as fault, int() as at, list() as entries, int() as left, int() as flags,
            int() as battery, bytes() as question,
        ]:  # fmt: skip
            numbers = [outcome, fault, at, left, flags, battery]
        case _:
            raise Fault("malformed")
    plain = all(type(one) is int and 0 <= one < 2**32 for one in numbers)
    if not plain or outcome >= len(ANSWERS) or fault >= len(CODES) or battery > 100:
        raise Fault("malformed")
    if not all(type(one) is bytes for one in entries) or len(question) not in (0, NONCE):
        raise Fault("malformed")
    return Answer(ANSWERS[outcome], CODES[fault], at, tuple(entries), left, flags, battery, question)


def proven(ask: Ask, nonce: bytes, door: int, phone: bytes) -> None:
    """Raise Fault("proof") unless the phone with that point signed this question for this nonce and door."""
    if not cose.verifies(phone, ask.proof, ask.to_prove(nonce, door)):
        raise Fault("proof")


def _extra(found: dict[Any, Any]) -> Extra:
    """Read what a phone brings. An unknown or empty part is refused: the same thing has one spelling."""
    lists, time, acks = found.get(1, []), found.get(2, b""), found.get(3, [])
    unsealing, leading, after = found.get(4, b""), found.get(5, b""), found.get(6, 0)
    for many, most in ((lists, MOST_LISTS), (acks, MOST_ACKS)):
        if type(many) is not list or len(many) > most or not all(type(one) is bytes for one in many):
            raise Fault("malformed")
    if not all(type(one) is bytes for one in (time, unsealing, leading)):
        raise Fault("malformed")
    if type(after) is not int or not 0 <= after < 2**32:
        raise Fault("malformed")
    extra = Extra(tuple(lists), time, tuple(acks), unsealing, leading, after)
    if len(extra.map) != len(found):
        raise Fault("malformed")
    return extra
