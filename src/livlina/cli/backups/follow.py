"""What runs all the time: takes the log as it is written, encrypts it to the other storage, and a base copy each day."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from livlina.cli.backups.source import Source, end
from livlina.cli.backups.store import SEGMENT, Store
from livlina.cli.surroundings import Problem, say
from livlina.status import parts

BASE_EVERY = timedelta(hours=24)
NOTE_EVERY = timedelta(hours=1)
PARTIAL_EVERY = timedelta(seconds=10)
BEAT_EVERY = timedelta(minutes=1)
TELL_EVERY = timedelta(seconds=15)
LATE_BASE, LATE_LOG = timedelta(hours=26), timedelta(minutes=15)
PAUSE = 1.0  # seconds
LONGEST_PAUSE = 60.0


@dataclass
class Follower:
    """One source followed into one store. `spool` holds, in clear, what has just been taken: keep it on this machine."""

    source: Source
    store: Store
    spool: Path
    state: Path
    ending: threading.Event = field(default_factory=threading.Event)
    receiver: subprocess.Popen[bytes] | None = None
    sent: dict[str, int] = field(default_factory=dict)
    fault: str = ""
    done: dict[str, datetime] = field(default_factory=dict)
    base: threading.Thread | None = None
    broken: bool = False
    """The log got a gap, and no base copy has been taken since."""

    def run(self) -> None:
        """Follow until `ending` is set. No fault ends it: it is told, and tried again after a pause."""
        pause = PAUSE
        while not self.ending.is_set():
            try:
                self.step(datetime.now(UTC))
                self.fault, pause = "", PAUSE
            except (Problem, OSError, psycopg.Error) as error:
                self.fault = str(error).strip()
                say(f"Backup: {self.fault}")
                self.tell(datetime.now(UTC))
                pause = min(pause * 2, LONGEST_PAUSE)
            self.ending.wait(pause)
        self.stop()

    def step(self, now: datetime) -> None:
        """One round: keep the receiver alive, send what has come, and do what is due."""
        self._receive()
        self.send(now)
        if self._due("note", NOTE_EVERY, now):
            self.source.note(self.store, now)
        if self._due("base", timedelta(minutes=5), now) and self._base_due(now) and not self._base_runs():
            self.base = threading.Thread(target=self._take_base, args=(now,), daemon=True)
            self.base.start()
        if self._due("beat", BEAT_EVERY, now):
            self.source.beat()
        if self._due("forget", timedelta(hours=6), now):
            self.store.forget(now)
        if self._due("tell", TELL_EVERY, now):
            self.tell(now)

    def send(self, now: datetime) -> int:
        """Encrypt what lies in the spool to the store; whole pieces then leave the spool. Returns how many were sent."""
        count = 0
        for file in sorted(self.spool.iterdir()):
            name = file.name.removesuffix(".partial")
            whole = file.name == name
            if not (SEGMENT.fullmatch(name) or name.endswith(".history")):
                continue
            if not whole and not self._changed(file, now):
                continue
            target = self.store.folder / "wal" / f"{file.name}.gz.age"
            with file.open("rb") as stream:
                self.store.put(stream, target)
            count += 1
            if whole:
                (target.with_name(f"{name}.partial.gz.age")).unlink(missing_ok=True)
                if SEGMENT.fullmatch(name):
                    file.unlink()
        return count

    def tell(self, now: datetime) -> None:
        """Tell the status page how old the backups are."""
        bases, log_at = self.store.bases(), self.store.newest_log_at()
        base_age = now - bases[-1].ended_at if bases else None
        log_age = now - log_at if log_at else None
        late = base_age is None or base_age > LATE_BASE or log_age is None or log_age > LATE_LOG
        parts.write(
            self.state, "backups", not (late or self.fault), _words(base_age, log_age, self.fault), at=now,
            base=bases[-1].label if bases else "", base_age=_seconds(base_age), log_age=_seconds(log_age),
            copies=len(bases), size=sum(base.size for base in bases),
        )  # fmt: skip

    def stop(self) -> None:
        """End the receiver, and send what it left."""
        if self.receiver:
            end(self.receiver)
            self.receiver = None
        self.done.pop("partial", None)
        with contextlib.suppress(Problem, OSError):
            self.send(datetime.now(UTC))

    def _receive(self) -> None:
        if self.receiver and self.receiver.poll() is None:
            return
        if self.receiver:
            said = end(self.receiver)
            self.receiver = None
            if self.source.slot_lost() or "already been removed" in said:
                say(
                    "Backup: PostgreSQL let go of log we had not taken. Starting a new chain with a new base copy."
                )
                self.source.drop_slot()
                for left in self.spool.glob("*.partial"):
                    left.unlink()
                self.done.pop("base", None)
                self.broken = True
                raise Problem("The log got a gap.")
            raise Problem(f"The log is not received. {said}")
        self.receiver = self.source.receive(self.spool)

    def _changed(self, file: Path, now: datetime) -> bool:
        """Whether the unfinished piece has grown since it was sent, and it is time."""
        with contextlib.suppress(FileNotFoundError):
            mark = file.stat().st_mtime_ns
            if self.sent.get(file.name) != mark and self._due("partial", PARTIAL_EVERY, now):
                self.sent = {file.name: mark}
                return True
        return False

    def _base_due(self, now: datetime) -> bool:
        bases = self.store.bases()
        if self.broken or not bases or now - bases[-1].ended_at > BASE_EVERY:
            return True
        try:
            self.store.log_after(bases[-1])
        except Problem:
            return True
        return False

    def _base_runs(self) -> bool:
        return self.base is not None and self.base.is_alive()

    def _take_base(self, now: datetime) -> None:
        try:
            base = self.source.base(self.store, now)
            self.broken = False
            say(f"Backup: took the base copy {base.label}, {base.size / 1e6:.0f} MB.")
        except (Problem, OSError, psycopg.Error) as error:
            self.fault = str(error)
            say(f"Backup: {error}")

    def _due(self, what: str, every: timedelta, now: datetime) -> bool:
        if what in self.done and now - self.done[what] < every:
            return False
        self.done[what] = now
        return True


def _words(base: timedelta | None, log: timedelta | None, fault: str) -> str:
    if base is None:
        return "Ingen säkerhetskopia finns än."
    told = f"Senaste hela kopian är {_age(base)} gammal."
    told += (
        f" Det senast skrivna är säkrat för {_age(log)} sedan." if log is not None else " Loggen säkras inte."
    )
    return told + (" Kopieringen stannade, och försöker igen." if fault else "")


def _age(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    if seconds < 120:
        return f"{seconds} sekunder"
    if seconds < 7200:
        return f"{seconds // 60} minuter"
    return f"{seconds // 3600} timmar"


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())
