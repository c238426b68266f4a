"""Alarm receivers as real processes, broken ones beside them, and many units that press at the same time."""

from __future__ import annotations

import os
import re
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from livlina.alarmd.tests.device import message, mrq
from livlina.cli.surroundings import python_path
from tests.faults.helpers import until

REAL = ("-m", "livlina.alarmd")
EAGER = """
# Acknowledges what is on its way to the disk. A test of kept promises must catch it.
import sys
from dataclasses import replace
from livlina.alarmd import __main__ as program, spool

async def put(self, row):
    entry = spool.Entry(row)
    self._ask(entry)
    entry.done.add_done_callback(lambda done: done.exception())
    self._last += 1
    return row._replace(record=replace(row.record, number=self._last)), True

spool.Spool.put = put
sys.exit(program.main())
"""
UNSYNCED = """
# Writes, and leaves to the system when it comes on the disk. Only the order of system calls tells it from the real one.
import sys
from livlina.alarmd import __main__ as program, writer

connect = writer.Writer.connect

def without(self):
    db = connect(self)
    db.execute("PRAGMA synchronous = OFF")
    return db

writer.Writer.connect = without
sys.exit(program.main())
"""
HOPEFUL = """
# Takes it that what cannot be stored now will be soon, and promises it. A test of kept promises must catch it.
import sys
from dataclasses import replace
from livlina.alarmd import __main__ as program, spool

put = spool.Spool.put

async def hoping(self, row):
    try:
        return await put(self, row)
    except spool.CannotStore:
        return row._replace(record=replace(row.record, number=self.last() + 1)), True

spool.Spool.put = hoping
sys.exit(program.main())
"""
TOML = """
receiver = "{name}"
folder = "{folder}"
[sip]
host = "127.0.0.1"
udp = {port}
tcp = -1
[storage]
ballast = 0
[limits]
strangers_per_second = 1e6
strangers_at_once = 1000000
[watchdog]
every = 3600.0
{more}
"""
CALL_ID = re.compile(rb"Call-ID: (\S+)")


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    """A port nobody uses just now."""
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Receiver:
    """`livlina alarmd` in a process of its own. `words` start another program in its place."""

    def __init__(
        self,
        folder: Path,
        name: str = "a",
        words: Sequence[str] = REAL,
        before: Sequence[str] = (),
        more: str = "",
    ) -> None:
        self.folder, self.port, self.name = folder / name, free_port(), name
        self.file = folder / f"{name}.toml"
        self.file.write_text(TOML.format(name=name, folder=self.folder, port=self.port, more=more))
        self.words = [*before, sys.executable, *words, "--config", str(self.file)]
        self.out = folder / f"{name}.out"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Back when its doors are open; returns the seconds that took."""
        began = time.monotonic()
        with self.out.open("wb") as out:
            self.process = process = subprocess.Popen(
                self.words,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": python_path()},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        until(lambda: b"receives" in self.out.read_bytes() or process.poll() is not None, "its doors")
        assert process.poll() is None, self.out.read_text()
        return time.monotonic() - began

    def kill(self) -> None:
        """As a power cut does it: nothing is tidied up."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def stop(self) -> int:
        """As the service manager does it; returns the exit code."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGTERM)
        return self.process.wait(20)

    def log(self) -> set[str]:
        """The references of all alarms in its log."""
        with closing(sqlite3.connect(self.folder / "log.db")) as db:
            return {found for (found,) in db.execute("SELECT json_extract(body, '$.reference') FROM log")}


@contextmanager
def started(folder: Path, name: str = "a", **more: Any) -> Iterator[Receiver]:
    """A receiver that receives, and is ended whatever happens."""
    receiver = Receiver(folder, name, **more)
    try:
        receiver.start()
        yield receiver
    finally:
        receiver.kill()


class Crowd:
    """Units that press, `window` of them waiting for their 200 at any time, and remember what they were promised."""

    def __init__(self, port: int, window: int = 32) -> None:
        self.port, self.window = port, window
        self.promised: set[str] = set()
        self.refused: set[str] = set()
        self.sent = 0
        self.references: dict[str, str] = {}
        """By Call-ID."""
        self._waiting: dict[bytes, str] = {}
        self._door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._door.connect(("127.0.0.1", port))
        self._door.setblocking(False)
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._door, selectors.EVENT_READ)

    def press(self) -> str:
        """One alarm."""
        self.sent += 1
        reference = f"p{self.port:x}n{self.sent}"
        data = message(mrq(ref=reference, cid=str(10_000 + self.sent)), user=str(10_000 + self.sent))
        called = CALL_ID.search(data)[1]  # type: ignore[index]
        self._waiting[called] = self.references[called.decode()] = reference
        try:
            self._door.send(data)
        except OSError:
            self._waiting.popitem()
        return reference

    def go_on(self, seconds: float) -> None:
        """Press and hear for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            while len(self._waiting) < self.window:
                self.press()
            self.hear(left)

    def answered(self, count: int, patience: float = 20.0) -> None:
        """Press so many, each when the one before has its answer; the window is one."""
        for _ in range(count):
            self.press()
            end = time.monotonic() + patience
            while self._waiting and time.monotonic() < end:
                self.hear(0.5)

    def hear(self, patience: float) -> None:
        """What has come, after a while at most."""
        if not self._ready.select(patience):
            return
        while True:
            try:
                data = self._door.recv(65536)
            except BlockingIOError:
                return
            except OSError:  # nobody is there any more
                self._waiting.clear()
                return
            if data.startswith(b"SIP/2.0"):
                met = CALL_ID.search(data)
                if met and (reference := self._waiting.pop(met[1], "")):
                    (self.promised if data[8:11] == b"200" else self.refused).add(reference)

    def close(self) -> None:
        """Go home."""
        self._ready.close()
        self._door.close()
