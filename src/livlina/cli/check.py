"""``livlina check``: everything about the code that can be seen without running it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from livlina.cli import licences, sizes
from livlina.cli.surroundings import ROOT, Problem, placeholder_settings, python_path, say

Outcome = tuple[bool, str]
SHOWN = 60  # lines of detail per check
PROCESSES = """
import django; django.setup()
from livlina.authority.cases.engine import check
found = check(); print(*found, sep="\\n"); raise SystemExit(bool(found))
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these (default: all)")


def run(options: argparse.Namespace) -> int:
    """Run the checks side by side, a line each; details only where something is wrong."""
    unknown = set(options.names) - set(CHECKS)
    if unknown:
        raise Problem(f"There is no check {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
    names = options.names or list(CHECKS)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        failed = [name for name, good in zip(names, pool.map(_timed, names), strict=True) if not good]
    say(f"\n{len(failed)} of {len(names)} checks failed: {', '.join(failed)}" if failed else "\nAll is well.")
    return 1 if failed else 0


def _timed(name: str) -> bool:
    began = time.monotonic()
    try:
        good, details = CHECKS[name]()
    except Exception as error:  # a check that cannot be made has not been passed
        good, details = False, repr(error)
    line = f"{'ok  ' if good else 'FAIL'} {name:11} {time.monotonic() - began:5.1f} s"
    say(line if good else f"{line}\n{_indented(details, name)}")
    return good


def _indented(text: str, name: str) -> str:
    lines = text.strip().splitlines()
    if len(lines) > SHOWN:
        lines = [*lines[:SHOWN], f"… and {len(lines) - SHOWN} lines more: livlina check {name} | less"]
    return "\n".join(f"       {line}" for line in lines)


def _program(*words: str) -> Callable[[], Outcome]:
    def check() -> Outcome:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**_without_settings(), "PYTHONPATH": python_path(), **placeholder_settings()},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode == 0, done.stdout

    return check


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}


def _listed(offenders: Callable[[], list[str]]) -> Callable[[], Outcome]:
    def check() -> Outcome:
        found = offenders()
        return not found, "\n".join(found)

    return check


CHECKS: dict[str, Callable[[], Outcome]] = {
    "types": _program("-m", "mypy"),  # first, being the slowest
    "format": _program("-m", "ruff", "format", "--check", "--quiet", "."),
    "lint": _program("-m", "ruff", "check", "--quiet", "--output-format", "concise", "."),
    "contracts": _program("-c", "from importlinter.cli import lint_imports_command as c; c()"),
    # The warning is that no database is behind it, which is the point.
    "migrations": _program("-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"),
    "sizes": _listed(sizes.offenders),
    "licences": _listed(licences.offenders),
    "reuse": _program("-m", "reuse", "lint"),
    "processes": _program("-c", PROCESSES),
}
