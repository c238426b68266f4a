"""YAML that remembers where each word stands, and a reader that collects every problem it meets."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from livlina.core.calendar import Length, LengthWrong


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; the file is named from the processes folder."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Label:
    """A text in Swedish, and in English where a citizen meets it."""

    sv: str
    en: str = ""

    def __str__(self) -> str:
        return self.sv

    def said_in(self, language: str) -> str:
        """The text in "sv" or "en"; Swedish where there is no English."""
        return self.en if language == "en" and self.en else self.sv


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong at a place, and how to mend it."""

    place: Place
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.mend}"


@dataclass
class Report:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    trees: dict[Path, tuple[yaml.Node | None, "_Loader"]] = field(default_factory=dict)
    """Files read before under this report: what many processes share is parsed once."""

    def add(self, place: Place, what: str, mend: str) -> None:
        """Note a problem; both parts are whole sentences."""
        problem = Problem(place, what, mend)
        if problem not in self.problems:
            self.problems.append(problem)

    def found(self) -> list[Problem]:
        """All problems in order; where a file is no YAML only that, because the rest mostly follows from it."""
        return sorted(self.unreadable or self.problems)

    def unknown(self, place: Place, kind: str, word: str, known: Iterable[str]) -> None:
        """Note that `word` is no known `kind`, and offer the nearest one."""
        self.add(place, f'"{word}" is no known {kind}.', nearest(word, known))


def nearest(word: str, known: Iterable[str]) -> str:
    """A mend for a misspelt word: the nearest known one, or all when they are few."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1)
    if close:
        return f'Did you mean "{close[0]}"?'
    return f"Known are: {', '.join(words)}." if len(words) <= 20 else "Add it, or correct the name."


class Block:
    """A mapping in a YAML file, read key by key; what nobody has read by `done` is a misspelling."""

    def __init__(self, place: Place, report: Report, values: dict[str, Any], lines: dict[str, int]) -> None:
        self.place, self.report, self.values, self.lines = place, report, values, lines
        self.read: set[str] = set()

    def at(self, key: str) -> Place:
        """Where `key` stands, or where the mapping begins when it has none."""
        return Place(self.place.file, self.lines.get(key, self.place.line))

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self.values

    def _get(self, key: str, kind: type | tuple[type, ...], said: str, required: bool) -> Any:
        self.read.add(key)
        value = self.values.get(key)
        if value is None:
            if required:
                self.report.add(self.place, f'"{key}" is missing.', f'Add "{key}:" with {said}.')
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.report.add(self.at(key), f'"{key}" is not {said}.', f'Write {said} after "{key}:".')
            return None
        return value

    def text(self, key: str, required: bool = True) -> str:
        """A text; "" when it is missing."""
        return (self._get(key, str, "a text", required) or "").strip()

    def flag(self, key: str) -> bool:
        """yes or no; no when it is missing."""
        return bool(self._get(key, bool, "yes or no", required=False))

    def day(self, key: str, required: bool = True) -> date | None:
        """A date written 2025-07-01."""
        return self._get(key, date, "a date such as 2025-07-01", required)

    def number(self, key: str) -> int | None:
        """A whole number, or None."""
        return self._get(key, int, "a whole number", required=False)

    def words(self, key: str, required: bool = False) -> list[tuple[str, Place]]:
        """A list of names, each with its place; a single name may stand without brackets."""
        value = self._get(key, (list, str), "a list of names", required)
        if isinstance(value, str):
            return [(value, self.at(key))]
        found = []
        for item, line in _numbered(value):
            place = Place(self.place.file, line)
            if isinstance(item, str):
                found.append((item, place))
            else:
                self.report.add(place, f'"{key}" holds something that is no name.', "Write one name per row.")
        return found

    def rows(self, key: str, required: bool = False) -> list["Block"]:
        """A list of mappings."""
        found = []
        for item, line in _numbered(self._get(key, list, "a list", required)):
            if isinstance(item, Block):
                found.append(item)
            else:
                place = Place(self.place.file, line)
                self.report.add(place, f'A row of "{key}" is no mapping.', 'Write it as "- name: ...".')
        return found

    def mixed(self, key: str) -> list[tuple["str | Block", Place]]:
        """A list whose rows are names or mappings."""
        rows = _numbered(self._get(key, list, "a list", required=False))
        return [
            (item if isinstance(item, Block) else str(item), Place(self.place.file, line))
            for item, line in rows
        ]

    def block(self, key: str, required: bool = False) -> "Block | None":
        """A mapping inside this one."""
        return self._get(key, Block, "a mapping", required)

    def named(self, key: str, required: bool = False) -> list[tuple[str, "Block"]]:
        """A mapping from names to mappings, in the order they are written."""
        inner = self.block(key, required)
        if inner is None:
            return []
        found = [(name, block) for name in inner.values if (block := inner.block(name, required=True))]
        for name, block in found:
            block.place = inner.at(name)  # a person looks for the name, not for the first word below it
        return found

    def label(self, key: str, required: bool = True, english: bool = False) -> Label:
        """A text in Swedish, written alone or as {sv: ..., en: ...}; `english`: it must be in English too."""
        both = self.values.get(key)
        if isinstance(both, Block):
            self.read.add(key)
            label = Label(both.text("sv"), both.text("en", required=False))
            both.done()
        else:
            label = Label(self.text(key, required))
        if english and label.sv and not label.en:
            what = f'A citizen meets "{label.sv}" and it has no English.'
            self.report.add(self.at(key), what, f"Write {key}: {{sv: ..., en: ...}}.")
        return label

    def length(self, key: str) -> Length | None:
        """A length of time in days or more, or None: a clock in hours needs a moment to count from."""
        said = self.text(key)
        try:
            length = Length.parse(said) if said else None
        except LengthWrong:
            what = f'"{said}" is no length of time.'
            self.report.add(self.at(key), what, 'Write "14 days", "3 weeks" or "4 months".')
            return None
        if length and length.unit == "hour":
            self.report.add(
                self.at(key), "Only days are counted here.", "Put a clock in hours in a room's job."
            )
            return None
        return length

    def pair(self) -> tuple[str, str]:
        """The only key and its text, of a row such as "- on the day: case_worker"."""
        if len(self.values) != 1:
            self.read |= set(self.values)
            self.report.add(self.place, "A row here is one pair.", 'Write "- name: word".')
            return "", ""
        key = next(iter(self.values))
        return key, self.text(key)

    def done(self) -> None:
        """Report every key that nobody asked for."""
        for key in self.values:
            if key not in self.read:
                place = Place(self.place.file, self.lines[key])
                self.report.add(place, f'"{key}" is no word of the language here.', nearest(key, self.read))


def _numbered(value: Any) -> list[tuple[Any, int]]:
    return value.numbered if isinstance(value, _Rows) else []


if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:  # the parser in C reads the same, eight times as fast; a PyYAML built without it has only the other
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TEXT = "tag:yaml.org,2002:str"


class _Loader(_Base):
    """Remembers what kind each word is: the same ones come back thousands of times, and telling it was half the work."""

    kinds: ClassVar[dict[tuple[Any, ...], Any]] = {}

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return the tag of a node, from memory for a short scalar."""
        if kind is not yaml.ScalarNode or len(value) > 40:
            return super().resolve(kind, value, implicit)
        key = (value, implicit)
        if key not in self.kinds:
            self.kinds[key] = super().resolve(kind, value, implicit)
        return self.kinds[key]


