"""Riksnormen: the fixed part of försörjningsstöd, from dated tables (socialtjänstförordningen 12 kap.).

Plain Python: no database, no clock. Amounts are whole kronor a month. A part of a table that is not known is
refused in words; a municipality may enter it from the regulation (`entered`, by the part's key).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLES = Path(__file__).resolve().parents[2] / "processes" / "financial_aid" / "norm"
LARGEST = 7
"""The table's largest household; each further person adds as much as the seventh did."""

OLDEST_CHILD = 20
DAYS_A_MONTH = Decimal("30.4")
AGES = ((0, 0), (1, 2), (3, 3), (4, 6), (7, 10), (11, 14), (15, 18), (19, 20))
WORDS = {"adult.single": "vuxen ensamstående", "adult.couple": "sammanboende"}


class NormUnknown(Exception):
    """Riksnormen för året saknar ett belopp; texten säger vilket."""


class HouseholdWrong(Exception):
    """Hushållet går inte att beräkna; texten säger varför."""


@dataclass(frozen=True)
class Table:
    """One year's norm: amounts by the key of their part, such as `child.4-6.no_lunch` or `common.3`."""

    valid_from: date
    valid_to: date
    source: str
    parts: Mapping[str, int]

    def part(self, key: str) -> int:
        """Return a part's amount. Raises NormUnknown with what is missing, in Swedish."""
        if key not in self.parts:
            raise NormUnknown(
                f"Riksnormen för {self.valid_from.year} saknar beloppet för {part_words(key)}. "
                "Lägg in det från förordningen."
            )
        return self.parts[key]

    def common(self, persons: int) -> int:
        """Return the common costs of a household of so many persons. Raises NormUnknown."""
        if persons <= LARGEST:
            return self.part(f"common.{persons}")
        each = self.part(f"common.{LARGEST}") - self.part(f"common.{LARGEST - 1}")
        return self.part(f"common.{LARGEST}") + (persons - LARGEST) * each

    def child(self, age: int, *, no_lunch: bool) -> int:
        """Return the personal part of a child or school youth at home. Raises NormUnknown, HouseholdWrong."""
        first, last = ages_of(age)
        if no_lunch and first <= 6:
            return self.part(f"child.{first}-{last}.no_lunch")
        return self.part(f"child.{first}-{last}.full")


@dataclass(frozen=True)
class Member:
    """One person the norm is counted for. `days`: how many of the month, or None for all of it.

    `deviation`: kronor added (or taken) for this person, decided individually (SoL 12 kap.: norm may be raised or lowered).
    """

    key: str
    age: int
    adult: bool = True
    no_lunch: bool = False
    days: int | None = None
    deviation: int = 0


@dataclass(frozen=True)
class Household:
    """Whose norm it is. `persons`: all who share the home, when that is more than the members (a lodger)."""

    members: Sequence[Member]
    persons: int | None = None

    @property
    def adults(self) -> list[Member]:
        """One, or two who live together as a couple."""
        return [member for member in self.members if member.adult]


@dataclass(frozen=True)
class NormLine:
    """One row of the norm: which part, for whom (empty: in common), and kronor."""

    part: str
    member: str
    amount: int
    label: str


@dataclass(frozen=True)
class Norm:
    """The norm with its rows."""

    lines: tuple[NormLine, ...] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        """Kronor a month."""
        return sum(line.amount for line in self.lines)


def norm_of(household: Household, table: Table) -> Norm:
    """Return the norm of a household. Raises NormUnknown, HouseholdWrong (sentences in Swedish)."""
    _check(household)
    together = len(household.adults) == 2
    lines = [_personal(member, table, together=together) for member in household.members]
    lines += [
        NormLine(
            "deviation", member.key, member.deviation, "Avvikelse från riksnormen efter individuell prövning"
        )
        for member in household.members
        if member.deviation
    ]
    return Norm((*lines, _common(household, table)))


def table_for(month: date, entered: Mapping[str, int] | None = None) -> Table:
    """Return the table in force in a month, with what the municipality has entered. Raises NormUnknown."""
    for table in known_tables():
        if table.valid_from <= month <= table.valid_to:
            return Table(table.valid_from, table.valid_to, table.source, {**table.parts, **(entered or {})})
    if entered:
        year = month.year
        return Table(date(year, 1, 1), date(year, 12, 31), "Inlagd av kommunen", dict(entered))
    raise NormUnknown(f"Riksnormen för {month.year} är inte inlagd. Lägg in beloppen från förordningen.")


@cache
def known_tables() -> tuple[Table, ...]:
    """Return the tables that come with the house, the oldest first."""
    found = [_read(path) for path in sorted(TABLES.glob("[0-9]*.yaml"))]
    return tuple(sorted(found, key=lambda table: table.valid_from))


