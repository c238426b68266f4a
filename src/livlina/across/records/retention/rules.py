"""The rules of retention as they stand in `rules.yaml`, read once."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class Rule:
    """How long one class of file is kept after its last note, and after what it rests on has ceased."""

    record_class: str
    label: str
    books: tuple[int, ...]
    years: int
    law: str
    valid_from: date

    @property
    def words(self) -> str:
        """As it stands on lists and certificates."""
        return f"{self.label}: {self.years} år ({self.law})"


@dataclass(frozen=True)
class Sample:
    """What is kept for research (SoF 13 kap. 1 §)."""

    days: frozenset[int]
    counties: frozenset[str]
    municipalities: frozenset[str]

    def keeps_whole(self, code: str) -> bool:
        """Whether nothing at all is destroyed in the municipality with this code."""
        return code in self.municipalities or code[:2] in self.counties

    def keeps(self, born: date) -> bool:
        """Whether a person born that day belongs to the sample. By the real date: never the number's."""
        return born.day in self.days


class NoRule(Exception):
    """No rule of retention holds for this book on this day."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def rule_of(book: int, on: date) -> Rule:
    """Return the newest rule for a book (compartment) that holds on a day. Raises NoRule."""
    held = [rule for rule in _rules() if book in rule.books and rule.valid_from <= on]
    if not held:
        raise NoRule
    return max(held, key=lambda rule: rule.valid_from)


def keeping_processes(on: date) -> dict[str, str]:
    """Return the process codes whose files are never destroyed, each with the kind of keeping."""
    return {
        code: row["kind"] for row in _read()["keeps"] if row["valid_from"] <= on for code in row["processes"]
    }


def keep_label(kind: str) -> str:
    """Return what a kind of keeping is called in Swedish."""
    return next((row["label"] for row in _read()["keeps"] if row["kind"] == kind), kind)


def sample(on: date, own: dict[str, Any] | None = None) -> Sample:
    """Return the research sample that holds on a day; a municipality may widen it, never narrow it."""
    row, own = _read()["sample"], own or {}
    if row["valid_from"] > on:
        return Sample(frozenset(range(1, 32)), frozenset(), frozenset())  # no rule known: everything is kept
    return Sample(
        frozenset(row["days"]) | frozenset(own.get("more_days", ())),
        frozenset(row["counties"]),
        frozenset(row["municipalities"]) | frozenset(own.get("more_municipalities", ())),
    )


def default(name: str) -> Any:
    """Return a default a municipality may override."""
    return _read()["defaults"][name]


def fingerprint() -> str:
    """Return the hash of the rules as they stand: a proposal says by which rules it was made."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return found


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(row["class"], row["label"], tuple(row["books"]), row["years"], row["law"], row["valid_from"])
        for row in _read()["rules"]
    )
