"""From rows to the bytes of a file and back: written, checked, and compared with the file before it."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from livlina.across.statistics.columns import COLUMNS, ROWS, Record, Value, name_persons
from livlina.across.statistics.layout import Field, Layout
from livlina.across.statistics.periods import Period

Row = dict[str, str]


@dataclass(frozen=True)
class Made:
    """A file as it would be sent, and the rows that are held since they are not whole."""

    content: str
    sha256: str
    rows: int
    held: int
    problems: list[dict[str, str]]


@dataclass(frozen=True)
class Difference:
    """What a file says that the one before did not, in numbers."""

    came: int
    went: int
    changed: int
    same: int
    fields: list[tuple[str, int]] = field(default_factory=list)
    sums: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)


def make(layout: Layout, period: Period) -> Made:
    """Write the file of a period. A row that lacks something or does not fit is left out and told, in words."""
    records = ROWS[layout.rows](period)
    name_persons(records)
    good, problems, held = [], [], 0
    for record in records:
        row, wrong = _row(layout, record)
        problems += wrong
        if wrong:
            held += 1
        else:
            good.append(row)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.separator, lineterminator="\r\n", quoting=csv.QUOTE_NONE)
    writer.writerows(good)
    content = out.getvalue()
    return Made(content, hashed(layout, content), len(good), held, problems)


def hashed(layout: Layout, content: str) -> str:
    """Return the SHA-256 of the file's bytes."""
    return hashlib.sha256(content.encode(layout.encoding)).hexdigest()


def parse(layout: Layout, content: str) -> list[Row]:
    """Read a file that was made by the layout."""
    names = [one.name for one in layout.fields]
    lines = csv.reader(io.StringIO(content), delimiter=layout.separator, quoting=csv.QUOTE_NONE)
    return [dict(zip(names, cells, strict=False)) for cells in lines]


def difference(layout: Layout, before: list[Row], after: list[Row]) -> Difference:
    """Compare two files by the layout's key; fields only one of them has are not compared."""
    old, new = _keyed(layout, before), _keyed(layout, after)
    both = old.keys() & new.keys()
    shared = [one for one in layout.fields if one.name not in layout.key]
    changed = [
        (one.label, sum(old[key].get(one.name, "") != new[key].get(one.name, "") for key in both))
        for one in shared
    ]
    differ = sum(old[key] != new[key] for key in both)
    sums = [(one.label, _sum(before, one.name), _sum(after, one.name)) for one in layout.fields if one.sums]
    return Difference(
        came=len(new.keys() - old.keys()), went=len(old.keys() - new.keys()), changed=differ,
        same=len(both) - differ, fields=[pair for pair in changed if pair[1]], sums=sums,
    )  # fmt: skip


def _row(layout: Layout, record: Record) -> tuple[list[str], list[dict[str, str]]]:
    cells, wrong = [], []
    for one in layout.fields:
        text, words = _cell(layout, one, COLUMNS[one.source](record))
        cells.append(text)
        if words:
            wrong.append({"ref": record.ref, "field": one.label, "words": words})
    return cells, wrong


def _cell(layout: Layout, one: Field, value: Value) -> tuple[str, str]:
    """Return the cell's text, and what is wrong with it in words: never the value."""
    if value is None or value == "":
        return "", "Uppgiften saknas." if one.required else ""
    if one.codes:
        if str(value) not in one.codes:
            return "", "Koden finns inte i kodlistan."
        value = one.codes[str(value)]
    if (one.type == "number" and not isinstance(value, int | Decimal) and not str(value).isdigit()) or (
        one.type == "date" and not isinstance(value, date)
    ):
        return "", "Uppgiften är inte av rätt slag."
    text = f"{value:%Y%m%d}" if isinstance(value, date) else _plain(value)
    if len(text) > one.length:
        return "", f"Uppgiften är längre än {one.length} tecken."
    if any(mark in text for mark in (layout.separator, "\r", "\n", '"')):
        return "", "Uppgiften innehåller ett tecken som filen inte kan ha."
    try:
        text.encode(layout.encoding)
    except UnicodeEncodeError:
        return "", "Uppgiften innehåller ett tecken som filen inte kan ha."
    return text, ""


def _plain(value: Value) -> str:
    """Decimals with a comma, and no zeros that say nothing."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return " ".join(str(value).split())


def _keyed(layout: Layout, many: Iterable[Row]) -> dict[tuple[object, ...], Row]:
    """Rows by their key; the same key again is told apart by its place."""
    found: dict[tuple[object, ...], Row] = {}
    for row in many:
        key: tuple[object, ...] = tuple(row.get(name, "") for name in layout.key)
        place = 0
        while (*key, place) in found:
            place += 1
        found[(*key, place)] = row
    return found


def _sum(many: list[Row], name: str) -> Decimal:
    return sum((Decimal(row[name].replace(",", ".")) for row in many if row.get(name)), Decimal(0))
