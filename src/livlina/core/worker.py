"""The tasks the worker runs, and the three guards the queue needs (`docs/decisions.md`).

A job of a killed worker stays "doing" for ever, and a lost LISTEN connection is never made again: so jobs
are polled every second, and `retry_stalled` runs from our own loop, not as a job.
"""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from livlina.core.outbox import SUBSCRIBERS, Event
from livlina.core.tenancy import acting

log = structlog.get_logger(__name__)

EVERYTHING = (1, 2, 3)
"""Compartments of the system itself: jobs work for every room of a municipality."""

STALLED_AFTER = 30
"""Seconds without a sign of life before a job is given to another worker."""


@app.task(name="deliver", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def deliver(*, name: str, handler: str, municipality_id: int, object_id: str, at: str) -> None:
    """Hand one event to one subscriber, in the event's municipality and in one transaction."""
    event = Event(name, municipality_id, UUID(object_id), datetime.fromisoformat(at))
    with acting(municipality_id, EVERYTHING):
        SUBSCRIBERS[name][handler](event)


def retry_stalled() -> int:
    """Give jobs of dead workers to living ones. Return how many."""

    async def sweep(manager: Any) -> int:
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
        for job in stalled:
            await manager.retry_job(job)
        return len(stalled)

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]

        async def run() -> int:
            async with worker_app.open_async():
                return await sweep(worker_app.job_manager)

        return asyncio.run(run())
