"""The statements an operation sends, and the same ones sent again with nothing but psycopg between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection, transaction

from livlina.cli.bench import meter

Statement = tuple[str, Any]
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass
class Direct:
    """What the statements alone cost, per request: milliseconds of CPU (client and server), and of waiting."""

    cpu: float = 0.0
    p50: float = 0.0


@dataclass
class Recorder:
    """The statements of each request, transaction control left out."""

    requests: list[list[Statement]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Note one statement on its way to the database."""
        if not str(sql).startswith(CONTROL):
            self.requests[-1].append((sql, params))
        return execute(sql, params, many, context)

    @contextmanager
    def one_request(self) -> Iterator[None]:
        """Record what is sent inside, and undo it."""
        self.requests.append([])
        with transaction.atomic(), connection.execute_wrapper(self):
            yield
            transaction.set_rollback(True)

    def most(self) -> int:
        """The most statements any request sent."""
        return max(map(len, self.requests), default=0)


def replay(requests: list[list[Statement]], postgres: int) -> Direct:
    """Send each recorded request once more, as one transaction, and keep it. `postgres` is the server's process."""
    connection.ensure_connection()
    raw = connection.connection
    cursor = psycopg.Cursor(raw)  # the plain one, not Django's
    for request in requests[:10]:
        _send(raw, cursor, request)
    times, before, own = [], meter.cpu(postgres), time.process_time()
    for request in requests[10:]:
        began = time.perf_counter()
        _send(raw, cursor, request)
        times.append((time.perf_counter() - began) * 1000)
    used = meter.cpu(postgres) - before + (time.process_time() - own) * 1000
    return Direct(used / max(1, len(times)), sorted(times)[len(times) // 2] if times else 0.0)


def _send(raw: psycopg.Connection[Any], cursor: psycopg.Cursor[Any], request: list[Statement]) -> None:
    with raw.transaction():
        for sql, params in request:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
