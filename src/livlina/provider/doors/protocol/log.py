"""A lock's own log: entries chained by hash, carried home by any phone, let go when the issuer has signed for them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from hmac import compare_digest, digest
from itertools import pairwise

from livlina.provider.doors.protocol import cbor, cose
from livlina.provider.doors.protocol.faults import CODES, Fault

ACK = "livlina-ack"
KEPT = 2_000
OUTCOMES = ("opened", "locked", "refused", "fitted")
FIRST = bytes(32)
FLOOR_CLOCK = 1
"""A flag: the lock had lost its own clock and reckoned from the newest signed time."""


@dataclass(frozen=True)
class Entry:
    """One thing a lock did. `at` by the lock's clock, `said_at` by the phone's.

    `token` is the name of the issuer's token, `lent` that of a colleague's narrower one when it was used, `phone` the
    thumbprint of the phone that stood at the door. `seal` is made with the lock's own key when it has one.
    """

    door: int
    number: int
    previous: bytes
    at: int
    outcome: str
    fault: str = ""
    reason: int = 0
    token: bytes = b""
    lent: bytes = b""
    phone: bytes = b""
    said_at: int = 0
    flags: int = 0
    seal: bytes = b""

    @cached_property
    def raw(self) -> bytes:
        """As the lock wrote it: at most 200 bytes."""
        return cbor.encode([*self._body(), self.seal])

    @cached_property
    def digest(self) -> bytes:
        """What the next entry calls this one."""
        return sha256(self.raw).digest()

    @classmethod
    def parse(cls, raw: bytes) -> "Entry":
        """Return an entry. Raises Fault("malformed")."""
        match cbor.decode(raw):
            case [
                int() as door, int() as number, bytes() as previous, int() as at, int() as outcome, int() as fault,
                int() as reason, bytes() as token, bytes() as lent, bytes() as phone, int() as said_at,
                int() as flags, bytes() as seal,
            ]:  # fmt: skip
                numbers = [door, number, at, outcome, fault, reason, said_at, flags]
            case _:
                raise Fault("malformed")
        right = all(type(one) is int and 0 <= one < 2**32 for one in numbers) and len(previous) == len(FIRST)
        if not right or outcome >= len(OUTCOMES) or fault >= len(CODES) or len(raw) > 200:
            raise Fault("malformed")
        if len(token) not in (0, 16) or len(lent) not in (0, 16) or len(phone) not in (0, 32):
            raise Fault("malformed")
        return cls(
            door, number, previous, at, OUTCOMES[outcome], CODES[fault], reason, token, lent, phone, said_at,
            flags, seal,
        )  # fmt: skip

    def sealed(self, key: bytes) -> "Entry":
        """Return it with the seal of the lock's own key: HMAC-SHA-256, 16 bytes. Without a key: as it is."""
        return replace(self, seal=self._seal(key)) if key else self

    def made_by(self, key: bytes) -> bool:
        """Return whether the lock with that key wrote it, and no phone on the way."""
        return bool(key) and compare_digest(self.seal, self._seal(key))

    def _seal(self, key: bytes) -> bytes:
        return digest(key, cbor.encode(self._body()), "sha256")[:16]

    def _body(self) -> list[int | bytes]:
        return [
            self.door, self.number, self.previous, self.at, OUTCOMES.index(self.outcome), CODES.index(self.fault),
            self.reason, self.token, self.lent, self.phone, self.said_at, self.flags,
        ]  # fmt: skip


def chained(entries: Sequence[Entry]) -> bool:
    """Return whether each entry follows on the one before it, by number and by hash."""
    return all(
        later.door == first.door and later.number == first.number + 1 and later.previous == first.digest
        for first, later in pairwise(entries)
    )


@dataclass(frozen=True)
class Acknowledgement:
    """The municipality has everything up to and with this entry."""

    door: int
    number: int
    digest: bytes


def acknowledge(sign: cose.Sign, kid: bytes, entry: Entry) -> bytes:
    """Return the issuer's signature that it has all entries of that door up to and with `entry`."""
    payload = cbor.encode([entry.door, entry.number, entry.digest])
    return cose.sign1(payload, sign=sign, kid=kid, typ=ACK)


def read_acknowledgement(raw: bytes, issuer_public: bytes) -> Acknowledgement:
    """Return an acknowledgement. Raises Fault."""
    signed = cose.read(raw, ACK)
    signed.check(issuer_public)
    match cbor.decode(signed.payload):
        case [int() as door, int() as number, bytes() as seen]:
            return Acknowledgement(door, number, seen)
    raise Fault("claims")


class Log:
    """The last 2 000 entries of one lock. Those the issuer has signed for are not sent again."""

    def __init__(self, key: bytes = b"") -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.key = key
        self.head = FIRST
        self.number = 0
        self.acknowledged = 0

    def append(self, entry: Entry) -> Entry:
        """Write an entry: number, previous and seal are set here. Returns it as written."""
        written = replace(entry, number=self.number + 1, previous=self.head).sealed(self.key)
        self.entries.append(written)
        self.number, self.head = written.number, written.digest
        return written

    def waiting(self, most: int, after: int = 0) -> list[Entry]:
        """Return the oldest entries, at most so many, that nobody has signed for (and after that number)."""
        first = max(self.acknowledged, after)
        return [entry for entry in self.entries if entry.number > first][:most]

    def take(self, ack: Acknowledgement) -> bool:
        """Believe an acknowledgement that names an entry as it stands here. Returns whether it said anything new."""
        if ack.number <= self.acknowledged:
            return False
        if not any(entry.number == ack.number and entry.digest == ack.digest for entry in self.entries):
            return False
        self.acknowledged = ack.number
        return True
