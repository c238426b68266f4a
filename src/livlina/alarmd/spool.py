"""The receiver's log: SQLite in WAL mode, synced before anyone is told that it is kept.

One thread writes. It takes all that waits, puts it in one transaction and syncs once (group commit); then those who
waited are told. What is read (`since`, `open_alarms` …) is only what has been synced. The small tables are also held
in memory, so that nothing but the log itself is read from disk while alarms come in.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import time
import uuid
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from livlina.alarmd.record import URGENT, Record, Unit
from livlina.alarmd.wire import remember
from livlina.alarmd.writer import CannotStore, Entry, Row, Writer, read

TAIL = 2000
"""So many of the newest rows are also in memory, for those who follow closely."""
OPEN = 10_000
"""So many open alarms are held in memory; older ones stay in the log and in the main system."""


@dataclass(frozen=True)
class Deed:
    """What somebody did about an alarm. `here`: at this receiver's desk, else told by the main system."""

    state: str
    by: str = ""
    at: float = 0.0
    note: str = ""
    outcome: str = ""
    here: bool = False


@dataclass
class OpenAlarm:
    """An alarm nobody has closed; `number` 0 in its record: not stored yet. Presses (by id) and deeds in their order."""

    alarm: Record
    pressed: dict[str, Record] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)

    @property
    def presses(self) -> tuple[Record, ...]:
        """What the unit sent after the alarm."""
        return tuple(self.pressed.values())


