"""What all processes share: law citations, code tables, settings (dated lengths) and facts."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from livlina.authority.cases.engine.facts import FactSpec
from livlina.authority.cases.engine.names import KNOWN_GIVERS, KNOWN_SECRECY
from livlina.authority.cases.engine.process import Law, Setting
from livlina.core.answers import CODED, TYPES, Code, CodeTable
from livlina.core.marked import Block, Label, Report, read_yaml


@dataclass
class Shelf:
    """The shared things by name; `used` gathers what the processes refer to."""

    root: Path
    report: Report
    laws: dict[str, Law] = field(default_factory=dict)
    tables: dict[str, list[CodeTable]] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    facts: dict[str, FactSpec] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def read(self, name: str) -> Block:
        """A file by its path from the processes folder."""
        return read_yaml(self.root / name, self.root, self.report)

    def files(self, name: str) -> list[str]:
        """The files of this name, by their paths from the processes folder."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob(name))

    def law(self, block: Block, key: str, on: date | None, required: bool = True) -> str:
        """A citation's key, checked to be known and in force on the day."""
        name = block.text(key, required)
        if name:
            self.cite(name, block, key, on)
        return name

    def cite(self, name: str, block: Block, key: str, on: date | None) -> None:
        """Report a citation that is unknown or not in force on the day."""
        law = self.laws.get(name)
        if law is None:
            self.report.unknown(block.at(key), "law citation in law.yaml", name, self.laws)
        elif on and not (law.valid_from <= on and (law.valid_to is None or on <= law.valid_to)):
            until = f" to {law.valid_to}" if law.valid_to else ""
            self.report.add(
                block.at(key),
                f'"{name}" is in force from {law.valid_from}{until}, not on {on}.',
                "Cite the provision that was in force when this version began.",
            )


def read_shelf(root: Path, report: Report) -> Shelf:
    """Read every law.yaml and settings.yaml (the house's own and each area's), codes/*.yaml and every facts.yaml."""
    shelf = Shelf(root, report)
    for file in shelf.files("law.yaml"):
        for key, block in _read_named(shelf, file, "laws"):
            _read_law(shelf, key, block)
    for path in sorted((root / "codes").glob("*.yaml")):
        _read_tables(shelf, path.relative_to(root).as_posix())
    for file in shelf.files("settings.yaml"):
        for name, block in _read_named(shelf, file, "settings"):
            _read_setting(shelf, name, block)
    for file in shelf.files("facts.yaml"):
        for name, block in _read_named(shelf, file, "facts"):
            _read_fact(shelf, name, block)
    return shelf


def _read_named(shelf: Shelf, file: str, key: str) -> list[tuple[str, Block]]:
    block = shelf.read(file)
    found = block.named(key, required=True)
    block.done()
    return found


def _read_law(shelf: Shelf, key: str, block: Block) -> None:
    begins = block.day("valid_from")
    law = Law(
        key=key,
        statute=block.text("statute"),
        chapter=block.text("chapter", required=False),
        section=block.text("section"),
        valid_from=begins or date.min,
        valid_to=block.day("valid_to", required=False),
        label=block.text("label"),
        at=block.place,
    )
    block.text("note", required=False)
    block.flag("verify")
    block.done()
    _keep(shelf, shelf.laws, key, law)


def _read_tables(shelf: Shelf, file: str) -> None:
    block = shelf.read(file)
    version = block.text("version")
    begins, ends = block.day("valid_from"), block.day("valid_to", required=False)
    block.text("source", required=False)
    for name, inner in block.named("tables", required=True):
        label = inner.label("label")
        codes = tuple(_read_code(row) for row in inner.rows("codes", required=True))
        inner.done()
        _add_table(shelf, CodeTable(name, version, begins or date.min, ends, label, codes, inner.place))
    block.done()


