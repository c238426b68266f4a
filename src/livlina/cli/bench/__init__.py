"""``livlina bench web``, ``deadlines``, ``alarms`` and ``locks``: what everyday requests, the night, alarms and doors cost.

The first two measure on databases of this command's own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from livlina.cli.bench import deadlines
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
    parser.add_argument("what", choices=["web", "deadlines", *OTHERS])
    parser.add_argument(
        "--persons", type=int, nargs="+", default=SIZES, metavar="N", help="for web and packs"
    )
    parser.add_argument(
        "--cases", type=int, nargs="+", default=deadlines.SIZES, metavar="N", help="open cases, for deadlines"
    )
    parser.add_argument(
        "--requests", type=int, default=300, help="of each kind, one after the other (default: 300)"
    )
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="only operations (trials) whose name holds these words"
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="for alarms, field and records: as many trials as the aims are stated for; hours for alarms",
    )
    parser.add_argument(
        "--messages",
        type=int,
        default=1_000_000,
        metavar="N",
        help="for locks: how many to bend (default: 1,000,000)",
    )
    for name, default, what in (
        ("phones", 60, "phones"),
        ("visits", 40, "visits of each"),
        ("notes", 0, "notes"),
    ):
        parser.add_argument(
            f"--{name}", type=int, default=default, metavar="N", help=f"for field: how many {what}"
        )
    parser.add_argument(
        "--size", type=int, default=30, metavar="N", help="for statistics: of the demo (default: 30)"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--reset", action="store_true", help="make the databases anew")


def run(options: argparse.Namespace) -> int:
    """Make what is missing, measure each size, print the table. The exit code says nothing of the aims."""
    if options.what in OTHERS:
        return OTHERS[options.what](options)
    if not all(100 <= cases <= LARGEST for cases in options.cases):
        raise Problem(f"--cases are from 100 to {LARGEST:,}.")
    if options.requests < 30 or not all(100 <= persons <= LARGEST for persons in options.persons):
        raise Problem(f"--requests is 30 or more; --persons are from 100 to {LARGEST:,}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    state = state_dir() / "bench"
    processes.make_folder(state)
    cluster = Cluster(state / "postgres", say=_aside)
    try:
        server = cluster.start()
        ensure_roles(server)
        pid = int(cluster.pid() or 0)
        if options.what == "deadlines":
            rows = [row for cases in options.cases for row in _night(server, pid, cases, state)]
            told = deadlines.table(rows)
        else:
            rows = [row for persons in options.persons for row in _one(server, pid, persons, state, options)]
            told = table(rows, options.requests)
    finally:
        cluster.stop()
    print(json.dumps(rows, indent=1) if options.json else told)
    return 0


def _alarms(options: argparse.Namespace) -> int:
    from livlina.cli.bench import alarms

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = state_dir() / "bench-alarms"
    processes.make_folder(folder)
    rows = alarms.measure(folder, full=options.full, only=options.only.replace(" ", "_"), say=_aside)
    print(json.dumps([vars(row) for row in rows]) if options.json else alarms.table(rows, options.full))
    return 0


def _cluster(options: argparse.Namespace) -> int:
    from livlina.cli.bench import cluster
    from livlina.cluster.local import TrioError

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = state_dir() / "bench-cluster"
    processes.make_folder(folder)
    try:
        rows = cluster.measure(folder, full=options.full, only=options.only.replace(" ", "_"), say=_aside)
    except TrioError as error:
        raise Problem(str(error)) from error
    print(json.dumps([vars(row) for row in rows]) if options.json else cluster.table(rows, options.full))
    return 0


def _locks(options: argparse.Namespace) -> int:
    from livlina.cli.bench import locks

    if not 1_000 <= options.messages <= 100_000_000:
        raise Problem("--messages is a number from 1,000 to 100,000,000.")
    rows = locks.measure(options.messages, _aside)
    print(json.dumps([vars(row) for row in rows]) if options.json else locks.table(rows))
    return 0


def _field(options: argparse.Namespace) -> int:
    """Measure phones on a database made anew, in a cluster that syncs as in earnest."""
    from livlina.cli.bench import field

    many = {name: getattr(options, name) for name in ("phones", "visits", "notes")}
    rows = _anew("field", many | {"full": options.full, "only": options.only})
    print(json.dumps(rows, indent=1) if options.json else field.table(rows, options.full))
    return 0


def _packs(options: argparse.Namespace) -> int:
    """Measure the packs of a municipality on a database made anew."""
    from livlina.cli.bench import packs

    persons = 1_200 if options.persons == SIZES else options.persons[0]
    rows = _anew("packs", {"persons": persons})
    print(json.dumps(rows, indent=1) if options.json else packs.table(rows))
    return 0


def _records(options: argparse.Namespace) -> int:
    """Attack the journal, write in it and prove it, on a database made anew."""
    from livlina.cli.bench import records

    rows = _anew("records", {"full": options.full, "only": options.only})
    print(json.dumps(rows, indent=1) if options.json else records.table(rows))
    return 0


def _sign_in(options: argparse.Namespace) -> int:
    """Measure what others notice while the identity provider hangs."""
    from livlina.cli.bench import sign_in

    rows = _anew("sign_in", {"requests": options.requests})
    print(json.dumps(rows, indent=1) if options.json else sign_in.table(rows))
    return 0


def _scale(options: argparse.Namespace) -> int:
    """Simulate 290 municipalities on several clusters: pure arithmetic, no database."""
    from livlina.cli.bench import scale

    rows = scale.simulate()
    print(json.dumps([vars(row) for row in rows]) if options.json else scale.table(rows))
    return 0


def _move(options: argparse.Namespace) -> int:
    """Measure what a municipality costs and how long it takes to move it, for each size."""
    from livlina.cli.bench import move

    rows = []
    with _served() as (server, state):
        for persons in [20_000] if options.persons == SIZES else options.persons:
            source, target = f"bench_{persons}", "bench_move_target"
            environment = environment_of(server, source, state)
            _ready(server, source, persons, environment)
            drop_database(server, target)
            ensure_database(server, target)
            migrate(environment_of(server, target, state), "demo", quick=True)
            move.serve_as(environment)
            at = (server.dsn(OWNER, source), server.dsn(OWNER, target))
            rows.append(vars(move.measure(*at, persons, state, _aside)))
            drop_database(server, target)
    print(json.dumps(rows, indent=1) if options.json else move.table(rows))
    return 0


def _statistics(options: argparse.Namespace) -> int:
    """Measure pages while every report runs, on a demo of this size, which is kept for the next time."""
    from livlina.cli import demo
    from livlina.cli.bench import statistics

    if not 1 <= options.size <= 33:
        raise Problem("--size is from 1 to 33.")
    with _served() as (server, state):
        database = f"bench_demo_{options.size}"
        if options.reset:
            drop_database(server, database)
        environment = environment_of(server, database, state)
        ensure_database(server, database)
        migrate(environment, "demo", quick=True)
        demo.load(options.size, environment | {"LIVLINA_DEMO": "1"})
        rows = measured("livlina.cli.bench.statistics", {"state": str(state)}, environment, state)
    print(json.dumps(rows, indent=1) if options.json else statistics.table(rows))
    return 0


@contextmanager
def _served() -> Iterator[tuple[Server, Path]]:
    """The server that measurements share, which syncs as in earnest, and the folder beside it; stopped afterwards."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    state = state_dir() / "bench"
    processes.make_folder(state)
    cluster = Cluster(state / "postgres", say=_aside)
    try:
        server = cluster.start()
        ensure_roles(server)
        yield server, state
    finally:
        cluster.stop()


