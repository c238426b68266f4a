"""Why many units fell silent together: which of the things they have in common explains it best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import NamedTuple

from livlina.alarmd.record import Unit


class Group(NamedTuple):
    """Units with something in common. `also`: an operator within an area, as one mast is one operator's."""

    kind: str
    value: str
    also: str = ""


EVERYONE = Group("receiver", "")
PAIRS_COST = 5.0
"""How much better (natural logarithm of likelihood) two things in common must explain than one."""
DECISIVE = 7.0
"""How much better the best must be than the next for no doubt to be left: a thousand to one."""


@dataclass(frozen=True)
class Limits:
    """What it takes for silence to be one event: so many, such a share of the group, so unlikely by chance."""

    fewest: int = 5
    share: float = 0.03
    chance: float = 1e-6


@dataclass(frozen=True)
class Cause:
    """A group, how many of it fell silent of those that can be judged, and the same for everyone else."""

    group: Group
    silent: int
    known: int
    silent_outside: int
    known_outside: int
    sure: bool

    def sentence(self, receiver: str) -> str:
        """Return the cause in words for staff. `receiver`: what all of them ring, in words too."""
        count = f"{self.silent} av {self.known} larm har tystnat"
        if self.group == EVERYONE:
            return f"{receiver} eller förbindelsen dit: {count}, oavsett operatör, modell och område."
        subject = {
            "receiver": f"Larmmottagaren {self.group.value}",
            "operator": f"Mobiloperatören {self.group.value}",
            "model": f"Modellen {self.group.value}",
            "area": f"Området {self.group.value}",
            "transport": f"Förbindelsen {self.group.value}",
        }[self.group.kind]
        if self.group.also:
            subject += f" hos operatören {self.group.also}"
        if not self.known_outside:
            return f"{subject}: {count}. Inga andra larm finns att jämföra med."
        return f"{subject}: {count}, men bara {self.silent_outside} av {self.known_outside} övriga."


def groups_of(unit: Unit, receiver: str = "") -> tuple[Group, ...]:
    """Return what the unit has in common with others. `receiver` is where it was last heard."""
    groups = [
        Group(kind, value)
        for kind, value in (
            ("receiver", receiver),
            ("operator", unit.operator),
            ("model", unit.model),
            ("area", unit.area),
            ("transport", unit.profile),
        )
        if value
    ]
    if unit.operator and unit.area:
        groups.append(Group("area", unit.area, unit.operator))
    return tuple(groups)


def chance(silent: int, known: int, rate: float) -> float:
    """Return an upper bound of the chance that `silent` or more of `known` do so, each by itself with `rate`."""
    if silent <= known * rate or not silent:
        return 1.0
    point = _point(silent, known, rate)
    falling = (known - silent) * rate / ((silent + 1) * (1 - rate))
    return min(1.0, exp(min(0.0, point - log1p(-min(falling, 0.999999)))))


def _point(silent: int, known: int, rate: float) -> float:
    """Logarithm of the binomial probability of exactly `silent`."""
    ways = lgamma(known + 1) - lgamma(silent + 1) - lgamma(known - silent + 1)
    return ways + silent * log(rate) + (known - silent) * log1p(-rate)


def explain(
    silent: Sequence[tuple[Group, ...]], alive: Sequence[tuple[Group, ...]], limits: Limits, rate: float
) -> list[Cause]:
    """Return the causes, the strongest first: each takes its own units away, and the rest is asked again.

    `alive` are the units known to have been heard since; `rate` is the share that falls silent by itself meanwhile.
    """
    causes: list[Cause] = []
    for _ in range(5):
        cause = _best(silent, alive, limits, rate)
        if cause is None:
            break
        causes.append(cause)
        if cause.group == EVERYONE:
            break
        silent = [groups for groups in silent if cause.group not in groups]
        alive = [groups for groups in alive if cause.group not in groups]
    return causes


def _best(
    silent: Sequence[tuple[Group, ...]], alive: Sequence[tuple[Group, ...]], limits: Limits, rate: float
) -> Cause | None:
    all_silent, everyone = len(silent), len(silent) + len(alive)
    if all_silent < limits.fewest:
        return None
    hit = Counter(group for groups in silent for group in groups)
    spared = Counter(group for groups in alive for group in groups)
    counted = {group: (count, count + spared[group]) for group, count in hit.items()}
    scores = {
        group: _gain(count, known, all_silent, everyone) - (PAIRS_COST if group.also else 0.0)
        for group, (count, known) in counted.items()
        if count * everyone > all_silent * known and _counts(count, known, limits, rate)
    }
    alike = max(scores.values(), default=0.0) < DECISIVE and _hits_all(hit, spared, all_silent / everyone)
    if alike and _counts(all_silent, everyone, limits, rate):
        return Cause(EVERYONE, all_silent, everyone, 0, 0, sure=all_silent >= 4 * limits.fewest)
    if not scores:
        return None
    order = sorted(scores, key=lambda group: (-round(scores[group], 6), counted[group][1], group))
    best = order[0]
    count, known = counted[best]
    rival = scores[order[1]] if len(order) > 1 else 0.0
    sure = scores[best] - rival >= DECISIVE
    return Cause(best, count, known, all_silent - count, everyone - known, sure)


def _counts(silent: int, known: int, limits: Limits, rate: float) -> bool:
    enough = silent >= limits.fewest and silent >= limits.share * known
    return enough and chance(silent, known, rate) < limits.chance


def _hits_all(hit: Counter[Group], spared: Counter[Group], share: float) -> bool:
    """Tell whether no group of any size has clearly been left out (less than half of its part, not by chance)."""
    for group in spared.keys() | hit.keys():
        known = hit[group] + spared[group]
        if hit[group] < known * share / 2 and _few(hit[group], known, share / 2):
            return False
    return True


def _few(silent: int, known: int, rate: float) -> bool:
    return sum(exp(_point(count, known, rate)) for count in range(silent + 1)) < 0.001


def _gain(silent: int, known: int, all_silent: int, everyone: int) -> float:
    """How much likelier the silence is when the group and the others each have a share of their own."""
    outside = _likely(all_silent - silent, everyone - known)
    return _likely(silent, known) + outside - _likely(all_silent, everyone)


def _likely(silent: int, known: int) -> float:
    if silent in (0, known):
        return 0.0
    share = silent / known
    return silent * log(share) + (known - silent) * log1p(-share)
