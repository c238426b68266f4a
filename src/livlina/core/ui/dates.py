"""Dates as people write them, and the words the system answers with."""

import re
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

WITH_YEAR = re.compile(r"(\d{4})[-./ ]?(\d{2})[-./ ]?(\d{2})")
WITHOUT_YEAR = re.compile(r"(\d{1,2})\s?[/.]\s?(\d{1,2})")


class NotADateError(ValueError):
    """Skriv datumet så här: 2026-11-25. Det går också bra med 20261125 eller 25/11."""

    def __init__(self) -> None:
        super().__init__(_("Skriv datumet så här: 2026-11-25. Det går också bra med 20261125 eller 25/11."))


def parse_date(text: str, today: date) -> date:
    """The date a person meant: `2026-11-25`, `20261125`, or `25/11` (day/month).

    A date without year is the one nearest to `today`; of two equally near the earlier, because most of what
    is written down has already happened. Raises NotADateError with a sentence for the person who wrote it.
    """
    text = text.strip()
    if match := WITH_YEAR.fullmatch(text):
        return _date(*(int(part) for part in match.groups()))
    if match := WITHOUT_YEAR.fullmatch(text):
        day, month = (int(part) for part in match.groups())
        return _nearest(month, day, today)
    raise NotADateError


def date_in_words(value: date) -> str:
    """`onsdag 25 november 2026`, in the language of the page."""
    return format_date(value, "l j F Y")


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADateError from None


def _nearest(month: int, day: int, today: date) -> date:
    candidates = []
    for year in range(today.year - 4, today.year + 5):  # far enough to meet a leap day
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    if not candidates:
        raise NotADateError
    return min(candidates, key=lambda candidate: (abs(candidate - today), candidate))
