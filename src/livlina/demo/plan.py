"""How much there is of everything, by the size the demo was asked for; and which towns there are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from livlina.core.clock import SWEDEN, day_of
from livlina.demo.places import ASVALLA, ELSEWHERE, SJOHAGA, District

FULL = 1_000_000
"""Inhabitants at most in one town: test numbers are twenty for a day and each kind, and no others are used."""

BEGINNING = date(2025, 7, 1)
"""No case is older: the processes rest on socialtjänstlagen (2025:400), in force from then."""

HISTORY = timedelta(days=730)
"""How far back journals, reading and orders go, where the law lets them."""


@dataclass(frozen=True)
class Town:
    """One municipality of the demo and how much it holds."""

    name: str
    slug: str
    code: str
    city: str
    districts: tuple[District, ...]
    inhabitants: int
    size: float
    municipality_id: int = 0

    def scaled(self, count: int, least: int = 1) -> int:
        """Return a number meant for size 1, at this town's size."""
        return max(least, round(count * self.size))


@dataclass(frozen=True)
class Days:
    """The demo's present: everything in it is told from here."""

    today: date

    @classmethod
    def of(cls, now: datetime) -> "Days":
        """Return the days around a moment."""
        return cls(day_of(now))

    @cached_property
    def midnight(self) -> datetime:
        """When the day of loading began in Sweden: no invented history is later."""
        return datetime.combine(self.today, time(0), SWEDEN).astimezone(UTC)

    @property
    def first(self) -> date:
        """The earliest day of a case."""
        return max(BEGINNING, self.today - HISTORY)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a moment of Swedish clock time."""
        return datetime.combine(day, time(hour, minute), SWEDEN).astimezone(UTC)


def towns(size: float, today: date) -> list[Town]:
    """Return the towns of a size. Raises ValueError for a day before the law the cases rest on."""
    if today < BEGINNING + timedelta(days=60):
        raise ValueError("The demo's cases rest on a law in force from July 2025; set the clock right.")
    inhabitants = max(200, round(30_000 * size))
    here = min(inhabitants, FULL)
    found = [
        Town("Åsvalla kommun", "asvalla", "9901", "Åsvalla", ASVALLA, here, size * here / inhabitants),
        Town("Sjöhaga kommun", "sjohaga", "9902", "Sjöhaga", SJOHAGA, max(40, round(300 * min(size, 1))), 0.01
            * min(size, 1)),
    ]  # fmt: skip
    left, number = inhabitants - here, 3
    while left > 0:
        some = min(left, FULL)
        name = f"Nyhamn {number}"
        found.append(
            Town(f"{name}s kommun", f"nyhamn-{number}", f"99{number:02}", name, ELSEWHERE, some, size * some /
                inhabitants)
        )  # fmt: skip
        left, number = left - some, number + 1
    return found
