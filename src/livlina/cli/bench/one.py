"""Measures one database: real web, real session, then the same statements without the web."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from livlina.cli.bench import meter
from livlina.cli.bench.client import SECRET, Answers, Asked, Client, at_once
from livlina.cli.bench.operations import OPERATIONS, Operation, Stock
from livlina.cli.surroundings import Problem, python_path

if TYPE_CHECKING:
    from livlina.core.models import User

CLIENTS, ROUNDS, WARM_UP, RECORDED = 8, 3, 40, 110


@dataclass(frozen=True)
class Row:
    """One operation on one size. Times in milliseconds; `missing` says why nothing was measured."""

    name: str
    persons: int
    cpu: float = 0.0
    cpu_mean: float = 0.0
    statements: int = 0
    p50: float = 0.0
    p95: float = 0.0
    size: int = 0
    p95_of_8: float = 0.0
    per_second_of_8: float = 0.0
    direct_cpu: float = 0.0
    direct_p50: float = 0.0
    missing: str = ""


def measure(persons: int, requests: int, postgres: int, state: Path, only: str = "") -> list[dict[str, Any]]:
    """Return the rows of one size. Django must be set up on its database, as the application's role."""
    stock, session = _stock(), _session()
    chosen = [operation for operation in OPERATIONS if only in operation.name]
    with _web(state) as (pid, port):
        rows = [_measure(one, persons, requests, stock, session, (pid, port, postgres)) for one in chosen]
    return [asdict(row) for row in rows]


def _measure(
    operation: Operation, persons: int, requests: int, stock: Stock, session: str, at: tuple[int, int, int]
) -> Row:
    from django.urls import NoReverseMatch

    pid, port, postgres = at
    chance = Random(f"{operation.name} {persons} {time.time_ns()}")  # noqa: S311 - whom to ask for
    try:
        asked = [operation.make(stock, chance) for _ in range(WARM_UP + 2 * requests + RECORDED)]
    except NoReverseMatch:
        return Row(operation.name, persons, missing="the page is not there yet")
    client = Client(port, session, _cookie())
    warm = client.send_all(asked[:WARM_UP])
    if warm.wrong:
        return Row(operation.name, persons, missing=warm.wrong[0])
    alone, cpus = _rounds(client, asked[WARM_UP : WARM_UP + requests], pid, postgres)
    clients = [Client(port, session, _cookie()) for _ in range(CLIENTS)]
    together = at_once(clients, asked[WARM_UP + requests : WARM_UP + 2 * requests])
    if wrong := alone.wrong + together.wrong:
        return Row(operation.name, persons, missing=wrong[0])
    row = Row(
        operation.name, persons, min(cpus), sum(cpus) / len(cpus), 0, alone.percentile(0.5), alone.percentile(0.95),
        sum(alone.sizes) // len(alone.sizes), together.percentile(0.95), len(together.times) / together.seconds,
    )  # fmt: skip
    return _with_direct(row, asked[-RECORDED:], session, postgres)


def _rounds(client: Client, asked: list[Asked], pid: int, postgres: int) -> tuple[Answers, list[float]]:
    """Send in rounds; the CPU of the cheapest is the one least disturbed by what else the machine does."""
    whole, cpus, each = Answers(), [], len(asked) // ROUNDS
    for place in range(ROUNDS):
        before = meter.cpu(pid, postgres)
        part = client.send_all(asked[place * each : (place + 1) * each])
        cpus.append((meter.cpu(pid, postgres) - before) / each)
        whole.times += part.times
        whole.sizes += part.sizes
        whole.wrong += part.wrong
    return whole, cpus


def _with_direct(row: Row, asked: list[Asked], session: str, postgres: int) -> Row:
    from django.test import Client as InProcess

    from livlina.cli.bench.direct import Recorder, replay

    browser = InProcess(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    browser.cookies[_cookie()], browser.cookies["csrftoken"] = session, SECRET
    recorder = Recorder()
    for one in asked:
        with recorder.one_request():
            browser.generic(
                one.method,
                one.path,
                one.body or b"",
                one.kind or "text/plain",
                headers={"X-CSRFToken": SECRET},
            )
    direct = replay(recorder.requests[1:], postgres)  # the first may ask for what is then remembered
    return replace(
        row,
        statements=max(map(len, recorder.requests[1:])),
        direct_cpu=direct.cpu,
        direct_p50=direct.p50,
    )


@contextlib.contextmanager
def _web(state: Path) -> Iterator[tuple[int, int]]:
    """Run the real web server with one process; give its number and its port."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    words = ["web", "--port", str(port), "--processes", "1", "--parent", str(os.getpid())]
    with open(state / "web.log", "ab") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "livlina", *words],
            env={name: value for name, value in os.environ.items() if name != "LIVLINA_TEST"}
            | {"PYTHONPATH": python_path()},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(program, port, state)
        yield program.pid, port
    finally:
        program.terminate()
        try:
            program.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def _wait(program: subprocess.Popen[bytes], port: int, state: Path) -> None:
    end = time.monotonic() + 120
    while program.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/sign-in/")
            if connection.getresponse().status < 500:
                return
        time.sleep(0.2)
    raise Problem(f"The web server did not start; {state / 'web.log'} says why.")


def _stock(count: int = 3000) -> Stock:
    """Draw whom to ask for."""
    from django.db import connection

    from livlina.core import tenancy

    with tenancy.acting(1, (1,)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT given_names, family_name, value FROM (SELECT * FROM people_person WHERE protection = 'none'"
            " ORDER BY random() LIMIT %s) p JOIN people_personnumber n ON n.person_id = p.id AND n.current",
            [count],
        )
        people = cursor.fetchall()
        cursor.execute(
            "SELECT c.id, c.person_id, f.id FROM (SELECT * FROM cases_case ORDER BY random() LIMIT %s) c"
            " JOIN journal_file f ON f.person_id = c.person_id",
            [count],
        )
        return Stock(people, cursor.fetchall())


def session_of(user: User, municipality_id: int, assignment_id: object) -> str:
    """Sign somebody of the staff in, as the sign-in page would have; return the session's key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from livlina.core.sessions import SessionStore

    store, now = SessionStore(), datetime.now(UTC).isoformat()
    store.update(
        {
            SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(), "municipality_id": municipality_id,
            "assignment_id": str(assignment_id), "created_at": now, "seen_at": now,
        }
    )  # fmt: skip
    store.create()
    return str(store.session_key)


def _session() -> str:
    from livlina.core.models import User

    return session_of(User.objects.get(pk=1), 1, "00000000-0000-7000-8000-000000000002")


def _cookie() -> str:
    from django.conf import settings

    return str(settings.SESSION_COOKIE_NAME)


def main() -> int:
    """Measure as the environment says and print the rows as JSON: run by the verb, once per size."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    rows = measure(
        given["persons"], given["requests"], given["postgres"], Path(given["state"]), given["only"]
    )
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
