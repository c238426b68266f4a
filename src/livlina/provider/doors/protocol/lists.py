"""What the issuer lets any phone carry to every lock: which keys are ended, and what time it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from livlina.provider.doors.protocol import cbor, cose
from livlina.provider.doors.protocol.faults import Fault

REVOKED = "livlina-revoked"
TIME = "livlina-time"
MOST = 1000
ID = 8


@dataclass(frozen=True)
class Revocations:
    """A list by its number: the beginnings (8 bytes) of thumbprints and of tokens' names that open nothing."""

    issuer: str
    number: int
    at: int
    ids: frozenset[bytes]


@dataclass(frozen=True)
class Time:
    """The issuer's clock. With `nonce` it answers one lock's question, and so cannot be older than that."""

    issuer: str
    at: int
    door: int = 0
    nonce: bytes = b""


def identity(name: bytes | str) -> bytes:
    """Return how a thumbprint or a token's name (bytes or hexadecimals) stands in a list."""
    return (bytes.fromhex(name) if isinstance(name, str) else name)[:ID]


def revocations(
    sign: cose.Sign, kid: bytes, *, issuer: str, number: int, at: int, ids: Iterable[bytes | str]
) -> bytes:
    """Return a signed list of thumbprints and token names; a lock keeps the one with the highest number.

    At most 1 000 ids (ValueError otherwise): what has ended by itself need not stand there.
    """
    short = sorted({identity(one) for one in ids})
    if len(short) > MOST:
        raise ValueError("At most 1 000 keys stand in one list: leave out what has ended by itself.")
    payload = cbor.encode([issuer, number, at, b"".join(short)])
    return cose.sign1(payload, sign=sign, kid=kid, typ=REVOKED)


def read_revocations(raw: bytes, issuer_public: bytes) -> Revocations:
    """Return a signed list. Raises Fault."""
    match cbor.decode(_payload(raw, REVOKED, issuer_public)):
        case [str() as issuer, int() as number, int() as at, bytes() as ids] if len(ids) % ID == 0:
            if _counts(number, at) and len(ids) <= MOST * ID:
                found = frozenset(ids[place : place + ID] for place in range(0, len(ids), ID))
                return Revocations(issuer, number, at, found)
    raise Fault("claims")


def time(sign: cose.Sign, kid: bytes, *, issuer: str, at: int, door: int = 0, nonce: bytes = b"") -> bytes:
    """Return the signed time; for a lock that has lost its clock with that lock's `door` and `nonce`."""
    return cose.sign1(cbor.encode([issuer, at, door, nonce]), sign=sign, kid=kid, typ=TIME)


def read_time(raw: bytes, issuer_public: bytes) -> Time:
    """Return a signed time. Raises Fault."""
    match cbor.decode(_payload(raw, TIME, issuer_public)):
        case [str() as issuer, int() as at, int() as door, bytes() as nonce] if _counts(at, door):
            return Time(issuer, at, door, nonce)
    raise Fault("claims")


def _payload(raw: bytes, typ: str, issuer_public: bytes) -> bytes:
    signed = cose.read(raw, typ)
    if signed.kid != cose.kid_of(issuer_public):
        raise Fault("issuer")
    signed.check(issuer_public)
    return signed.payload


def _counts(*numbers: int) -> bool:
    """Whether all are whole numbers of 32 bits (and no truth values, which Python would take for numbers)."""
    return all(type(number) is int and 0 <= number < 2**32 for number in numbers)