def all_parts() -> list[str]:
    """Return the key of every part a table has, in the order the regulation prints them."""
    children = [f"child.{first}-{last}.full" for first, last in AGES]
    lunches = [f"child.{first}-{last}.no_lunch" for first, last in AGES if last <= 6]
    common = [f"common.{persons}" for persons in range(1, LARGEST + 1)]
    return ["adult.single", "adult.couple", *children, *lunches, *common]


def price_base(year: int) -> Decimal:
    """Return the prisbasbelopp of a year, in kronor. Raises NormUnknown."""
    amounts = yaml.safe_load((TABLES / "price_base.yaml").read_text(encoding="utf-8"))["amounts"]
    if year not in amounts:
        raise NormUnknown(f"Prisbasbeloppet för {year} är inte inlagt.")
    return Decimal(amounts[year])


def part_words(key: str) -> str:
    """Say which part a key means, in Swedish."""
    kind, _, rest = key.partition(".")
    if kind == "common":
        return f"gemensamma hushållskostnader för {rest} {'person' if rest == '1' else 'personer'}"
    if kind == "child":
        ages, _, lunch = rest.partition(".")
        first, _, last = ages.partition("-")
        years = f"{first} år" if first == last else f"{first}–{last} år"
        return f"barn {years}" + (" utan lunch fem dagar i veckan" if lunch == "no_lunch" else "")
    return WORDS.get(key, key)


def ages_of(age: int) -> tuple[int, int]:
    """Return the first and last age of the table's row. Raises HouseholdWrong for one who is no child."""
    for first, last in AGES:
        if first <= age <= last:
            return first, last
    raise HouseholdWrong(
        f"Den som är {age} år räknas inte som barn i hushållet. Beräkna personen som ett eget hushåll."
    )


def part_of_month(amount: int, days: int | None) -> int:
    """Return the amount for some days of a month: a day is the month / 30.4, rounded to a whole krona.

    Never more than the month itself. `days` None: the whole month.
    """
    if days is None:
        return amount
    return min(amount, whole(Decimal(amount) / DAYS_A_MONTH) * days)


def whole(amount: Decimal) -> int:
    """Return whole kronor, half up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _personal(member: Member, table: Table, *, together: bool) -> NormLine:
    if not member.adult:
        amount = table.child(member.age, no_lunch=member.no_lunch)
        first, last = ages_of(member.age)
        lunch = ".no_lunch" if member.no_lunch and first <= 6 else ".full"
        part = f"child.{first}-{last}{lunch}"
    elif together:
        part, amount = "adult.couple", whole(Decimal(table.part("adult.couple")) / 2)
    else:
        part, amount = "adult.single", table.part("adult.single")
    label = part_words(part).capitalize() + (", en av två" if part == "adult.couple" else "")
    if member.days is not None:
        label += f", {member.days} {'dag' if member.days == 1 else 'dagar'}"
    return NormLine(part, member.key, part_of_month(amount, member.days), label)


def _common(household: Household, table: Table) -> NormLine:
    """The common costs: the whole of them, or the members' share when more people share the home."""
    own = len(household.members)
    persons = household.persons or own
    amount = Decimal(table.common(persons))
    label = part_words(f"common.{persons}").capitalize()
    if own < persons:
        amount, label = amount * own / persons, f"{label}, {own} av {persons}"
    return NormLine(f"common.{persons}", "", whole(amount), label)


def _check(household: Household) -> None:
    if not household.members:
        raise HouseholdWrong("Hushållet har ingen medlem.")
    if len(household.adults) not in (1, 2):
        raise HouseholdWrong("Ett hushåll har en vuxen, eller två som lever tillsammans.")
    if len({member.key for member in household.members}) != len(household.members):
        raise HouseholdWrong("Samma person finns två gånger i hushållet.")
    if household.persons is not None and household.persons < len(household.members):
        raise HouseholdWrong("Bostaden kan inte ha färre personer än hushållet.")
    for member in household.members:
        if member.days is not None and not 0 < member.days <= 31:
            raise HouseholdWrong("Antalet dagar i månaden ska vara mellan 1 och 31.")
        if not member.adult and member.age > OLDEST_CHILD:
            ages_of(member.age)


def _read(path: Path) -> Table:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = {f"adult.{name}": amount for name, amount in data["adults"].items()}
    parts |= {f"common.{persons}": amount for persons, amount in data["common"].items()}
    for row in data.get("children", []):
        for name in ("full", "no_lunch"):
            if name in row:
                parts[f"child.{row['ages']}.{name}"] = row[name]
    return Table(data["valid_from"], data["valid_to"], data["source"], parts)