class _Rows(list[Any]):
    """A list in a YAML file, with the line of each item."""

    numbered: list[tuple[Any, int]]


def read_yaml(path: Path, root: Path, report: Report) -> Block:
    """Read one file; a file that cannot be read is reported and gives an empty mapping."""
    name = path.relative_to(root).as_posix()
    empty = Block(Place(name, 1), report, {}, {})
    try:
        if path not in report.trees:
            loader = _Loader(path.read_text(encoding="utf-8"))
            report.trees[path] = loader.get_single_node(), loader
        node, loader = report.trees[path]
        value = _build(node, loader, name, report) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"The file is no YAML here: {error.problem}."
        report.unreadable.append(Problem(Place(name, line), what, "Mend the indent, or quote the text."))
        return empty
    if not isinstance(value, Block):
        report.add(Place(name, 1), "The file is no mapping.", 'Begin it with a key such as "title:".')
        return empty
    return value


def _build(node: yaml.Node, loader: _Loader, file: str, report: Report) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        rows = _Rows(_build(child, loader, file, report) for child in node.value)
        rows.numbered = [
            (item, child.start_mark.line + 1) for item, child in zip(rows, node.value, strict=True)
        ]
        return rows
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, child in node.value:
            key, at = str(key_node.value), key_node.start_mark.line + 1
            if key in values:
                report.add(Place(file, at), f'"{key}" stands twice in the same mapping.', "Keep one of them.")
            values[key], lines[key] = _build(child, loader, file, report), at
        return Block(Place(file, line), report, values, lines)
    if node.tag == _TEXT:
        return node.value
    try:
        return loader.construct_object(node)
    except ValueError as error:  # 2025-02-30 looks like a date and is none
        report.add(Place(file, line), f'"{node.value}" is no value: {error}.', "Correct it.")
        return None
