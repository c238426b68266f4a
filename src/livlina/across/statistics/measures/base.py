"""What a measure is, and how samples become figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple
from uuid import UUID

from livlina.across.statistics.periods import Period
from livlina.core.clock import day_of
from livlina.core.models import Municipality

PROVIDER = 2
MONTH, QUARTER = timedelta(days=30), timedelta(days=90)


class Sample(NamedTuple):
    """One thing that is counted: in which branch, at which unit if any, as which part, its value, and whose it is.

    Whose it is matters where one person or home can give several: a figure rests on persons, not on payments.
    """

    compartment: int
    unit: UUID | None
    part: str
    value: float
    who: UUID | None = None


Counter = Callable[[Municipality, datetime], Iterable[Sample]]


@dataclass(frozen=True)
class Measure:
    """One figure: its words, how samples become a number, on which sides it is shown, and the list behind it."""

    code: str
    words: str
    of: str
    how: str
    sides: tuple[str, ...]
    samples: Counter
    links: tuple[tuple[str, str, str], ...] = ()
    public: bool = True
    note: str = ""
    """What it is the sum of, and what is not in it."""
    past: bool = True
    """Whether it can be counted for a moment that has been, from what Livlina still knows."""
    monthly: bool = False
    """Of a calendar month: counted as of the first moment after it, and kept on its last day."""


def month_before(now: datetime) -> Period:
    """Return the calendar month that ended last."""
    return Period.of(day_of(now), "month").before


def sums(measure: Measure, samples: Iterable[Sample]) -> list[tuple[int, UUID | None, str, Decimal, int]]:
    """Return (compartment, unit, part, value, base) of every unit, and of each branch as a whole (no unit)."""
    found: dict[tuple[int, UUID | None, str], list[Sample]] = defaultdict(list)
    for one in samples:
        found[one.compartment, one.unit, one.part].append(one)
        if one.unit is not None:
            found[one.compartment, None, one.part].append(one)
    return [
        (code, unit, part, number(measure.how, [one.value for one in many]), _base(many))
        for (code, unit, part), many in found.items()
    ]


def number(how: str, values: Sequence[float]) -> Decimal:
    """Return what values come to: `money` is öre summed to kronor, `hours` minutes summed to hours, both exact."""
    if how == "count":
        return Decimal(len(values))
    if how == "sum":
        return Decimal(sum(values))
    if how == "money":
        return Decimal(sum(values)) / 100
    if how == "hours":
        return round(Decimal(sum(values)) / 60, 1)
    if how == "median":
        return round(Decimal(median(values)), 2)
    whole = sum(values) / len(values)
    return round(Decimal(whole * 100 if how == "share" else whole), 2)


def _base(many: Sequence[Sample]) -> int:
    """How many persons, homes or orders a figure rests on; where nobody says whose they are, how many samples."""
    named = {one.who for one in many if one.who is not None}
    return len(named) or len(many)
