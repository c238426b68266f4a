"""The order that makes a lock somebody's: its number, its area, its epochs and whose tokens it takes.

The first time it comes with a mark made with the code on the card in the lock's box; after that only the owner it
already has can give it another. So a key that has leaked is replaced by whoever held the old one, and by nobody else.
"""

from dataclasses import dataclass
from hmac import compare_digest, digest

from livlina.provider.doors.protocol import cbor, cose
from livlina.provider.doors.protocol.faults import Fault

FIT = "livlina-fit"
MOST_ISSUERS = 3


@dataclass(frozen=True)
class Issuer:
    """Somebody whose tokens a lock takes: its name in `iss` and its point."""

    name: str
    public: bytes

    @property
    def kid(self) -> bytes:
        """What its key is called."""
        return cose.kid_of(self.public)


@dataclass(frozen=True)
class Order:
    """What a lock is to be. The first issuer owns it: only that one gives orders, time and acknowledgements.

    `number` grows with each order for a lock. Tokens of an older `epoch` than the lock's open nothing; area tokens have
    the area's own epoch.
    """

    door: int
    number: int
    at: int
    area: str
    epoch: int
    area_epoch: int
    issuers: tuple[Issuer, ...]


def order(sign: cose.Sign, kid: bytes, fitting: Order) -> bytes:
    """Return a signed order: by the lock's present owner, or the first time by the first issuer it names."""
    return cose.sign1(cbor.encode(_listed(fitting)), sign=sign, kid=kid, typ=FIT)


def mark(code: bytes, signed_order: bytes) -> bytes:
    """Return what the card in the box adds to the first order: HMAC-SHA-256, 16 bytes."""
    return digest(code, signed_order, "sha256")[:16]


def marked(code: bytes, signed_order: bytes, given: bytes) -> bool:
    """Return whether a mark was made with that code."""
    return compare_digest(mark(code, signed_order), given)


def read_order(raw: bytes, owner: bytes | None) -> Order:
    """Return an order signed by `owner`, or (None) by the first issuer it names itself. Raises Fault."""
    signed = cose.read(raw, FIT)
    fitting = _order(cbor.decode(signed.payload))
    signed.check(owner or fitting.issuers[0].public)
    return fitting


def _listed(fitting: Order) -> list[object]:
    issuers = [[issuer.name, issuer.public] for issuer in fitting.issuers]
    return [
        fitting.door, fitting.number, fitting.at, fitting.area, fitting.epoch, fitting.area_epoch, issuers,
    ]  # fmt: skip


def _order(found: object) -> Order:
    match found:
        case [
            int() as door, int() as number, int() as at, str() as area, int() as epoch, int() as area_epoch,
            list() as issuers,
        ] if 1 <= len(issuers) <= MOST_ISSUERS:  # fmt: skip
            numbers = [door, number, at, epoch, area_epoch]
        case _:
            raise Fault("claims")
    known = []
    for issuer in issuers:
        match issuer:
            case [str() as name, bytes() as public] if cose.is_point(public):
                known.append(Issuer(name, public))
            case _:
                raise Fault("claims")
    if not all(type(one) is int and 0 <= one < 2**32 for one in numbers) or door == 0:
        raise Fault("claims")
    return Order(door, number, at, area, epoch, area_epoch, tuple(known))
