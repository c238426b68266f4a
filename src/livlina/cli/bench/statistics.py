"""``livlina bench statistics``: what those at their desks notice while every report runs, on the demo at size 30.

The real web server, one process of four threads; four case workers who ask for their pages at a steady pace, whether the
last answer has come or not. Quiet rounds and rounds with reports take turns in one run, so that the machine's other work
falls on both. The reports run as they do in earnest, in a process of their own that gives way (``livlina worker --calm``):
every file to the state, then the night's figures, again and again. A third kind of round is the control: the same work in
three processes that give way to nobody must be seen as slower pages, or the measurement sees nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from livlina.cli.bench.client import Answers, Asked, Client
from livlina.cli.bench.one import _cookie, _web, session_of
from livlina.cli.bench.operations import OPERATIONS, Stock

CLIENTS, EACH_SECOND = 4, 5.0
ROUND, ROUNDS = 20.0, 8  # seconds, and so many of each kind
AIM = 1.10
KINDS = {"quiet": 0, "all reports, as they run": 1, "control: three at a time, giving way to nobody": 3}


@dataclass(frozen=True)
class Row:
    """One kind of round: the pages' times in milliseconds, and how long the reports took in seconds."""

    name: str
    requests: int
    p50: float
    p95: float
    wrong: int
    ratio: float
    """p95 beside that of the quiet rounds."""
    passes: int
    slowest: str = ""


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows for a person to read."""
    head = "| reports | pages | p50 ms | p95 ms | p95 beside quiet | wrong | reports made | slowest report |"
    lines = [
        f"| {row['name']} | {row['requests']} | {row['p50']:.1f} | {row['p95']:.1f} | {row['ratio']:.2f} | {row['wrong']}"
        f" | {row['passes']} | {row['slowest']} |"
        for row in rows
    ]
    return "\n".join([head, "|---" + "|--:" * 6 + "|---|", *lines])


def measure(state: Path) -> list[Row]:
    """Return a row for each kind of round. Django must be set up on a loaded demo."""
    stock, session = _desk()
    chance = Random(7)  # noqa: S311 - whom to ask for
    with _web(state) as (_, port):
        clients = [Client(port, session, _cookie()) for _ in range(CLIENTS)]
        for client in clients:
            client.send_all([one.make(stock, chance) for one in OPERATIONS] * 5)
        pages: dict[str, list[Answers]] = {name: [] for name in KINDS}
        made: dict[str, list[tuple[str, float]]] = {name: [] for name in KINDS}
        for _ in range(ROUNDS):
            for name, processes in KINDS.items():
                with _reports(processes, made[name]):
                    pages[name].append(_steadily(clients, stock, chance))
    quiet = _together(pages["quiet"]).percentile(0.95)
    return [_row(name, _together(pages[name]), quiet, made[name]) for name in KINDS]


def _row(name: str, pages: Answers, quiet: float, made: list[tuple[str, float]]) -> Row:
    p95 = pages.percentile(0.95)
    slowest = max(made, key=lambda one: one[1], default=("", 0.0))
    words = f"{slowest[0]}, {slowest[1]:.1f} s" if made else ""
    return Row(
        name, len(pages.times), pages.percentile(0.5), p95, len(pages.wrong), p95 / quiet, len(made), words
    )


def _together(parts: Sequence[Answers]) -> Answers:
    whole = Answers()
    for part in parts:
        whole.times += part.times
        whole.wrong += part.wrong
    return whole


def _steadily(clients: Sequence[Client], stock: Stock, chance: Random) -> Answers:
    """Let each client ask at its pace for one round. A time is counted from when the question was due."""
    many = int(ROUND * EACH_SECOND)
    asked = [[chance.choice(OPERATIONS).make(stock, chance) for _ in range(many)] for _ in clients]
    parts = [Answers() for _ in clients]
    begin = time.perf_counter() + 0.1

    def work(place: int) -> None:
        for number, one in enumerate(asked[place]):
            due = begin + (number + place / len(clients)) / EACH_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            _ask(clients[place], one, parts[place], due)

    threads = [Thread(target=work, args=(place,)) for place in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _together(parts)


def _ask(client: Client, asked: Asked, into: Answers, due: float) -> None:
    client.send(asked, into)
    into.times[-1] = (time.perf_counter() - due) * 1000


@contextmanager
def _reports(processes: int, made: list[tuple[str, float]]) -> Iterator[None]:
    """Let so many processes make reports meanwhile; one gives way to others as the calm worker does, more do not."""
    words = [sys.executable, "-c", f"from {__name__} import report; report({processes == 1})"]
    running = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    try:
        for one in running:  # up and ready, each: what a start costs is not what is measured
            if one.stdout is None or one.stdout.readline().strip() != "ready":
                raise RuntimeError("The reports did not start.")
        for one in running:
            if one.stdin:
                one.stdin.write("go\n")
                one.stdin.flush()
        yield
    finally:
        for one in running:
            one.terminate()
            said = one.communicate()[0]
            made += [(str(name), float(seconds)) for name, seconds in map(json.loads, said.splitlines())]


def report(calm: bool) -> None:
    """Make every file to the state and count the night's figures, again and again until killed, telling of each."""
    from livlina.cli.worker import give_way

    if calm:
        give_way()
    import django

    django.setup()
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        for name, seconds in _every_report():
            print(json.dumps([name, seconds]), flush=True)


