"""The version before beside this one, on this one's tables: the middle of an upgrade of one cluster.

Both web servers run at once over one database; officers write and read through one of them and then through the other, in
the same files and with the same sessions; the older one's worker runs too. The older code is taken from the history
(`git archive`), of the commit in which its tables were last written down (`tests/upgrade/previous.json`).
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from livlina.cli.receivers import free_ports
from livlina.cli.rig import town
from livlina.cli.rig.check import Verdict, judge
from livlina.cli.rig.history import History
from livlina.cli.rig.load import Load
from livlina.cli.surroundings import ROOT, Problem
from livlina.core import processes
from livlina.core.databases import OWNER

WRITTEN_DOWN = "tests/upgrade/previous.json"
PATIENCE = 60.0  # seconds
NOTES = 3  # by each officer through each version
PAUSE = 0.02  # seconds between an officer's notes
PAGES = (
    "/officer/", "/officer/people/search", "/officer/cases", "/officer/watches", "/officer/orders/unread",
    "/officer/deviations", "/sign-in/", "/health/deep",
)  # fmt: skip
"""Asked of the older version by an officer whose session this one made."""
TORN = "ALTER TABLE people_person RENAME COLUMN called_name TO called"
"""What nobody may do in one step: the control."""


@dataclass
class Versions:
    """What two versions did to one database. `wrong` are the older one's pages and words that should not have been."""

    commit: str
    verdict: Verdict = field(default_factory=Verdict)
    refusals: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    wrote: int = 0
    """Notes that the older version acknowledged."""

    @property
    def good(self) -> bool:
        """Whether nobody could tell which version they met."""
        return self.verdict.good and not self.refusals and not self.wrong and self.wrote > 0


def before() -> tuple[str, str]:
    """Return the commit of the version before; else nothing, and why it cannot be had."""
    try:
        words = ["git", "log", "-1", "--format=%H", "--", WRITTEN_DOWN]
        found = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "", "There is no history here to take the version before from."
    shallow = (ROOT / ".git" / "shallow").exists()
    return (
        (found, "") if found and not shallow else ("", "The history here does not reach the version before.")
    )


def unpacked(commit: str, folder: Path) -> Path:
    """Put the source of a commit in a folder and return where its packages lie. Raises CalledProcessError."""
    source = folder / "before"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    packed = subprocess.run(
        ["git", "archive", commit, "src", "pyproject.toml"], cwd=ROOT, check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(source)], input=packed.stdout, check=True)
    return source / "src"


def versions(folder: Path, stock: town.Stock, commit: str, *, torn: bool = False) -> Versions:
    """Run both at once. `torn` does to the tables what no version may. Raises Problem when this version does not start."""
    shutil.rmtree(folder, ignore_errors=True)
    processes.make_folder(folder)
    found, history = Versions(commit), History(folder.with_suffix(".jsonl"))
    with ExitStack() as last_first:
        last_first.callback(shutil.rmtree, folder, ignore_errors=True)
        last_first.callback(history.close)
        cluster = town.placed(stock.area, folder / "db", durable=False)
        last_first.callback(cluster.kill)
        server = cluster.start()
        if torn:
            with server.connect(OWNER, town.DATABASE) as owner:
                owner.execute(TORN)
        environment = stock.environment(server)
        source = str(unpacked(commit, folder))
        older, newer = free_ports(2)
        old = town.Web(folder / "old", environment, older, _web(older), source=source)
        new = town.Web(folder / "new", environment, newer, _web(newer))
        worker = town.Web(folder / "worker", environment, 0, ("worker",), source=source)
        for one in (old, new, worker):
            last_first.callback(one.end)
            one.start(wait=False)
        try:
            old.answering()
            new.answering()
        except Problem as problem:
            found.wrong.append(str(problem))
            return found
        _work(found, history, stock.officers, older, newer)
        found.wrong += _pages(older, stock.officers[0])
        found.wrong += [f"{one.folder.name}: {line}" for one in (old, worker) for line in _faults(one.said())]
        found.verdict = judge(history.records, town.final(server, stock.officers), town.breaks(server, stock))
    return found


def _web(port: int) -> tuple[str, ...]:
    return ("web", "--port", str(port), "--processes", "1")


def _work(
    found: Versions, history: History, officers: Sequence[town.Officer], older: int, newer: int
) -> None:
    """Half of them through each version, then the other way round, in the same files."""
    half = len(officers) // 2
    for first, second in ((older, newer), (newer, older)):
        with (
            _working(found, history, officers[:half], first) as some,
            _working(found, history, officers[half:], second) as rest,
        ):
            for work in (some, rest):
                for _ in range(NOTES):
                    if work.until_all(time.monotonic(), PATIENCE) < float("inf") and work.port == older:
                        found.wrote += len(work.officers)


@contextmanager
def _working(
    found: Versions, history: History, officers: Sequence[town.Officer], port: int
) -> Iterator[Load]:
    work = Load(port, officers, history, pause=PAUSE)
    with work.running():
        yield work
    found.refusals += work.refusals + [error.words for error in work.errors]


def _pages(port: int, officer: town.Officer) -> list[str]:
    wrong = []
    for path in PAGES:
        try:
            status, _ = town.get(port, path, officer.headers)
        except (OSError, HTTPException) as error:
            wrong.append(f"{path}: {type(error).__name__}")
            continue
        if status not in (200, 302):
            wrong.append(f"{path}: {status}")
    return wrong


def _faults(said: str) -> list[str]:
    """What a program says when something in it went wrong, a line each."""
    return [
        line[:200]
        for line in said.splitlines()
        if "Traceback" in line or '"level": "error"' in line or "_failed" in line
    ]
