"""What a phone might come to a door with: a right question, and every way to make it wrong on purpose.

A draft without defects must open the door; with any defect it must not. That is all the judge knows: it looks into no
token, so it cannot share a mistake with the lock.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from livlina.provider.doors.protocol.phone import Phone
from livlina.provider.doors.protocol.trial import trouble
from livlina.provider.doors.protocol.trial.world import AREA, DAY, DOOR, HOUR, World

NONCE = bytes(range(16))
"""The lock's chance is loaded: one right message can then be bent many times."""
KINDS = ("shift", "stand_in", "round", "nursing", "fitting", "emergency", "continuation")
BY_AREA = ("round", "emergency")
LENT = ("shift", "stand_in", "round", "continuation")


@dataclass
class Draft:
    """A question before it is spelt."""

    kind: str
    token: dict[str, Any]
    loan: dict[str, Any] | None = None
    seal: dict[str, Any] | None = None
    lead: dict[str, Any] | None = None
    reason: int = 0
    prover: Phone | None = None
    door: int = DOOR
    nonce: bytes = NONCE
    deeper: bool = False
    other_parent: bool = False
    forged: bool = False
    stranger: bool = False
    news: dict[str, Any] = field(default_factory=dict)
    defects: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Spelt:
    """A question with its parts, so that one of them can be bent and the phone sign again."""

    draft: Draft
    phone: Phone
    chain: tuple[bytes, ...]
    unsealing: bytes
    leading: bytes
    now: int

    def message(self, **parts: Any) -> bytes:
        """Let the phone sign all of it, with some parts exchanged."""
        said = {
            "chain": self.chain,
            "unsealing": self.unsealing,
            "leading": self.leading,
            **self.draft.news,
            **parts,
        }
        carried = {name: said.pop(name) for name in ("lists", "time", "acks") if name in said}
        return Phone(self.phone.key, **carried).ask(
            self.draft.nonce, self.draft.door, said["chain"], now=self.now, reason=self.draft.reason,
            unsealing=said["unsealing"], leading=said["leading"],
        )  # fmt: skip


def right(world: World, rng: Random) -> Draft:
    """Return a question that must open: of any kind, lent or not, with any news."""
    kind = rng.choice(KINDS)
    token: dict[str, Any] = {
        "kind": kind,
        "not_before": world.now - rng.randrange(0, 4 * HOUR),
        "expires": world.now + rng.randrange(1, 9 * HOUR),
    }
    if kind in BY_AREA:
        token |= {"area": AREA, "epoch": rng.randrange(2, 5)}
    else:
        token["doors"] = {
            DOOR: rng.randrange(3, 6),
            **{rng.randrange(1, 2**32): 1 for _ in range(rng.randrange(4))},
        }
    draft = Draft(kind, token)
    if kind in BY_AREA:
        draft.reason = rng.randrange(1, 8)
    if kind in LENT and rng.random() < 0.3:
        end = min(token["expires"], world.now + rng.randrange(1, HOUR))
        draft.loan = {"not_before": max(token["not_before"], world.now - rng.randrange(600)), "expires": end}
    if kind == "emergency":
        draft.seal = {"ago": rng.randrange(0, 900)}
    if kind == "continuation":
        draft.lead = {
            "not_before": world.now - rng.randrange(HOUR),
            "expires": world.now + rng.randrange(1, HOUR),
        }
    if rng.random() < 0.3:
        draft.news = {
            "lists": (world.ended(os.urandom(32)),),
            "time": world.time(world.now - rng.randrange(HOUR)),
        }
    return draft


def spell(draft: Draft, world: World) -> Spelt:
    """Let the issuer, the phones and the leader sign what a draft says."""
    held = world.mint(by=world.stranger if draft.stranger else None, **draft.token)
    if draft.forged:
        held = held[:-64] + world.stranger.sign(held)
    chain, phone = [held], world.carer
    if draft.loan is not None:
        of = world.mint(**draft.token) if draft.other_parent else held
        chain, phone = [held, world.loan(of, **draft.loan)], world.colleague
        if draft.deeper:
            step = {"by": world.colleague, "to": world.third.key.public, **draft.loan}
            chain, phone = [*chain, world.loan(of, **step)], world.third
    unsealing = leading = b""
    if draft.seal is not None:
        seal = {"by": world.carer, "reason": draft.reason or 1, **draft.seal}
        unsealing = seal["by"].unseal(held, now=world.now - seal["ago"], reason=seal["reason"])
    if draft.lead is not None:
        lead = {"by": world.leader, "names": [trouble.name_of(held)], **draft.lead}
        unsigned = {name: lead[name] for name in ("not_before", "expires")}
        leading = lead["by"].lead(lead["names"], **unsigned)
    return Spelt(draft, draft.prover or phone, tuple(chain), unsealing, leading, world.now)


Spoil = Callable[[Draft, World, Random], bool]


def _forged(draft: Draft, world: World, rng: Random) -> bool:
    draft.forged = True
    return True


def _stranger(draft: Draft, world: World, rng: Random) -> bool:
    draft.stranger = True
    return True


def _misnamed(draft: Draft, world: World, rng: Random) -> bool:
    draft.token["issuer"] = rng.choice(["sjohaga", "Asvalla", "asvall", "asvalla "])
    return True


