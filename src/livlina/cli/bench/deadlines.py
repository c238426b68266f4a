"""``livlina bench deadlines``: what a run over all open cases' clocks costs, and how that grows with the cases.

Each size gets a database of its own, made anew: open cases with two running clocks each. Then three mornings:
the day's share (one case in twenty has a clock whose day of telling has come, one in a hundred a clock that ends by
law), the next morning the same ones again (their watches are closed and raised with the next role), and at last the
worst there is, when every open case has something due.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from livlina.cli.bench import meter
from livlina.cli.bench.rows import AFTER, CLOCKS, STAFF

SIZES = [30_000, 100_000, 300_000]
MORNINGS = (("the day's share", 0), ("the same, handed on", 1), ("every case", 2))
RUNS = 50  # of the job, until nothing is left


@dataclass(frozen=True)
class Morning:
    """One run. Seconds by the wall; `cpu` in milliseconds of the job and PostgreSQL for one clock told."""

    cases: int
    name: str
    told: int
    runs: int
    seconds: float
    cpu: float


def fill(connection: psycopg.Connection[Any], cases: int, tell: Callable[[str], None]) -> None:
    """Fill an empty, migrated database with open cases. `connection` is a superuser's."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in (*STAFF, *CLOCKS):
            psycopg.ClientCursor(connection).execute(statement, {"cases": cases})
    for statement in AFTER:
        connection.execute(statement)
    tell(f"  {cases:,} open cases")


def measure(cases: int, postgres: int) -> list[dict[str, Any]]:
    """Run the three mornings. Django must be set up on the database, as the application's role."""
    from livlina.authority.cases.jobs import mark_deadlines

    found, today = [], datetime.now(UTC)
    for name, day in MORNINGS:
        told = runs = 0
        before, began = meter.cpu(os.getpid(), postgres), time.perf_counter()
        while runs < RUNS:
            new, runs = mark_deadlines(1, today + timedelta(days=day)), runs + 1
            told += new
            if not new:
                break
        seconds = time.perf_counter() - began
        cpu = (meter.cpu(os.getpid(), postgres) - before) / max(told, 1)
        found.append(asdict(Morning(cases, name, told, runs, seconds, cpu)))
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown; growth is a told clock's CPU over that of the smallest size."""
    first: dict[str, float] = {}
    lines = [
        "| open cases | morning | clocks told | seconds | ms per clock | CPU ms per clock | growth |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        least = first.setdefault(row["name"], row["cpu"])
        each = 1000 * row["seconds"] / max(row["told"], 1)
        growth = f"{row['cpu'] / least:.2f}" if row["cases"] != rows[0]["cases"] and least else ""
        lines.append(
            f"| {row['cases']:,} | {row['name']} | {row['told']:,} | {row['seconds']:.1f} | {each:.2f} |"
            f" {row['cpu']:.2f} | {growth} |"
        )
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return "\n".join(
        [*lines, "", f"Seconds end with a run that finds nothing left. Load of the machine: {load}."]
    )


def main() -> int:
    """Measure as the environment says and write the rows as JSON: run by the verb, once per size."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    rows = measure(given["cases"], given["postgres"])
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
