"""The whole family as real processes: `livlina up` and all it starts, PostgreSQL, an alarm receiver.

The rig is their service manager: what dies of those it started it starts again at once, as `Restart=always` does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from livlina.cli import receivers
from livlina.cli.bench.alarms_blast import Loop, messages
from livlina.cli.bench.alarms_faults import UNITS, site
from livlina.cli.bench.alarms_receiver import Receiver, answers_options, database
from livlina.cli.children import MARK
from livlina.cli.rig import town
from livlina.cli.rig.history import History, Told
from livlina.cli.surroundings import Problem
from livlina.cli.up import WORKERS
from livlina.core import processes
from livlina.core.databases import OWNER, Server

ORIGIN = "https://omsorg.rigby.example"
ALARMS = "alarms"
"""The path of alarms in a history."""


class Family:
    """All of them, in a folder."""

    def __init__(
        self, folder: Path, stock: town.Stock, *, data: Path | None = None, wal: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """`data` and `wal`: volumes for those; `settings`: what `livlina up` is told besides."""
        self.folder, self.stock, self.settings = folder, stock, dict(settings or {})
        self.cluster = town.placed(stock.area, folder / "db", data / "data" if data else None)
        if wal:
            town.move_wal(self.cluster.data, wal)
        self.server: Server | None = None
        self.web_port, self.live_port, self.status_port = receivers.free_ports(3)
        ports = {"--port": self.web_port, "--live-port": self.live_port, "--status-port": self.status_port}
        words = ("up", *(word for name, port in ports.items() for word in (name, str(port))))
        self.up = town.Web(folder / "up", {}, self.web_port, words)
        self.receiver = Receiver(site(folder / "alarmd", quota=1024))
        self.whole: dict[str, int] = {}

    def start(self) -> None:
        """Start everybody; return when all are there and answer. Raises Problem and PostgresError."""
        self.server = self.cluster.start()
        self.up.environment = self.stock.environment(self.server) | {
            "LIVLINA_OWNER_DATABASE_URL": self.server.url(OWNER, town.DATABASE),
            **self.settings,
            "LIVLINA_ORIGIN": ORIGIN,
            "LIVLINA_ALLOWED_HOSTS": "127.0.0.1,omsorg.rigby.example",
            "LIVLINA_SECRET_KEY": (self.stock.area.parent / "secret_key").read_text(),
        }
        self.receiver.start()
        self.up.start()
        self._until(lambda: _listens(self.live_port), "live to listen")
        everybody = WORKERS + 1  # with the calm one, which comes last
        self._until(lambda: len(self.members().get("worker", ())) == everybody, "the workers to begin")
        self.whole = {role: len(pids) for role, pids in self.members().items()}

    def stop(self) -> None:
        """End everybody at once, each also when the end of another is interrupted."""
        with contextlib.ExitStack() as last_first:
            last_first.callback(self.cluster.kill)
            last_first.callback(self._end_marked)
            last_first.callback(self.up.end)
            last_first.callback(self.receiver.kill)

    def members(self) -> dict[str, list[int]]:
        """Everybody's numbers by what they are: `up`, `web`, `web child`, `worker`, `postgres`, `alarmd` and so on."""
        parents = _parents()
        children: dict[int, list[int]] = defaultdict(list)
        for pid, parent in parents.items():
            children[parent].append(pid)
        found: dict[str, list[int]] = defaultdict(list)
        if self.up.program and self.up.program.poll() is None:
            found["up"].append(self.up.program.pid)
            for pid in children[self.up.program.pid]:
                role = _verb(pid)
                found[role].append(pid)
                found[f"{role} child"] += children[pid]
        if (pid := self.cluster.pid() or 0) and pid in parents:
            found["postgres"].append(pid)
            found["postgres child"] += children[pid]
        if self.receiver.process and self.receiver.process.poll() is None:
            found["alarmd"].append(self.receiver.process.pid)
        return {role: pids for role, pids in found.items() if pids}

    def mend(self) -> None:
        """Do what a service manager does: start again what we started and is gone."""
        if not self.cluster.pid():
            self.cluster.start()
        if self.up.program and self.up.program.poll() is not None:
            self._end_marked()  # KillMode=control-group: nothing of the old one is left
            self.up.start(wait=False)
        if self.receiver.process and self.receiver.process.poll() is not None:
            self.receiver.start(wait=False)

    def complete(self) -> bool:
        """Whether everybody is there again (of PostgreSQL's own children and pools there are now more, now fewer)."""
        now = self.members()
        return _listens(self.live_port) and all(
            len(now.get(role, ())) >= (1 if role == "postgres child" else count)
            for role, count in self.whole.items()
        )

    def _end_marked(self) -> None:
        mark = f"{MARK}={self.up.folder}".encode()
        for _ in range(3):
            left = [pid for pid in _parents() if mark in _environment(pid)]
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                return
            processes.gone(lambda: not any(mark in _environment(pid) for pid in _parents()), 2)

    def _until(self, ready: object, what: str) -> None:
        end = time.monotonic() + town.PATIENCE
        while not ready():  # type: ignore[operator]
            if time.monotonic() > end:
                raise Problem(f"Waited in vain for {what}: {self.up.said()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def family(folder: Path, stock: town.Stock, **more: Any) -> Iterator[Family]:
    """Everybody, up and answering; ended whatever happens."""
    one = Family(folder, stock, **more)
    try:
        one.start()
        yield one
    finally:
        one.stop()


class Presses:
    """Somebody presses for help several times a second; the unit repeats until it is acknowledged or 15 s have gone."""

    def __init__(self, port: int, history: History, every: float = 0.2) -> None:
        self.port, self.history, self.every = port, history, every
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._press, daemon=True)
        self.slowest = 0.0
        self.unanswered = 0

    @contextmanager
    def running(self) -> Iterator[Presses]:
        """They press inside."""
        self.thread.start()
        try:
            yield self
        finally:
            self.stop()

    def stop(self) -> None:
        """Nobody presses any more."""
        self.ending.set()
        self.thread.join(30)

    def _press(self) -> None:
        seed = secrets.randbelow(1000)
        while not self.ending.is_set():
            seed += 1
            for reference, data in messages(200, UNITS, seed):
                if self.ending.is_set():
                    return
                self._one(reference, data)
                self.ending.wait(self.every)

    def _one(self, reference: str, data: bytes) -> None:
        loop, began = Loop(self.port, 1), time.monotonic()
        with closing(loop), self.history.one("unit", "write", ALARMS, reference):
            done = loop.run([(reference, data)], 15.0)
            if done.acknowledged:
                self.slowest = max(self.slowest, time.monotonic() - began)
                return
            self.unanswered += not done.refused
            raise Told("unknown")


def alarms(folder: Path) -> list[str]:
    """The references in a receiver's log, one for each entry."""
    with closing(sqlite3.connect(database(folder))) as log:
        rows = log.execute("SELECT json_extract(body, '$.reference') FROM log").fetchall()
    return [reference for (reference,) in rows if reference]


def receives(one: Receiver) -> bool:
    """Whether the receiver answers now."""
    return answers_options(one.site.sip)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _parents() -> dict[int, int]:
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = file.read_text().rpartition(")")[2].split()
            if words[0] != "Z":
                found[int(file.parent.name)] = int(words[1])
    return found


def _environment(pid: int) -> list[bytes]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return []


def _verb(pid: int) -> str:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        if "livlina" in words:
            return words[words.index("livlina") + 1]
    return "other"
