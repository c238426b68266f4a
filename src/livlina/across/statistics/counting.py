"""The night's figures: counted once a day, read by everybody, so that no page ever asks the big tables.

The first night also tells the year behind, as far as Livlina knows it: what can be counted for a moment that has been is
counted for it, and each such figure says that it was counted afterwards. What cannot begins the first night.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction

from livlina.across.statistics.measures import MEASURES, Measure, sums
from livlina.across.statistics.models import Figure
from livlina.across.statistics.periods import Period
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Municipality

BACK = 12
"""So many months are told afterwards, and each month is counted anew so many times while late papers come in."""
AGAIN = 3
DAILY = [one for one in MEASURES if not one.monthly]
MONTHLY = [one for one in MEASURES if one.monthly]


@transaction.atomic
def count(*, by: Actor, now: datetime) -> int:
    """Count every measure of the day and of the last months; counted again it replaces them.

    Return how many figures. Raises Refused.
    """
    demand(by, "statistics.count")
    town, today = Municipality.objects.get(pk=by.municipality_id), day_of(now)
    made = _kept(town, DAILY, today, now, now)
    months = _months(today)
    told = set(Figure.objects.filter(code__in=[one.code for one in MONTHLY]).values_list("day", flat=True))
    for place, month in enumerate(months):
        if place < AGAIN or month.last not in told:
            made += _kept(town, MONTHLY, month.last, month.span[1], now)
    return made + _history(town, months, now)


def _history(town: Municipality, months: list[Period], now: datetime) -> int:
    """Count the first day of each month behind that nobody counted, of what can be counted afterwards."""
    past, days = [one for one in DAILY if one.past], [month.first for month in months]
    told = set(
        Figure.objects.filter(day__in=days, code__in=[one.code for one in DAILY]).values_list(
            "day", flat=True
        )
    )
    return sum(
        _kept(town, past, day, datetime.combine(day, time(), SWEDEN), now) for day in days if day not in told
    )


def _months(today: date) -> list[Period]:
    """The months that have ended, the last first."""
    found = [Period.of(today, "month").before]
    while len(found) < BACK:
        found.append(found[-1].before)
    return found


def _kept(town: Municipality, measures: Iterable[Measure], day: date, moment: datetime, now: datetime) -> int:
    """Keep what measures come to at a moment as the figures of a day, instead of those that stood there."""
    rows = [
        Figure(
            municipality=town, day=day, code=one.code, part=part, unit_id=unit, compartment=compartment, value=value,
            base=base, counted_at=now,
        )
        for one in measures
        for compartment, unit, part, value, base in sums(one, one.samples(town, moment))
    ]  # fmt: skip
    Figure.objects.filter(municipality=town, day=day, code__in=[one.code for one in measures]).delete()
    Figure.objects.bulk_create(rows, batch_size=500)
    return len(rows)
