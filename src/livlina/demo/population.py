"""Who is born when: the age pyramid, and numbers from the series that is never given to anyone.

A day has ten test personnummer for each sex and as many samordningsnummer. A town so large that its personnummer run
out gets more samordningsnummer instead; a number outside the test series is never made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from livlina.core.ids import IdentityNumber, test_number

Sex = Literal["female", "male"]
SERIALS = 10
COORDINATION = 0.01
"""Share with a samordningsnummer, about 300 in a town of 30 000."""
RESERVE = 0.0007
"""Share who have a reserve number and nothing else, about 20."""

_SHARES = (  # (first age, share of the people, share of women), after Sweden's pyramid, a little older
    (0, 0.052, 0.486), (5, 0.057, 0.486), (10, 0.06, 0.486), (15, 0.057, 0.484), (20, 0.05, 0.475),
    (25, 0.058, 0.482), (30, 0.067, 0.486), (35, 0.062, 0.489), (40, 0.06, 0.492), (45, 0.061, 0.495),
    (50, 0.065, 0.495), (55, 0.064, 0.496), (60, 0.06, 0.5), (65, 0.057, 0.507), (70, 0.055, 0.514),
    (75, 0.051, 0.525), (80, 0.036, 0.548), (85, 0.019, 0.595), (90, 0.0075, 0.67), (95, 0.0018, 0.76),
    (100, 0.0001, 0.84), (105, 0, 0.84),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Birth:
    """One person to be: born when, of which sex, with which number."""

    born: date
    sex: Sex
    number: IdentityNumber


def reserve(born: date, sex: Sex, serial: int) -> IdentityNumber:
    """Return a reserve number for someone not registered in Sweden: of Region Värmland's series for tests."""
    series, last = "FUXPL"[serial // 2], 1 + serial % 2
    return IdentityNumber.stored(f"{born:%Y%m%d}S{series}{2 if sex == 'female' else 3}{last}")


def births(count: int, today: date, rng: Random, taken: frozenset[str] = frozenset()) -> Iterator[Birth]:
    """Yield `count` births, the oldest first, with a number each that is not among `taken`."""
    ages = [_at(age) for age in range(105)]
    whole, carried = sum(share for share, _ in ages), 0.0
    for age in reversed(range(105)):
        share, women = ages[age]
        carried += count * share / whole
        some, carried = int(carried + 1e-6), carried - int(carried + 1e-6)
        yield from _born(today.year - age, some, women, today, rng, taken)


def _at(age: int) -> tuple[float, float]:
    """The share of one year's age, with the slope inside the group of five."""
    group = age // 5
    here, after = _SHARES[group], _SHARES[group + 1]
    slope = 1 - (age % 5) / 5 * (1 - min(1.0, (after[1] or 0) / here[1])) if here[1] else 0
    return here[1] * slope, here[2]


def _born(
    year: int, count: int, women: float, today: date, rng: Random, taken: frozenset[str]
) -> Iterator[Birth]:
    """Yield those born in one year; in the present year only the days that have been."""
    first, end = date(year, 1, 1), min(date(year + 1, 1, 1), today)
    days = (end - first).days
    count = round(count * days / 365.25) if year == today.year else count
    girls = round(count * women)
    for sex, some in (("female", girls), ("male", count - girls)):
        abroad = min(days * SERIALS, max(int(some * COORDINATION + rng.random()), some - days * SERIALS))
        for coordination, number in ((False, some - abroad), (True, abroad)):
            for slot in sorted(rng.sample(range(days * SERIALS), number)):
                born = first + timedelta(days=slot // SERIALS)
                made = test_number(born, sex, slot % SERIALS, coordination=coordination)  # type: ignore[arg-type]
                if not coordination and rng.random() < RESERVE:
                    made = reserve(born, sex, slot % SERIALS)  # type: ignore[arg-type]
                if made.value not in taken:
                    yield Birth(born, sex, made)  # type: ignore[arg-type]
