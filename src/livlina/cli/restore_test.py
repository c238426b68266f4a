"""``livlina restore-test``: is the reserve one? Tried each night, filed, and told the status page; exit code 1: no."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from livlina.cli import filing
from livlina.cli.backup import ON, store_of_settings
from livlina.cli.backups import prove
from livlina.cli.surroundings import say, secret_key, state_dir
from livlina.status import parts


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--base", metavar="LABEL", default="", help="try this base copy, not the newest")
    parser.add_argument(
        "--scratch",
        metavar="FOLDER",
        type=Path,
        help="where there is room for the data (default: a temporary folder)",
    )
    parser.add_argument(
        "--only-chains",
        action="store_true",
        help="verify the chains of the database in use, and nothing else",
    )
    parser.add_argument("--inside", choices=("everything",), help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Try it. The answer is the exit code, for the timer."""
    if options.inside or options.only_chains:
        return _inside(options)
    store, state = store_of_settings(reading=True), state_dir()
    environment = {} if _has_key() else {"LIVLINA_SECRET_KEY": secret_key(state)}
    durable = os.environ.get("LIVLINA_TEST", "").lower() not in ON
    scratch = options.scratch or Path(tempfile.gettempdir())
    area = scratch / f"livlina-restored-{os.getpid()}"
    result = prove.prove(store, area, label=options.base, environment=environment, durable=durable)
    prove.told(result)
    tell(state, result)
    filed = filing.file(state, "restore_test", result.record())
    return 0 if filed and not result.faults else 1


def tell(state: Path, result: prove.Result) -> None:
    """Tell the status page."""
    parts.write(
        state, "restore_test", not result.faults, result.words, at=result.ended_at,
        signed_in_at=result.signed_in_at.isoformat() if result.signed_in_at else None,
        newest_age=result.newest_age, seconds=result.seconds, backup=result.backup,
    )  # fmt: skip


def _has_key() -> bool:
    return bool(os.environ.get("LIVLINA_SECRET_KEY") or os.environ.get("LIVLINA_SECRET_KEY_FILE"))


def _inside(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    from livlina.cli.backups import inside

    found: dict[str, Any] = inside.everything() if options.inside else inside.chains()
    if options.inside:
        sys.stdout.write(json.dumps(found) + "\n")
        return 0
    say(f"{found['whole']} chains hold, {found['broken']} do not. {found['words']}")
    return 1 if found["broken"] else 0
