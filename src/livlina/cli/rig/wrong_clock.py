"""Clocks that are wrong: two web servers of the same database whose clocks are an hour apart, and officers who use both."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from livlina.cli.receivers import free_ports
from livlina.cli.rig import load as loads
from livlina.cli.rig import town
from livlina.cli.rig.check import Verdict
from livlina.cli.rig.history import History
from livlina.core import processes
from livlina.core.databases import SUPER

CLOCKS = ("-30m", "+30m")
SETTINGS = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
"""Only the time of day is wrong, as when somebody sets a clock; waits still last as long as they last."""


@dataclass
class Apart:
    """What came of it."""

    verdict: Verdict = field(default_factory=Verdict)
    refusals: list[str] = field(default_factory=list)
    spread: float = 0.0
    """Seconds between the earliest and the latest time of writing in the journal: the control that clocks were wrong."""


def apart(folder: Path, stock: town.Stock, seconds: float) -> Apart:
    """Write under both clocks; half-way everybody changes to the other server."""
    found, history = Apart(), History(folder.with_suffix(".jsonl"))
    shutil.rmtree(folder, ignore_errors=True)
    processes.make_folder(folder)
    cluster = town.placed(stock.area, folder / "db")
    server = cluster.start()
    try:
        with ExitStack() as all_:
            webs = []
            for clock, port in zip(CLOCKS, free_ports(2), strict=True):
                before = ("faketime", "-f", clock)
                one = town.web(folder / f"web{port}", stock, server, port, settings=SETTINGS, before=before)
                webs.append(all_.enter_context(one))
            for turn in range(2):
                ports = [webs[(place + turn) % 2].port for place in range(2)]
                halves = [stock.officers[::2], stock.officers[1::2]]
                work = [loads.Load(port, half, history) for port, half in zip(ports, halves, strict=True)]
                with work[0].running(), work[1].running():
                    time.sleep(seconds / 2)
                found.refusals += [words for one in work for words in one.refusals]
        found.verdict = town.verdict(history, server, stock)
        with server.connect(SUPER, town.DATABASE) as root:
            row = root.execute(
                "SELECT extract(epoch FROM max(authored_at) - min(authored_at)) FROM journal_note"
            ).fetchone()
            found.spread = float(row[0] or 0) if row else 0.0
    finally:
        cluster.stop()
        history.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found
