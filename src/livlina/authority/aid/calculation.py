"""Försörjningsstöd för a month: need, income, and what is left (SoL 12 kap.). Plain Python, exact to the öre.

need = norm + reasonable costs; aid = max(0, need - counted income). Special purposes (livsföringen i övrigt) are
decided apart and never mixed in. Amounts are `Decimal` kronor with at most two decimals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from livlina.authority.aid.norm import Norm

ZERO = Decimal(0)
ORE = Decimal("0.01")
INCENTIVE_SHARE = Decimal("0.25")
QUALIFYING_MONTHS, INCENTIVE_MONTHS = 6, 24

COSTS = {
    "housing": "Boende",
    "electricity": "Hushållsel",
    "home_insurance": "Hemförsäkring",
    "work_travel": "Arbetsresor",
    "unemployment_fund": "Avgift till a-kassa",
    "union": "Fackavgift",
    "medical": "Läkarvård och medicin",
    "dental": "Mindre tandvård",
    "child_care": "Barnomsorg",
    "other_cost": "Annan kostnad",
}
INCOMES = {
    "wage": "Lön efter skatt",
    "child_allowance": "Barnbidrag",
    "housing_allowance": "Bostadsbidrag",
    "maintenance": "Underhållsbidrag eller underhållsstöd",
    "sickness_benefit": "Sjukpenning eller sjukersättning",
    "parental_benefit": "Föräldrapenning",
    "activity_support": "Aktivitetsstöd",
    "unemployment_benefit": "Arbetslöshetsersättning",
    "study_aid": "Studiestöd",
    "pension": "Pension",
    "tax_refund": "Skatteåterbäring",
    "child_wage": "Hemmavarande barns lön",
    "other_income": "Annan inkomst",
}
LEVELLED = ("wage",)
"""Incomes of work: what the job incentive is counted on."""


class AmountWrong(Exception):
    """Beloppet går inte att räkna med; texten säger varför."""


@dataclass(frozen=True)
class Cost:
    """A cost as applied for, and as approved when somebody has said so. `reason`: why less, or why above the limit."""

    kind: str
    applied: Decimal
    approved: Decimal | None = None
    reason: str = ""
    key: str = ""


@dataclass(frozen=True)
class Income:
    """A net income that can be used in the month. `person`: whose; `not_counted`: kronor left out, with its reason."""

    kind: str
    net: Decimal
    person: str = ""
    not_counted: Decimal = ZERO
    reason: str = ""
    key: str = ""


@dataclass(frozen=True)
class CostLine:
    """A cost with what is approved of it."""

    cost: Cost
    approved: Decimal
    capped: bool = False


@dataclass(frozen=True)
class IncomeLine:
    """An income with what is counted of it, and how much the incentive left out."""

    income: Income
    counted: Decimal
    incentive: Decimal = ZERO


@dataclass(frozen=True)
class Result:
    """A month, calculated."""

    norm: Norm
    costs: tuple[CostLine, ...]
    incomes: tuple[IncomeLine, ...]
    special: tuple[CostLine, ...] = field(default_factory=tuple)

    @property
    def cost_total(self) -> Decimal:
        """Approved costs."""
        return sum((line.approved for line in self.costs), ZERO)

    @property
    def need(self) -> Decimal:
        """Norm and approved costs."""
        return Decimal(self.norm.total) + self.cost_total

    @property
    def counted(self) -> Decimal:
        """Counted income."""
        return sum((line.counted for line in self.incomes), ZERO)

    @property
    def aid(self) -> Decimal:
        """What is left to grant: never less than nothing."""
        return max(ZERO, self.need - self.counted)

    @property
    def surplus(self) -> Decimal:
        """What the income is above the need."""
        return max(ZERO, self.counted - self.need)

    @property
    def sought(self) -> Decimal:
        """What the household asked for: the same sum with every cost as applied."""
        applied = Decimal(self.norm.total) + sum((line.cost.applied for line in self.costs), ZERO)
        return max(ZERO, applied - self.counted) or applied

    @property
    def refused(self) -> Decimal:
        """What was asked for and is not granted."""
        return max(ZERO, self.sought - self.aid)

    @property
    def special_total(self) -> Decimal:
        """Approved for special purposes: decided apart."""
        return sum((line.approved for line in self.special), ZERO)

    @property
    def capped(self) -> list[CostLine]:
        """Costs above the local limit: each gives the warning EXPENSE_CAPPED."""
        return [line for line in self.costs if line.capped]


def calculate(
    norm: Norm,
    costs: Sequence[Cost],
    incomes: Sequence[Income],
    *,
    caps: Mapping[str, Decimal] | None = None,
    incentive: Iterable[str] = (),
    special: Sequence[Cost] = (),
) -> Result:
    """Calculate a month. `caps`: local limits by kind of cost, guidance and not law: an officer's own amount wins.

    `incentive`: persons to whom the job incentive applies this month. Raises AmountWrong.
    """
    entitled = frozenset(incentive)
    return Result(
        norm,
        tuple(_cost(cost, (caps or {}).get(cost.kind)) for cost in costs),
        tuple(_income(income, entitled) for income in incomes),
        tuple(_cost(cost, None) for cost in special),
    )


def money(amount: Decimal | int | str) -> Decimal:
    """Return kronor as an exact amount with at most two decimals. Raises AmountWrong."""
    value = Decimal(amount)
    if not value.is_finite() or value != value.quantize(ORE) or value < 0:
        raise AmountWrong("Ett belopp skrivs i kronor med högst två decimaler och är inte negativt.")
    return value


def _cost(cost: Cost, cap: Decimal | None) -> CostLine:
    applied = money(cost.applied)
    above = cap is not None and applied > cap
    if cost.approved is not None:
        approved = money(cost.approved)
        if approved > applied:
            raise AmountWrong(f"{COSTS.get(cost.kind, cost.kind)}: mer är godkänt än vad som är sökt.")
        return CostLine(cost, approved, above)
    return CostLine(cost, cap if above and cap is not None else applied, above)


def _income(income: Income, entitled: frozenset[str]) -> IncomeLine:
    net, left_out = money(income.net), money(income.not_counted)
    if left_out > net:
        raise AmountWrong(f"{INCOMES.get(income.kind, income.kind)}: mer är undantaget än vad inkomsten är.")
    rest = net - left_out
    if income.kind in LEVELLED and income.person in entitled:
        share = (rest * INCENTIVE_SHARE).quantize(ORE, ROUND_HALF_UP)
        return IncomeLine(income, rest - share, share)
    return IncomeLine(income, rest)


def child_wage_not_counted(earned_before: Decimal, wage: Decimal, price_base: Decimal) -> Decimal:
    """Return how much of a child's wage is left out: children at home may earn one PBB a calendar year.

    `earned_before`: wages earlier in the same year. Source: SoL (former 4 kap. 1 a §).
    """
    return min(money(wage), max(ZERO, price_base - money(earned_before)))


@dataclass(frozen=True)
class Incentive:
    """Where a person stands in the job incentive: months in a row, and the two years when they run."""

    in_a_row: int
    begins: date | None = None
    ends: date | None = None

    @property
    def applies(self) -> bool:
        """Whether a quarter of the wage is left out this month."""
        return self.begins is not None


def incentive_in(month: date, granted: Mapping[date, bool]) -> Incentive:
    """Return where a person stands in a month (its first day), by what was granted in the months before.

    Six granted months in a row, then 24 months from the one after, whether or not anything is granted in them;
    then six new ones. A month that was refused, or not applied for, breaks the row.
    """
    row, last, ends = 0, None, None
    begins: date | None = None
    for each in sorted(day for day in granted if day < month):
        if begins is not None and ends is not None and each <= ends:
            continue
        follows = last is not None and next_month(last) == each
        row = (row + 1 if follows else 1) if granted[each] else 0
        last = each
        if row == QUALIFYING_MONTHS:
            begins = next_month(each)
            ends = months_after(begins, INCENTIVE_MONTHS - 1)
            row, last = 0, None
    if begins is not None and ends is not None and begins <= month <= ends:
        return Incentive(QUALIFYING_MONTHS, begins, ends)
    unbroken = last is not None and next_month(last) == month
    return Incentive(row if unbroken else 0)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return months_after(month, 1)


def months_after(month: date, count: int) -> date:
    """Return the first day of the month `count` months later (or earlier)."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)
