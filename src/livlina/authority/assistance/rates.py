"""The dated figures of `rates.yaml`: each is chosen by the day it applies to, and says whether it is confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent / "rates.yaml"


class NoRate(Exception):
    """Det finns inget värde för den dagen."""


@dataclass(frozen=True)
class Deduction:
    """What parents normally do for a child of an age, in minutes a day: for basic and for other needs."""

    basic: int
    other: int
    law: str
    verify: bool


@dataclass(frozen=True)
class HourlyAmount:
    """Timbelopp in öre per hour, and the highest amount on special grounds. None: not known for the year."""

    ore: int | None
    raised_ore: int | None
    verify: bool
    valid_from: date
    note: str = ""


@dataclass(frozen=True)
class AgeLimit:
    """The age from which personal assistance is neither granted anew nor increased (LSS 9 b §)."""

    years: int
    law: str
    verify: bool


def parental_deduction(age: int, on: date) -> Deduction:
    """Return the deduction for a child of `age` whole years on a day; nothing from 18 years.

    Source: LSS 9 f § and the annex of the ordinance (1993:1090). Raises NoRate before the table began, ValueError for
    an age below zero.
    """
    if age < 0:
        raise ValueError("An age is not below zero.")
    row = _row("parental_deduction", on)
    for span in row["ages"]:
        if span["from"] <= age <= span["to"]:
            basic, other = Decimal(span["basic"]), Decimal(span["other"])
            return Deduction(int(basic * 60), int(other * 60), row["law"], row["verify"])
    return Deduction(0, 0, row["law"], row["verify"])


def hourly_amount(on: date) -> HourlyAmount:
    """Return the hourly amount that holds on a day. Raises NoRate before the first; its öre are None where unknown."""
    row = _row("hourly_amount", on)
    return HourlyAmount(row["ore"], row["raised_ore"], row["verify"], row["valid_from"], row["note"])


def hourly_amounts() -> list[HourlyAmount]:
    """Return every row, the newest first: what an administrator must confirm or fill in."""
    rows = reversed(_rates()["hourly_amount"])
    return [
        HourlyAmount(row["ore"], row["raised_ore"], row["verify"], row["valid_from"], row["note"])
        for row in rows
    ]


def first_hours(on: date) -> int:
    """Return the minutes a week that the municipality pays for itself (SFB 51 kap.). Raises NoRate."""
    return int(Decimal(_row("first_hours", on)["hours"]) * 60)


def age_limit(on: date) -> AgeLimit:
    """Return the age limit on a day. Raises NoRate before LSS."""
    row = _row("age_limit", on)
    return AgeLimit(row["years"], row["law"], row["verify"])


def weights(on: date) -> Mapping[str, int]:
    """Return for each kind of time how many hours of it count as one. Raises NoRate."""
    row = _row("weights", on)
    return {kind: row[kind] for kind in ("active", "waiting", "standby")}


def _row(name: str, on: date) -> dict[str, Any]:
    valid = [row for row in _rates()[name] if row["valid_from"] <= on]
    if not valid:
        raise NoRate(f"Det finns inget värde för {name} den {on}.")
    return max(valid, key=lambda row: row["valid_from"])


@cache
def _rates() -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))
