"""``livlina bench web``: what the everyday requests cost, on databases of this command's own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from livlina.cli.bench.stock import fill
from livlina.cli.bench.table import table
from livlina.cli.migrate import migrate
from livlina.cli.surroundings import Problem, python_path, secret_key, state_dir
from livlina.core import processes
from livlina.core.databases import (
    APP,
    OWNER,
    SUPER,
    Server,
    drop_database,
    ensure_database,
    ensure_roles,
    note,
    noted,
)
from livlina.core.postgres import Cluster

SIZES = [20_000, 1_000_000]
LARGEST = 1_400_000  # test numbers there are for a hundred years


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=["web"])
    parser.add_argument("--persons", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument(
        "--requests", type=int, default=300, help="of each kind, one after the other (default: 300)"
    )
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="only operations whose name holds these words"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--reset", action="store_true", help="make the databases anew")


def run(options: argparse.Namespace) -> int:
    """Make what is missing, measure each size, print the table. The exit code says nothing of the aims."""
    if options.requests < 30 or not all(100 <= persons <= LARGEST for persons in options.persons):
        raise Problem(f"--requests is 30 or more; --persons are from 100 to {LARGEST:,}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    state = state_dir() / "bench"
    processes.make_folder(state)
    cluster = Cluster(state / "postgres", say=_aside)
    try:
        server = cluster.start()
        ensure_roles(server)
        rows = [
            row
            for persons in options.persons
            for row in _one(server, int(cluster.pid() or 0), persons, state, options)
        ]
    finally:
        cluster.stop()
    print(json.dumps(rows, indent=1) if options.json else table(rows, options.requests))
    return 0


def _one(
    server: Server, pid: int, persons: int, state: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Measure one size in a program of its own, since Django has one database for life."""
    database = f"bench_{persons}"
    if options.reset:
        drop_database(server, database)
    environment = {
        "LIVLINA_DATABASE_URL": server.url(APP, database),
        "LIVLINA_OWNER_DATABASE_URL": server.url(OWNER, database),
        "LIVLINA_SECRET_KEY": secret_key(state),
        "LIVLINA_STATE_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
    }
    _ready(server, database, persons, environment)
    result = state / "result.json"
    given = {
        "persons": persons, "requests": options.requests, "postgres": pid, "state": str(state),
        "result": str(result), "only": options.only,
    }  # fmt: skip
    _aside(f"Measuring at {persons:,} persons …")
    without = {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}
    code = subprocess.run(
        [sys.executable, "-m", "livlina.cli.bench.one"],
        env=without
        | environment
        | {"PYTHONPATH": python_path(), "LIVLINA_TEST": "1", "_LIVLINA_BENCH": json.dumps(given)},
        check=False,
    ).returncode
    if code:
        raise Problem("The measurement failed; the lines above say why.")
    found: list[dict[str, Any]] = json.loads(result.read_text(encoding="utf-8"))
    return found


def _ready(server: Server, database: str, persons: int, environment: dict[str, str]) -> None:
    """Bring the database to this version of the tables, and fill it the first time."""
    ensure_database(server, database)
    migrate(environment, "demo", quick=True)
    with server.connect(OWNER, database) as owner:
        if noted(owner, "loaded") == "bench":
            return
        if noted(owner, "loaded"):
            raise Problem(
                f"{database} was only half filled last time. Make it anew: livlina bench web --reset"
            )
        note(owner, "loaded", "filling")
        began = time.monotonic()
        _aside(f"Filling a database of {persons:,} persons …")
        with server.connect(SUPER, database) as connection:
            fill(connection, persons, _aside)
        note(owner, "loaded", "bench")
        _aside(f"  filled in {time.monotonic() - began:.0f} s")


def _aside(text: str) -> None:
    """Tell the person at the terminal, beside what the command prints."""
    print(text, file=sys.stderr, flush=True)