def _add_table(shelf: Shelf, table: CodeTable) -> None:
    """Keep a table. Each area may add rows in a file of its own: those of one table and one first day are one version."""
    tables = shelf.tables.setdefault(table.name, [])
    same = next((kept for kept in tables if kept.valid_from == table.valid_from), None)
    if same is None:
        tables.append(table)
        tables.sort(key=lambda kept: kept.valid_from)
        return
    for row in table.codes:
        if same.code(row.code):
            mend = "A code means one thing: give this one another name."
            shelf.report.add(table.at, f'The table "{table.name}" has the code "{row.code}" already.', mend)
    tables[tables.index(same)] = replace(same, codes=(*same.codes, *table.codes))


def _read_code(row: Block) -> Code:
    named = {"code", "label", "under"}
    also = {key: value for key, value in row.values.items() if key not in named}
    return Code(row.text("code"), row.label("label"), row.text("under", required=False), also)


def _read_setting(shelf: Shelf, name: str, block: Block) -> None:
    values = []
    for row in block.rows("values", required=True):
        begins, ends, length = (
            row.day("valid_from"),
            row.day("valid_to", required=False),
            row.length("length"),
        )
        row.text("source", required=True)
        row.flag("verify")
        row.done()
        if begins and length:
            values.append((begins, ends, length))
    dated = tuple(sorted(values, key=lambda value: value[0]))
    setting = Setting(name, block.text("label"), dated, block.place, block.flag("statute"))
    block.done()
    if values:
        _keep(shelf, shelf.settings, name, setting)


def _keep(shelf: Shelf, kept: dict[str, Any], name: str, item: Any) -> None:
    if name in kept:
        shelf.report.add(item.at, f'"{name}" stands already in {kept[name].at}.', "Keep one of them.")
    kept.setdefault(name, item)


def _read_fact(shelf: Shelf, name: str, block: Block) -> None:
    report = shelf.report
    if name in shelf.facts:
        first = shelf.facts[name].at
        report.add(
            block.place, f'The fact "{name}" stands already in {first}.', "A fact is asked once: refer to it."
        )
        return
    kind = block.text("type")
    if kind not in TYPES:
        report.unknown(block.at("type"), "type of fact", kind, TYPES)
    givers = block.words("given_by", required=True)
    for giver, place in givers:
        if giver not in KNOWN_GIVERS:
            report.unknown(place, "giver", giver, KNOWN_GIVERS)
    secrecy = block.text("secrecy")
    if secrecy and secrecy not in KNOWN_SECRECY:
        report.unknown(block.at("secrecy"), "class of secrecy", secrecy, KNOWN_SECRECY)
    by_citizen = "citizen" in [giver for giver, _ in givers]
    spec = FactSpec(
        name=name,
        type=kind if kind in TYPES else "text",
        label=block.label("label", english=by_citizen),
        help=block.label("help", required=False, english=by_citizen),
        law=shelf.law(block, "law", on=None),
        secrecy=secrecy,
        given_by=tuple(giver for giver, _ in givers),
        at=block.place,
        tables=_fact_tables(shelf, name, kind, block, by_citizen),
        ratings=tuple(shelf.tables.get("need_ratings", [])),
        unit=block.text("unit", required=False),
        minimum=block.number("minimum"),
        maximum=block.number("maximum"),
    )
    block.done()
    shelf.facts[name] = spec


def _fact_tables(shelf: Shelf, name: str, kind: str, block: Block, by_citizen: bool) -> tuple[CodeTable, ...]:
    table = block.text("codes", required=False)
    options = block.named("options")
    if table and table not in shelf.tables:
        shelf.report.unknown(block.at("codes"), "code table", table, shelf.tables)
    if kind in CODED and not table and not options:
        shelf.report.add(
            block.place, f'The fact "{name}" has nothing to choose from.', 'Add "codes:" or "options:".'
        )
    if table:
        return tuple(shelf.tables.get(table, []))
    codes = []
    for code, row in options:
        codes.append(Code(code, row.label("label", english=by_citizen)))
        row.done()
    return (CodeTable(name, "1", date.min, None, Label(name), tuple(codes), block.place),) if codes else ()
