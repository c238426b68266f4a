"""Why a month needs a second look: typed causes, from what was applied, answered, and approved before. Plain Python.

A cause has a key of its source. The same cause is the same warning; it closes when the cause is gone and is never
opened again: what was seen once is not asked about twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from livlina.authority.aid.calculation import INCOMES, ZERO
from livlina.authority.aid.kronor import in_kronor
from livlina.authority.aid.ssbtek.port import ANSWERED, SOURCES, WORDS, Answered

TYPES = {
    "UNHANDLED_INCOME": "Inkomst som inte är med i beräkningen",
    "INCOME_CHANGE": "Inkomsten har ändrats sedan förra månaden",
    "MISSING_SSBTEK": "En källa har inte svarat",
    "NEW_MEMBER": "Ny person i hushållet",
    "HOUSEHOLD_CHANGE": "Hushållet har ändrats",
    "HOUSING_COST_CHANGE": "Boendekostnaden har ändrats",
    "EXPENSE_CAPPED": "Kostnaden är högre än kommunens riktlinje",
    "DUPLICATE_APPLICATION": "Samma månad är sökt en gång till",
}
NOTICED_FROM = Decimal(100)
"""A change smaller than this, in kronor, is not worth a person's time."""


@dataclass(frozen=True)
class Known:
    """An income or a cost somebody said or counted: kind, whose, kronor."""

    kind: str
    person: str
    amount: Decimal


@dataclass(frozen=True)
class Cause:
    """One reason for a warning."""

    type: str
    key: str
    words: str


@dataclass(frozen=True)
class Picture:
    """Everything the causes are found in."""

    month: date
    applied: Iterable[Known] = ()
    counted: Iterable[Known] = ()
    before: Iterable[Known] = ()
    had_month_before: bool = False
    answers: Mapping[str, Iterable[Answered]] = field(default_factory=dict)
    members_since: Mapping[str, date] = field(default_factory=dict)
    members_until: Mapping[str, date] = field(default_factory=dict)
    told_change: bool = False
    housing: Decimal | None = None
    housing_before: Decimal | None = None
    capped: Iterable[tuple[str, Decimal, Decimal]] = ()
    duplicates: Iterable[str] = ()


def causes_of(picture: Picture) -> list[Cause]:
    """Return every cause for a warning in a month, each once."""
    found = [
        *_missing(picture), *_unhandled(picture), *_changed(picture), *_household(picture), *_housing(picture),
        *(Cause("EXPENSE_CAPPED", f"{picture.month}:{kind}", f"{in_kronor(applied)} kronor, riktlinjen är {in_kronor(cap)}.")
          for kind, applied, cap in picture.capped),
        *(Cause("DUPLICATE_APPLICATION", key, "Ansökan är länkad hit och prövas en gång.")
          for key in picture.duplicates),
    ]  # fmt: skip
    return list({(cause.type, cause.key): cause for cause in found}.values())


def _missing(picture: Picture) -> Iterable[Cause]:
    for person, answers in picture.answers.items():
        for answer in answers:
            if answer.status not in ANSWERED:
                words = f"{SOURCES[answer.source]}: {WORDS[answer.status].lower()}."
                yield Cause("MISSING_SSBTEK", f"{picture.month}:{answer.source}:{person}", words)


def _unhandled(picture: Picture) -> Iterable[Cause]:
    """An amount a source knows of that neither the application nor the calculation has."""
    said = _sums([*picture.applied]) | _sums([*picture.counted])
    for person, answers in picture.answers.items():
        for answer in answers:
            for row in answer.rows:
                if row.kind and said.get((row.kind, person), ZERO) < row.amount:
                    key = f"{picture.month}:{answer.source}:{person}:{row.kind}:{row.on}:{row.amount}"
                    words = (
                        f"{SOURCES[answer.source]}: {row.text}, {in_kronor(row.amount)} kronor den {row.on}."
                    )
                    yield Cause("UNHANDLED_INCOME", key, words)


def _changed(picture: Picture) -> Iterable[Cause]:
    if not picture.had_month_before:
        return
    now, before = _sums(picture.applied), _sums(picture.before)
    for kind, person in sorted({*now, *before}):
        new, old = now.get((kind, person), ZERO), before.get((kind, person), ZERO)
        if kind in INCOMES and abs(new - old) >= NOTICED_FROM:
            words = f"{INCOMES[kind]}: {in_kronor(old)} kronor förra månaden, {in_kronor(new)} nu."
            yield Cause("INCOME_CHANGE", f"{picture.month}:{person}:{kind}", words)


def _household(picture: Picture) -> Iterable[Cause]:
    if picture.told_change:
        yield Cause(
            "HOUSEHOLD_CHANGE", f"{picture.month}:told", "Den sökande skriver att hushållet har ändrats."
        )
    if not picture.had_month_before:
        return
    for person, since in picture.members_since.items():
        if (since.year, since.month) == (picture.month.year, picture.month.month) or since > picture.month:
            yield Cause("NEW_MEMBER", f"{person}:{since}", f"Med i hushållet från {since}.")
    for person, until in picture.members_until.items():
        if (until.year, until.month) == (picture.month.year, picture.month.month):
            yield Cause("HOUSEHOLD_CHANGE", f"{person}:{until}", f"En person är med till och med {until}.")


def _housing(picture: Picture) -> Iterable[Cause]:
    if picture.housing is None or picture.housing_before is None:
        return
    if picture.housing != picture.housing_before:
        words = f"{in_kronor(picture.housing_before)} kronor förra månaden, {in_kronor(picture.housing)} nu."
        yield Cause("HOUSING_COST_CHANGE", f"{picture.month}", words)


def _sums(rows: Iterable[Known]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        found[(row.kind, row.person)] = found.get((row.kind, row.person), ZERO) + row.amount
    return found
