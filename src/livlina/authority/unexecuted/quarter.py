"""Quarters, and the id that stands where no number may be shown. Nothing here reads the database."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from livlina.core.calendar import add_months

_NAMES = UUID("6f1f3a52-7c1e-4b0e-9a57-2a4c1e1d0b11")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year; `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> "Quarter | None":
        """Read “2026-1”; None when it is no quarter."""
        year, _, number = text.partition("-")
        if not (year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
            return None
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def words(self) -> str:
        """“kvartal 1 2026”."""
        return f"kvartal {self.number} {self.year}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return add_months(self.first, 3) - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        return Quarter.of(self.first - timedelta(days=1))

    def key(self, municipality_id: int) -> UUID:
        """An opaque id of the quarter in a municipality, for its watch."""
        return uuid5(_NAMES, f"{municipality_id} {self}")


def substitute(birth_date: date | None, sex: str, place: int) -> str:
    """Return the id IVO takes instead of a number: ÅÅÅÅMMDD-Tnnn, the last digit even for a woman and odd for a man.

    `place` (0 and up) tells apart those born on the same day; an unknown birth date is written as zeros.
    """
    day = f"{birth_date:%Y%m%d}" if birth_date else "00000000"
    return f"{day}-T{(2 * place + (sex == 'male')) % 1000:03}"
