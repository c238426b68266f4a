"""Swedish legal days: when a document came in, when a period ends, and which days count as working days.

Nothing here reads a clock: the day is always an argument. Dates are civil dates in Sweden (Europe/Stockholm).
"""

import calendar as month_lengths
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

import holidays

EVES = ((12, 24), (12, 31))  # Christmas eve and New Year's eve; midsummer's eve moves


class Channel(StrEnum):
    """How a document reached the authority; decides the day it is deemed received (FL 22 §)."""

    E_SERVICE = "e_service"
    EMAIL = "email"
    VISIT = "visit"
    PHONE = "phone"
    POST = "post"
    LETTER_BOX = "letter_box"


class LengthWrong(ValueError):
    """A length of time is written as "14 days", "3 weeks", "4 months", "24 hours" or "1 next working day"."""


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year))


def is_midsummers_eve(day: date) -> bool:
    """The Friday between 19 and 25 June."""
    return day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4


def is_working_day(day: date) -> bool:
    """False on Saturday, Sunday, public holiday, midsummer's eve, Christmas eve and New Year's eve.

    The days are those of the act 1930:173, 2 §; FL 22 § ("arbetsdag") is read the same way.
    """
    if day.weekday() >= 5 or (day.month, day.day) in EVES or is_midsummers_eve(day):
        return False
    return day not in _public_holidays(day.year)


def previous_working_day(day: date) -> date:
    """The last working day before `day` (never `day` itself)."""
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def next_working_day(day: date, count: int = 1) -> date:
    """The `count`-th working day after `day` (never `day` itself)."""
    for _ in range(count):
        day = legal_end(day + timedelta(days=1))
    return day


def legal_end(day: date) -> date:
    """The last day on which an act can be done in time when the period ends on `day` (1930:173, 2 §)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def deemed_received(day: date, channel: Channel, *, improbable: bool = False) -> date:
    """The day a document that was found on `day` is deemed to have come in (FL 22 §).

    Post, and what lies in the letter box when it is first emptied that day, came in on the previous working
    day. `improbable`: it is unlikely that the post lay with the post office for us already that day (the
    exception in the second paragraph; it does not exist for the letter box). All else came in the day it came.
    """
    if channel is Channel.LETTER_BOX or (channel is Channel.POST and not improbable):
        return previous_working_day(day)
    return day


def add_months(day: date, months: int) -> date:
    """The day with the same number `months` later, or the last of that month (1930:173, 1 §)."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_lengths.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def weeks(day: date, count: int) -> date:
    """The day with the same name `count` weeks later (1930:173, 1 §)."""
    return day + timedelta(weeks=count)


@dataclass(frozen=True, order=True)
class Deadline:
    """When a period ends: by plain counting, and by the law's shift to the next working day.

    Colours and reminders go by `strict_date`; only what is done after `legal_date` is too late.
    """

    strict_date: date
    legal_date: date

    @classmethod
    def on(cls, day: date) -> "Deadline":
        """A period that by plain counting ends on `day`."""
        return cls(day, legal_end(day))


UNITS = {
    "day": "day",
    "week": "week",
    "month": "month",
    "hour": "hour",
    "next working day": "next working day",
}


@dataclass(frozen=True)
class Length:
    """A length of time as a statute or a routine says it; `unit` is one of UNITS."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Length":
        """Read "14 days", "3 weeks", "4 months", "24 hours", "1 next working day". Raises LengthWrong."""
        match = re.fullmatch(r"(\d{1,4}) (day|week|month|hour|next working day)s?", text.strip().lower())
        if match is None:
            raise LengthWrong(f'"{text}" is no length of time; {LengthWrong.__doc__}')
        return cls(int(match[1]), UNITS[match[2]])

    def __str__(self) -> str:
        return f"{self.count} {self.unit}" + ("" if self.count == 1 else "s")

    def after(self, day: date) -> date:
        """The strict last day of a period of this length that begins on `day`. Raises LengthWrong for hours."""
        match self.unit:
            case "day":
                return day + timedelta(days=self.count)
            case "week":
                return weeks(day, self.count)
            case "month":
                return add_months(day, self.count)
            case "next working day":
                return next_working_day(day, self.count)
        raise LengthWrong(f"{self} is counted from a moment, not from a day; use after_moment.")

    def before(self, day: date) -> date:
        """The day this long before `day`, for reminders. Raises LengthWrong for hours and working days."""
        match self.unit:
            case "day" | "week":
                return day - (Length(self.count, self.unit).after(day) - day)
            case "month":
                return add_months(day, -self.count)
        raise LengthWrong(f"{self} cannot be counted backwards; say it in days, weeks or months.")

    def after_moment(self, moment: datetime) -> datetime:
        """The moment this long after `moment` (aware). Hours are elapsed hours; else the clock time is kept."""
        if self.unit == "hour":
            # Elapsed time must not be bent by the change to summer time, so it is counted in UTC.
            elapsed = timedelta(hours=self.count)
            return datetime.fromtimestamp(moment.timestamp() + elapsed.total_seconds(), tz=moment.tzinfo)
        return datetime.combine(self.after(moment.date()), moment.timetz())

    def deadline(self, day: date) -> Deadline:
        """The Deadline of a period of this length that begins on `day`."""
        return Deadline.on(self.after(day))
