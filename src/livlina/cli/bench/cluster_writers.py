"""Writers with keys against a cluster, and what became of every row they were promised."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg

from livlina.cluster.local import Trio

WRITERS = 4


@dataclass
class Writers:
    """Four connections that write one row each, again and again; a row keeps its key until it is acknowledged."""

    trio: Trio
    pause: float = 0.01  # seconds
    weight: int = 6  # 32 bytes each, that no compression makes less
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
        """The longest silence in seconds around `since` (monotonic), once rows flow again; None: they do not in time."""
        while (now := time.monotonic()) < since + patience:
            times = sorted(at for at in list(self.acknowledged.values()) if at > since - 2)
            # A silence that still lasts is none of the gaps: only when rows have just come is the longest one known.
            if now > since + 4 and times and now - times[-1] < 0.5:
                return max((later - one for one, later in pairwise(times)), default=0.0)
            time.sleep(0.1)
        return None

    def lost(self) -> int:
        """How many rows acknowledged until now are not there."""
        promised = set(self.acknowledged)  # before we look: more are acknowledged while we do
        with self.trio.connect() as line:
            there = {key for (key,) in line.execute("SELECT key FROM promised")}
        return len(promised - there)

    def _write(self) -> None:
        line: psycopg.Connection | None = None
        while not self.ending.wait(self.pause):
            key = uuid4()
            while not self.ending.is_set():
                try:
                    line = line or self.trio.connect()
                    line.execute(
                        "INSERT INTO promised SELECT %s, string_agg(md5(random()::text), '')"
                        " FROM generate_series(1, %s) ON CONFLICT DO NOTHING",
                        [key, self.weight],
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
