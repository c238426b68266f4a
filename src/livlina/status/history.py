"""What has worked, and for how long: per day and function, the seconds it worked of those that were looked at.

Bounded: `DAYS` days and the last `CHANGES` changes, in one JSON file. What nobody looked at (the status process was
down) counts neither for nor against, and is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from livlina.status import parts

FILE = Path("status") / "history.json"
DAYS, CHANGES = 400, 1000
LONGEST = 60.0
"""Seconds between two looks that count; after a longer silence nobody knows what worked meanwhile."""


class History:
    """Lives in memory and is written now and then; a state folder that cannot be read begins anew."""

    def __init__(self, state: Path) -> None:
        self.path = state / FILE
        self.days: dict[str, dict[str, list[float]]] = {}
        self.changes: list[dict[str, Any]] = []
        self.since: dict[str, tuple[bool, datetime]] = {}
        self._last: datetime | None = None
        try:
            self._load(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.days, self.changes, self.since = {}, [], {}

    def add(self, now: datetime, works: Mapping[str, bool]) -> list[str]:
        """Count what was seen at `now` for the time since the last look; return the names that changed."""
        passed = (now - self._last).total_seconds() if self._last else 0.0
        self._last = now
        day = self.days.setdefault(now.astimezone(UTC).date().isoformat(), {})
        changed = []
        for name, up in works.items():
            if 0 < passed <= LONGEST:
                worked, looked = day.get(name, [0.0, 0.0])
                day[name] = [round(worked + passed * up, 1), round(looked + passed, 1)]
            if name not in self.since or self.since[name][0] != up:
                if name in self.since:
                    changed.append(name)
                    self.changes.append({"at": now.isoformat(), "name": name, "works": up})
                self.since[name] = (up, now)
        self._forget(now.date())
        return changed

    def share(self, name: str, days: Iterable[date]) -> tuple[float, float] | None:
        """Return the share of the time looked at that it worked, and how many seconds were looked at; or None."""
        rows = [self.days.get(day.isoformat(), {}).get(name, [0.0, 0.0]) for day in days]
        looked = sum(row[1] for row in rows)
        return (sum(row[0] for row in rows) / looked, looked) if looked else None

    def save(self) -> bool:
        """Write it; False when it cannot be."""
        since = {name: [up, at.isoformat()] for name, (up, at) in self.since.items()}
        told = {"days": self.days, "changes": self.changes, "since": since}
        return parts.replace(self.path, json.dumps(told))

    def _forget(self, today: date) -> None:
        first = (today - timedelta(days=DAYS)).isoformat()
        for old in [day for day in self.days if day < first]:
            del self.days[old]
        del self.changes[:-CHANGES]

    def _load(self, told: Mapping[str, Any]) -> None:
        self.days = {
            day: {name: [float(row[0]), float(row[1])] for name, row in rows.items()}
            for day, rows in told["days"].items()
        }
        self.changes = list(told["changes"])
        self.since = {
            name: (bool(up), datetime.fromisoformat(at)) for name, (up, at) in told["since"].items()
        }
