"""Writers with keys against a cluster, and what became of every row they were promised."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import psycopg

from livlina.cluster.local import Trio

WRITERS = 4


@dataclass
class Writers:
    """Four connections that write one row each, again and again; a row keeps its key until it is acknowledged."""

    trio: Trio
    pause: float = 0.01  # seconds
    acknowledged: dict[UUID, float] = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Writers:
        with self.trio.connect() as line:
            line.execute("CREATE TABLE IF NOT EXISTS promised (key uuid PRIMARY KEY, words text)")
        for _ in range(WRITERS):
            one = threading.Thread(target=self._write, daemon=True)
            one.start()
            self.threads.append(one)
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        for one in self.threads:
            one.join(60)

    def outage(self, since: float, patience: float = 60.0) -> float | None:
        """Seconds from `since` (monotonic) until the first row asked for after it was acknowledged; None: never."""
        end = since + patience
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):  # it grows while we look
                later = [at for at in list(self.acknowledged.values())[-200:] if at > since + 0.3]
                if later and self._longest(since) is not None:
                    return self._longest(since)
            time.sleep(0.1)
        return None

    def _longest(self, since: float) -> float | None:
        """The longest silence around the fault, once it has ended a second ago."""
        times = sorted(at for at in list(self.acknowledged.values()) if at > since - 2)
        before = max((at for at in times if at <= since), default=since)
        after = [at for at in times if at > since]
        gaps = [later - earlier for earlier, later in zip([before, *after], after, strict=False)]
        return max(gaps) if after and time.monotonic() - since > max(gaps) + 3 else None

    def lost(self) -> int:
        """How many acknowledged rows are not there now."""
        with self.trio.connect() as line:
            there = {key for (key,) in line.execute("SELECT key FROM promised")}
        return len(set(self.acknowledged) - there)

    def _write(self) -> None:
        line: psycopg.Connection | None = None
        while not self.ending.wait(self.pause):
            key = uuid4()
            while not self.ending.is_set():
                try:
                    line = line or self.trio.connect()
                    line.execute(
                        "INSERT INTO promised VALUES (%s, repeat('ord ', 50)) ON CONFLICT DO NOTHING", [key]
                    )
                    self.acknowledged[key] = time.monotonic()
                    break
                except psycopg.Error:
                    with contextlib.suppress(psycopg.Error):
                        if line:
                            line.close()
                    line = None
                    time.sleep(0.05)
        if line:
            line.close()
