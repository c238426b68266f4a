"""Sums of assistance: minutes that count, minutes granted, and who pays. Pure; time is whole minutes, money whole öre."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from livlina.authority.assistance.rates import first_hours, weights


def counted(minutes: Mapping[str, int], on: date) -> int:
    """Return how many minutes count, by kind of time: waiting and standby count in part. Rounded down at the end.

    Raises KeyError for a kind of time that has no weight, NoRate.
    """
    weigh = weights(on)
    return int(sum((Decimal(minutes[kind]) / weigh[kind] for kind in minutes), Decimal(0)))


def granted_minutes(hours_per_week: Decimal, first: date, last: date) -> int:
    """Return what a number of hours a week is from the first to the last day, both counted. Rounded down.

    Raises ValueError when the period ends before it begins.
    """
    if last < first:
        raise ValueError("Perioden slutar före den börjar.")
    days = (last - first).days + 1
    return int(hours_per_week * 60 * days / 7)


def first_share(total: int, first: date, last: date) -> int:
    """Return how many of `total` minutes the municipality pays: the first 20 hours of each week, by days, at most all."""
    days = (last - first).days + 1
    return min(total, first_hours(first) * days // 7)


def money(minutes: int, hourly_ore: int) -> int:
    """Return what minutes are worth in öre at an hourly amount, rounded half up."""
    return int((Decimal(minutes) * hourly_ore / 60).quantize(Decimal(1), ROUND_HALF_UP))
