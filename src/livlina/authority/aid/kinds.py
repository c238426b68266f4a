"""What kind of application one for a month is, and whether it is a double. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

RENEWAL_WINDOW = timedelta(days=90)
"""Decided for a month within this time: the household is known, and the application is a renewal."""

REOPENED_WINDOW = timedelta(days=30)
"""Closed so lately that a new application continues the closed case."""


@dataclass(frozen=True)
class Earlier:
    """A month the household has applied for before: open, decided or withdrawn."""

    month: date
    is_open: bool
    received_on: date


def kind_of(month: date, earlier: Iterable[Earlier], *, on: date) -> str:
    """Return `supplement` for a month that is already applied for and open, `renewal` within 90 days, else `new`."""
    known = list(earlier)
    if any(each.month == month and each.is_open for each in known):
        return "supplement"
    lately = [each for each in known if on - each.received_on <= RENEWAL_WINDOW]
    return "renewal" if lately else "new"


def continues_closed(closed_on: date | None, *, on: date) -> bool:
    """Whether a case closed on a day is so lately closed that a new one continues it."""
    return closed_on is not None and timedelta(0) <= on - closed_on <= REOPENED_WINDOW