def _anew(what: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a measuring module of this package on an empty database, in a cluster that syncs as in earnest."""
    database = f"bench_{what}"
    with _served() as (server, state):
        drop_database(server, database)
        environment = environment_of(server, database, state)
        ensure_database(server, database)
        migrate(environment, "demo", quick=True)
        with server.connect(SUPER, database) as connection:
            connection.execute(
                "INSERT INTO core_municipality (id, name, slug, code, parameters)"
                " VALUES (1, 'Åsvalla kommun', 'asvalla', '9901', '{}')"
            )
        rows = measured(f"livlina.cli.bench.{what}", given | {"state": str(state)}, environment, state)
        drop_database(server, database)
    return rows


def _night(server: Server, pid: int, cases: int, state: Path) -> list[dict[str, Any]]:
    """Measure the clocks of one size on a database made anew, and drop it: a run uses up what was due."""
    database = f"bench_deadlines_{cases}"
    drop_database(server, database)
    environment = environment_of(server, database, state)
    try:
        ensure_database(server, database)
        migrate(environment, "demo", quick=True)
        with server.connect(SUPER, database) as connection:
            deadlines.fill(connection, cases, _aside)
        return measured("livlina.cli.bench.deadlines", {"cases": cases, "postgres": pid}, environment, state)
    finally:
        drop_database(server, database)


def _one(
    server: Server, pid: int, persons: int, state: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Measure one size in a program of its own, since Django has one database for life."""
    database = f"bench_{persons}"
    if options.reset:
        drop_database(server, database)
    environment = environment_of(server, database, state)
    _ready(server, database, persons, environment)
    given = {
        "persons": persons, "requests": options.requests, "postgres": pid, "state": str(state), "only": options.only,
    }  # fmt: skip
    _aside(f"Measuring at {persons:,} persons …")
    return measured("livlina.cli.bench.one", given, environment, state)


def environment_of(server: Server, database: str, state: Path) -> dict[str, str]:
    """The settings of a program of ours that works on this database."""
    return {
        "LIVLINA_DATABASE_URL": server.url(APP, database),
        "LIVLINA_OWNER_DATABASE_URL": server.url(OWNER, database),
        "LIVLINA_SECRET_KEY": secret_key(state),
        "LIVLINA_STATE_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
    }


def measured(
    module: str, given: dict[str, Any], environment: dict[str, str], state: Path
) -> list[dict[str, Any]]:
    """Run a measuring module on a database and return its rows."""
    result = state / "result.json"
    without = {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}
    own = {
        "PYTHONPATH": python_path(),
        "LIVLINA_TEST": "1",
        "_LIVLINA_BENCH": json.dumps(given | {"result": str(result)}),
    }
    code = subprocess.run(
        [sys.executable, "-c", f"from {module} import main; raise SystemExit(main())"],
        env=without | environment | own,
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


OTHERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "alarms": _alarms,
    "cluster": _cluster,
    "locks": _locks,
    "field": _field,
    "packs": _packs,
    "records": _records,
    "sign_in": _sign_in,
    "scale": _scale,
    "statistics": _statistics,
    "move": _move,
}
