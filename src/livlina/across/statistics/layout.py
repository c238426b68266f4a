"""How a file to an authority looks: data in `layouts/`, read and checked when it is first asked for.

Each flow has a folder, each version a file named after the day it begins to hold. A wrong layout stops the load with
a sentence; a field whose real form nobody here could read says `verify: yes`, and the page tells so.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from livlina.across.statistics.columns import COLUMNS, ROWS
from livlina.across.statistics.periods import Period
from livlina.core.calendar import add_months
from livlina.core.clock import SWEDEN

FOLDER = Path(__file__).parent / "layouts"
TYPES = ("text", "number", "date")
ENCODINGS = {"iso-8859-1", "utf-8"}
SEPARATORS = {";", "\t", "|"}
_NEEDS = {"flow", "name", "version", "valid_from", "authority", "regulation", "compartment", "side", "period", "due",
          "encoding", "separator", "rows", "key", "fields", "empty"}  # fmt: skip


class LayoutWrong(Exception):
    """The layout cannot be used."""


@dataclass(frozen=True)
class Field:
    """One column of the file: where it stands, what it may hold, and which column function gives it."""

    position: int
    name: str
    label: str
    type: str
    length: int
    source: str
    required: bool = False
    verify: bool = False
    sums: bool = False
    codes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """One version of one file, and the days it holds."""

    flow: str
    name: str
    version: str
    valid_from: date
    valid_to: date | None
    authority: str
    regulation: str
    compartment: int
    side: str
    period: str
    due: dict[str, int]
    encoding: str
    separator: str
    rows: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    empty: str
    """Why the file has no rows, when it has none."""
    note: str = ""

    @property
    def unverified(self) -> list[Field]:
        """The fields whose real form nobody here could read."""
        return [one for one in self.fields if one.verify]

    def due_on(self, period: Period) -> date:
        """The last day on which the period's file may come: so many months after its last day's month, on a day."""
        return add_months(period.last.replace(day=1), self.due["months"]).replace(day=self.due["day"])

    def due_at(self, period: Period) -> datetime:
        """When on that day."""
        return datetime.combine(self.due_on(period), time(16), SWEDEN)


def read(folder: Path = FOLDER) -> dict[str, list[Layout]]:
    """Read every layout, each flow's versions oldest first. Raises LayoutWrong."""
    found: dict[str, list[Layout]] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        one = _layout(said, f"{path.parent.name}/{path.name}")
        if (one.flow, f"{one.valid_from}") != (path.parent.name, path.stem):
            raise LayoutWrong(
                f"{path.parent.name}/{path.name}: the flow and the day are not those of the name."
            )
        before = found.setdefault(one.flow, [])
        if before and (before[-1].valid_to is None or before[-1].valid_to >= one.valid_from):
            raise LayoutWrong(f"{path.parent.name}/{path.name}: the version before it still holds.")
        before.append(one)
    return found


@cache
def layouts() -> dict[str, list[Layout]]:
    """Return the layouts of the house, read once."""
    return read()


def layout_for(flow: str, period: Period) -> Layout | None:
    """Return the version that held on the period's last day, or None."""
    for one in layouts().get(flow, []):
        if one.valid_from <= period.last and (one.valid_to is None or period.last <= one.valid_to):
            return one
    return None


def newest() -> list[Layout]:
    """Return the newest version of each flow, by name."""
    return sorted((versions[-1] for versions in layouts().values()), key=lambda one: one.name)


def _layout(said: dict[str, Any], where: str) -> Layout:
    if lacks := _NEEDS - set(said):
        raise LayoutWrong(f"{where}: lacks {', '.join(sorted(lacks))}.")
    fields = tuple(_field(one, where) for one in said["fields"])
    names = [one.name for one in fields]
    for wrong, words in (
        (len(set(names)) != len(names), "the same field twice."),
        (
            [one.position for one in fields] != list(range(1, len(fields) + 1)),
            "the positions are not 1, 2, 3 …",
        ),
        (not set(said["key"]) <= set(names), "the key names a field that is not there."),
        (said["rows"] not in ROWS, f"nobody gives the rows {said['rows']}."),
        (said["encoding"] not in ENCODINGS, "the encoding is not known."),
        (said["separator"] not in SEPARATORS, "the separator is not known."),
        (said["period"] not in ("month", "year"), "the period is a month or a year."),
        (set(said["due"]) != {"months", "day"}, "the due day is months and day."),
        (said["side"] not in ("officer", "provider"), "the side is officer or provider."),
    ):
        if wrong:
            raise LayoutWrong(f"{where}: {words}")
    rest = {name: said[name] for name in _NEEDS - {"fields", "key"}}
    return Layout(
        **{**rest, "version": str(said["version"])}, fields=fields, key=tuple(said["key"]),
        valid_to=said.get("valid_to"), note=said.get("note", ""),
    )  # fmt: skip


def _field(said: dict[str, Any], where: str) -> Field:
    try:
        one = Field(**{**said, "codes": {str(k): str(v) for k, v in (said.get("codes") or {}).items()}})
    except TypeError:
        raise LayoutWrong(f"{where}: a field that cannot be read: {said.get('name')}.") from None
    for wrong, words in (
        (one.source not in COLUMNS, f"nobody gives the column {one.source}."),
        (one.type not in TYPES, "the type is text, number or date."),
        (not 1 <= one.length <= 200, "the length is 1 to 200."),
        (one.type == "date" and one.length < 8, "a date needs eight characters."),
        (any(len(code) > one.length for code in one.codes.values()), "a code is longer than the field."),
    ):
        if wrong:
            raise LayoutWrong(f"{where}: {one.name}: {words}")
    return one
