"""Months and years that are reported. Nothing here reads the database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from livlina.core.calendar import add_months
from livlina.core.clock import SWEDEN

_NAMES = UUID("5f1d3c0a-21b5-4a3e-8f0e-6f5a1c6a7a10")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Period:
    """A month of a year, or with month 0 a whole year."""

    year: int
    month: int = 0

    @classmethod
    def of(cls, day: date, kind: str) -> "Period":
        """The period of a kind (month or year) that a day lies in."""
        return cls(day.year, day.month if kind == "month" else 0)

    @classmethod
    def parse(cls, text: str, kind: str) -> "Period | None":
        """Read “2026-02” or “2025”; None when it is no period of the kind."""
        try:
            if kind == "month" and len(text) == 7:
                return cls.of(date.fromisoformat(f"{text}-01"), kind)
            return (
                cls(date.fromisoformat(f"{text}-01-01").year) if kind == "year" and len(text) == 4 else None
            )
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else f"{self.year}"

    @property
    def words(self) -> str:
        """“februari 2026”."""
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else f"{self.year}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return add_months(self.first, 1 if self.month else 12) - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The period before it."""
        return Period.of(self.first - timedelta(days=1), "month" if self.month else "year")

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first moment after it."""
        ends = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), SWEDEN), datetime.combine(ends, time(), SWEDEN)

    def key(self, flow: str, municipality_id: int) -> UUID:
        """An opaque id of a flow's period in a municipality, for its watch."""
        return uuid5(_NAMES, f"{municipality_id} {flow} {self}")
