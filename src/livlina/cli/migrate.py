"""``livlina migrate``: bring the tables up to this version, as the role that owns them."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import psycopg

from livlina.cli.surroundings import ROOT, Problem, python_path, say
from livlina.core.databases import Purpose, claim, note, noted

OLDEST = 150_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are no options: what the data is follows from LIVLINA_DEMO."""


def run(options: argparse.Namespace) -> int:
    """Migrate the database that LIVLINA_OWNER_DATABASE_URL names."""
    demo = os.environ.get("LIVLINA_DEMO", "").lower() in ("1", "true", "yes", "on")
    migrate(dict(os.environ), "demo" if demo else "real")
    return 0


def migrate(environment: Mapping[str, str], purpose: Purpose, *, quick: bool = False) -> None:
    """Note what the data is (or check the note), then migrate. Raises Problem or PurposeError.

    ``quick`` leaves the migration out when this very code was the last to migrate.
    """
    url = environment.get("LIVLINA_OWNER_DATABASE_URL")
    if not url:
        raise Problem(
            "Set LIVLINA_OWNER_DATABASE_URL to the same database with the role that owns the tables; "
            "that role needs BYPASSRLS, and web and worker never use it."
        )
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        version = connection.info.server_version
        if version < OLDEST:
            raise Problem(f"The database is PostgreSQL {version // 10000}; Livlina needs 15 or later.")
        # Two machines that are started at once migrate one after the other; the lock goes with the connection.
        connection.execute("SELECT pg_advisory_lock(hashtext('livlina migrate'))")
        claim(connection, purpose)
        code = code_mark()
        if quick and noted(connection, "code") == code:
            return
        _migrate(environment)
        note(connection, "code", code)


def code_mark() -> str:
    """A mark that changes with anything that could change the tables: our code, or the packages we run with."""
    digest = sha256()
    for path in sorted([*(ROOT / "src" / "livlina").rglob("*.py"), ROOT / "requirements.lock"]):
        digest.update(bytes(path.relative_to(ROOT)) + path.read_bytes())
    return digest.hexdigest()


def _migrate(environment: Mapping[str, str]) -> None:
    say("Bringing the tables up to this version …")
    with subprocess.Popen(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks"],
        env={
            **os.environ,
            "PYTHONPATH": python_path(),
            **environment,
            "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
            "LIVLINA_AS_OWNER": "1",
        },
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as program:
        lines = list(_told(program.stdout or ()))
    if program.returncode:
        raise Problem(f"The migration failed, and nothing was started. It said:\n{''.join(lines[-40:])}")


def _told(lines: Iterable[str]) -> Iterator[str]:
    """Pass the lines through, telling now and then how many steps have been taken."""
    steps = 0
    for line in lines:
        yield line
        if line.lstrip().startswith("Applying"):
            steps += 1
            if steps % 25 == 0:
                say(f"  {steps} steps …")
    if steps:
        say(f"  {steps} steps done.")
