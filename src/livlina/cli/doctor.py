"""``livlina doctor``: says in words what is wrong here and what to do; exit code 1 when something is."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg

from livlina.cli import system
from livlina.cli.status import volumes
from livlina.cli.surroundings import ROOT, Problem, say, secret_key, state_dir
from livlina.cli.up import weak_role
from livlina.core.databases import APP, OWNER
from livlina.core.postgres import Cluster, PostgresError, find_binaries
from livlina.status.levels import BULK_WAITS, CARE_ONLY, DEMO_ROOM, STORAGE
from livlina.status.measure import Volume

Colour = Literal["good", "note", "red"]
CLOCK_OFF = 2.0  # seconds


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    colour: Colour
    words: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are no options."""


def run(options: argparse.Namespace) -> int:
    """Look at everything; no fault in one look stops the next."""
    findings = list(_machine())
    findings += _database()
    for finding in findings:
        say(
            f"{ {'good': 'ok  ', 'note': 'note', 'red': 'RED '}[finding.colour] } {finding.what:14} {finding.words}"
        )
    red = sum(finding.colour == "red" for finding in findings)
    say(f"\n{red} of {len(findings)} need mending." if red else "\nNothing here needs mending.")
    return 1 if red else 0


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", "good", f"{version}, {sys.executable}")
    inside = Path(sys.prefix) == ROOT / ".venv"
    yield Finding(
        "environment",
        "good" if inside else "note",
        "the checkout's .venv" if inside else f"{sys.prefix}, not the checkout's .venv; start with ./livlina",
    )
    try:
        state = state_dir()
    except Problem as problem:
        yield Finding("state folder", "red", str(problem))
    else:
        yield from _room(state)
    for part, colour in ((system.PANGO, "red"), (system.CHROMIUM, "note")):
        found = part.found()
        name = part.name.split(",")[0]
        yield Finding(name, "good" if found else colour, found or system.advice(part))  # type: ignore[arg-type]


def _room(state: Path) -> Iterator[Finding]:
    """Each volume, judged by the same shares as the levels of `livlina status`."""
    try:
        watched = volumes(state)
    except Problem as problem:
        yield Finding("volume", "red", str(problem))
    else:
        yield from map(_volume, watched)


def _volume(volume: Volume) -> Finding:
    found = volume.look(0.0)
    name, words = f"volume {volume.name}", f"{found.free / 1e9:.0f} GB free at {volume.path}"
    used = max(found.used, found.inodes_used)
    if found.inodes_used > found.used:
        words = f"{found.inodes_free} files more may be made at {volume.path}"
    level = sum(used >= step for step in STORAGE)
    if not os.environ.get("LIVLINA_DATABASE_URL") and found.free > DEMO_ROOM:
        level = 0  # a large disk of somebody's own, for a demo
    if level >= CARE_ONLY:
        return Finding(name, "red", f"{words}, {used:.0%} taken: only care may write. Make room now.")
    if level >= BULK_WAITS:
        return Finding(name, "note", f"{words}, {used:.0%} taken: reports and imports wait. Make room.")
    return Finding(
        name, "note" if level else "good", f"{words}, {used:.0%} taken{': make room soon' if level else ''}"
    )


def _database() -> Iterator[Finding]:
    """The database in LIVLINA_DATABASE_URL, else the demo's if it runs."""
    try:
        environment = dict(os.environ) if os.environ.get("LIVLINA_DATABASE_URL") else _of_demo()
    except (PostgresError, Problem, OSError) as error:
        yield Finding("database", "red", str(error))
        return
    if environment is None:
        yield Finding(
            "database", "note", "the demo does not run, so its database was not looked at: livlina demo"
        )
        return
    url = environment["LIVLINA_DATABASE_URL"]
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            yield _version(connection)
            yield _clock(connection)
        weak = weak_role(url)
    except psycopg.Error as error:
        first = str(error).strip().splitlines()[0]
        yield Finding(
            "database", "red", f"does not answer: {first}. Is it started, and is LIVLINA_DATABASE_URL right?"
        )
        return
    yield Finding(
        "role", "red" if weak else "good", " ".join(weak) or "the application's role may no more than it must"
    )
    yield from _tables(environment)


def _of_demo() -> dict[str, str] | None:
    state = state_dir()
    cluster = Cluster(state / "postgres", say=say)
    if cluster.pid() is None:
        find_binaries()  # at least see that there is one to start
        return None
    server = cluster.start()  # it runs already: this only asks for its address
    return {
        "LIVLINA_DATABASE_URL": server.url(APP, "livlina_demo"),
        "LIVLINA_OWNER_DATABASE_URL": server.url(OWNER, "livlina_demo"),
        "LIVLINA_SECRET_KEY": secret_key(state),
        "LIVLINA_STATE_DIR": str(state),
        "LIVLINA_DEMO": "1",
    }


def _version(connection: psycopg.Connection) -> Finding:
    major = connection.info.server_version // 10000
    words = f"PostgreSQL {major} answers"
    return Finding(
        "database", "good" if major >= 15 else "red", words if major >= 15 else f"{words}; 15 is needed"
    )


def _clock(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    apart = abs(float(row[0]) - time.time()) if row else 0.0
    if apart > CLOCK_OFF:
        words = f"differs {apart:.0f} s from the database's: deadlines will be wrong. Set the time by NTP on both."
        return Finding("clock", "red", words)
    return Finding("clock", "good", "agrees with the database's")


def _tables(environment: dict[str, str]) -> Iterator[Finding]:
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="livlina.config.settings")
    os.environ.pop("LIVLINA_AS_OWNER", None)
    looks: tuple[tuple[str, Callable[[], list[str]], str], ...] = (
        ("migrations", _unapplied, "all applied"),
        ("row security", _insecure, "forced on every table of a municipality"),
    )
    for name, look, well in looks:
        try:
            import django

            django.setup()
            wrong = look()
        except Exception as error:
            yield Finding(name, "red", f"could not be looked at: {error}")
            continue
        yield Finding(name, "red" if wrong else "good", " ".join(wrong[:5]) or well)


def _unapplied() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{len(plan)} are not applied: livlina migrate."] if plan else []


def _insecure() -> list[str]:
    from livlina.core.secure import problems

    return problems()
