"""What needs no network: is the cause of silence named rightly, and does anything break the receiver's reading."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from livlina.alarmd.endpoint import Endpoint
from livlina.alarmd.mutate import mutants
from livlina.alarmd.record import Unit
from livlina.alarmd.tests.outages import Verdict, false_events, outage
from livlina.alarmd.wire import Answer, Keep, Source


@dataclass
class Causes:
    """Of simulated outages: how many were noticed and named rightly, the slowest notice; false events in a year."""

    verdicts: list[Verdict] = field(default_factory=list)
    false: int = 0
    days: float = 0.0

    @property
    def right(self) -> float:
        """The share whose cause was right."""
        return sum(one.right for one in self.verdicts) / max(1, len(self.verdicts))

    @property
    def slowest(self) -> float:
        """Seconds."""
        return max((one.seconds for one in self.verdicts), default=0.0)


def causes(outages: int, days: float, seed: int = 1) -> Causes:
    """Play outages of every kind, and days on which units only fall silent by themselves."""
    with ProcessPoolExecutor(2) as pool:
        calm = pool.submit(false_events, days, seed)
        verdicts = list(pool.map(outage, range(seed, seed + outages), chunksize=4))
        return Causes(verdicts, calm.result(), days)


PART = 250_000
"""Broken messages to an endpoint: five times as many as it remembers at most."""


@dataclass
class Broken:
    """Of messages broken on purpose: how many made the receiver fail, what it said, and bytes of memory it grew by."""

    given: int = 0
    failed: int = 0
    said: str = ""
    grown: int = 0
    seconds: float = 0.0


def broken(count: int, seed: int = 1, say: Callable[[str], None] = lambda text: None) -> Broken:
    """Give the receiver's endpoint that many broken messages, in two processes and in parts that are told one by one."""
    total, began = Broken(), time.perf_counter()
    part_of_two = min(PART, count - count // 2)
    sizes = [min(part_of_two, count - done) for done in range(0, count, part_of_two)]
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(_broken, sizes, range(seed, seed + len(sizes))):
            total.given, total.failed = total.given + part.given, total.failed + part.failed
            total.said, total.grown = total.said or part.said, max(total.grown, part.grown)
            say(
                f"  {total.given:,} given, {total.failed} failed, grown by {total.grown / 2**20:.0f} MB at most"
            )
    total.seconds = time.perf_counter() - began
    return total


def _broken(count: int, seed: int) -> Broken:
    endpoint = Endpoint(
        lambda number: Unit(id=number) if number == "4711" else None,
        lambda record: Answer(),
        host="192.0.2.1:5060",
        salt=b"only-for-measuring",
    )
    found, source, now, settled = Broken(given=count), Source("udp", ("192.0.2.7", 5060)), 0.0, 0
    for number, data in enumerate(mutants(seed, count)):
        now += 0.01  # a hundred in a second, so that old ones are forgotten as they would be
        try:
            for out in endpoint.receive(data, source, now):
                if isinstance(out, Keep) and out.token:
                    endpoint.kept(out.token, out.draft, now)
            if number % 100 == 0:
                endpoint.tick(now)
        except Exception as error:
            found.failed += 1
            found.said = found.said or f"{type(error).__name__}: {error} at {number} of seed {seed}"
        if number == count // 3:
            settled = _memory()  # what it remembers on purpose is full by now
    found.grown = _memory() - settled
    return found


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
