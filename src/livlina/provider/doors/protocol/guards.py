"""What must hold before a bolt moves: one function for each reason not to open. Each raises its Fault.

`IDENTITY` come first: they say whose token and whose phone it is, so a refusal after them is worth an entry in the log;
what fails there is noise, and would let anybody with a radio fill the log. `RULES` follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from livlina.provider.doors.protocol import cose, messages, narrow, seals, token
from livlina.provider.doors.protocol.faults import REASONS, Fault
from livlina.provider.doors.protocol.fitting import Issuer
from livlina.provider.doors.protocol.memory import Memory

FITTING_FOR = token.HOUR
"""Seconds a fitter's token opens from its first use at the door."""


@dataclass
class Asked:
    """A question with its chain read (but not believed), at a lock, at the lock's time."""

    ask: messages.Ask
    nonce: bytes
    memory: Memory
    signed: cose.Signed
    claims: token.Claims
    issuer: Issuer
    lent: tuple[cose.Signed, ...]
    loans: tuple[narrow.Loan, ...]
    now: int = 0

    @property
    def key(self) -> bytes:
        """The point of the phone that stands at the door."""
        return self.loans[-1].key if self.loans else self.claims.key

    @cached_property
    def leading(self) -> seals.Leading:
        """The leader's statement. Raises Fault("leader")."""
        try:
            return seals.read_leading(self.ask.extra.leading)
        except Fault:
            raise Fault("leader") from None


Guard = Callable[[Asked], None]


def read(ask: messages.Ask, nonce: bytes, memory: Memory) -> Asked:
    """Read a question's chain. Raises Fault."""
    signed = cose.read(ask.chain[0], token.CWT)
    issuer = memory.issuer(signed.kid)
    lent = tuple(cose.read(raw, narrow.NARROW) for raw in ask.chain[1:])
    claims = token.claims_of(signed)
    return Asked(ask, nonce, memory, signed, claims, issuer, lent, tuple(map(narrow.loan_of, lent)))


def issued(asked: Asked) -> None:
    """The issuer signed the token, and is the one it names."""
    asked.signed.check(asked.issuer.public)
    if asked.claims.issuer != asked.issuer.name:
        raise Fault("issuer")


def lent(asked: Asked) -> None:
    """Each loan was signed by the phone that held what it lends from."""
    lender = asked.claims.key
    for signed, loan in zip(asked.lent, asked.loans, strict=True):
        signed.check(lender)
        lender = loan.key


def proven(asked: Asked) -> None:
    """The phone at the door holds the key, and answers this lock's nonce."""
    if not asked.nonce:
        raise Fault("challenge")
    messages.proven(asked.ask, asked.nonce, asked.memory.door, asked.key)


def shallow(asked: Asked) -> None:
    """What is lent is not lent on."""
    if len(asked.loans) > 1:
        raise Fault("too_deep")


def narrower(asked: Asked) -> None:
    """A loan is of this token, for none but its doors, and no longer."""
    for loan in asked.loans[:1]:
        narrow.within(loan, asked.claims, asked.signed)


def this_door(asked: Asked) -> None:
    """It is for this door: by its number, or by its area."""
    claims, memory = asked.claims, asked.memory
    if memory.door not in claims.doors and (not claims.area or claims.area != memory.area):
        raise Fault("door")
    if any(memory.door not in loan.doors for loan in asked.loans):
        raise Fault("door")


def begun(asked: Asked) -> None:
    """It has begun to hold."""
    for begins in (asked.claims.not_before, *(loan.not_before for loan in asked.loans)):
        token.holds(begins, asked.now, asked.now)


def unended(asked: Asked) -> None:
    """It has not ceased to hold."""
    for ends in (asked.claims.expires, *(loan.expires for loan in asked.loans)):
        token.holds(asked.now, ends, asked.now)


def short_lived(asked: Asked) -> None:
    """No token lives longer than its kind may."""
    if asked.claims.expires - asked.claims.not_before > token.LONGEST[asked.claims.kind]:
        raise Fault("too_long")


def this_epoch(asked: Asked) -> None:
    """It was not made before the lock, or the area, changed keys."""
    claims, memory = asked.claims, asked.memory
    made, wanted = (
        (claims.epoch, memory.area_epoch) if claims.area else (claims.doors.get(memory.door, 0), memory.epoch)
    )
    if made < wanted:
        raise Fault("epoch")


def unrevoked(asked: Asked) -> None:
    """Neither the token, nor a loan, nor any phone it has passed, stands on a list."""
    ended = asked.memory.ended(asked.issuer)
    names = [asked.claims.name, asked.claims.phone]
    for loan in asked.loans:
        names += [loan.name, cose.thumbprint(loan.key)]
    if any(name[: len(asked.signed.kid)] in ended for name in names):
        raise Fault("revoked")


def reasoned(asked: Asked) -> None:
    """On a night round and in an emergency, somebody says why; and what is said is one of the reasons there are."""
    must = asked.claims.kind in ("round", "emergency") and asked.ask.action == "open"
    if asked.ask.reason not in REASONS or (must and not asked.ask.reason):
        raise Fault("reason")


def unsealed(asked: Asked) -> None:
    """An emergency token's seal was broken, by its own phone, at most 15 minutes ago."""
    if asked.claims.kind != "emergency":
        return
    try:
        broken = seals.read_unsealing(asked.ask.extra.unsealing, asked.claims.key)
    except Fault:
        raise Fault("sealed") from None
    if broken.name != asked.claims.name or (broken.reason != asked.ask.reason and asked.ask.action == "open"):
        raise Fault("sealed")
    if not broken.at - token.SKEW <= asked.now <= broken.at + seals.OPEN_FOR + token.SKEW:
        raise Fault("unsealed_late")


def unused(asked: Asked) -> None:
    """Emergency: 15 minutes from its first use here, however the seal is dated. Fitting: an hour."""
    lasts = {"emergency": seals.OPEN_FOR, "fitting": FITTING_FOR}.get(asked.claims.kind)
    first, _ = asked.memory.used.get(asked.claims.name, (asked.now, 0))
    if lasts is not None and asked.now > first + lasts + token.SKEW:
        raise Fault("used")


def led(asked: Asked) -> None:
    """A continuation token was opened by a leader it names, whose phone is not lost, for now."""
    if asked.claims.kind != "continuation":
        return
    leading = asked.leading
    leader = cose.thumbprint(leading.leader)
    if leader not in asked.claims.leaders or asked.claims.name not in leading.names:
        raise Fault("leader")
    if leader[: len(asked.signed.kid)] in asked.memory.ended(asked.issuer):
        raise Fault("leader")
    if not leading.not_before - token.SKEW <= asked.now <= leading.expires + token.SKEW:
        raise Fault("leader_time")


IDENTITY: tuple[Guard, ...] = (issued, lent, proven)
RULES: tuple[Guard, ...] = (
    shallow, narrower, this_door, begun, unended, short_lived, this_epoch, unrevoked, reasoned, unsealed, unused, led,
)  # fmt: skip
