"""``livlina tenant``: which cluster each municipality is in, and moving one from one cluster to another."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from psycopg import sql

from livlina.cli.surroundings import Problem, python_path, say, state_dir
from livlina.cli.tenant import move as moving
from livlina.cli.tenant import table

STEP = 2**40
"""How many users a cluster has numbers for: numbers stay below 2^53, which JavaScript can count to."""
HIGHEST = 8191
SAMPLE = 200
"""Persons whose chains are computed anew in the target before it opens."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("do", choices=["list", "route", "move", "back", "confirm", "number", "verify"])
    parser.add_argument("--most", type=int, default=0, metavar="N", help="for verify: N persons drawn by lot")
    parser.add_argument(
        "names", nargs="*", help="route: HOST CLUSTER · move, back, confirm: SLUG · number: N"
    )
    parser.add_argument("--to", metavar="DSN", help="the owner's address of the other cluster's database")
    parser.add_argument(
        "--table", type=Path, help="the routing table (default: tenants.map in the state directory)"
    )
    parser.add_argument(
        "--yes", action="store_true", help="for confirm: remove the sealed rows here for good"
    )


def run(options: argparse.Namespace) -> int:
    """Do it. Raises Problem."""
    path = options.table or state_dir() / "tenants.map"
    wanted = {"list": 0, "route": 2}.get(options.do, 1)
    if len(options.names) != wanted:
        raise Problem(f"{options.do} takes {wanted} names; see livlina tenant --help.")
    if options.do == "route":
        before = table.route(path, *options.names)
        say(f"{options.names[0]} goes to {options.names[1]}" + (f"; before: {before}." if before else "."))
        return 0
    if options.do == "list":
        return _list(path)
    return {"move": _move, "back": _back, "confirm": _confirm, "number": _number, "verify": _verify}[
        options.do
    ](options)


def _source() -> moving.Connection:
    url = os.environ.get("LIVLINA_OWNER_DATABASE_URL")
    if not url:
        raise Problem("Set LIVLINA_OWNER_DATABASE_URL: only the owner of the tables moves a municipality.")
    return moving.connect(url)


def _target(options: argparse.Namespace) -> moving.Connection:
    if not options.to:
        raise Problem("Say with --to where the other cluster's database is (the owner's address).")
    return moving.connect(options.to)


def _list(path: Path) -> int:
    """The routing table, and what is held in this cluster."""
    for host, cluster in sorted(table.read(path).items()):
        say(f"{host:40} {cluster}")
    if os.environ.get("LIVLINA_OWNER_DATABASE_URL"):
        with _source() as source:
            rows = source.execute(
                "SELECT m.slug, h.state, h.since, h.other FROM core_municipality m LEFT JOIN core_hold h"
                " ON h.municipality_id = m.id ORDER BY m.slug"
            )
            for slug, state, since, other in rows:
                say(f"{slug:40} " + (f"{state} since {since:%Y-%m-%d %H:%M} ({other})" if state else "here"))
    return 0


def _move(options: argparse.Namespace) -> int:
    slug = options.names[0]
    with _source() as source, _target(options) as target:
        done = moving.move(source, target, slug, lambda number: _verified(options.to, slug), say)
    say(
        f"{slug} is in the other cluster: {done.rows:,} rows, {done.users:,} users, {done.jobs} waiting jobs."
    )
    say(
        f"Read-only for {done.read_only:.1f} s (copy {done.copy:.1f}, compare {done.compare:.1f}, chains {done.verify:.1f})."
    )
    say(
        "Now send its host name there (livlina tenant route). Here its rows lie sealed until livlina tenant confirm."
    )
    return 0


def _back(options: argparse.Namespace) -> int:
    with _source() as source, _target(options) as target:
        moving.back(source, target, options.names[0])
    say(f"{options.names[0]} is here again, and open. Send its host name back here.")
    return 0


def _confirm(options: argparse.Namespace) -> int:
    if not options.yes:
        raise Problem(
            "This removes the municipality's sealed rows here for good. Say --yes when the move is accepted."
        )
    with _source() as source:
        removed = moving.confirm(source, options.names[0])
    say(f"{removed:,} sealed rows are removed. Backups keep them as long as backups are kept.")
    return 0


def _number(options: argparse.Namespace) -> int:
    """Let this cluster count its users from N × 2^40, so that no two clusters give one number to two people."""
    word = options.names[0]
    if not word.isdecimal() or not 1 <= int(word) <= HIGHEST:
        raise Problem(f"The number of a cluster is from 1 to {HIGHEST}.")
    with _source() as source:
        for name in ("core_user", "mfa_authenticator"):
            source.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, 'id'), greatest({},"
                    " (SELECT coalesce(max(id), 0) + 1 FROM {})), false)"
                ).format(name, int(word) * STEP, sql.Identifier(name))
            )
    say(f"This is cluster {word}: new users are numbered from {int(word) * STEP}.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Compute every chain of the municipality's journal anew, in the database the settings name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    os.environ["LIVLINA_AS_OWNER"] = "1"
    import django

    django.setup()
    from livlina.cli.tenant.chains import broken

    wrong = broken(options.names[0], options.most)
    for words in wrong[:20]:
        say(words)
    return 1 if wrong else 0


def _verified(dsn: str, slug: str) -> list[str]:
    """Verify chains in the target, in a program of its own, since Django has one database for life.

    Of SAMPLE persons: that every row is the same at both ends is proved already, so this shows that the target can compute
    them (its version, its secret). All of them would be minutes more of reading only; the night's job takes its turn.
    """
    result = subprocess.run(
        [sys.executable, "-m", "livlina", "tenant", "verify", slug, "--most", str(SAMPLE)],
        env=os.environ | {"PYTHONPATH": python_path(), "LIVLINA_OWNER_DATABASE_URL": dsn, "LIVLINA_AS_OWNER": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode == 0:
        return []
    return (result.stdout + result.stderr).strip().splitlines()[-3:] or ["the verification did not run"]
