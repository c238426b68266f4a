"""Door tokens: a CWT (RFC 8392) in COSE_Sign1, bound to a phone's key by `cnf` (RFC 8747 3.2).

Claims: 1 iss (the municipality's short name), 7 cti (16 bytes), 5 nbf, 4 exp, 8 cnf, and one of our own (RFC 8392 9.1:
below -65536 is private): -65537 {1: kind, 2: {door: epoch} or 3: area with 4: its epoch, 5: [leaders]}.
Reading is strict: every claim must be there, none else, and nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from livlina.provider.doors.protocol import cbor, cose
from livlina.provider.doors.protocol.faults import Fault

CWT = 61  # the content format of application/cwt, as `typ`
OURS = -65537
SKEW = 120  # seconds that clocks may differ; a lock allows them at both ends, see `to_end_at`
HOUR = 3600
KINDS = ("shift", "stand_in", "round", "nursing", "fitting", "emergency", "continuation")
LONGEST = dict.fromkeys(KINDS, 14 * HOUR)
"""Seconds a token may live, by kind: shift + 2 h, and never more than 14 h (continuity.md 1.4)."""
MOST_DOORS = 400
MOST_LEADERS = 4


@dataclass(frozen=True)
class Claims:
    """What a token says. `doors` are lock numbers with the epoch each had; or `area` with its epoch."""

    issuer: str
    name: bytes
    not_before: int
    expires: int
    key: bytes
    kind: str
    doors: Mapping[int, int] = field(default_factory=dict)
    area: str = ""
    epoch: int = 0
    leaders: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no lock would take. Raises ValueError."""
        if fault := _impossible(self):
            raise ValueError(fault)

    @property
    def phone(self) -> bytes:
        """The thumbprint of the phone's key."""
        return cose.thumbprint(self.key)


def to_end_at(moment: int) -> int:
    """Return what `exp` must be for a token to open nothing after that second: locks allow SKEW on top of it."""
    return moment - SKEW


def mint(sign: cose.Sign, kid: bytes, claims: Claims) -> bytes:
    """Return a token, signed by the issuer. `kid` is `cose.kid_of(issuer's public key)`."""
    where: dict[int, Any] = {2: dict(claims.doors)} if claims.doors else {3: claims.area, 4: claims.epoch}
    ours = {1: KINDS.index(claims.kind) + 1, **where}
    if claims.leaders:
        ours[5] = list(claims.leaders)
    payload = {
        1: claims.issuer, 4: claims.expires, 5: claims.not_before, 7: claims.name, 8: cnf(claims.key), OURS: ours,
    }  # fmt: skip
    return cose.sign1(cbor.encode(payload), sign=sign, kid=kid, typ=CWT)


def verify(token: bytes, issuer_public: bytes, now: int) -> Claims:
    """Return what a token says, when its issuer signed it and it holds now. Raises Fault."""
    signed = cose.read(token, CWT)
    if signed.kid != cose.kid_of(issuer_public):
        raise Fault("issuer")
    signed.check(issuer_public)
    claims = claims_of(signed)
    holds(claims.not_before, claims.expires, now)
    return claims


def claims_of(signed: cose.Signed) -> Claims:
    """Return what a token says; its signature is another question. Raises Fault("malformed" or "claims")."""
    match cbor.decode(signed.payload):
        case {
            1: str() as issuer, 4: int() as expires, 5: int() as not_before, 7: bytes() as name, 8: confirmed,
            -65537: {1: int() as kind, **where}, **rest,
        } if not rest and type(kind) is int and 1 <= kind <= len(KINDS):  # fmt: skip
            pass
        case _:
            raise Fault("claims")
    leaders = where.pop(5, [])
    doors: dict[Any, Any] = {}
    area, epoch = "", 0
    match where:
        case {2: dict(found)} if len(where) == 1 and found:
            doors = found
        case {3: str(said), 4: int(made)} if len(where) == 2 and said:
            area, epoch = said, made
        case _:
            raise Fault("claims")
    if type(leaders) is not list:
        raise Fault("claims")
    try:
        return Claims(
            issuer, name, not_before, expires, point_of(confirmed), KINDS[kind - 1],
            doors, area, epoch, tuple(leaders),
        )  # fmt: skip
    except ValueError:
        raise Fault("claims") from None


def holds(not_before: int, expires: int, now: int) -> None:
    """Raise Fault("too_early" or "expired") unless `now` lies between, give or take SKEW."""
    if now < not_before - SKEW:
        raise Fault("too_early")
    if now > expires + SKEW:
        raise Fault("expired")


def cnf(public: bytes) -> dict[int, Any]:
    """Return the confirmation claim of a key: {1: COSE_Key} with an EC2 point on P-256 (RFC 9053 7.1.1)."""
    return {1: {1: 2, -1: 1, -2: public[1:33], -3: public[33:]}}


def point_of(confirmed: Any) -> bytes:
    """Return the point in a confirmation claim. Raises Fault("claims")."""
    match confirmed:
        case {1: {-2: bytes() as x, -3: bytes() as y}} if len(x) == len(y) == 32:
            point = b"\x04" + x + y
            if cbor.encode(cnf(point)) == cbor.encode(confirmed):
                return point
    raise Fault("claims")


def _impossible(claims: Claims) -> str:
    numbers = [claims.not_before, claims.expires, claims.epoch, *claims.doors, *claims.doors.values()]
    if not all(type(number) is int and 0 <= number < 2**32 for number in numbers):
        return "Times, doors and epochs are whole numbers below 2**32."
    if claims.not_before >= claims.expires:
        return "A token ends after it begins."
    if len(claims.name) != 16 or not 0 < len(claims.issuer) <= 40 or not cose.is_point(claims.key):
        return "A token has a name of 16 bytes, an issuer and a phone's key."
    if claims.kind not in KINDS or bool(claims.doors) == bool(claims.area):
        return "A token is of a known kind, and for doors or for an area."
    if len(claims.doors) > MOST_DOORS or len(claims.area) > 80:
        return "A token is for at most 400 doors."
    named = all(type(one) is bytes and len(one) == 32 for one in claims.leaders)
    if (
        not named
        or len(claims.leaders) > MOST_LEADERS
        or bool(claims.leaders) != (claims.kind == "continuation")
    ):
        return "A continuation token names the leaders who may open it, and no other token does."
    return ""
