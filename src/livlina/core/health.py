"""`/health/deep`: whether this process reaches a database that can write. For HAProxy, within a bounded time.

Answered before everything else and outside the request's transaction: a process whose every request waits for the
database must still be able to say so. Tells no name, no address and no version.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from threading import Lock
from typing import Any

import psycopg
from django.db import connections
from django.http import HttpResponse, JsonResponse

PATH = "/health/deep"
PATIENCE = 2.0  # seconds until the question is answered with "slow"
FRESH = 1.0  # seconds for which an answer is good: however many ask, the database is asked once
_asker = ThreadPoolExecutor(1, thread_name_prefix="health")
_lock = Lock()
_asked: tuple[float, Future[str]] | None = None


def answer() -> HttpResponse:
    """200 when a writing transaction can begin, else 503; `why` is away, reading or slow."""
    began = time.monotonic()
    try:
        why = _question(began).result(timeout=PATIENCE)
    except Late:
        why = "slow"
    told = {"writable": not why, "why": why, "ms": round(1000 * (time.monotonic() - began))}
    return JsonResponse(told, status=503 if why else 200, headers={"Cache-Control": "no-store"})


def _question(at: float) -> Future[str]:
    global _asked
    with _lock:
        if _asked is None or (_asked[1].done() and at - _asked[0] > FRESH):
            _asked = (at, _asker.submit(_ask))
        return _asked[1]


def _ask() -> str:
    """Begin a writing transaction on a connection of our own, and undo it. Returns "" or what is wrong."""
    parts: dict[str, Any] = connections["default"].get_connection_params()
    known: dict[str, Any] = {
        name: value for name, value in parts.items() if isinstance(value, str | int) and name in _LIBPQ
    }
    try:
        with psycopg.connect(**known | {"connect_timeout": 2}) as line:
            line.execute("SET LOCAL statement_timeout = 2000")
            line.execute("SELECT pg_current_xact_id()")
            line.rollback()
    except (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.ObjectNotInPrerequisiteState):
        return "reading"
    except psycopg.Error as error:
        return "reading" if "read-only" in str(error) else "away"
    return ""


_LIBPQ = frozenset(
    [
        "dbname", "user", "password", "host", "port", "target_session_attrs", "tcp_user_timeout", "keepalives",
        "keepalives_idle", "keepalives_interval", "keepalives_count", "sslmode", "sslrootcert", "sslcert", "sslkey",
        "passfile", "service",
    ]
)  # fmt: skip
