"""``livlina status``: measures, sheds, and tells everyone what works right now, also when all else here is dead.

Every option has a setting of its own, so that ``livlina up`` needs none: LIVLINA_STATUS_VOLUMES, _BALLAST,
_BALLAST_FOLDER, _RECEIVERS, _CALL. It needs neither Django nor the database; the database is asked, when it answers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from livlina.cli.children import tether
from livlina.cli.surroundings import Problem, say, state_dir
from livlina.status import levels, measure, page
from livlina.status.ballast import Ballast
from livlina.status.levels import Judge, Level
from livlina.status.measure import Database, Volume
from livlina.status.monitor import LOOK_EVERY, Monitor, ask_by_hand
from livlina.status.parts import read
from livlina.status.probes import LIMIT, Looker, Targets
from livlina.status.server import Door

PORT = 8003
BALLAST = 1024
"""Megabytes."""
CALL_LIMIT = 20.0
"""Seconds the program that calls somebody may take."""
log = logging.getLogger(__name__)

JOBS = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(coalesce(j.scheduled_at, e.at))), 0)
FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= clock_timestamp())
"""
LOAD = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()
           AND query_start < clock_timestamp() - interval '10 seconds')
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="the address to listen on; put TLS in front of it")
    add("--port", type=int, default=PORT)
    add("--web", help="where the web server answers (default: http://127.0.0.1:8000)")
    add("--receiver", action="append", help="the address of an alarm receiver's own page; may be repeated")
    add("--volume", action="append", metavar="NAME=FOLDER", help="a volume to watch; may be repeated")
    add("--ballast", type=int, help=f"megabytes held back (default: {BALLAST}; 0: none)")
    add("--ballast-folder", type=Path, help="where, on the database's volume (default: the state folder)")
    add(
        "--roomy",
        type=float,
        default=0,
        help="gigabytes; a volume with more free sheds nothing (default: none)",
    )
    add("--call", help="a program that is run, with level and words, when the level rises: it wakes somebody")
    add("--every", type=float, default=LOOK_EVERY, help=f"seconds between looks (default: {LOOK_EVERY:g})")
    add(
        "--once", action="store_true", help="look once and print it; exit code 1 when something does not work"
    )
    add("--release-ballast", action="store_true", help="give the ballast file up now, by hand")
    add("--shed", type=int, choices=range(4), help="ask for a level by hand; 0 takes it back")
    add("--minutes", type=int, default=60, help="for how long --shed holds")
    add("--parent", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Do the one thing asked for, or look and tell until told to stop."""
    state = state_dir()
    if options.release_ballast:
        freed = ballast(options, state).release()
        say(f"{freed >> 20} MB are free again." if freed else "There is no ballast to release.")
        return 0 if freed else 1
    if options.shed is not None:
        until = datetime.now(UTC) + timedelta(minutes=options.minutes)
        if not ask_by_hand(state, options.shed, until):
            raise Problem(f"{state} cannot be written to.")
        say(f"Level {options.shed} for {options.minutes} minutes." if options.shed else "Taken back.")
        return 0
    monitor = made(options, state)
    if options.once:
        return once(monitor)
    tether(options.parent)
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO, stream=sys.stdout)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_serve(monitor, options))
    return 0


def made(options: argparse.Namespace, state: Path) -> Monitor:
    """Return the monitor that the options and settings describe."""
    web = options.web or "http://127.0.0.1:8000"
    receivers = tuple(options.receiver or os.environ.get("LIVLINA_STATUS_RECEIVERS", "").split())
    origin = urlsplit(os.environ.get("LIVLINA_ORIGIN", ""))
    host = origin.netloc if origin.scheme == "https" else ""
    dsn = os.environ.get("LIVLINA_DATABASE_URL", "")
    looker = Looker(
        Targets(web, host, receivers),
        database=(lambda: database(dsn)) if dsn else lambda: None,
        parts=lambda: read(state),
    )
    program = options.call or os.environ.get("LIVLINA_STATUS_CALL", "")
    held = None if options.once else ballast(options, state)
    watched = volumes(state, options.volume)
    judge = Judge(roomy=int(options.roomy * (1 << 30)))
    call = caller(program)
    return Monitor(state, looker, watched, ballast=held, call=call, judge=judge, every=options.every)


def volumes(state: Path, asked: Sequence[str] | None = None) -> list[Volume]:
    """Return the volumes to watch: the database's first, where it lies here. Raises Problem on one that is missing."""
    named = []
    for one in asked or os.environ.get("LIVLINA_STATUS_VOLUMES", "").split():
        name, equals, path = one.partition("=")
        if not equals or not Path(path).exists():
            raise Problem(f"“{one}” is no volume: write a name, = and a folder that is there.")
        named.append((name, Path(path)))
    data = state / "postgres" / "data"
    found = [*named, ("data", data), ("wal", (data / "pg_wal").resolve()), ("state", state)]
    return measure.volumes(found)


def ballast(options: argparse.Namespace, state: Path) -> Ballast:
    """Return the ballast, which protects the volume its folder is on."""
    size = options.ballast
    if size is None:
        size = int(os.environ.get("LIVLINA_STATUS_BALLAST") or BALLAST)
    folder = options.ballast_folder or Path(os.environ.get("LIVLINA_STATUS_BALLAST_FOLDER") or state)
    return Ballast(folder, size << 20)


def caller(program: str) -> Callable[[Level, str], None]:
    """Return what wakes somebody: the program, run on its own, its fate only logged."""

    def call(level: Level, text: str) -> None:
        try:
            subprocess.run([program, str(level.level), text], timeout=CALL_LIMIT, check=True)
        except (OSError, subprocess.SubprocessError) as fault:
            log.error("nobody could be called: %s", type(fault).__name__)

    def begin(level: Level, text: str) -> None:
        threading.Thread(target=call, args=(level, text), daemon=True).start()

    return begin if program else lambda level, text: None


def database(dsn: str) -> Database:
    """Ask the database how it is, within two seconds. Never raises."""
    answers = journal = False
    numbers = (0, 0, 0)
    jobs = (0, 0.0)
    try:
        with psycopg.connect(dsn, connect_timeout=int(LIMIT), autocommit=True) as connection:
            connection.execute(f"SET statement_timeout = {int(LIMIT * 1000)}")
            numbers = connection.execute(LOAD).fetchone() or numbers
            answers = True
            connection.execute("SELECT 1 FROM journal_note LIMIT 1").fetchone()
            journal = True
            jobs = connection.execute(JOBS).fetchone() or jobs
    except psycopg.Error as fault:
        log.debug("the database: %s", fault)
    return Database(answers, journal, *map(int, numbers), backlog=int(jobs[0]), oldest=float(jobs[1]))


def once(monitor: Monitor) -> int:
    """Look once and print it, as the page would say it."""
    monitor.measure()
    asyncio.run(monitor.look())
    told = page.public(monitor)
    for one in told["functions"].values():
        say(f"{'ok  ' if one['works'] else 'RED '} {one['name']:36} {one['words']}")
    for volume in monitor.full()["storage"]:
        say(f"     {volume['volume']:36} {_room(volume)}")
    if told["level"]:
        say(f"Level {told['level']}: {levels.WHY[monitor.state.level.why]}. {told['level_words']}")
    return 1 if any(not one["works"] for one in told["functions"].values()) else 0


def _room(volume: Mapping[str, float]) -> str:
    words = f"{volume['free'] / 1e9:.1f} of {volume['total'] / 1e9:.1f} GB free"
    soon = volume["full_in_s"]
    return words if soon is None else f"{words}; full in {soon / 3600:.1f} h"


async def _serve(monitor: Monitor, options: argparse.Namespace) -> None:
    ours = asyncio.current_task()
    if ours:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ours.cancel)
    door = Door(monitor)
    try:
        server = await door.listen(options.host, options.port)
    except OSError as error:
        raise Problem(f"Port {options.port} is taken by another program. Choose one with --port.") from error
    say(f"What works right now: http://{options.host}:{door.port}")
    async with server:
        try:
            await monitor.run()
        finally:
            monitor.history.save()
