"""``livlina upgrade``: write down what this version expects of its tables, for the next one to be checked against.

Run when a version is released, on a database that this version has migrated and holds nothing.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import psycopg

from livlina.cli.surroundings import ROOT, Problem, say
from livlina.core.schema import Description, describe

PREVIOUS = ROOT / "tests" / "upgrade" / "previous.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--into", type=Path, default=PREVIOUS, help="the file (default: the one the tests read)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the description. Raises Problem."""
    url = os.environ.get("LIVLINA_OWNER_DATABASE_URL")
    if not url:
        raise Problem("Set LIVLINA_OWNER_DATABASE_URL to a database that this version has migrated.")
    with psycopg.connect(url, connect_timeout=10) as connection:
        found = describe(connection)
    options.into.write_text(told(found), encoding="utf-8")
    say(f"{len(found['columns'])} tables are written down in {options.into.name}.")
    return 0


def told(found: Description) -> str:
    """The description as JSON, a table on a line, so that a change shows as one."""
    parts = []
    for name, inner in sorted(found.items()):
        lines = ",\n".join(
            f"{json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in sorted(inner.items())
        )
        parts.append(f"{json.dumps(name)}: {{\n{lines}\n}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
