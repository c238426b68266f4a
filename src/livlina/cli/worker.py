"""``livlina worker``: runs jobs as they come and the schedule as it falls due, and minds the jobs of the dead.

Jobs are polled for every second besides being listened for: a listening connection that the database has cut
is never made again. The schedule and the sweep run here and not as jobs, so no stuck queue can hold them up.

Reports and other long work that nobody waits for are a worker of their own, ``livlina worker --calm``: it gives way to
everything else on the machine, and holds up no escalation.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from livlina.cli.children import tether

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from procrastinate import App

JOBS_AT_ONCE = 4
TELL_EVERY = 60.0  # seconds between words to the status page
LOWEST = 19  # of the kernel's priorities
REST, LONGEST_REST = 3.0, 10.0  # times what a statement took, and seconds
SWEEP_EVERY = 15.0  # seconds
AGAIN_AFTER = 1.0  # seconds, when the database is away


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--calm", action="store_true", help="only reports and other long work, giving way to all else"
    )
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Work until told to stop; jobs under way are finished first."""
    tether(options.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    if options.calm:
        give_way()
    import django

    django.setup()
    ending = threading.Event()
    if options.calm:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        _clockwork(ending, calm=True)
        return 0
    clockwork = threading.Thread(target=_clockwork, args=(ending,), name="schedule")
    probing = threading.Thread(target=_probing, args=(ending,), name="identity-provider-probe")
    clockwork.start()
    probing.start()
    try:
        asyncio.run(_jobs())
    finally:
        ending.set()
        clockwork.join()
        probing.join()
    return 0


def give_way() -> None:
    """Let all else on the machine go first, and take a quarter of one core of the database's. Call before Django is set up.

    The kernel knows nothing of whose errand a session of the database runs, and on another machine it cannot: so each
    statement is followed by a rest as long as it deserves.
    """
    from django.db.backends.signals import connection_created

    os.nice(LOWEST)
    os.environ["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"
    connection_created.connect(_rests)


def _rests(connection: BaseDatabaseWrapper, **_: object) -> None:
    if rest_after not in connection.execute_wrappers:  # they stay when it connects anew
        connection.execute_wrappers.append(rest_after)


def rest_after(execute: Callable[..., Any], *of: Any) -> Any:
    """Run a statement, then rest for `REST` times what it took."""
    began = time.monotonic()
    try:
        return execute(*of)
    finally:
        time.sleep(min(REST * (time.monotonic() - began), LONGEST_REST))


async def _jobs() -> None:
    """Run jobs until told to stop; while the database is away, wait for it instead of ending."""
    import structlog
    from procrastinate.exceptions import ConnectorException
    from psycopg import OperationalError

    while True:
        try:
            return await _run_jobs(_app())
        except (ConnectorException, OperationalError) as fault:
            structlog.get_logger(__name__).warning("database_away_jobs_wait", fault=type(fault).__name__)
            await asyncio.sleep(AGAIN_AFTER)


async def _run_jobs(app: App) -> None:
    async with app.open_async():
        sweeper = asyncio.create_task(_sweep(app))
        try:
            await app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=20.0,
                task_middleware=[_with_fresh_connection],
            )
        finally:
            sweeper.cancel()


def _app() -> App:
    """The queue, with a connection of its own; what jobs announce still goes with their own transaction."""
    from procrastinate import App
    from procrastinate.contrib.django import app

    own = App(connector=app.connector.get_worker_connector())  # type: ignore[attr-defined]
    own.tasks = app.tasks
    own.periodic_registry = app.periodic_registry
    return own


def _with_fresh_connection(job: Callable[[], Any], context: Any, worker: Any) -> Any:
    from django.db import close_old_connections, connection

    close_old_connections()
    try:
        return job()
    finally:
        connection.close()


async def _sweep(app: App) -> None:
    import structlog

    from livlina.core.worker import STALLED_AFTER

    log = structlog.get_logger(__name__)
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
                log.warning("stalled_job_given_to_another_worker", job=job.id)
                await app.job_manager.retry_job(job)
        except Exception:
            log.exception("sweep_failed")
        await asyncio.sleep(SWEEP_EVERY)


def _clockwork(ending: threading.Event, calm: bool = False) -> None:
    import structlog
    from django.db import close_old_connections, connection

    from livlina.config.schedule import SCHEDULE
    from livlina.core import clock, jobs

    log = structlog.get_logger(__name__)
    mine = [job for job in SCHEDULE if job.calm == calm]
    since, told = clock.now(), time.monotonic()
    while not ending.wait(1.0):
        try:
            close_old_connections()
            jobs.run_due(mine, clock.now())
            if not calm and time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                _tell(jobs.late(SCHEDULE, clock.now(), since))
        except Exception:
            log.exception("schedule_failed")
        finally:
            connection.close()


def _tell(late: dict[str, str]) -> None:
    """Tell the status page whether what should be done at its times is done."""
    from django.conf import settings

    from livlina.status import parts

    words = ", ".join(f"{name} ({what})" for name, what in late.items())
    parts.write(
        settings.STATE_DIR,
        "schedule",
        not late,
        f"Inte gjort: {words}." if late else "Allt är gjort i tid.",
        late=late,
    )


def _probing(ending: threading.Event) -> None:
    """Measure the staff's own sign-in every five seconds: one that hangs must hold up nothing but this thread."""
    import structlog
    from django.db import close_old_connections, connection

    from livlina.across.portal import health, probe
    from livlina.core import clock

    log = structlog.get_logger(__name__)
    while not ending.wait(health.EVERY.total_seconds()):
        try:
            close_old_connections()
            probe.once(clock.now())
        except Exception:
            log.exception("probe_failed")
        finally:
            connection.close()
