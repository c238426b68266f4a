"""What there is room for: free space and inodes, memory and load, and when a volume will be full. No database here.

A volume is read with one system call, so it is asked often; nothing here raises, since what cannot be asked has no
room at all.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WINDOW = 15 * 60.0
"""Seconds of readings a forecast is drawn from; a lull ends an alarm after so long at the most."""
LEAST_SPAN, LEAST_READINGS = 20.0, 4
"""Seconds and readings without which nothing is foretold."""
READINGS = 900
"""So many are kept of each volume."""
NEWEST = 60.0
"""Seconds of readings that are also looked at by themselves: in a quick rise they are what counts."""
FAR = 365 * 86400.0
"""Seconds; what is fuller later than this is not foretold."""


@dataclass(frozen=True)
class Reading:
    """How one volume stood. Bytes; `at` in seconds on a clock that only goes forward."""

    at: float
    free: int
    total: int
    inodes_free: int = 0
    inodes: int = 0

    @property
    def used(self) -> float:
        """Share of the room that is taken, as a writer without privileges meets it. Unknown counts as full."""
        return 1.0 - self.free / self.total if self.total else 1.0

    @property
    def inodes_used(self) -> float:
        """Share of the inodes that are taken; 0 on file systems that have no number of them."""
        return 1.0 - self.inodes_free / self.inodes if self.inodes else 0.0


@dataclass(frozen=True)
class Machine:
    """Memory and load: shares of what there is. `waits`: share of the last 10 s that tasks stood still for memory."""

    memory_used: float = 0.0
    load: float = 0.0
    waits: float = 0.0


@dataclass(frozen=True)
class Database:
    """What the database says of itself. `slow`: statements that have run for more than ten seconds; `backlog` and
    `oldest` (seconds): jobs that should have begun."""

    answers: bool = False
    journal: bool = False
    connections: int = 0
    connections_most: int = 0
    slow: int = 0
    backlog: int = 0
    oldest: float = 0.0

    @property
    def used(self) -> float:
        """Share of the connections that are taken."""
        return self.connections / self.connections_most if self.connections_most else 0.0


class Volume:
    """One file system and what it was like lately."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        self.readings: deque[Reading] = deque(maxlen=READINGS)

    def look(self, at: float) -> Reading:
        """Take a reading."""
        reading = read(self.path, at)
        self.readings.append(reading)
        return reading

    @property
    def full_in(self) -> float | None:
        """Seconds until it is full if it goes on as lately; None when it does not fill."""
        return forecast(self.readings)


def read(path: Path, at: float = 0.0) -> Reading:
    """Ask the file system that holds `path`. What cannot be asked has no room."""
    try:
        found = os.statvfs(path)
    except OSError:
        return Reading(at, 0, 0)
    # what root alone may use is no room for a database: used + available, as df counts
    used = (found.f_blocks - found.f_bfree) * found.f_frsize
    free = found.f_bavail * found.f_frsize
    return Reading(at, free, used + free, found.f_favail, found.f_files)


def forecast(readings: Sequence[Reading] | Iterable[Reading]) -> float | None:
    """Return in how many seconds the volume is full, counted from the last reading; None when it is not filling.

    A straight line (least squares) through all readings of the window, and one through the newest of them: the sooner
    of the two counts, so that a sudden rise is not drowned in a calm hour. The less of inodes and bytes.
    """
    known = [one for one in readings if one.total]
    if not known:
        return None
    recent = [one for one in known if one.at >= known[-1].at - WINDOW]
    newest = [one for one in recent if one.at >= known[-1].at - NEWEST]
    if len(newest) < LEAST_READINGS:
        newest = recent[-LEAST_READINGS:]
    found = []
    for some in (recent, newest):
        found += [_line(some, [one.free for one in some])]
        if some[-1].inodes:
            found += [_line(some, [one.inodes_free for one in some])]
    soon = [one for one in found if one is not None]
    return min(soon) if soon else None


def _line(readings: Sequence[Reading], free: Sequence[int]) -> float | None:
    """Seconds until the line through `free` meets zero."""
    if free and free[-1] <= 0:
        return 0.0
    if len(readings) < LEAST_READINGS or readings[-1].at - readings[0].at < LEAST_SPAN:
        return None
    middle = sum(one.at for one in readings) / len(readings)
    mean = sum(free) / len(free)
    spread = sum((one.at - middle) ** 2 for one in readings)
    slope = sum((one.at - middle) * (left - mean) for one, left in zip(readings, free, strict=True)) / spread
    if slope >= 0:
        return None
    seconds = free[-1] / -slope
    return seconds if seconds < FAR else None


def volumes(named: Iterable[tuple[str, Path]]) -> list[Volume]:
    """Return the volumes, each file system once, under the first name it was given. What is not there is left out."""
    found: dict[int, Volume] = {}
    for name, path in named:
        with contextlib.suppress(OSError):
            found.setdefault(os.stat(path).st_dev, Volume(name, path))
    return list(found.values())


def machine(proc: Path = Path("/proc")) -> Machine:
    """Ask the kernel. What it does not tell counts as calm: only Linux has these files."""
    memory, waits = {}, 0.0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (proc / "meminfo").read_text().splitlines():
            name, _, rest = line.partition(":")
            memory[name] = int(rest.split()[0])
    with contextlib.suppress(OSError, ValueError, IndexError):
        full = (proc / "pressure" / "memory").read_text().splitlines()[1]
        waits = float(full.split()[1].removeprefix("avg10=")) / 100
    total = memory.get("MemTotal", 0)
    used = 1.0 - memory.get("MemAvailable", total) / total if total else 0.0
    return Machine(used, os.getloadavg()[0] / (os.cpu_count() or 1), waits)
