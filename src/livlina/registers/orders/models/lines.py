"""The lines of an order: how often, how long, by how many. Ordered figures; never granted or performed ones."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

PER_WEEK = {"day": Fraction(7), "week": Fraction(1), "month": Fraction(12, 52)}
PERIODS = {"day": "dag", "week": "vecka", "month": "månad"}
WHEN = {
    "": "",
    "morning": "morgon",
    "forenoon": "förmiddag",
    "noon": "mitt på dagen",
    "afternoon": "eftermiddag",
    "evening": "kväll",
    "night": "natt",
}


class LineWrong(ValueError):
    """En rad i beställningen går inte att tolka: ange hur ofta, hur många minuter och hur många ur personalen."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True)
class Line:
    """One thing to be done: `times` per `per`, each `minutes` long, by `staff` people at once."""

    what: str
    times: int
    per: str
    minutes: int
    when: str = ""
    staff: int = 1

    def __post_init__(self) -> None:
        """Refuse what nobody could carry out. Raises LineWrong."""
        sound = self.what.strip() and self.per in PER_WEEK and self.when in WHEN
        if not sound or not (1 <= self.times <= 100 and 0 <= self.minutes <= 1440 and 1 <= self.staff <= 4):
            raise LineWrong

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Line":
        """Return the line a row holds. Raises LineWrong."""
        try:
            return cls(**stored)
        except TypeError:
            raise LineWrong from None

    def stored(self) -> dict[str, Any]:
        """Return the line as a row holds it."""
        return asdict(self)

    @property
    def weekly_minutes(self) -> Fraction:
        """Ordered minutes of staff time per week; twelve months are fifty-two weeks."""
        return self.times * self.minutes * self.staff * PER_WEEK[self.per]

    @property
    def words(self) -> str:
        """`Dusch: 2 gånger per vecka, 45 minuter, morgon, dubbelbemanning`."""
        parts = [f"{self.times} {'gång' if self.times == 1 else 'gånger'} per {PERIODS[self.per]}"]
        if self.minutes:
            parts.append(f"{self.minutes} minuter")
        if self.when:
            parts.append(WHEN[self.when])
        if self.staff > 1:
            parts.append("dubbelbemanning" if self.staff == 2 else f"{self.staff} personal samtidigt")
        return f"{self.what}: {', '.join(parts)}"


def weekly_minutes(lines: list[Line]) -> int:
    """Return the ordered minutes per week of all `lines`, to the nearest minute."""
    return round(sum((line.weekly_minutes for line in lines), Fraction(0)))
