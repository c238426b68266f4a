"""The need of personal assistance, counted: basic and other needs a week, less what parents normally do for a child.

Pure functions. Time is whole minutes; the sums are exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from livlina.authority.assistance.rates import first_hours, parental_deduction

BASIC = {
    "breathing": "Andning",
    "hygiene": "Personlig hygien",
    "meals": "Måltider",
    "dressing": "Av- och påklädning",
    "communicating": "Kommunikation med andra",
    "psychiatric_support": "Stöd som förebygger att den enskilde skadar sig själv eller andra",
    "medical_support": "Löpande stöd vid ett medicinskt tillstånd som innebär fara för livet",
}
"""The seven basic needs of LSS 9 a §."""

UNDEDUCTED = frozenset({"breathing"})
"""Basic needs from which no deduction for parents is made: help to breathe is help nobody gives a child by routine.

From memory of LSS 9 f §; help with tube feeding is the other, and is marked on the need itself (`undeducted`).
"""

DAYS = 7


@dataclass(frozen=True)
class Need:
    """Something the person needs help with: minutes each time, and times a week. A code outside BASIC is another need."""

    code: str
    minutes: int
    times_a_week: int
    assistants: int = 1
    undeducted: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be: negative minutes, or more in a week than a week holds. Raises ValueError."""
        if self.minutes < 0 or self.times_a_week < 0 or self.assistants not in (1, 2):
            raise ValueError(
                "Minuter och antal gånger kan inte vara negativa, och assistenterna är en eller två."
            )
        if self.minutes * self.times_a_week > DAYS * 24 * 60:
            raise ValueError("Behovet är längre än en vecka.")

    @property
    def basic(self) -> bool:
        """Whether it is one of the basic needs (LSS 9 a §)."""
        return self.code in BASIC

    @property
    def weekly(self) -> int:
        """Minutes a week; two assistants at a time count twice."""
        return self.minutes * self.times_a_week * self.assistants

    @property
    def free(self) -> bool:
        """Whether no deduction for parents is made from it."""
        return self.undeducted or self.code in UNDEDUCTED


@dataclass(frozen=True)
class Assessed:
    """The need a week in minutes: what is needed, what is deducted, and what is left."""

    basic_needed: int
    other_needed: int
    basic_deducted: int
    other_deducted: int
    first: int

    @property
    def basic(self) -> int:
        """Basic needs after the deduction."""
        return self.basic_needed - self.basic_deducted

    @property
    def other(self) -> int:
        """Other needs after the deduction; none without a basic need (LSS 9 a §)."""
        return self.other_needed - self.other_deducted if self.basic else 0

    @property
    def total(self) -> int:
        """Minutes a week of assistance."""
        return self.basic + self.other

    @property
    def above_first_hours(self) -> bool:
        """Whether Försäkringskassan is to be told: the basic needs are more than 20 hours a week (LSS 15 §)."""
        return self.basic > self.first


def assess(needs: Iterable[Need], *, age: int | None, on: date) -> Assessed:
    """Count the need a week on a day. `age`: whole years; None if not known, and then nothing is deducted.

    The deduction is made from basic and from other needs each, by day, and never below zero. Source: LSS 9 a, 9 f §§
    and the annex of the ordinance (1993:1090). Raises NoRate.
    """
    needs = list(needs)
    per_day = parental_deduction(age, on) if age is not None and age < 18 else None
    basic = sum(need.weekly for need in needs if need.basic)
    other = sum(need.weekly for need in needs if not need.basic)
    deductible_basic = sum(need.weekly for need in needs if need.basic and not need.free)
    deductible_other = sum(need.weekly for need in needs if not need.basic and not need.free)
    return Assessed(
        basic_needed=basic,
        other_needed=other,
        basic_deducted=min(per_day.basic * DAYS, deductible_basic) if per_day else 0,
        other_deducted=min(per_day.other * DAYS, deductible_other) if per_day else 0,
        first=first_hours(on),
    )


def hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals, as a decision states them (rounded to the nearest hundredth)."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))
