"""A made-up fleet with outages that are known, to ask the supervisor about. Also run by the bench, with more of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from livlina.alarmd.cause import EVERYONE, Group, groups_of
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.supervise import Supervise, Supervisor

OPERATORS = ("Telia", "Tele2", "Telenor", "Tre")
MODELS = ("Neat NEO", "Careium Eliza", "Doro CareIP", "Possum", "Essence")
AREAS = tuple(f"Område {number}" for number in range(1, 13))
TRANSPORTS = ("udp", "tcp", "tls")


def fleet(size: int, chance: random.Random) -> list[Unit]:
    """Make units as a municipality has them: few models, an operator often tied to a model, beats each minute."""
    units = []
    for number in range(size):
        model = chance.choices(MODELS, (35, 25, 20, 12, 8))[0]
        weights = (60, 20, 10, 10) if model in MODELS[:2] else (25, 35, 25, 15)
        units.append(
            Unit(
                id=f"{46000000 + number}",
                profile=chance.choices(TRANSPORTS, (70, 15, 15))[0],
                interval=60 if chance.random() < 0.9 else 300,
                operator=chance.choices(OPERATORS, weights)[0],
                model=model,
                area=chance.choice(AREAS),
            )
        )
    return units


class World:
    """Units that beat on their own time, some beats lost on the way, while the supervisor sweeps every 15 seconds."""

    def __init__(self, units: list[Unit], chance: random.Random, lost: float = 0.005) -> None:
        self.units, self.chance, self.lost = units, chance, lost
        self.now = 100_000.0
        self.supervisor = Supervisor(Supervise(), "a", self.now)
        self.supervisor.put_units({unit.id: unit for unit in units}, self.now)
        self.due = [self.now + chance.random() * unit.interval for unit in units]
        self.down: dict[str, float] = {}
        """Unit -> the moment it is back."""

    def run(self, seconds: float, stop: Callable[[list[Record]], bool] = lambda told: False) -> list[Record]:
        """Let time pass, at most until `stop` says so of what has been told; return all that was told."""
        end, told = self.now + seconds, []
        while self.now < end and not stop(told):
            self.now += 15.0
            for index, unit in enumerate(self.units):
                while self.due[index] <= self.now:
                    self._beat(unit, self.due[index])
                    self.due[index] += unit.interval + self.chance.uniform(-1, 1)
            told += self.supervisor.sweep(self.now, 1_790_000_000.0 + self.now)
        return told

    def _beat(self, unit: Unit, moment: float) -> None:
        if self.down.get(unit.id, 0.0) <= moment and self.chance.random() >= self.lost:
            self.supervisor.heard(unit.id, moment)

    def silence(self, units: list[Unit], seconds: float) -> None:
        self.down |= {unit.id: self.now + seconds for unit in units}

    def settle(self) -> None:
        """Let every unit have been heard."""
        for unit in self.units:
            self.supervisor.heard(unit.id, self.now - self.chance.random() * unit.interval)


@dataclass(frozen=True)
class Verdict:
    """One simulated outage: what it was, what was said of it, and how long it took."""

    was: Group
    said: tuple[str, str]
    seconds: float
    others: int

    @property
    def right(self) -> bool:
        value = "a" if self.was == EVERYONE else self.was.value
        return self.said == (self.was.kind, value)


def outage(seed: int, size: int = 600, least: float = 0.5, most: float = 1.0, lost: float = 0.005) -> Verdict:
    """Play one outage at random: which group, and how much of it (half to all) falls silent at once.

    `lost` is the share of beats lost on the way at all times.
    """
    chance = random.Random(seed)
    world = World(fleet(size, chance), chance, lost)
    world.settle()
    world.run(chance.uniform(60, 90))
    groups = Counter(group for unit in world.units for group in groups_of(unit))
    kinds = ("receiver", "operator", "model", "area", "transport", "pair")
    kind = kinds[seed % len(kinds)]
    was = EVERYONE
    if kind != "receiver":
        was = chance.choice(
            sorted(
                group
                for group, count in groups.items()
                if count >= 12
                and (group.also != "" if kind == "pair" else group.kind == kind and not group.also)
            )
        )
    hit = [unit for unit in world.units if was == EVERYONE or was in groups_of(unit)]
    hit = chance.sample(hit, max(9, round(len(hit) * chance.uniform(least, most))))
    began = world.now
    world.silence(hit, 7200)
    told = world.run(600, lambda told: any(record.kind == "mass_silence" for record in told))
    many = [record for record in told if record.kind == "mass_silence"]
    if not many:
        return Verdict(was, ("", ""), world.now - began, 0)
    noticed = world.now - began
    many = [*many, *(r for r in world.run(300) if r.kind.startswith("mass_silence"))]
    events = {record.facts["event"]: record for record in many if record.kind == "mass_silence"}
    last = next(record for record in many if record.kind == "mass_silence")
    said = (last.facts["group"], last.facts["value"])
    return Verdict(was, said, noticed, len(events) - 1)


def false_events(days: float, seed: int, size: int = 2000, away: float = 30.0) -> int:
    """Count mass silences told while units only fall silent by themselves, each about once in `away` days.

    An event takes five within three minutes, so only the moments where that many happen to fall silent together are
    played; the time between them cannot tell of any.
    """
    chance = random.Random(seed)
    rate = size / (away * 86400.0)
    moments, moment = [], 0.0
    while moment < days * 86400.0:
        moment += chance.expovariate(rate)
        moments.append(moment)
    told, index = 0, 0
    while index + 4 < len(moments):
        near = [m for m in moments[index : index + 40] if m - moments[index] <= 240.0]
        if len(near) >= 5:
            told += _play(near, size, chance)
            index += len(near)
        else:
            index += 1
    return told


def _play(moments: list[float], size: int, chance: random.Random) -> int:
    world = World(fleet(size, chance), chance)
    world.settle()
    world.run(60)
    start, told = world.now, []
    for moment in moments:
        world.run(start + moment - moments[0] - world.now)
        world.silence([chance.choice(world.units)], 3600)
    told = world.run(400)
    return sum(1 for record in told if record.kind == "mass_silence")
