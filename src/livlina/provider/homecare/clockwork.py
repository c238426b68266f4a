"""Swedish days and times of day, as moments."""

from datetime import date, datetime, time, timedelta

from livlina.core.clock import SWEDEN, local


def moment(on: date, at: time) -> datetime:
    """Return the moment a Swedish clock shows `at` on the day `on`."""
    return datetime.combine(on, at, SWEDEN)


def day_span(on: date) -> tuple[datetime, datetime]:
    """Return the first moment of a Swedish day, and the first of the next."""
    return moment(on, time(0)), moment(on + timedelta(days=1), time(0))


def monday_of(on: date) -> date:
    """Return the Monday of the week a day lies in."""
    return on - timedelta(days=on.weekday())


def same_time_on(what: datetime, days: int) -> datetime:
    """Return the same Swedish time of day so many days later, whatever summer time does between."""
    shown = local(what)
    return moment(shown.date() + timedelta(days=days), shown.timetz().replace(tzinfo=None))
