"""The loop: storage every second, everything else every fifteen, and what was found put where others read it.

`<state>/shed.json` is what web and worker go by; `<state>/status/status.json` is for the manager's page, in full. What
anyone may see is `public`: works, since when, and our own words.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from livlina.status import levels, measure, parts
from livlina.status.ballast import Ballast
from livlina.status.history import History
from livlina.status.levels import Judge, Level
from livlina.status.measure import Database, Machine, Volume
from livlina.status.probes import Looker, Seen

STORAGE_EVERY, LOOK_EVERY, AGAIN = 1.0, 15.0, 1.0
"""Seconds. A look that finds something newly broken looks again before it is told."""
SAVE_EVERY = 60.0
FILE = Path("status") / "status.json"
HAND = Path("status") / "hand.json"
WIDTH = 16 << 10
"""Bytes of the status file: padded, so that it can be written over in its place on a full disk."""
log = logging.getLogger(__name__)


@dataclass
class State:
    """What is known now."""

    at: datetime | None = None
    """When functions were last looked at."""
    seen: dict[str, Seen] = field(default_factory=dict)
    level: Level = field(default_factory=Level)
    machine: Machine = field(default_factory=Machine)
    database: Database | None = None


class Monitor:
    """Looks, judges and tells. `call(level, words)` is told when the level rises: somebody is to be woken."""

    def __init__(
        self,
        folder: Path,
        looker: Looker,
        volumes: Sequence[Volume],
        *,
        ballast: Ballast | None = None,
        call: Callable[[Level, str], None] = lambda level, words: None,
        judge: Judge | None = None,
        every: float = LOOK_EVERY,
    ) -> None:
        self.folder, self.looker, self.volumes, self.ballast = folder, looker, volumes, ballast
        self.call, self.judge, self.every = call, judge or Judge(), every
        self.state, self.history = State(), History(folder)
        self._told_at = float("-inf")

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.gather(self._storage_for_ever(), self._look_for_ever())

    async def _storage_for_ever(self) -> None:
        while True:
            await asyncio.to_thread(self.measure)
            await asyncio.sleep(STORAGE_EVERY)

    async def _look_for_ever(self) -> None:
        saved = float("-inf")
        while True:
            began = time.monotonic()
            await self.look()
            if began - saved >= SAVE_EVERY:
                saved = began
                await asyncio.to_thread(self.history.save)
            await asyncio.sleep(max(0.0, self.every - (time.monotonic() - began)))

    def measure(self, now: float | None = None) -> Level:
        """Look at room, memory and connections once, and put the level where others read it. `now`: monotonic."""
        at = time.monotonic() if now is None else now
        readings = [(volume, volume.look(at)) for volume in self.volumes]
        if self.ballast and (change := self.ballast.look(measure.read(self.ballast.path.parent))):
            log.warning("ballast %s", change)
        self.state.machine = measure.machine()
        pairs = [(reading, volume.full_in) for volume, reading in readings]
        judged = self.judge.judge(at, pairs, self.state.machine, self.state.database)
        level = max(judged, by_hand(self.folder, datetime.now(UTC)), key=lambda one: one.level)
        before, self.state.level = self.state.level, level
        if level.level != before.level or at - self._told_at >= LOOK_EVERY:
            self._told_at = at
            levels.write(self.folder, level)
        if level.level > before.level:
            log.warning("level %s: %s", level.level, level.why)
            self.call(level, levels.WHY.get(level.why, ""))
        elif level.level < before.level:
            log.warning("level %s again", level.level)
        return level

    async def look(self, now: datetime | None = None) -> None:
        """Look at every function once; what is newly broken is looked at again before it is told."""
        seen, database = await self.looker.look(now or datetime.now(UTC))
        if any(self.state.seen.get(name, one).works and not one.works for name, one in seen.items()):
            await asyncio.sleep(AGAIN)
            again, database = await self.looker.look(now or datetime.now(UTC))
            seen = {name: again[name] if not one.works else one for name, one in seen.items()}
        self.state.seen, self.state.database = seen, database
        self.state.at = now or datetime.now(UTC)
        self.history.add(self.state.at, {name: one.works for name, one in seen.items() if one.set_up})
        text = json.dumps(self.full(), ensure_ascii=False)
        await asyncio.to_thread(parts.replace, self.folder / FILE, text, width=WIDTH)

    def full(self) -> dict[str, Any]:
        """Return everything, for the manager's page: also what parts say of themselves, and the volumes."""
        storage = []
        for volume in self.volumes:
            if volume.readings:
                last, full_in = volume.readings[-1], volume.full_in
                storage.append(
                    {
                        "volume": volume.name,
                        "free": last.free,
                        "total": last.total,
                        "inodes_free": last.inodes_free,
                        "full_in_s": None if full_in is None else round(full_in),
                    }
                )
        functions = {
            name: {
                "works": one.works,
                "since": self.since(name),
                "words": one.words,
                "set_up": one.set_up,
                "told": one.told.isoformat() if one.told else None,
            }
            for name, one in self.state.seen.items()
        }
        return {
            "at": self.state.at.isoformat() if self.state.at else None,
            "functions": functions,
            "storage": storage,
            "level": self.state.level.level,
            "why": self.state.level.why,
            "machine": {name: round(value, 3) for name, value in asdict(self.state.machine).items()},
            "database": asdict(self.state.database) if self.state.database else None,
            "ballast": bool(self.ballast and self.ballast.held),
            "worked": self.worked(),
        }

    def since(self, name: str) -> str | None:
        """When the function last began or ceased to work."""
        known = self.history.since.get(name)
        return known[1].isoformat() if known else None

    def worked(self, days: int = 30) -> dict[str, float]:
        """Return the share of the time looked at, of the last days, that each function worked."""
        today = datetime.now(UTC).date()
        span = [today - timedelta(days=back) for back in range(days)]
        shares = {name: self.history.share(name, span) for name in self.state.seen}
        return {name: round(share[0], 6) for name, share in shares.items() if share}


def by_hand(folder: Path, now: datetime) -> Level:
    """Return the level somebody has asked for by hand, for as long as they asked for it."""
    try:
        told: Mapping[str, Any] = json.loads((folder / HAND).read_text(encoding="utf-8"))
        if now < datetime.fromisoformat(told["until"]):
            return Level(min(max(int(told["level"]), levels.NORMAL), levels.CARE_ONLY), "hand")
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Level()


def ask_by_hand(folder: Path, level: int, until: datetime) -> bool:
    """Ask for a level by hand until an aware moment; level 0 takes it back. False when it cannot be written."""
    return parts.replace(folder / HAND, json.dumps({"level": level, "until": until.isoformat()}))
