"""Load through the real web server: officers who write notes and read them, each in a file of their own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from uuid import uuid4

from livlina.cli.rig.history import History, Told
from livlina.cli.rig.town import Officer

READ_EVERY = 5
WINDOW = 50  # notes on a page
AGAIN = 0.1  # seconds before what was not acknowledged is sent again
DONE = (200, 201)


@dataclass(frozen=True)
class Error:
    """An answer that was none, as the officer met it."""

    at: float
    name: str
    words: str


@dataclass
class Load:
    """The officers, what they met, and when each last had a note acknowledged that was begun at `began`."""

    port: int
    officers: Sequence[Officer]
    history: History
    pause: float = 0.0
    patience: float = 60.0
    host: str = "127.0.0.1"
    slowest: float = 0.0
    """Seconds until the slowest answer, or until it was known that there is none."""
    errors: list[Error] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """Answers that should never come: a note refused for what it is, a page that is not found."""
    begun: dict[str, float] = field(default_factory=dict)
    """When each officer's last acknowledged note was first sent."""
    ending: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[Load]:
        """They work inside."""
        self.threads = [
            threading.Thread(target=self._work, args=(one,), daemon=True) for one in self.officers
        ]
        for thread in self.threads:
            thread.start()
        try:
            yield self
        finally:
            self.stop()

    def stop(self) -> None:
        """They go home; back when each has read the answer to what they sent last."""
        self.ending.set()
        for thread in self.threads:
            thread.join(self.patience + 5)

    def all_since(self, moment: float) -> bool:
        """Whether every officer has had a note acknowledged that was begun after `moment` (monotonic seconds)."""
        return all(self.begun.get(one.name, 0.0) > moment for one in self.officers)

    def until_all(self, moment: float, patience: float) -> float:
        """Seconds from `moment` until every officer could write again; infinite when it took longer than `patience`."""
        while time.monotonic() < moment + patience:
            if self.all_since(moment):
                return time.monotonic() - moment
            time.sleep(0.02)
        return float("inf")

    def _work(self, officer: Officer) -> None:
        count = 0
        while not self.ending.is_set():
            self._write(officer)
            count += 1
            if count % READ_EVERY == 0 and not self.ending.is_set():
                self._read(officer)
            if self.pause:
                self.ending.wait(self.pause)

    def _write(self, officer: Officer) -> None:
        key, began = str(uuid4()), time.monotonic()
        happened = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        note = {
            "client_id": key,
            "event_at": happened,
            "kind": "phone",
            "text": f"{key} Astrid ringde om duschen.",
        }
        while not self.ending.is_set():
            with self.history.one(officer.name, "write", officer.file, key):
                status, words = self._send(officer, "POST", json.dumps(note).encode())
                if status not in DONE:
                    self._met(officer, status, words)
                    raise Told("fail" if 400 <= status < 500 else "unknown")
                self.begun[officer.name] = began
                return
            self.ending.wait(AGAIN)

    def _read(self, officer: Officer) -> None:
        with self.history.one(officer.name, "read", officer.file) as answer:
            status, words = self._send(officer, "GET", None)
            if status != 200:
                self._met(officer, status, words)
                raise Told("unknown")
            answer.seen = tuple(row["text"].partition(" ")[0] for row in json.loads(words))
            answer.window = WINDOW

    def _met(self, officer: Officer, status: int, words: str) -> None:
        if 400 <= status < 500 and not self.ending.is_set():
            self.refusals.append(f"{status} {words[:200]}")
        self.errors.append(
            Error(time.monotonic(), officer.name, f"{status} {words[:80]}" if status else words[:80])
        )

    def _send(self, officer: Officer, method: str, body: bytes | None) -> tuple[int, str]:
        """A request over a connection of its own; status 0 when nobody answered."""
        began = time.monotonic()
        connection = HTTPConnection(self.host, self.port, timeout=self.patience)
        try:
            headers = officer.headers | {"Content-Type": "application/json"}
            connection.request(method, f"/api/v1/files/{officer.file}/notes", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            return 0, type(error).__name__
        finally:
            connection.close()
            self.slowest = max(self.slowest, time.monotonic() - began)
