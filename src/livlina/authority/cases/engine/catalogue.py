"""All processes in all versions, read once and checked."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from livlina.authority.cases.engine.checker import check_process, check_shelf
from livlina.authority.cases.engine.facts import FactSpec
from livlina.authority.cases.engine.loader import Loader
from livlina.authority.cases.engine.process import Law, Process
from livlina.authority.cases.engine.shelf import read_shelf
from livlina.core.answers import CodeTable
from livlina.core.marked import Place, Problem, Report

PROCESSES = Path(__file__).resolve().parents[3] / "processes"


class ProcessesWrong(Exception):
    """The process files cannot be used; `problems` says where, what and how to mend it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class NoSuchProcess(KeyError):
    """There is no process with this code, in this version or in use on this day."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The processes, facts, code tables and law citations of one folder."""

    root: Path
    processes: tuple[Process, ...]
    facts: Mapping[str, FactSpec]
    tables: Mapping[str, tuple[CodeTable, ...]]
    laws: Mapping[str, Law]

    def all(self) -> list[Process]:
        """Every version of every process, by area, code and version."""
        return list(self.processes)

    def process(self, code: str, version: str) -> Process:
        """One version. Raises NoSuchProcess."""
        for process in self.processes:
            if (process.code, process.version) == (code, version):
                return process
        raise NoSuchProcess(f"There is no process {code} in version {version}.")

    def current(self, code: str, *, on: date) -> Process:
        """The version a case that begins on the day gets. Raises NoSuchProcess."""
        valid = [
            process
            for process in self.processes
            if process.code == code
            and process.valid_from <= on
            and (process.valid_to is None or on <= process.valid_to)
        ]
        if not valid:
            raise NoSuchProcess(f"No version of {code} is in use on {on}.")
        return max(valid, key=lambda process: process.valid_from)

    def fact(self, name: str) -> FactSpec:
        """A fact by name. Raises KeyError."""
        return self.facts[name]

    def codes(self, name: str, *, on: date) -> CodeTable:
        """The version of a code table that is in use on the day. Raises KeyError."""
        for table in reversed(self.tables[name]):
            if table.valid_on(on):
                return table
        raise KeyError(f"No version of the code table {name} is in use on {on}.")

    def law(self, key: str) -> Law:
        """A citation by key. Raises KeyError."""
        return self.laws[key]


def read(folder: Path) -> tuple[Catalogue, list[Problem]]:
    """Read a folder of processes, and everything that is wrong with it."""
    with _uncollected():
        return _read(folder)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the block make its many small things without the collector going through them: that was half the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(folder: Path) -> tuple[Catalogue, list[Problem]]:
    report = Report()
    shelf = read_shelf(folder, report)
    processes = []
    for path in sorted(folder.glob("*/*/*/process.yaml")):
        name = path.parent.relative_to(folder).as_posix()
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", path.parent.name):
            mend = "Name it after the first day it is in use, such as 2025-07-01."
            report.add(Place(f"{name}/process.yaml", 1), f'"{path.parent.name}" is no version.', mend)
            continue
        process = Loader(shelf, name, date.fromisoformat(path.parent.name)).load()
        check_process(process, shelf)
        processes.append(process)
    check_shelf(shelf)
    tables = {name: tuple(versions) for name, versions in shelf.tables.items()}
    return Catalogue(folder, tuple(processes), shelf.facts, tables, shelf.laws), report.found()


def check(folder: Path = PROCESSES) -> list[Problem]:
    """Everything that is wrong in a folder of processes, by file and line."""
    return read(folder)[1]


@cache
def load(folder: Path = PROCESSES) -> Catalogue:
    """The catalogue of a folder, read once for as long as the program runs. Raises ProcessesWrong."""
    catalogue, problems = read(folder)
    if problems:
        raise ProcessesWrong(problems)
    return catalogue
