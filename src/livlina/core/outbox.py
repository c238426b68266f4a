"""Say it in the transaction, do it after.

`announce` writes one job per subscriber in the caller's own transaction: a rolled-back transaction has
announced nothing, and a committed one cannot be forgotten. The job carries identifiers only, since its
table lies outside row-level security. News travels upward: rooms above subscribe in their `jobs.py`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from livlina.core.models.base import TenantModel


@dataclass(frozen=True)
class Event:
    """What happened to which row, when, in which municipality."""

    name: str
    municipality_id: int
    object_id: UUID
    at: datetime


Handler = Callable[[Event], None]
SUBSCRIBERS: dict[str, dict[str, Handler]] = {}


def subscribe(name: str) -> Callable[[Handler], Handler]:
    """Run the decorated function once after each event called `name`. It must bear being run twice."""

    def register(handler: Handler) -> Handler:
        SUBSCRIBERS.setdefault(name, {})[f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return register


def announce(name: str, obj: TenantModel | Model, *, now: datetime) -> None:
    """Tell every subscriber, after commit, that `name` happened to `obj`. One statement per subscriber."""
    from livlina.core.worker import deliver

    for handler in SUBSCRIBERS.get(name, {}):
        deliver.defer(
            name=name,
            handler=handler,
            municipality_id=obj.municipality_id,  # type: ignore[union-attr]
            object_id=str(obj.pk),
            at=now.isoformat(),
        )


def announce_many(name: str, municipality_id: int, keys: Collection[UUID], *, now: datetime) -> None:
    """Tell every subscriber, after commit, that `name` happened to each of these rows. One statement per subscriber."""
    from livlina.core.worker import deliver

    for handler in SUBSCRIBERS.get(name, {}):
        told = {"name": name, "handler": handler, "municipality_id": municipality_id, "at": now.isoformat()}
        jobs: list[Any] = [told | {"object_id": str(key)} for key in keys]
        if jobs:
            deliver.batch_defer(*jobs)


def deliver_waiting() -> int:
    """Deliver what waits, in this process and transaction, and return how many. For tests and the demo's loading."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from livlina.core.worker import deliver

    done = 0
    for job in ProcrastinateJob.objects.filter(task_name=deliver.name, status="todo").order_by("id"):
        deliver.func(**job.args)
        done += 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo' AND task_name = %s",
            [deliver.name],
        )
    return done
