"""``livlina test``: the whole suite, browser tests included. Other options are given to pytest.

With ``--again N`` up to N tests that failed are run once more, alone on the machine. Those that then hold are named as
unsteady, which is a fault of theirs or of what they test and to be mended, but no reason to stop everything else.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import suppress

from livlina.cli import system
from livlina.cli.surroundings import ROOT, python_path, say

LAST_FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
FAILED = 1  # pytest's word for it: 2 and more are an interruption, a fault of its own, nothing collected


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--postgres", metavar="FOLDER", help="run on the PostgreSQL in this bin folder")
    parser.add_argument(
        "--again",
        type=int,
        default=0,
        metavar="N",
        help="run up to N tests that failed once more, alone (default: 0)",
    )


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
        # Whoever is done takes over from the others: with fixed helpings one worker ended alone with minutes of work.
        words = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal", *words]
    if options.again:
        LAST_FAILED.unlink(missing_ok=True)  # what failed in an earlier run is not ours
    code = _pytest(words, environment)
    failed = _failed() if code == FAILED and options.again else []
    if not 0 < len(failed) <= options.again:
        return code
    say(f"{len(failed)} failed, and are run once more, alone: {', '.join(failed)}")
    code = _pytest(["-n", "0", "--last-failed", "--last-failed-no-failures", "none"], environment)
    if code == 0:
        say(f"UNSTEADY, to be mended: {', '.join(failed)}")
    return code


def _pytest(words: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _failed() -> list[str]:
    """The names of the tests that failed in the run just ended, and did not when collected."""
    with suppress(OSError, ValueError):
        return list(json.loads(LAST_FAILED.read_text(encoding="utf-8")))
    return []
