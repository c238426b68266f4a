"""The one place that reads the clock. Actions never do: they take `now` as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Return `moment` (aware) as Swedish wall-clock time."""
    return moment.astimezone(SWEDEN)


def day_of(moment: datetime) -> date:
    """Return the Swedish calendar day that `moment` (aware) falls on."""
    return local(moment).date()


def today() -> date:
    """Return the present Swedish calendar day."""
    return day_of(now())
