"""The task the worker runs for every announcement. The worker itself, and the guards it needs: `cli/worker.py`."""

from datetime import datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from livlina.core.outbox import SUBSCRIBERS, Event
from livlina.core.tenancy import EVERYTHING, acting

STALLED_AFTER = 30
"""Seconds without a sign of life before a job is given to another worker."""


@app.task(name="deliver", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def deliver(*, name: str, handler: str, municipality_id: int, object_id: str, at: str) -> None:
    """Hand one event to one subscriber, in the event's municipality and in one transaction."""
    event = Event(name, municipality_id, UUID(object_id), datetime.fromisoformat(at))
    with acting(municipality_id, EVERYTHING):
        SUBSCRIBERS[name][handler](event)
