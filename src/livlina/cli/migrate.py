"""``livlina migrate``: bring the tables up to this version, as the role that owns them."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping

import psycopg

from livlina.cli.surroundings import Problem, python_path, say
from livlina.core.databases import Purpose, claim

OLDEST = 150_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are no options: what the data is follows from LIVLINA_DEMO."""


def run(options: argparse.Namespace) -> int:
    """Migrate the database that LIVLINA_OWNER_DATABASE_URL names."""
    demo = os.environ.get("LIVLINA_DEMO", "").lower() in ("1", "true", "yes", "on")
    migrate(dict(os.environ), "demo" if demo else "real")
    return 0


def migrate(environment: Mapping[str, str], purpose: Purpose) -> None:
    """Note what the data is (or check the note), then migrate. Raises Problem or PurposeError."""
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
        claim(connection, purpose)
    say("Bringing the tables up to this version …")
    program = subprocess.Popen(
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
    )
    lines = list(_told(program.stdout or ()))
    if program.wait():
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
