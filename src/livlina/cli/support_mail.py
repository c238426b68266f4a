"""``livlina support-mail``: take letters to the support in, from standard input or from a maildir.

Stands behind any mail server: as a pipe (`|livlina support-mail --municipality asvalla`), or now and then over a maildir
that fetchmail or the server fills. A letter taken in from a maildir is moved from `new` to `cur`; one that could not be
is left where it lies and tried the next time. The exit code tells a mail server: 75 means try again, 65 no letter.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from livlina.cli.surroundings import Problem, say

TRY_AGAIN, NO_LETTER = 75, 65
LARGEST = 40_000_000
"""Bytes read of one letter."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--municipality", required=True, metavar="SLUG", help="whose support it is for")
    parser.add_argument(
        "--maildir", type=Path, help="a folder with new/ and cur/; without it one letter on stdin"
    )


def run(options: argparse.Namespace) -> int:
    """Take them in. Raises Problem when there is no such municipality or folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    if options.maildir is None:
        return _take(options.municipality, sys.stdin.buffer.read(LARGEST))
    if not (options.maildir / "new").is_dir():
        raise Problem(f"There is no folder {options.maildir / 'new'}.")
    (options.maildir / "cur").mkdir(exist_ok=True)
    worst = 0
    for path, raw in letters(options.maildir):
        code = _take(options.municipality, raw)
        if code != TRY_AGAIN:
            path.rename(options.maildir / "cur" / f"{path.name}:2,S")
        worst = worst or (code if code == TRY_AGAIN else 0)
    return worst


def letters(maildir: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the new letters of a maildir with their paths, the oldest first."""
    for path in sorted((maildir / "new").iterdir(), key=lambda one: (one.stat().st_mtime, one.name)):
        if path.is_file():
            with path.open("rb") as file:
                yield path, file.read(LARGEST)


def _take(slug: str, raw: bytes) -> int:
    """Take one letter in, in a transaction of its own, and say what became of it. Raises Problem."""
    from django.db import InterfaceError, OperationalError

    from livlina.across.support import actions
    from livlina.across.support.mail import LetterUnreadable, read
    from livlina.core import clock, tenancy
    from livlina.core.access import system
    from livlina.core.models import Municipality

    try:
        letter = read(raw)
    except LetterUnreadable:
        say("This is no letter: it has no sender. Put aside.")
        return NO_LETTER
    try:
        home = Municipality.objects.filter(slug=slug).first()
        if home is None:
            raise Problem(f"There is no municipality called {slug}.")
        with tenancy.acting(home.pk, tenancy.EVERYTHING):
            row = actions.take_letter(letter, by=system(home.pk, tenancy.EVERYTHING), now=clock.now())
            say(f"{row.get_outcome_display()}{f': {row.ticket.number}' if row.ticket else ''}")
    except (OperationalError, InterfaceError):
        say("The database is away. The letter is not taken in; try again.")
        return TRY_AGAIN
    return 0
