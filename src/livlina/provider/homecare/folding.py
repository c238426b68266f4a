"""From everything that was told about a visit to what it is now. Plain values in, plain values out.

Events come late, twice and in any order: what a visit is depends on which events there are, never on the order in which
they were heard. Of two that say different things the one decided last holds; that something was done always holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

ANNULLED = "annulled"
GIVEN, TAKEN = ("given", "swapped"), "taken"


@dataclass(frozen=True)
class Told:
    """One event. `decided` is when somebody made up their mind: by the phone's clock if it has one."""

    key: UUID
    kind: str
    at: datetime
    decided: datetime
    carer: UUID | None = None
    to_at: datetime | None = None
    minutes: int | None = None
    corrects: UUID | None = None
    reason: str = ""
    tie: UUID | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """What decides between two that say different things: never the order in which they were heard."""
        return self.decided, str(self.tie or self.key)


@dataclass(frozen=True)
class Stay:
    """From when to when one carer was with the person. `end` None: has not said that they left."""

    carer: UUID | None
    start: datetime
    end: datetime | None

    @property
    def minutes(self) -> int:
        """Whole minutes with the person, 0 while it goes on."""
        return 0 if self.end is None else round((self.end - self.start) / timedelta(minutes=1))


@dataclass(frozen=True)
class Outcome:
    """What a visit is, by what has been told."""

    state: str
    starts_at: datetime | None
    goers: frozenset[UUID]
    stays: tuple[Stay, ...]
    lone_outs: int
    approved: int | None

    @property
    def performed(self) -> int:
        """Performed minutes: time with the person, of every carer, without travel."""
        return sum(stay.minutes for stay in self.stays)

    @property
    def begun_at(self) -> datetime | None:
        """When the first carer came."""
        return min((stay.start for stay in self.stays), default=None)

    @property
    def performers(self) -> frozenset[UUID]:
        """Who was there."""
        return frozenset(stay.carer for stay in self.stays if stay.carer)


def fold(told: Iterable[Told]) -> Outcome:
    """Return what a visit is, from its events in any order."""
    held = corrected(told)
    stays, lone = _stays(held)
    return Outcome(
        state=_state(held, stays, lone),
        starts_at=next((one.to_at for one in reversed(held) if one.kind in ("planned", "moved")), None),
        goers=_goers(held),
        stays=tuple(stays),
        lone_outs=lone,
        approved=next((one.minutes for one in reversed(held) if one.kind == "approved"), None),
    )


def corrected(told: Iterable[Told]) -> list[Told]:
    """Return the events as they hold: corrected ones with their right time, annulled ones left out."""
    everything = sorted(told, key=lambda one: one.order)
    right: dict[UUID, Told] = {one.corrects: one for one in everything if one.corrects}
    held = []
    for one in everything:
        if one.kind == "corrected":
            continue
        by = right.get(one.key)
        if by is None:
            held.append(one)
        elif by.reason != ANNULLED:
            held.append(replace(one, at=by.at, to_at=by.to_at or one.to_at))
    return held


def _stays(held: list[Told]) -> tuple[list[Stay], int]:
    """Pair every coming with a leaving, carer by carer; also how many left without having said that they came."""
    walks: dict[UUID | None, list[Told]] = defaultdict(list)
    for one in held:
        if one.kind in ("in", "out"):
            walks[one.carer].append(one)
    stays: list[Stay] = []
    lone = 0
    for carer, walk in walks.items():
        came: datetime | None = None
        for one in sorted(walk, key=lambda one: (one.at, one.kind, one.order)):
            if one.kind == "in":
                came = came or one.at
            elif came is None:
                lone += not any(stay.carer == carer for stay in stays)  # left twice is left once
            else:
                stays.append(Stay(carer, came, one.at))
                came = None
        if came is not None:
            stays.append(Stay(carer, came, None))
    return sorted(stays, key=lambda stay: (stay.start, str(stay.carer))), lone


def _state(held: list[Told], stays: list[Stay], lone: int) -> str:
    """What was done outranks what was not; among those the strongest word."""
    kinds = {one.kind for one in held}
    on_going = any(stay.end is None for stay in stays)
    if (stays or lone) and not on_going:
        return "done"
    if "not_home" in kinds:
        return "not_home"
    if on_going:
        return "begun"
    return next((state for state in ("missed", "cancelled") if state in kinds), "planned")


def _goers(held: list[Told]) -> frozenset[UUID]:
    last: dict[UUID, str] = {}
    for one in held:  # already in the order they were decided
        if one.carer and one.kind in (*GIVEN, TAKEN):
            last[one.carer] = one.kind
    return frozenset(carer for carer, kind in last.items() if kind != TAKEN)
