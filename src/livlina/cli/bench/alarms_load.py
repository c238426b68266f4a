"""How quick is the receiver: steady, at its limit, in a storm, and when one of two sites is killed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from livlina.cli import receivers
from livlina.cli.bench.alarms_blast import Blast, Loop, messages
from livlina.cli.bench.alarms_faults import UNITS, known, site
from livlina.cli.bench.alarms_receiver import Receiver, acquaint, running
from livlina.cli.receivers import Site
from livlina.cli.simulate import town
from livlina.cli.simulate.figures import percentile
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.simulate.script import Happening
from livlina.cli.simulate.wires import Address, Wires

BEATS, ALARMS = 333, 100  # a second: 20 000 units, and a hundred times the worst minute of a large town


@dataclass
class Steady:
    """Waits in milliseconds, and how much was sent and acknowledged."""

    summary: dict[str, Any]

    def ms(self, what: str, part: str) -> float:
        """A waiting time of alarms: what is acknowledged or answered, part is p50, p99, p999 or most."""
        return float(self.summary["seconds"].get(f"{what}_alarm", {}).get(part, 0)) * 1000

    def count(self, what: str, lane: str = "alarm") -> int:
        """How many."""
        return int(self.summary["counts"][lane].get(what, 0))


def pair(folder: Path, units: list[str]) -> tuple[Site, Site]:
    """Two receivers that are peers of each other and know these units."""
    first, second = receivers.pair(folder)
    first.write(second)
    second.write(first)
    for one in (first, second):
        acquaint(one, known(units))
    return first, second


def steady(folder: Path, seconds: float, seed: int = 1) -> Steady:
    """A hundred alarms and 333 signs of life each second from 20 000 units, to the first of two receivers."""
    count = BEATS * 60
    units = town.made_up(count, "orderly,hexed,terse,automatic,spaced", ["a", "b"], seed=seed, interval=60)
    first, second = pair(folder, [unit.number for unit in units])
    for unit in units:
        unit.receivers = (first.address, second.address)
    with running(Receiver(first), Receiver(second)):
        return Steady(asyncio.run(_steady(units, (first, second), seconds, seed)))


async def _steady(units: list[Any], sites: tuple[Site, ...], seconds: float, seed: int) -> dict[str, Any]:
    lines = [Happening("press", at=1 + n, count=ALARMS, seconds=1) for n in range(int(seconds))]
    fleet = Fleet(units, lines, seed=seed, start=time.monotonic())
    wires, ending = Wires(fleet, [Address.read(one.address) for one in sites]), asyncio.Event()
    asyncio.get_running_loop().call_later(seconds + 4, ending.set)
    await wires.run(ending)
    return fleet.figures.summary()


@dataclass
class Limit:
    """How many alarms in a second at a window, alone and with a peer; milliseconds of CPU for each; bytes of memory."""

    alone: Blast
    both: Blast
    cpu: float
    memory: int


def limit(folder: Path, window: int, seconds: float) -> Limit:
    """As many alarms as one client with this window gets acknowledged."""
    waiting = messages(int(9000 * seconds), UNITS, 3)
    alone = site(folder / "alone")
    with running(Receiver(alone)) as (one,):
        before = one.cpu()
        first = _blast(alone.sip, window, waiting, seconds)
        cost = (one.cpu() - before) / max(1, len(first.acknowledged))
        memory = one.memory()
    sites = pair(folder / "pair", UNITS)
    with running(*map(Receiver, sites)):
        time.sleep(2)  # until they have found each other
        both = _blast(sites[0].sip, window, messages(int(9000 * seconds), UNITS, 4), seconds)
    return Limit(first, both, cost, memory)


def _blast(port: int, window: int, waiting: list[tuple[str, bytes]], seconds: float) -> Blast:
    loop = Loop(port, window)
    try:
        return loop.run(waiting, seconds)
    finally:
        loop.close()


@dataclass
class Storm:
    """Seconds from the instant: the slowest alarm, the slowest of all; how many never got an answer."""

    alarm: float
    all: float
    unanswered: int
    repeated: int
    alarms: int


def storm(folder: Path, beats: int, alarms: int, seed: int = 5) -> Storm:
    """Everybody comes back at one instant, and some of them press."""
    units = [str(1_000_001 + n) for n in range(beats)]
    one = site(folder)
    acquaint(one, known(units))
    pressed = messages(alarms, units, 501)
    waiting = pressed + messages(beats, units, 502, "PI")
    Random(seed).shuffle(waiting)  # noqa: S311  repeatable, no secret
    with running(Receiver(one)):
        loop = Loop(one.sip, len(waiting))
        loop.instant = True
        try:
            blast = loop.run(waiting, 40)
        finally:
            loop.close()
    at = dict(zip(blast.acknowledged, blast.waits, strict=True))
    late = [at.get(ref, float("inf")) for ref, _ in pressed]
    missing = len(waiting) - len(blast.acknowledged)
    return Storm(max(late), max(blast.waits, default=0.0), missing, blast.repeated, alarms)


@dataclass
class SiteKilled:
    """How long alarms took beyond their unit's own patience, how many were not taken at all; seconds to be back."""

    beyond: float
    missed: int
    alarms: int
    back: float


def killed(folder: Path, alarms: int, seed: int = 6, *, addresses: int = 2) -> SiteKilled:
    """Kill the site that units prefer, let some press, and start it again. Units that know one address are the control."""
    units = town.made_up(200, "orderly", ["a", "b"], seed=seed, interval=0)
    first, second = pair(folder, [unit.number for unit in units])
    for unit in units:
        unit.receivers = (first.address, second.address)[:addresses]
    one = Receiver(first)
    with running(one, Receiver(second)):
        time.sleep(1)
        one.kill()
        summary = asyncio.run(_pressed(units, (first, second), alarms, seed))
        back = one.start()
    slowest = summary["seconds"].get("acknowledged_alarm", {"most": float("inf")})["most"]
    done = summary["counts"]["alarm"].get("acknowledged", 0)
    return SiteKilled(slowest - units[0].profile.patience, alarms - done, alarms, back)


async def _pressed(units: list[Any], sites: tuple[Site, ...], alarms: int, seed: int) -> dict[str, Any]:
    fleet = Fleet(
        units, [Happening("press", at=0.1, count=alarms, seconds=1)], seed=seed, start=time.monotonic()
    )
    wires, ending = Wires(fleet, [Address.read(one.address) for one in sites]), asyncio.Event()

    def each() -> None:
        if fleet.figures.count("answered", "alarm") >= alarms:
            ending.set()

    asyncio.get_running_loop().call_later(8, ending.set)
    await wires.run(ending, each)
    return fleet.figures.summary()


def median(found: list[float]) -> float:
    """The middle one."""
    return percentile(found, 0.5)