def _every_report() -> Iterator[tuple[str, float]]:
    """Each report once, and how many seconds it took; nothing is kept but the figures."""
    from django.db import IntegrityError

    from livlina.across.statistics import counting, files
    from livlina.across.statistics.layout import newest
    from livlina.across.statistics.periods import Period
    from livlina.core.access import system
    from livlina.core.clock import day_of
    from livlina.core.tenancy import EVERYTHING, acting

    town, now = _town(), datetime.now(UTC)
    for layout in newest():
        period = Period.of(day_of(now), layout.period).before
        began = time.monotonic()
        with acting(town, EVERYTHING):
            made = files.make(layout, period)
        yield f"{layout.flow} ({made.rows + made.held:,} rows)", time.monotonic() - began
    began = time.monotonic()
    # Two of the control's may count the same day at once, which the schedule lets no two workers do.
    with suppress(IntegrityError), acting(town, EVERYTHING):
        counting.count(by=system(town, EVERYTHING), now=now)
    yield "the night's figures", time.monotonic() - began


def _town() -> int:
    from livlina.core.models import Municipality

    return int(Municipality.objects.get(slug="asvalla").pk)


def _desk() -> tuple[Stock, str]:
    """Sit down at a case worker's desk: some of what lies there to ask for, and the session."""
    from django.db import connection

    from livlina.core.models import Assignment, User
    from livlina.core.tenancy import EVERYTHING, acting

    town = _town()
    with acting(town, EVERYTHING), connection.cursor() as cursor:
        user = User.objects.get(email="karin.ekdal@asvalla.example")
        held = Assignment.objects.get(user=user, role="case_worker")
        cursor.execute(
            "SELECT c.id, c.person_id, f.id FROM cases_case c JOIN journal_file f ON f.person_id = c.person_id"
            " AND f.unit_id = c.unit_id AND f.compartment = c.compartment"
            " JOIN people_person p ON p.id = c.person_id AND p.protection = 'none'"
            " WHERE c.unit_id = %s AND c.closed_at IS NULL AND f.closed_at IS NULL ORDER BY random() LIMIT 3000",
            [held.unit_id],
        )
        cases = cursor.fetchall()
        cursor.execute(
            "SELECT given_names, family_name, value FROM people_person p JOIN people_personnumber n"
            " ON n.person_id = p.id AND n.current WHERE p.id = ANY(%s)",
            [[person for _, person, _ in cases]],
        )
        return Stock(cursor.fetchall(), cases), session_of(user, town, held.pk)


def main() -> int:
    """Measure as the environment says and write the rows as JSON: run by the verb."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    rows = [vars(row) for row in measure(Path(given["state"]))]
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    return 0
