"""``livlina migrate``: bring the tables up to this version, as the role that owns them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

import psycopg

from livlina.cli.surroundings import Problem, run_python, say
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
    code = run_python(
        *("-m", "django", "migrate", "--no-input", "--skip-checks", "--verbosity", "1"),
        environment={
            **environment,
            "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
            "LIVLINA_AS_OWNER": "1",
        },
    )
    if code:
        raise Problem("The migration failed; the lines above say where. Nothing was started.")
