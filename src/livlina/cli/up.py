"""``livlina up``: the start for real use, on a PostgreSQL that somebody looks after. Refuses what is weak.

Runs web, workers, live for alarm desks, and status, which tells everyone what works. The alarm receivers do not run
here: each is a service of its own, on a machine of its own, that must outlive all of this (``livlina alarmd --config …``).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

import psycopg

from livlina.cli import children
from livlina.cli.migrate import migrate
from livlina.cli.surroundings import Problem, say, state_dir

# Each child's imports take seconds of a core. After a crash of us all people wait for pages and desks, so those come first.
WORKERS = 2  # so that what falls due is still seen to when one has stopped


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; put TLS in front of it"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--live-port", type=int, default=8001, help="where desks listen; 0: not at all")
    parser.add_argument(
        "--status-port", type=int, default=8003, help="where anyone sees what works; 0: not at all"
    )
    parser.add_argument("--processes", type=int, default=2, help="web processes, each with four threads")


def run(options: argparse.Namespace) -> int:
    """Check, migrate, then run web, workers and live until told to stop."""
    weak = weaknesses(os.environ)
    if not weak:
        weak = weak_role(os.environ["LIVLINA_DATABASE_URL"])
    if weak:
        raise Problem("Not started:\n" + "\n".join(f"  - {sentence}" for sentence in weak))
    migrate(dict(os.environ), "real", quick=True)  # a restart after a crash must not take seconds for nothing
    state = state_dir()
    family = children.Family(state, {"LIVLINA_OWNER_DATABASE_URL": "", "LIVLINA_STATE_DIR": str(state)})
    family.add(
        *("web", "-m", "livlina", "web", "--host", options.host, "--port", str(options.port)),
        *("--processes", str(options.processes)),
    )
    for number in range(1, WORKERS + 1):
        family.add(f"work-{number}", "-m", "livlina", "worker", after=2.0 * number)
    family.add("calm", "-m", "livlina", "worker", "--calm", after=8.0)
    if options.live_port:
        family.add("live", "-m", "livlina", "live", "--host", options.host, "--port", str(options.live_port))
    if os.environ.get("LIVLINA_BACKUP_DIR"):
        family.add("backup", "-m", "livlina", "backup", "--follow", after=4.0)
    if options.status_port:
        asked = options.host if options.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
        words = ["--host", options.host, "--port", str(options.status_port)]
        family.add("status", "-m", "livlina", "status", *words, "--web", f"http://{asked}:{options.port}")
    say(f"Livlina listens on {options.host}:{options.port}.")
    family.mind()
    return 0


def weaknesses(environ: Mapping[str, str]) -> list[str]:
    """What in the settings is too weak for real people's data, a sentence each."""
    found = []
    on = ("1", "true", "yes", "on")
    for name, what in (
        ("LIVLINA_DATABASE_URL", "the application"),
        ("LIVLINA_OWNER_DATABASE_URL", "migrations"),
    ):
        if not environ.get(name):
            found.append(f"{name} is missing: the address of the database, with the role for {what}.")
    key = environ.get("LIVLINA_SECRET_KEY", "")
    if file := environ.get("LIVLINA_SECRET_KEY_FILE"):
        key = Path(file).read_text().strip() if Path(file).is_file() else ""
    if len(key) < 40 or len(set(key)) < 10:
        found.append(
            "The secret key is missing or weak: put at least 40 random characters in the file that "
            "LIVLINA_SECRET_KEY_FILE names."
        )
    if environ.get("LIVLINA_DEMO", "").lower() in on:
        found.append(
            "LIVLINA_DEMO is on: it opens the built-in e-ID, with which anybody signs in as anybody."
        )
    if environ.get("LIVLINA_TEST", "").lower() in on:
        found.append("LIVLINA_TEST is on: it is only for the test suite.")
    if environ.get("DEBUG", "").lower() in on or environ.get("LIVLINA_DEBUG", "").lower() in on:
        found.append("DEBUG is on: its error pages show what is in memory.")
    if not environ.get("LIVLINA_ORIGIN", "").startswith("https://"):
        found.append("LIVLINA_ORIGIN must be the address that people use, and begin with https://.")
    hosts = [host.strip() for host in environ.get("LIVLINA_ALLOWED_HOSTS", "").split(",") if host.strip()]
    if not hosts or "*" in hosts:
        found.append("LIVLINA_ALLOWED_HOSTS must name the host names that people use, and not *.")
    return found


def weak_role(url: str) -> list[str]:
    """What the application's role may that it must not, a sentence each. Raises OperationalError."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole,"
            " EXISTS (SELECT FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid)"
            " OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v', 'm')),"
            " EXISTS (SELECT FROM pg_roles o WHERE (o.rolsuper OR o.rolbypassrls) AND o.oid <> r.oid"
            "         AND pg_has_role(r.oid, o.oid, 'MEMBER'))"
            " FROM pg_roles r WHERE rolname = current_user"
        ).fetchone()
    name, *facts = row or ("", *[False] * 5)
    sentences = (
        "is a superuser, for whom row-level security does not count",
        "has BYPASSRLS, so municipalities are not kept apart",
        "may make roles, and so give itself more rights",
        "owns the database or its tables, and an owner can take every lock away",
        "is a member of a role that passes over row-level security",
    )
    return [
        f"The role {name} in LIVLINA_DATABASE_URL {sentence}. Use a role that only may sign in."
        for fact, sentence in zip(facts, sentences, strict=True)
        if fact
    ]
