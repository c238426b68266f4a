"""How much must be put off so that what matters goes on: four levels, judged here, read everywhere from one file.

0 everything goes · 1 somebody is called · 2 bulk work waits (reports, exports, imports) · 3 only care may write.

The file is what web and worker go by. A status process that has died says nothing: after `STALE` seconds its last
word no longer counts, since shedding without a reason would be an outage of our own making.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from livlina.status import parts
from livlina.status.measure import Database, Machine, Reading

NORMAL, CALL, BULK_WAITS, CARE_ONLY = 0, 1, 2, 3
STORAGE = (0.70, 0.80, 0.90)
"""Share of a volume (or of its inodes) at which each level begins."""
FORECAST = (3600.0, 900.0, 180.0)
"""Seconds until a volume is full."""
DEMO_ROOM = 4 << 30
"""Bytes. A demo on somebody's own computer goes on whatever share of a large disk is taken, while so much is free."""
FILLING = 0.50
"""A volume that is emptier than this may fill as fast as it likes for a while: a restore does."""
MEMORY = (0.85, 0.92, 0.97)
MEMORY_WAITS = (0.10, 0.25, 0.50)
CONNECTIONS = (0.70, 0.80, 0.90)
SLOW = (3, 8)
"""Statements that have run for more than ten seconds. From here on nothing calls for more than level 2: care does not
wait for reports to be quicker."""
OLDEST = (300.0, 900.0)
"""Seconds a job that is due has waited."""
SLACK = 0.03
"""What was shed comes back when the share is so much below where it began: no level flutters."""
CALM = 60.0
"""Seconds that everything must have been calmer before the level falls. Upwards there is no waiting."""
STALE = 120.0
FILE = "shed.json"
WIDTH = 256
"""Bytes: padded, so that it can be written over in its place when the disk has no room for a new file."""
WHY = {
    "": "",
    "storage": "Lagringsutrymmet håller på att ta slut",
    "inodes": "Det finns snart inte plats för fler filer",
    "filling": "Lagringsutrymmet fylls mycket fort",
    "memory": "Servern har ont om minne",
    "connections": "Databasen har ont om anslutningar",
    "slow": "Databasen är långsam",
    "backlog": "Bakgrundsarbetet har hamnat efter",
    "hand": "Driften har ställt om för hand",
}
"""What is told of the reason, by its code."""


@dataclass(frozen=True)
class Level:
    """What is to be put off now, why (a code of `WHY`), and when that was last said."""

    level: int = NORMAL
    why: str = ""
    at: str = ""


@dataclass(frozen=True)
class Pull:
    """One thing that calls for a level, and the level it would call for with the slack added."""

    why: str
    level: int
    held: int


class Judge:
    """Remembers what it said, so that levels rise at once and fall slowly."""

    def __init__(self, calm: float = CALM, roomy: int = 0) -> None:
        """`roomy`: bytes; a volume with more free than this sheds nothing, whatever its share. 0: the share rules."""
        self.calm, self.roomy, self.level, self.why = calm, roomy, NORMAL, ""
        self._calmer_since: float | None = None

    def judge(
        self,
        now: float,
        volumes: Iterable[tuple[Reading, float | None]],
        machine: Machine,
        database: Database | None,
    ) -> Level:
        """Return the level at `now`, seconds on a clock that only goes forward."""
        narrow = [one for one in volumes if not 0 < self.roomy < one[0].free]
        pulls = list(pulled(narrow, machine, database))
        up = max(pulls, key=lambda pull: pull.level, default=Pull("", NORMAL, NORMAL))
        held = max(pulls, key=lambda pull: pull.held, default=Pull("", NORMAL, NORMAL))
        if up.level > self.level:
            self.level, self.why, self._calmer_since = up.level, up.why, None
        elif held.held >= self.level:
            self._calmer_since = None
            self.why = held.why if self.level else ""
        elif self._calmer_since is None:
            self._calmer_since = now
        if self._calmer_since is not None and now - self._calmer_since >= self.calm:
            self.level, self.why = held.held, held.why if held.held else ""
            self._calmer_since = None
        return Level(self.level, self.why)


def pulled(
    volumes: Iterable[tuple[Reading, float | None]], machine: Machine, database: Database | None
) -> Iterator[Pull]:
    """Say what each measure calls for."""
    for reading, full_in in volumes:
        yield _share("storage", reading.used, STORAGE)
        yield _share("inodes", reading.inodes_used, STORAGE)
        if full_in is not None and reading.used >= FILLING:
            soon = sum(full_in <= seconds for seconds in FORECAST)
            yield Pull("filling", soon, soon)
    yield _share("memory", machine.memory_used, MEMORY)
    yield _share("memory", machine.waits, MEMORY_WAITS)
    if database:
        yield _share("connections", database.used, CONNECTIONS)
        yield _share("slow", float(database.slow), SLOW, 1.0)
        yield _share("backlog", database.oldest, OLDEST, 60.0)


def _share(why: str, value: float, steps: tuple[float, ...], slack: float = SLACK) -> Pull:
    return Pull(why, sum(value >= step for step in steps), sum(value >= step - slack for step in steps))


def write(state: Path, level: Level, now: datetime | None = None) -> bool:
    """Put the level where web and worker look. On a full disk the file is written over in its place."""
    told = {
        "level": level.level,
        "why": level.why,
        "at": (now or datetime.now(UTC)).astimezone(UTC).isoformat(),
    }
    return parts.replace(state / FILE, json.dumps(told), width=WIDTH)


class Reader:
    """Reads the level as often as it is asked for, and the file only when it has changed. Any thread."""

    def __init__(self, state: Path) -> None:
        self.path = state / FILE
        self._seen: tuple[int, Level] = (0, Level())

    def level(self, now: float | None = None) -> Level:
        """Return what holds; normal when nobody has said anything for a while. `now`: seconds since 1970."""
        try:
            changed = self.path.stat().st_mtime_ns
        except OSError:
            return Level()
        if (time.time() if now is None else now) - changed / 1e9 > STALE:
            return Level()
        seen, level = self._seen
        if seen != changed:
            level = _read(self.path)
            self._seen = (changed, level)
        return level


def _read(path: Path) -> Level:
    try:
        told = json.loads(path.read_bytes()[:WIDTH])
        level, why = int(told["level"]), str(told["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return Level()
    return Level(level, why, str(told.get("at", ""))) if NORMAL <= level <= CARE_ONLY else Level()
