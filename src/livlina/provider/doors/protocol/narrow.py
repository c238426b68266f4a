"""A colleague's phone lends a part of its own token, offline: fewer doors, no longer, one step (RFC 8747 keys).

The loan is a COSE_Sign1 of the lending phone over {7 cti, 5 nbf, 4 exp, 8 cnf, -65537: {2: [doors], 6: SHA-256 of the
token it comes from}}. It opens only together with that token.
"""

from dataclasses import dataclass
from typing import Any

from livlina.provider.doors.protocol import cbor, cose, token
from livlina.provider.doors.protocol.faults import Fault

NARROW = "livlina-narrow"
LENT = ("shift", "stand_in", "round", "continuation")
"""Kinds that may be lent. Not nursing (its own legal basis), fitting (one person's order) or emergency (a seal)."""


@dataclass(frozen=True)
class Loan:
    """What a colleague lends: for that phone's key, these doors, between those seconds."""

    name: bytes
    not_before: int
    expires: int
    key: bytes
    doors: tuple[int, ...]
    parent: bytes


def narrow(
    sign: cose.Sign,
    parent: bytes,
    *,
    name: bytes,
    to: bytes,
    doors: tuple[int, ...],
    not_before: int,
    expires: int,
) -> bytes:
    """Return a loan of `parent` (a token) to the phone with the point `to`, signed by the lending phone.

    Nothing is checked here but its form: a loan that is wider or longer than its token opens nothing.
    """
    held = cose.read(parent, token.CWT)
    lender = token.claims_of(held).key
    payload: dict[int, Any] = {
        4: expires, 5: not_before, 7: name, 8: token.cnf(to), token.OURS: {2: sorted(set(doors)), 6: held.digest},
    }  # fmt: skip
    return cose.sign1(cbor.encode(payload), sign=sign, kid=cose.kid_of(lender), typ=NARROW)


def loan_of(signed: cose.Signed) -> Loan:
    """Return what a loan says; its signature is another question. Raises Fault("malformed" or "claims")."""
    match cbor.decode(signed.payload):
        case {
            4: int() as expires, 5: int() as not_before, 7: bytes() as name, 8: confirmed,
            -65537: {2: list() as doors, 6: bytes() as parent, **others}, **rest,
        } if not rest and not others:  # fmt: skip
            numbers = [expires, not_before, *doors]
        case _:
            raise Fault("claims")
    key = token.point_of(confirmed)
    right = (
        all(type(one) is int and 0 <= one < 2**32 for one in numbers) and 0 < len(doors) <= token.MOST_DOORS
    )
    if not right or len(name) != 16 or len(parent) != 32 or not cose.is_point(key) or not_before >= expires:
        raise Fault("claims")
    return Loan(name, not_before, expires, key, tuple(doors), parent)


def within(loan: Loan, claims: token.Claims, held: cose.Signed) -> None:
    """Raise Fault unless a loan is of this token, no wider and no longer, of a kind that may be lent."""
    if claims.kind not in LENT:
        raise Fault("not_lent")
    if loan.parent != held.digest:
        raise Fault("parent")
    if claims.doors and not set(loan.doors) <= set(claims.doors):
        raise Fault("wider")
    if loan.not_before < claims.not_before or loan.expires > claims.expires:
        raise Fault("longer")
