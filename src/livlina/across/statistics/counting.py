"""The night's figures: counted once a day, read by everybody, so that no page ever asks the big tables.

The first night also tells the year behind, as far as Livlina knows it: what can be counted for a moment that has been is
counted for it, and each such figure says that it was counted afterwards. What cannot begins the first night.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from livlina.across.statistics.measures import MEASURES, Measure, sums
from livlina.across.statistics.models import Figure
from livlina.across.statistics.periods import Period
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Municipality

BACK = 12
"""So many months are told afterwards, and each month is counted anew so many times while late papers come in."""
AGAIN = 3
DAY = timedelta(days=1)
DAILY = [one for one in MEASURES if not one.monthly]
MONTHLY = [one for one in MEASURES if one.monthly]


@transaction.atomic
def count(*, by: Actor, now: datetime) -> int:
    """Count every measure of the day and of the last months; counted again it replaces them.

    Return how many figures. Raises Refused.
    """
    demand(by, "statistics.count")
    town, today = Municipality.objects.get(pk=by.municipality_id), day_of(now)
    months = _months(today)
    told = _told(MONTHLY, [month.last for month in months])
    anew = [month for place, month in enumerate(months) if place < AGAIN or month.last not in told]
    rows = _rows(town, DAILY, today, now, now)
    for month in anew:
        rows += _rows(town, MONTHLY, month.last, month.span[1], now)
    before = Q(day=today, code__in=_codes(DAILY)) | Q(
        day__in=[month.last for month in anew], code__in=_codes(MONTHLY)
    )
    rows += _history(town, months, now)
    Figure.objects.filter(before, municipality=town).delete()
    Figure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _history(town: Municipality, months: list[Period], now: datetime) -> list[Figure]:
    """Count the first day of each month before today that nobody counted, of what can be counted afterwards."""
    days = [first for first in (months[0].last + DAY, *(one.first for one in months)) if first < day_of(now)]
    told, past = _told(DAILY, days), [one for one in DAILY if one.past]
    return [
        row
        for day in days
        if day not in told
        for row in _rows(town, past, day, datetime.combine(day, time(), SWEDEN), now)
    ]


def _told(measures: Iterable[Measure], days: list[date]) -> set[date]:
    """Of the days those that have any figure of the measures."""
    rows = Figure.objects.filter(day__in=days, code__in=_codes(measures))
    return set(rows.order_by().values_list("day", flat=True).distinct())


def _codes(measures: Iterable[Measure]) -> list[str]:
    return [one.code for one in measures]


def _months(today: date) -> list[Period]:
    """The months that have ended, the last first."""
    found = [Period.of(today, "month").before]
    while len(found) < BACK:
        found.append(found[-1].before)
    return found


def _rows(
    town: Municipality, measures: Iterable[Measure], day: date, moment: datetime, now: datetime
) -> list[Figure]:
    """Return what measures come to at a moment, as the figures of a day."""
    return [
        Figure(
            municipality=town, day=day, code=one.code, part=part, unit_id=unit, compartment=compartment, value=value,
            base=base, counted_at=now,
        )
        for one in measures
        for compartment, unit, part, value, base in sums(one, one.samples(town, moment))
    ]  # fmt: skip
