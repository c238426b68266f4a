"""``livlina test``: the whole suite, browser tests included. Other options are given to pytest."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from livlina.cli import system
from livlina.cli.surroundings import ROOT, python_path, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--postgres", metavar="FOLDER", help="run on the PostgreSQL in this bin folder")


def run(options: argparse.Namespace) -> int:
    """Bring what the tests need, then hand over to pytest; its exit code is ours."""
    for line in system.ensure(*system.FOR_TESTS):
        say(line)
    environment = {**os.environ, "PYTHONPATH": python_path()}
    for name in [name for name in environment if name.startswith(("LIVLINA_", "_LIVLINA_"))]:
        if name not in ("LIVLINA_POSTGRES_BIN", "LIVLINA_TEST_SERVER_URL"):
            del environment[name]  # the suite's settings are its own, whatever this terminal is set up for
    if options.postgres:
        environment["LIVLINA_POSTGRES_BIN"] = options.postgres
    words = list(options.rest)
    if not any(word.startswith(("-n", "--numprocesses", "--pdb", "--collect-only")) for word in words):
        # In small helpings, since what is long comes first (tests/plugin.py) and no worker should get all of it.
        words = ["-n", str(min(os.cpu_count() or 1, 4)), "--maxschedchunk", "30", *words]
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
