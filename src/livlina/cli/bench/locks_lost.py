"""A lost phone: how long its key still opens a door after it was reported. Real locks, invented visits.

Fifteen doors; each is visited 3.5 times in 24 hours, between 7 and 22, by colleagues whose phones bring the newest list
when they have met the server since it was signed. The key lives ten hours (a shift of eight, and two). The phone is lost
at any moment of that, as in continuity.md 1.4; `in_shift` is the harder case where it is always lost during the shift.
The thief is taken to have the phone's code as well, and to try every door all the time. What stops him is read off the
locks: a visit puts the list there, or the key ends.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from random import Random

from livlina.provider.doors.protocol.phone import Phone
from livlina.provider.doors.protocol.token import to_end_at
from livlina.provider.doors.protocol.trial.world import HOUR, World, known

DOORS = 15
PER_DAY = 3.5
FROM, TO = 7, 22
SHIFT, AFTER = 8 * HOUR, 2 * HOUR
OUTAGE_SPREAD = 0.0  # in an outage no list is signed


@dataclass(frozen=True)
class Lost:
    """Mean hours per door, from the report until the door no longer opens."""

    evenly: float
    in_shift: float
    outage: float
    without_lists: float


def measure(trials: int, seed: int = 1) -> Lost:
    """Play so many lost phones of each sort."""
    return Lost(
        _mean(trials, seed, spread=1.0, in_shift=False),
        _mean(trials, seed + 1, spread=1.0, in_shift=True),
        _mean(trials, seed + 2, spread=OUTAGE_SPREAD, in_shift=False),
        _mean(trials, seed + 3, spread=0.0, in_shift=False),
    )


def _mean(trials: int, seed: int, *, spread: float, in_shift: bool) -> float:
    """Losses spread evenly over the time, one in each part of it, so that luck is only in the visits."""
    rng, count = Random(seed), trials * DOORS  # noqa: S311  repeatable, no secret
    return sum(_one(rng, (at + 0.5) / count, spread, in_shift) for at in range(count)) / count


def _one(rng: Random, share: float, spread: float, in_shift: bool) -> float:
    """One door: hours from the report, at that share of the time, until the thief is refused."""
    starts = rng.choice((7, 14)) * HOUR  # a day's shift or an evening's, in seconds of that day
    world = World()
    midnight = world.now - world.now % (24 * HOUR)
    begins, ends = midnight + starts, midnight + starts + SHIFT + AFTER
    world.now = begins
    stolen = world.mint(not_before=begins, expires=to_end_at(ends))
    reported = begins + int(share * (SHIFT if in_shift else ends - begins))
    visits = [at for at in _visits(rng, midnight) if reported <= at < ends]
    for at in visits:
        world.now, world.up = at, float(at)
        _visit(world, rng.random() < spread)
        if world.meet([stolen], Phone(world.carer.key)).outcome == "refused":
            return (at - reported) / HOUR
    return (ends - reported) / HOUR


def _visit(world: World, brings: bool) -> None:
    """A colleague comes, with the list or without."""
    visitor = known(9)
    lists = (world.ended(world.carer.key.thumbprint),) if brings else ()
    held = world.mint(key=visitor.public, name=os.urandom(16))
    if world.meet([held], Phone(visitor, lists=lists)).outcome != "opened":
        raise RuntimeError("A colleague's own key did not open the door.")


def _visits(rng: Random, midnight: int) -> list[int]:
    """When somebody comes to one door, over two days: at random, by day."""
    found = []
    for day in (0, 1):
        open_for = (TO - FROM) * HOUR
        at = 0.0
        while (at := at + rng.expovariate(PER_DAY / open_for)) < open_for:
            found.append(midnight + day * 24 * HOUR + FROM * HOUR + int(at))
    return found
