"""The two clocks of destruction: plain arithmetic on dates, nothing else.

A file is due when both have run out: so many years after its last note, and so many after what the register holds
about the person in that branch has ceased (LSS 21 c §). It is then destroyed at latest the calendar year after.
"""

from dataclasses import dataclass
from datetime import date


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March, since a day too late harms nobody."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True)
class Due:
    """When a file may be destroyed at the earliest (the day after both clocks ran out), and must be at the latest."""

    earliest: date
    latest: date


def due(last_note: date, ceased: date | None, years: int) -> Due | None:
    """Return when a file is due; None while something of the person's still runs in the branch."""
    if ceased is None:
        return None
    earliest = years_after(max(last_note, ceased), years)
    return Due(earliest, date(earliest.year + 1, 12, 31))


def is_due(last_note: date, ceased: date | None, years: int, on: date) -> bool:
    """Whether both clocks have run out on a day."""
    found = due(last_note, ceased, years)
    return found is not None and found.earliest <= on
