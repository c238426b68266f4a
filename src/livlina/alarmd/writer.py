"""The thread that writes the log: all that waits goes in one transaction and is synced once, then those who wait are told.

It never dies of an error: what could not be written is refused, the database is opened anew, and the next ones are tried.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from livlina.alarmd.record import Record

PAGE = 4096
BATCH = 500
LINGER = 0.2
"""Seconds a write to a small table may wait, and between two trials of a disk that refuses."""
CHECKPOINT = 4000
"""Rows between two moves from the WAL to the database: long enough to be rare, short enough to be quick."""
WAL = 16 << 20
"""Bytes of WAL after which they are moved whatever the rows: who was heard touches many pages with one write, and what a
killed receiver left is counted too. Beyond half of it the file is given back to the disk."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, at REAL NOT NULL,
    about TEXT NOT NULL, origin TEXT NOT NULL, source TEXT NOT NULL, body TEXT NOT NULL, raw BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS log_to_act_on ON log (number) WHERE kind IN ('alarm', 'unreadable', 'deed');
CREATE TABLE IF NOT EXISTS closed (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS solo (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS news (number INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS units (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (unit TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS log_is_never_changed BEFORE UPDATE ON log
    BEGIN SELECT RAISE(ABORT, 'The log is never changed.'); END;
CREATE TRIGGER IF NOT EXISTS log_is_kept_until_confirmed BEFORE DELETE ON log
    WHEN OLD.number > coalesce((SELECT min(number) FROM cursors), 0)
    BEGIN SELECT RAISE(ABORT, 'Somebody has not confirmed this record.'); END;
"""

ROOM = ("cursor", "prune")
"""The small writes that make room."""
INSERT = "INSERT INTO log VALUES {} ON CONFLICT (id) DO NOTHING"


class CannotStore(Exception):
    """The record could not be kept: it must not be acknowledged, but still shown to staff."""


class Row(NamedTuple):
    """A record as it stands in the log, with what came off the wire. `origin`: the receiver it was copied from."""

    record: Record
    raw: bytes = b""
    source: str = ""
    origin: str = ""

    @property
    def about(self) -> str:
        """The alarm it belongs to, or nothing."""
        record = self.record
        return str(record.facts.get("alarm", "")) if record.kind == "deed" else record.of

    @property
    def closes(self) -> bool:
        """It is the deed that closes its alarm."""
        return self.record.kind == "deed" and self.record.facts.get("did") == "closed"


class Entry:
    """A row on its way (None: only a trial of the disk), and the future of the one who waits for it."""

    def __init__(self, row: Row | None) -> None:
        self.row, self.new, self.since = row, False, time.monotonic()
        self.done: asyncio.Future[Entry] = asyncio.get_running_loop().create_future()
        if row:  # here, so that what cannot be written as JSON is the caller's error
            self.body = json.dumps(plain(row.record))


def plain(record: Record) -> dict[str, Any]:
    """A record as JSON takes it (`asdict` would copy it to the bottom, at each alarm)."""
    return {**vars(record), "facts": dict(record.facts)}


Small = tuple[str, Callable[[sqlite3.Connection], object]]
Tables = dict[str, Callable[[sqlite3.Connection], object]]
"""A write to a small table, by name: a later one with the same name takes its place while the disk refuses."""


class Writer(threading.Thread):
    """Owns the connection that writes. `written(entries, seconds)` is called in the loop's thread after each sync."""

    def __init__(self, path: Path, quota: int, written: Callable[[Sequence[Entry], float], None]) -> None:
        super().__init__(name="alarmd-writer", daemon=True)
        self.path, self.quota, self.written = path, quota, written
        self.jobs: queue.SimpleQueue[list[Entry] | Small | None] = queue.SimpleQueue()
        self.relief: Callable[[], int] | None = None
        self.fault = ""
        self.births = 0
        """How many databases there have been: a damaged one is moved aside."""
        self.floor = 0
        self._number = self._rows = self._extra = 0
        self._small: Tables = {}
        self._db: sqlite3.Connection | None = None

    def run(self) -> None:
        """Until a None comes."""
        going = True
        while going:
            entries, going = self._gather()
            if entries or self._small:
                self._attempt(entries)
            if self._grown() and (self.jobs.empty() or self._rows >= 8 * CHECKPOINT):
                self._checkpoint()
        self._close()

    def _gather(self) -> tuple[list[Entry], bool]:
        """What waits. Rows go at once; a small table may wait a little for a row to go with."""
        entries: list[Entry] = []
        until = time.monotonic() + LINGER if self._small else None
        try:
            while len(entries) < BATCH:
                if entries:
                    job = self.jobs.get_nowait()
                else:
                    job = self.jobs.get(timeout=None if until is None else max(until - time.monotonic(), 0))
                if job is None:
                    return entries, False
                if isinstance(job, list):
                    entries += job
                else:
                    self._small[job[0]] = job[1]
                    until = until or time.monotonic() + LINGER
        except queue.Empty:
            pass
        return entries, True

    def _attempt(self, entries: Sequence[Entry]) -> None:
        began = time.monotonic()
        if error := self._store(entries):
            self.fault = f"{error}"
            self._tell(entries, self.refuse, entries, f"The log cannot be written: {error}.")
        else:
            self.fault = ""
            self._tell(entries, self.written, entries, time.monotonic() - began)

    def _store(self, entries: Sequence[Entry]) -> Exception | None:
        """All as one; else with what relief gives; else with what pruning gives, and the rows alone."""
        births = self.births
        error = self._failed(entries, self._small)
        if error is None:
            return None
        freed = self.relief() if self.relief and births == self.births else 0
        self._extra += freed
        if freed or births != self.births:
            error = self._failed(entries, self._small)
        if error and self._small:
            self._failed((), {name: self._small[name] for name in self._small if name.startswith(ROOM)})
            error = self._failed(entries, {}) if entries else error
        return error

    def _failed(self, entries: Sequence[Entry], small: Tables) -> Exception | None:
        try:
            self._commit(entries, small)
        except Exception as error:  # whatever it is, nobody may be left waiting and the thread must live
            self._set_aside(error)
            return error
        return None

    def _commit(self, entries: Sequence[Entry], small: Tables) -> None:
        db = self._db or self.connect()
        db.execute("BEGIN IMMEDIATE")
        number = _insert_all(db, entries, max(self._number, self.floor))
        for name in sorted(small, key=lambda name: (not name.startswith(ROOM), name)):
            _write_small(db, small[name])
        db.execute("COMMIT")  # the sync is here: nothing may be told to anybody before it
        self._number = number
        self._rows += len(entries) + len(small)
        small.clear()

    def connect(self) -> sqlite3.Connection:
        """Open the database, made if it is not there. Raises sqlite3.Error, OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=5, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA wal_autocheckpoint = 0")
            db.execute(f"PRAGMA journal_size_limit = {WAL // 2}")
            db.execute(f"PRAGMA max_page_count = {(self.quota + self._extra) // PAGE}")
            db.executescript(SCHEMA)
            self._number = db.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()[0]
        except BaseException:
            db.close()
            raise
        self._db = db
        return db

    def give_back(self) -> None:
        """The ballast is there again: the quota is as it was. Called in any thread; holds from the next opening."""
        self._extra = 0

    def _set_aside(self, error: Exception) -> None:
        """Start from a new connection, and from a new file where the old one can no longer be understood."""
        self._close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            now = int(time.time())
            self.floor = max(self.floor, self._number, now)  # above every number that may have been in it
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    Path(f"{self.path}{end}").rename(f"{self.path}.damaged-{now}{end}")
            self.births += 1

    def _close(self) -> None:
        if self._db:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
        self._db = None

    def _grown(self) -> bool:
        with contextlib.suppress(OSError):
            return self._rows >= CHECKPOINT or Path(f"{self.path}-wal").stat().st_size > WAL
        return False

    def _checkpoint(self) -> None:
        self._rows = 0
        with contextlib.suppress(sqlite3.Error):  # then the WAL grows, and the next one is tried
            (self._db or self.connect()).execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _tell(self, entries: Sequence[Entry], done: Callable[..., None], *told: object) -> None:
        if entries:
            with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits
                entries[0].done.get_loop().call_soon_threadsafe(done, *told)

    @staticmethod
    def refuse(entries: Sequence[Entry], why: str) -> None:
        """Raise CannotStore in those who wait."""
        for entry in entries:
            if not entry.done.done():
                entry.done.set_exception(CannotStore(why))


def _insert_all(db: sqlite3.Connection, entries: Sequence[Entry], last: int) -> int:
    """All rows in one statement: each call is a moment when the loop's thread can keep us from going on. Where some of
    them are known already, one by one. Returns the last number given."""
    rows = [(entry, entry.row) for entry in entries if entry.row]
    if len(rows) < len(entries):
        # as much room as an alarm takes
        db.execute("INSERT INTO settings VALUES ('probe', zeroblob(?))", (2 * PAGE,))
        db.execute("DELETE FROM settings WHERE name = 'probe'")
    if not rows:
        return last
    values = [value for at, (entry, row) in enumerate(rows, last + 1) for value in _values(entry, row, at)]
    db.execute("SAVEPOINT rows")
    found = db.execute(INSERT.format(", ".join(["(?,?,?,?,?,?,?,?,?)"] * len(rows))), values)
    if found.rowcount == len(rows):
        for at, (entry, row) in enumerate(rows, last + 1):
            _numbered(db, entry, row, at)
        last += len(rows)
    else:
        db.execute("ROLLBACK TO rows")
        for entry, row in rows:
            if db.execute(INSERT.format("(?,?,?,?,?,?,?,?,?)"), _values(entry, row, last + 1)).rowcount:
                last += 1
                _numbered(db, entry, row, last)
            else:
                entry.row = read(db, "log.id = ?", row.record.id)[0]
    db.execute("RELEASE rows")
    return last


def _values(entry: Entry, row: Row, number: int) -> tuple[object, ...]:
    record, source = row.record, row.source.encode("ascii", "replace").decode()
    return (number, record.id, record.kind, record.at, row.about, row.origin, source, entry.body, row.raw)


def _numbered(db: sqlite3.Connection, entry: Entry, row: Row, number: int) -> None:
    if row.closes:
        db.execute("INSERT OR IGNORE INTO closed VALUES (?)", (row.about,))
    entry.new, entry.row = True, row._replace(record=replace(row.record, number=number))


def _write_small(db: sqlite3.Connection, write: Callable[[sqlite3.Connection], object]) -> None:
    """One that is wrong in itself is dropped: it must not keep alarms from being stored."""
    db.execute("SAVEPOINT small")
    try:
        write(db)
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError):
        db.execute("ROLLBACK TO small")
    db.execute("RELEASE small")


def read(db: sqlite3.Connection, where: str, *values: object) -> list[Row]:
    """Rows of the log. Raises sqlite3.Error."""
    found = db.execute(
        "SELECT log.number, origin, source, body, raw, solo.number IS NOT NULL FROM log "  # noqa: S608  our own words
        f"LEFT JOIN solo ON solo.number = log.number WHERE {where}",
        values,
    )
    return [
        Row(Record(**{**json.loads(body), "number": number, "solo": bool(solo)}), raw, source, origin)
        for number, origin, source, body, raw, solo in found.fetchall()
    ]
