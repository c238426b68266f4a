"""``livlina restore``: back to a point in time, into a folder of its own."""

from __future__ import annotations

import argparse
import os
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from livlina.cli.backup import store_of_settings
from livlina.cli.backups.bring import bring
from livlina.cli.surroundings import Problem, say

HERE = ZoneInfo("Europe/Stockholm")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--to",
        metavar='"YYYY-MM-DD HH:MM"',
        help="the moment, in Swedish time (default: everything there is)",
    )
    parser.add_argument("--into", metavar="FOLDER", type=Path, required=True, help="a folder that is empty")
    parser.add_argument(
        "--base", metavar="LABEL", help="begin from this base copy (default: the newest that fits)"
    )


def run(options: argparse.Namespace) -> int:
    """Restore, say what came back, and how to start it. Nothing that runs is touched."""
    until = moment(options.to) if options.to else None
    if until and until > datetime.now(HERE):
        raise Problem(f"{options.to} has not been yet.")
    store, began = store_of_settings(reading=True), time.monotonic()
    base = store.newest(until)
    if options.base:
        base = next((one for one in store.bases() if one.label == options.base), base)
        if base.label != options.base:
            raise Problem(f"There is no base copy {options.base}.")
    say(f"Bringing back {base.label} and the log after it …")
    with bring(store, options.into.absolute(), base=base, until=until) as (server, found):
        programs = server.binaries.folder
    newest = found.newest_at.astimezone(HERE)
    say(
        f"Back to {newest:%Y-%m-%d %H:%M:%S}, the last change that was made; it took {time.monotonic() - began:.0f} s."
    )
    say(f"The data is in {server.data}. Start it where it lies with the settings of the old:")
    say(f"  {programs / 'pg_ctl'} -D {server.data} -l {options.into / 'server.log'} start")
    say(_destroyed(newest))
    return 0


def _destroyed(newest: datetime) -> str:
    """What was destroyed by law after the moment, and so came back: asked of the system in use, when it answers."""
    url = os.environ.get("LIVLINA_OWNER_DATABASE_URL", "")
    try:
        if not url:
            raise psycopg.OperationalError
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT count(*) FROM records_destructioncertificate WHERE at > %s", [newest]
            ).fetchone()
        number = int(row[0]) if row else 0
    except psycopg.Error:
        return (
            "It is not known what was destroyed by law since: look among the certificates on paper, and carry those "
            "destructions out again before anybody signs in."
        )
    if number:
        return f"{number} files destroyed by law since have come back: destroy them again before anybody signs in."
    return "Nothing was destroyed by law since."


def moment(text: str) -> datetime:
    """A moment in Swedish time. Raises Problem."""
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=HERE)
        except ValueError:
            continue
    raise Problem(f"“{text}” is no time. Write it so: 2026-11-22 03:10")
