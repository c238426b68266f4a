"""Recurring jobs: one table (`config/schedule.py`), one loop, one claim.

A job is due when its cadence has passed since it last began. It is claimed by one conditional update, so
several workers share the table without running anything twice, and time is an argument, so that tests and
drills can ask what would run when.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string

from livlina.core.models import Municipality, RecurringRun
from livlina.core.shedding import Importance, level
from livlina.core.tenancy import acting
from livlina.core.worker import EVERYTHING

log = structlog.get_logger(__name__)
SLACK = timedelta(minutes=10)
"""So much later than it should a job may be before anyone is told."""


@dataclass(frozen=True)
class Recurring:
    """One line of the schedule."""

    name: str
    verb: str
    every: timedelta
    limit: timedelta
    tells: str
    """Which role is told when it fails."""
    parts: bool = False
    """The verb makes its own transactions with `part`, so that a long run keeps no row locked for long."""
    importance: Importance = Importance.CASE
    """When room runs short, what matters less waits (`core/shedding.py`) and runs as soon as there is room."""

    @property
    def calm(self) -> bool:
        """Whether it runs in a process of its own (`livlina worker --calm`): long, and nobody waits for it."""
        return self.importance >= Importance.REPORT

    @property
    def patience(self) -> timedelta:
        """How long after its beginning it is taken to be cut off, or late. `limit` is for one statement of it."""
        return 3 * self.limit + SLACK

    def load(self) -> Callable[..., int]:
        """Return the function `verb(municipality_id, now) -> int` (how many rows it acted on)."""
        return import_string(self.verb)


def claim(job: Recurring, now: datetime) -> bool:
    """Take the job for this worker; return False if it is not due or another worker has it.

    One that was cut off (its worker was killed or stopped) is due again before its next time.
    """
    with transaction.atomic():
        row, made = RecurringRun.objects.get_or_create(name=job.name, defaults={"started_at": now})
        if made:
            return True
        cut_off = Q(error="") & (Q(succeeded_at=None) | Q(succeeded_at__lt=F("started_at")))
        again = Q(started_at__lte=now - job.every) | (Q(started_at__lte=now - job.patience) & cut_off)
        due = RecurringRun.objects.filter(again, name=row.name)
        return due.update(started_at=now) == 1


def run_due(schedule: Sequence[Recurring], now: datetime) -> dict[str, int]:
    """Run what is due at `now`, per municipality, and return how many rows each job acted on.

    What has to wait is not claimed, so it is due still when there is room again.
    """
    acted: dict[str, int] = {}
    tight = level().level
    for job in schedule:
        if not job.importance.waits(tight) and claim(job, now):
            acted[job.name] = run(job, now)
    return acted


def late(schedule: Sequence[Recurring], now: datetime, since: datetime) -> dict[str, str]:
    """Return which jobs went wrong last time, have not begun, or have not been done for long, each with which of the three.

    `since` is when the worker that asks began: what fell due before that is counted from then. Who would run a job may be
    busy with another, so each has the patience of the longest in its process.
    """
    ran, tight, found = RecurringRun.objects.in_bulk(), level().level, {}
    for job in schedule:
        patience = max(one.patience for one in schedule if one.calm == job.calm)
        run = ran.get(job.name)
        due = max(run.started_at + job.every, since) if run else since
        done = max(run.succeeded_at, since) if run and run.succeeded_at else since
        if run and run.error:
            found[job.name] = "failed"
        elif job.importance.waits(tight):
            continue
        elif now - due > patience:
            found[job.name] = "not begun"
        elif now - done > job.every + patience:
            found[job.name] = "not done"
    return found


@contextmanager
def part(municipality_id: int, limit: timedelta) -> Iterator[None]:
    """Run the block in a transaction of the system's own, in which no single statement runs longer than `limit`.

    A stuck job must not stop the loop.
    """
    with acting(municipality_id, EVERYTHING):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [str(int(limit.total_seconds() * 1000))]
            )
        yield


def run(job: Recurring, now: datetime) -> int:
    """Run one job in every municipality; a fault in one is recorded and does not stop the others."""
    verb, acted, faults = job.load(), 0, []
    staying = Municipality.objects.filter(
        hold=None
    )  # what is being moved is left alone, and what has been moved
    for municipality_id in staying.order_by("id").values_list("id", flat=True):
        try:
            with nullcontext() if job.parts else part(municipality_id, job.limit):
                acted += verb(municipality_id, now)
        except Exception as fault:
            log.exception("recurring_job_failed", job=job.name, municipality=municipality_id)
            faults.append(f"{municipality_id}: {type(fault).__name__}")
    RecurringRun.objects.filter(name=job.name).update(
        succeeded_at=F("succeeded_at") if faults else now, error="; ".join(faults)
    )
    return acted
