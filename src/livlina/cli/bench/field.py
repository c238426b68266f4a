"""``livlina bench field``: phones against a real server and a real database, with everything going wrong, as a table."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from livlina.cli.bench import field_naive

QUICK, FULL = 3_000, 100_000
PERSONS, PACKS = 40, 100


@dataclass(frozen=True)
class Row:
    """One line of the table. `met` is None for what has no aim."""

    what: str
    aim: str
    found: str
    met: bool | None


def table(rows: list[dict[str, Any]], full: bool) -> str:
    """The rows as a table of Markdown."""
    marks = {True: "met", False: "**missed**", None: ""}
    lines = [f"| phones ({'full' if full else 'quick'}) | aim | found | |", "|---|---|---|---|"]
    return "\n".join(
        [
            *lines,
            *(f"| {row['what']} | {row['aim']} | {row['found']} | {marks[row['met']]} |" for row in rows),
        ]
    )


def measure(state: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows. Django must be set up on an empty migrated database, as the application's role."""
    from livlina.cli.bench import field_run

    rows: list[Row] = []
    now, only = datetime.now(UTC), given["only"]
    with field_run.Site(state) as site:
        if "outage" in only or not only:
            rows += _outage(site, given["phones"], given["visits"], now)
        if "notes" in only or not only:
            rows += _notes(site, given["phones"], given["notes"] or (FULL if given["full"] else QUICK), now)
        if "pack" in only or not only:
            rows += _packs(site, given["phones"], now)
    return [asdict(row) for row in rows]


def _outage(site: Any, phones: int, visits: int, now: datetime) -> list[Row]:
    from livlina.cli.bench import field_run

    found = field_run.outage(site, phones, visits, now)
    whole = f"{found.lost} / {found.doubled} of {found.events:,}"
    told = f"{found.seconds:.0f} s ({found.events / found.seconds:.0f} events/s, {found.requests} requests)"
    what = f"{phones} phones × {visits} visits, a day with the server dead"
    return [
        Row(f"{what}: lost / doubled", "0 / 0", whole, found.lost == found.doubled == 0),
        Row("the same: all in after its return", "≤ 60 s", told, found.seconds <= 60),
    ]


def _notes(site: Any, phones: int, count: int, now: datetime) -> list[Row]:
    from livlina.cli.bench import field_run

    found = field_run.notes(site, phones, count, now)
    faults = f"5 % lost requests, 5 % lost answers, {found.crashes} server kills, {found.kills} app kills, two tabs"
    whole = f"{found.lost} / {found.doubled} of {found.events:,} in {found.seconds:.0f} s"
    rows = [Row(f"notes, {faults}: lost / doubled", "0 / 0", whole, found.lost == found.doubled == 0)]
    for design in field_naive.DESIGNS:
        lost, doubled = field_naive.weather(design, 20_000, 1)
        told = f"{lost / 204:.2f} % / {doubled / 204:.2f} %"
        rows.append(
            Row(f"the same without ({design.name}; a model)", "more than 0", told, lost + doubled > 0)
        )
    return rows


def _packs(site: Any, phones: int, now: datetime) -> list[Row]:
    from livlina.cli.bench import field_run

    found = field_run.packs(site, phones, PERSONS, PACKS, now)
    told = f"{found.p95:.0f} ms (p50 {found.p50:.0f}, {found.statements} statements)"
    return [
        Row(f"shift pack for {PERSONS} persons: made, p95", "≤ 300 ms", told, found.p95 <= 300),
        Row("the same: size", "≤ 1 MB", f"{found.size / 1000:.0f} kB", found.size <= 1_000_000),
    ]


@contextlib.contextmanager
def free_port() -> Iterator[int]:
    """A port nobody listens to."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    yield port


def main() -> int:
    """Measure as the environment says and write the rows: run by the verb, in a program of its own."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    rows = measure(Path(given["state"]), given)
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    return 0