def _copied(draft: Draft, world: World, rng: Random) -> bool:
    draft.prover = Phone(world.stranger)
    return True


def _other_door(draft: Draft, world: World, rng: Random) -> bool:
    if "area" in draft.token:
        draft.token["area"] = rng.choice(["Södra Åsvalla", "norra Åsvalla", "Norra Åsvall"])
    else:
        draft.token["doors"] = {rng.choice([DOOR - 1, DOOR + 1, DOOR ^ 1 << rng.randrange(8), 7]): 9}
    return draft.loan is None  # a loan of a door the key has not is wider, and that is another defect


def _relayed(draft: Draft, world: World, rng: Random) -> bool:
    draft.door = DOOR ^ 1 << rng.randrange(31)
    return True


def _stale(draft: Draft, world: World, rng: Random) -> bool:
    draft.nonce = rng.choice([os.urandom(16), b"", NONCE[:-1], NONCE + b"\x00", bytes(16)])
    return True


def _early(draft: Draft, world: World, rng: Random) -> bool:
    draft.token["not_before"] = world.now + 121 + rng.randrange(HOUR)
    draft.token["expires"] = draft.token["not_before"] + HOUR
    return draft.loan is None


def _late(draft: Draft, world: World, rng: Random) -> bool:
    draft.token["expires"] = world.now - 121 - rng.randrange(DAY)
    draft.token["not_before"] = draft.token["expires"] - HOUR
    return draft.loan is None


def _long(draft: Draft, world: World, rng: Random) -> bool:
    draft.token["expires"] = draft.token["not_before"] + 14 * HOUR + 1 + rng.randrange(DAY)
    return True


def _old(draft: Draft, world: World, rng: Random) -> bool:
    if "area" in draft.token:
        draft.token["epoch"] = rng.randrange(2)
    else:
        draft.token["doors"][DOOR] = rng.randrange(3)
    return True


def _revoked(draft: Draft, world: World, rng: Random) -> bool:
    phones = [world.carer, *([world.colleague] if draft.loan is not None else [])]
    draft.news = {"lists": (world.ended(rng.choice(phones).key.thumbprint, os.urandom(32)),)}
    return True


def _unreasoned(draft: Draft, world: World, rng: Random) -> bool:
    draft.reason = 0 if draft.kind in BY_AREA else rng.randrange(8, 256)
    return True


def _unsealed(draft: Draft, world: World, rng: Random) -> bool:
    draft.seal = rng.choice([
        None, {"ago": 1021 + rng.randrange(HOUR)}, {"ago": -121 - rng.randrange(HOUR)}, {"ago": 0, "by": world.colleague},
        {"ago": 0, "reason": draft.reason % 7 + 1},
    ])  # fmt: skip
    return draft.kind == "emergency"


def _unled(draft: Draft, world: World, rng: Random) -> bool:
    end = world.now - 121 - rng.randrange(HOUR)
    now = {"not_before": world.now, "expires": world.now + HOUR}
    draft.lead = rng.choice([
        None, {**now, "by": world.colleague}, {**now, "names": [os.urandom(16)]},
        {"not_before": end - HOUR, "expires": end}, {**now, "expires": world.now + 15 * HOUR},
    ])  # fmt: skip
    return draft.kind == "continuation"


def _wider(draft: Draft, world: World, rng: Random) -> bool:
    if draft.loan is None or "area" in draft.token:
        return False
    draft.loan["doors"] = [DOOR, DOOR - 5]
    return True


def _longer(draft: Draft, world: World, rng: Random) -> bool:
    if draft.loan is None:
        return False
    draft.loan["expires"] = draft.token["expires"] + 1 + rng.randrange(HOUR)
    return True


def _unlendable(draft: Draft, world: World, rng: Random) -> bool:
    draft.loan = {}
    return draft.kind not in LENT


def _deeper(draft: Draft, world: World, rng: Random) -> bool:
    draft.deeper = True
    return draft.loan is not None


def _parent(draft: Draft, world: World, rng: Random) -> bool:
    draft.other_parent = True
    return draft.loan is not None


def _lent_by_stranger(draft: Draft, world: World, rng: Random) -> bool:
    if draft.loan is None:
        return False
    draft.loan["by"] = world.third
    return True


def _loan_over(draft: Draft, world: World, rng: Random) -> bool:
    if draft.loan is None:
        return False
    start = draft.token["not_before"] = world.now - 2 * HOUR
    draft.loan |= {"not_before": start, "expires": world.now - 121 - rng.randrange(HOUR)}
    return True


SPOILS: dict[str, Spoil] = {
    spoil.__name__.strip("_"): spoil
    for spoil in (
        _forged, _stranger, _misnamed, _copied, _other_door, _relayed, _stale, _early, _late, _long, _old, _revoked,
        _unreasoned, _unsealed, _unled, _wider, _longer, _unlendable, _deeper, _parent, _lent_by_stranger, _loan_over,
    )
}  # fmt: skip
"""Each spoils a draft so that it must not open, and returns whether it could."""


def spoilt(world: World, rng: Random, name: str = "") -> Draft:
    """Return a question with one defect, by name or any."""
    while True:
        draft, chosen = right(world, rng), name or rng.choice(list(SPOILS))
        if SPOILS[chosen](draft, world, rng):
            draft.defects.append(chosen)
            return draft