class Spool:
    """The log. All methods belong to the event loop's thread; only the writer's own work is done elsewhere.

    `quota` in bytes for the database; at the quota, or when the disk is full, `writer.relief` is asked (in its thread)
    for bytes to give back, and the write tried once more. All `followers` must have confirmed a record before it may go.
    """

    def __init__(
        self, path: Path, receiver: str, *, quota: int = 4 << 30, followers: Sequence[str] = ("main",)
    ) -> None:
        self.path, self.receiver, self.quota, self.followers = path, receiver, quota, tuple(followers)
        self.sync_seconds: deque[float] = deque(maxlen=1000)
        self.units_version = ""
        self._units: dict[str, Unit] = {}
        self._seen: dict[str, float] = {}
        self._cursors: dict[str, int] = {}
        self._settings: dict[str, Any] = {}
        self._news_number = self._last = self._birth = 0
        self._tail: list[Row] = []
        self._open: dict[str, OpenAlarm] = {}
        self._open_by_unit: dict[str, str] = {}
        self._closed: set[str] = set()
        self._held: dict[str, Row] = {}
        self._asking: list[Entry] = []
        self._waiting: deque[Entry] = deque()
        self._reader: sqlite3.Connection | None = None
        self._ready = False
        self.writer = Writer(path, quota, self._written)
        try:
            self.writer.connect()
            self._load()
        except (sqlite3.Error, OSError, CannotStore) as error:
            self.writer.fault = f"{error}"  # without a disk it still answers, and tries with every write
        for name in self.followers:
            self.put_cursor(name, self.cursor(name))
        self.writer.start()

    # The log

    async def keep(self, draft: Record, raw: bytes = b"", source: str = "") -> Record:
        """Number and store a record, with an id and a moment if it has none; back after the sync. Raises CannotStore."""
        record = replace(draft, id=draft.id or str(uuid.uuid4()), at=draft.at or time.time())
        return (await self.put(Row(record, raw, source)))[0].record

    async def put(self, row: Row) -> tuple[Row, bool]:
        """As `keep` what has its id already: the same id twice is one record. Tells also whether it is new."""
        entry = Entry(row)
        await self._ask(entry)
        assert entry.row  # noqa: S101  it was given
        return entry.row, entry.new

    async def probe(self) -> None:
        """Write and sync something that is not in the log. Raises CannotStore."""
        await self._ask(Entry(None))

    def give_up(self, seconds: float) -> None:
        """Raise CannotStore in those who have waited so long: the disk does not answer."""
        while self._waiting and (
            self._waiting[0].done.done() or self._waiting[0].since < time.monotonic() - seconds
        ):
            self.writer.refuse([self._waiting.popleft()], "The disk does not answer.")

    @property
    def fault(self) -> str:
        """Why the last write failed; nothing when it did not."""
        return self.writer.fault

    def hold(self, row: Row) -> None:
        """Have what could not be stored in memory, an alarm among the open ones: staff must see it all the same."""
        if row.record.id not in self._held and len(self._held) < OPEN:
            self._held[row.record.id] = row
            self._happened(row)

    def held(self) -> list[Row]:
        """What is still not stored."""
        return list(self._held.values())

    def since(self, number: int, limit: int = 200) -> list[Record]:
        """Synced records after `number`, in order. Raises CannotStore when old ones cannot be read just now."""
        return [row.record for row in self.rows(number, limit)]

    def rows(self, number: int, limit: int = 200) -> list[Row]:
        """As `since`, with what came off the wire."""
        if self._tail and number >= self._tail[0].record.number - 1:
            start = bisect_right(self._tail, number, key=lambda row: row.record.number)
            return self._tail[start : start + limit]
        if not self._ready or number >= self._last:
            return []
        return self._read("log.number > ? ORDER BY log.number LIMIT ?", number, limit)

    def last(self) -> int:
        """The number of the newest synced record."""
        return self._last

    def find(self, alarm: str) -> Row | None:
        """One record by its id, with its raw bytes."""
        found = self._read("log.id = ?", alarm)
        return found[0] if found else None

    def mark_solo(self, number: int) -> None:
        """Only this receiver had the record when it was acknowledged."""
        if self._tail and number >= self._tail[0].record.number:
            at = bisect_right(self._tail, number - 1, key=lambda row: row.record.number)
            self._tail[at] = self._tail[at]._replace(record=replace(self._tail[at].record, solo=True))
        words = "INSERT OR IGNORE INTO solo VALUES (?)"
        self._later(f"solo {number}", lambda db: db.execute(words, (number,)))

    def continue_after(self, number: int) -> None:
        """A follower knows numbers we do not (our disk was lost): let new records come after those."""
        self.writer.floor = max(self.writer.floor, number)

    def prune(self, before: float) -> None:
        """Remove what everybody has confirmed and is older than `before`; never an open alarm, nor the newest."""
        upto = min([self._last - 1, *(self.cursor(name) for name in self.followers)])
        asked = (upto, before, *self._open)
        spared = ",".join("?" * len(self._open))

        def remove(db: sqlite3.Connection) -> None:
            db.execute(
                "DELETE FROM log WHERE number IN (SELECT number FROM log WHERE number <= ? AND at < ? "  # noqa: S608
                f"AND id NOT IN ({spared}) AND about NOT IN ({spared}) LIMIT 5000)",
                (*asked, *self._open),
            )
            db.execute("DELETE FROM solo WHERE number < (SELECT min(number) FROM log)")
            db.execute(
                "DELETE FROM news WHERE id NOT IN (SELECT id FROM log) AND number < (SELECT max(number) FROM news)"
            )

        self._later("prune", remove)

    def size(self) -> int:
        """Bytes on disk, WAL and all."""
        return sum(file.stat().st_size for file in self.path.parent.glob(self.path.name + "*"))

    # What is open

    def open_alarms(self) -> list[OpenAlarm]:
        """Urgent records nobody has closed, in order."""
        return list(self._open.values())

    def open_alarm(self, alarm: str) -> OpenAlarm | None:
        """One of them, or None: closed, or never there."""
        return self._open.get(alarm)

    def open_of(self, unit: str) -> OpenAlarm | None:
        """The latest open alarm of a unit."""
        return self._open.get(self._open_by_unit.get(unit, ""))

    def put_news(self, news: Sequence[Mapping[str, Any]]) -> None:
        """What the main system says was done about alarms."""
        for item in news:
            self._news_number = max(self._news_number, int(item["number"]))
            self._done(str(item["id"]), _told(item))
        rows = [(item["number"], str(item["id"]), json.dumps(dict(item))) for item in news]
        closed = [(str(item["id"]),) for item in news if item["state"] == "closed"]

        def write(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR IGNORE INTO news VALUES (?, ?, ?)", rows)
            db.executemany("INSERT OR IGNORE INTO closed VALUES (?)", closed)

        self._later(f"news {self._news_number}", write)

    def news_number(self) -> int:
        """The last of the main system's news that we have."""
        return self._news_number

    # The small tables: at once in memory, soon on disk; kept trying when the disk refuses

    def units(self) -> dict[str, Unit]:
        """All units we know, by what they call themselves."""
        return self._units

    def put_units(self, version: str, units: Sequence[Unit]) -> None:
        """Replace them all."""
        self._units = {unit.id: unit for unit in units}
        self.units_version = version
        rows = [(unit.id, json.dumps(asdict(unit))) for unit in units]

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM units")
            db.executemany("INSERT OR REPLACE INTO units VALUES (?, ?)", rows)
            db.execute("INSERT OR REPLACE INTO settings VALUES ('units_version', ?)", (json.dumps(version),))

        self._later("units", write)

    def seen(self) -> dict[str, float]:
        """Unit to wall seconds of its last verified sign of life."""
        return self._seen

    def put_seen(self, seen: Mapping[str, float]) -> None:
        """Add to them; written as one, so a lost write costs at most one interval."""
        self._seen.update(seen)
        self._put("seen", "seen", *seen.items())

    def cursor(self, name: str) -> int:
        """How far a follower has confirmed."""
        return self._cursors.get(name, 0)

    def put_cursor(self, name: str, number: int) -> None:
        """A follower has confirmed every record up to this one."""
        self._cursors[name] = number
        self._put(f"cursor {name}", "cursors", (name, number))

    def setting(self, name: str) -> Any:
        """A stored value, or None."""
        return self._settings.get(name)

    def put_setting(self, name: str, value: Any) -> None:
        """Store anything that is JSON."""
        self._settings[name] = value
        self._put(f"setting {name}", "settings", (name, json.dumps(value)))

    def close(self) -> None:
        """Write what waits, and stop."""
        self._hand_over()
        self.writer.jobs.put(None)
        self.writer.join()
        if self._reader:
            self._reader.close()

    # Within

    def _ask(self, entry: Entry) -> asyncio.Future[Entry]:
        """Together with all others of this turn of the loop: to wake the writer is what costs."""
        if not self._asking:
            asyncio.get_running_loop().call_soon(self._hand_over)
        self._asking.append(entry)
        self._waiting.append(entry)
        return entry.done

    def _hand_over(self) -> None:
        asking, self._asking = self._asking, []
        self.writer.jobs.put(asking)

    def _put(self, name: str, table: str, *rows: tuple[str, object]) -> None:
        words = f"INSERT OR REPLACE INTO {table} VALUES (?, ?)"  # noqa: S608  our own words
        self._later(name, lambda db: db.executemany(words, rows))

    def _later(self, name: str, write: Callable[[sqlite3.Connection], object]) -> None:
        self.writer.jobs.put((name, write))

    def _load(self) -> None:
        """Read all that is held in memory: once, at the start or as soon as the disk can be read."""
        self._tail = self._read("1 ORDER BY log.number DESC LIMIT ?", TAIL)[::-1]
        self._last = self._tail[-1].record.number if self._tail else 0
        db = self._reader
        assert db  # noqa: S101  it has just been read from
        stored = {unit: json.loads(body) for unit, body in db.execute("SELECT * FROM units")}
        self._units = {unit: Unit(**_tuples(facts)) for unit, facts in stored.items()} | self._units
        self._seen = dict(db.execute("SELECT * FROM seen")) | self._seen
        self._cursors = dict(db.execute("SELECT * FROM cursors")) | self._cursors
        values = {name: json.loads(text) for name, text in db.execute("SELECT * FROM settings")}
        self._settings = values | self._settings
        self.units_version = self.units_version or values.get("units_version", "")
        self._closed |= {alarm for (alarm,) in db.execute("SELECT id FROM closed")}
        acted = "log.kind IN ('alarm', 'unreadable', 'deed') AND log.id NOT IN (SELECT id FROM closed)"
        acted += " AND about NOT IN (SELECT id FROM closed) ORDER BY log.number DESC LIMIT ?"
        for row in reversed(self._read(acted, OPEN)):
            self._happened(row)
        for number, alarm, body in db.execute("SELECT * FROM news ORDER BY number"):
            self._done(alarm, _told(json.loads(body)))
            self._news_number = max(self._news_number, number)
        self._ready = True

    def _read(self, where: str, *values: object) -> list[Row]:
        """Raises CannotStore: what cannot be read cannot be relied on either."""
        try:
            if self._reader is None or self._birth != self.writer.births:
                self._birth = self.writer.births
                self._reader = sqlite3.connect(self.path, timeout=5, check_same_thread=False)
            return read(self._reader, where, *values)
        except (sqlite3.Error, ValueError) as error:
            if self._reader:
                self._reader.close()
            self._reader = None
            raise CannotStore(f"The log cannot be read: {error}.") from error

    def _written(self, entries: Sequence[Entry], seconds: float) -> None:
        """What is now synced: first to those who look, then to those who wait."""
        self.sync_seconds.append(seconds)
        if not self._ready:
            with contextlib.suppress(sqlite3.Error, CannotStore):
                self._load()
        for entry in entries:
            if entry.row and entry.new and entry.row.record.number > self._last:
                self._tail.append(entry.row)
                self._last = entry.row.record.number
                if not self._held.pop(entry.row.record.id, None) or entry.row.record.kind in URGENT:
                    self._happened(entry.row)
        if len(self._tail) > 2 * TAIL:
            del self._tail[:-TAIL]
        for entry in entries:
            if not entry.done.done():
                entry.done.set_result(entry)
        self.give_up(float("inf"))  # only those who are done

    def _happened(self, row: Row) -> None:
        record, about, facts = row.record, row.about, row.record.facts
        if record.kind == "deed":
            self._done(about, _told({**facts, "state": facts.get("did"), "at": record.at}, here=True))
        elif record.kind in URGENT and about in self._open and about != record.id:
            self._open[about].pressed[record.id] = record
        elif record.kind in URGENT and record.id in self._open:  # held until now
            self._open[record.id].alarm = record
        elif (
            record.kind in URGENT and record.id not in self._closed
        ):  # the news of its end may come before its copy
            remember(self._open, record.id, OpenAlarm(record), OPEN)
            if record.unit:
                self._open_by_unit[record.unit] = record.id

    def _done(self, alarm: str, deed: Deed) -> None:
        if deed.state != "closed":
            if found := self._open.get(alarm):
                found.deeds.append(deed)
            return
        self._closed.add(alarm)
        found = self._open.pop(alarm, None)
        if found and self._open_by_unit.get(found.alarm.unit) == alarm:
            del self._open_by_unit[found.alarm.unit]


def _told(item: Mapping[str, Any], here: bool = False) -> Deed:
    by, note, outcome = (str(item.get(name) or "") for name in ("by", "note", "outcome"))
    return Deed(str(item.get("state")), by, float(item.get("at") or 0), note, outcome, here)


def _tuples(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
