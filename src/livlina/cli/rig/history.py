"""What clients did and what they were told, as it happened: JSON lines that a checker reads afterwards.

One operation is an `invoke` and then at most one answer: `ok` (acknowledged), `fail` (certainly not done) or `unknown`
(the answer was lost, or said only that it may not have been done). Times are seconds of the machine's monotonic clock.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Event = Literal["invoke", "ok", "fail", "unknown"]
Op = Literal["write", "read"]


@dataclass(frozen=True)
class Record:
    """One line. `path` is what belongs together (a person's file), `key` the client's own name for what it writes."""

    number: int
    client: str
    op: Op
    event: Event
    path: str
    key: str
    at: float
    seen: tuple[str, ...] = ()
    """For a read that was answered: the keys it showed, newest first."""
    window: int = 0
    """How many keys a read can show at most; 0: all there are."""


class Told(Exception):
    """Raised inside `History.one`: the operation ended otherwise than in an answer."""

    def __init__(self, event: Literal["fail", "unknown"]) -> None:
        super().__init__(event)
        self.event: Literal["fail", "unknown"] = event


class Answer:
    """What the body of `History.one` fills in for a read."""

    seen: tuple[str, ...] = ()
    window: int = 0


class History:
    """Lines from many threads, in memory and, when a file is named, on the disk."""

    def __init__(self, file: Path | None = None) -> None:
        self.records: list[Record] = []
        self._lock, self._numbers = threading.Lock(), itertools.count(1)
        self._out = file.open("a", encoding="utf-8") if file else None

    @contextmanager
    def one(self, client: str, op: Op, path: str, key: str = "") -> Iterator[Answer]:
        """Record one operation. The body ends: ok. It raises Told: that. Anything else: unknown, and raised on."""
        number, answer, event = next(self._numbers), Answer(), "ok"
        self._add(Record(number, client, op, "invoke", path, key, time.monotonic()))
        try:
            yield answer
        except Told as told:
            event = told.event
        except BaseException:
            event = "unknown"
            raise
        finally:
            self._add(
                Record(
                    number, client, op, event, path, key, time.monotonic(), answer.seen, answer.window  # type: ignore[arg-type]
                )
            )  # fmt: skip

    def acknowledged(self) -> int:
        """How many writes were acknowledged so far."""
        with self._lock:
            return sum(record.op == "write" and record.event == "ok" for record in self.records)

    def since(self, place: int) -> Sequence[Record]:
        """What was added after the first `place` records."""
        with self._lock:
            return self.records[place:]

    def close(self) -> None:
        """Nothing more is written to the file."""
        if self._out:
            self._out.close()
            self._out = None

    def _add(self, record: Record) -> None:
        with self._lock:
            self.records.append(record)
            if self._out:
                self._out.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")


def read(file: Path) -> list[Record]:
    """The records of a history on the disk. Raises ValueError for a line that is none."""
    with file.open(encoding="utf-8") as lines:
        return [Record(**{**told, "seen": tuple(told["seen"])}) for told in map(json.loads, lines)]
