"""Two statements that a token of a special kind needs beside it, each signed by a phone.

*Unsealing*: an emergency token lies on the phone from the shift's start, and opens nothing by itself. Its own phone signs
that the seal was broken, when and why; for 15 minutes from then locks take it, and each of them writes it down.
*Leading*: a continuation token is for the shift after this one, in case nothing works then. It names leaders; one of them
signs from her own phone, in a declared outage, which tokens hold from when to when. Both work with no server.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from livlina.provider.doors.protocol import cbor, cose, token
from livlina.provider.doors.protocol.faults import REASONS, Fault

UNSEAL = "livlina-unseal"
LEAD = "livlina-lead"
OPEN_FOR = 15 * 60
"""Seconds an emergency token opens doors once its seal is broken."""
LEAD_FOR = 14 * token.HOUR
MOST = 64


@dataclass(frozen=True)
class Unsealing:
    """The seal of the token called `name` was broken at that second, for that reason."""

    name: bytes
    at: int
    reason: int


@dataclass(frozen=True)
class Leading:
    """A leader opens the continuation tokens called `names`."""

    leader: bytes
    names: frozenset[bytes]
    not_before: int
    expires: int


def unseal(sign: cose.Sign, phone: bytes, *, name: bytes, at: int, reason: int) -> bytes:
    """Return the phone's statement that it broke the seal. `phone` is its point, `reason` one of REASONS but 0."""
    payload = cbor.encode([name, at, reason])
    return cose.sign1(payload, sign=sign, kid=cose.kid_of(phone), typ=UNSEAL)


def read_unsealing(raw: bytes, phone: bytes) -> Unsealing:
    """Return a statement signed by that phone. Raises Fault."""
    signed = cose.read(raw, UNSEAL)
    signed.check(phone)
    match cbor.decode(signed.payload):
        case [bytes() as name, int() as at, int() as reason]:
            if type(at) is type(reason) is int and 0 <= at < 2**32 and 0 < reason < len(REASONS):
                return Unsealing(name, at, reason)
    raise Fault("claims")


def lead(sign: cose.Sign, leader: bytes, *, names: Iterable[bytes], not_before: int, expires: int) -> bytes:
    """Return a leader's signature that these continuation tokens hold. `leader` is her phone's point."""
    payload: list[Any] = [leader, sorted(set(names)), not_before, expires]
    return cose.sign1(cbor.encode(payload), sign=sign, kid=cose.kid_of(leader), typ=LEAD)


def read_leading(raw: bytes) -> Leading:
    """Return a leader's statement, signed by the key it names; whether she may is another question. Raises Fault."""
    signed = cose.read(raw, LEAD)
    match cbor.decode(signed.payload):
        case [bytes() as leader, list() as names, int() as not_before, int() as expires]:
            pass
        case _:
            raise Fault("claims")
    signed.check(leader)
    named = 0 < len(names) <= MOST and all(type(one) is bytes and len(one) == 16 for one in names)
    counted = all(type(one) is int and 0 <= one < 2**32 for one in (not_before, expires))
    if not named or not counted or not 0 < expires - not_before <= LEAD_FOR:
        raise Fault("claims")
    return Leading(leader, frozenset(names), not_before, expires)
