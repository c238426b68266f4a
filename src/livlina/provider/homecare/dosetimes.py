"""When something ordered is to be given: Swedish times of day as moments, through the nights the clock is changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from livlina.core.clock import SWEDEN, day_of

BACK, AHEAD = timedelta(days=1), timedelta(hours=48)
"""Doses are made so long back (a job that stood still) and so far ahead (a shift pack in an outage)."""


class Ordered(Protocol):
    """What an order says of time."""

    times: list[time]
    weekdays: list[int]
    first_on: date
    last_on: date | None
    ordered_at: datetime


def of_day(times: Sequence[time], day: date) -> list[datetime]:
    """Return one moment (UTC) for each time of day on the Swedish day `day`, in order and never two alike.

    A time in the hour that is skipped in March becomes the same minute an hour later by the clock on the wall; one in the
    hour that comes twice in October is the first of the two. Where that would make two times one moment, the later waits
    a minute: an ordered dose never falls away, and none is doubled.
    """
    found: list[datetime] = []
    for at in sorted(set(times)):
        moment = datetime.combine(day, at, SWEDEN).astimezone(UTC)
        while moment in found:
            moment += timedelta(minutes=1)
        found.append(moment)
    return sorted(found)


def due(task: Ordered, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment from `start` (included) to `end` (not) that the order says, none before it was written."""
    day, last = day_of(start), day_of(end)
    while day <= last:
        if _says(task, day):
            begins = max(start, task.ordered_at)
            yield from (moment for moment in of_day(task.times, day) if begins <= moment < end)
        day += timedelta(days=1)


def _says(task: Ordered, day: date) -> bool:
    """Whether the order says anything for the Swedish day `day`."""
    runs = task.first_on <= day and (task.last_on is None or day <= task.last_on)
    return runs and (not task.weekdays or day.isoweekday() in task.weekdays)
