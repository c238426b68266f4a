"""``livlina demo_data``, for `demo` only: fill the demo municipality, list its log-ins, or bring it up to the day."""

from __future__ import annotations

import argparse
import os

from livlina.cli.surroundings import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--size", type=int, default=1)
    parser.add_argument("--logins", action="store_true")
    parser.add_argument("--today", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Load, list, or bring up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    from livlina import demo

    if options.logins:
        rows = [tuple(str(part) for part in row) for row in demo.logins()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            say("  " + "  ".join(part.ljust(width) for part, width in zip(row, widths, strict=True)).rstrip())
    elif options.today:
        demo.today()
    else:
        demo.load(options.size, say)
    return 0
