"""``livlina rig``: faults of the whole system against real processes, a recorded history, and checkers.

Short by default (some minutes); ``--full`` runs as many trials as the aims are stated for, within ``--minutes``. What
this machine does not allow (root, loop devices, parts from Debian) is a row that says so. Exit code 1: an aim was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from livlina.cli.bench.alarms import Row, table
from livlina.cli.surroundings import ROOT, state_dir
from livlina.core import processes

TRIALS = ("power", "kill", "full", "wal", "clock", "line", "versions")
MINUTES = {False: 15, True: 240}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=[*TRIALS, "all"], help="what is to fail")
    parser.add_argument(
        "--full", action="store_true", help="as many trials as the aims are stated for; hours"
    )
    parser.add_argument("--short", action="store_true", help="a few trials of each (the default)")
    parser.add_argument("--minutes", type=float, help="no new trial begins after so many minutes")
    parser.add_argument("--cuts", type=int, help="for power: how many (default: 5; full: 200)")
    parser.add_argument("--kills", type=int, help="for kill: how many (default: 12; full: 1,000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same choices")
    parser.add_argument(
        "--out", type=Path, help="where histories and result.json go (default: the state folder)"
    )


def run(options: argparse.Namespace) -> int:
    """Run the trials, print the table, write `result.json` with machine and date. 1 when an aim was missed."""
    from livlina.cli.rig.trials import Rig

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that mounts and processes are taken away
    folder = (options.out or state_dir() / "rig").absolute()
    processes.make_folder(folder)
    minutes = options.minutes or MINUTES[options.full]
    rig = Rig(
        folder, full=options.full, until=time.monotonic() + 60 * minutes, seed=options.seed, cuts=options.cuts,
        kills=options.kills, say=lambda text: print(text, file=sys.stderr, flush=True),
    )  # fmt: skip
    began = datetime.now(UTC)
    for what in TRIALS if options.what == "all" else (options.what,):
        rig.run(what)
    print(table(rig.rows, options.full))
    write(folder / "result.json", rig.rows, began, options.full)
    return 1 if any(row.met is False for row in rig.rows) else 0


def write(file: Path, rows: list[Row], began: datetime, full: bool) -> None:
    """Put the rows down with machine, date, load and version, so that a figure can name where it is from."""
    told = {
        "began": began.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "full": full,
        "machine": {
            "cores": os.cpu_count(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
            "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
            "load": [round(part, 1) for part in os.getloadavg()],
        },
        "version": _version(),
        "rows": [vars(row) for row in rows],
    }
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _version() -> str:
    head = ROOT / ".git" / "HEAD"
    if not head.is_file():
        return ""
    name = head.read_text().strip().removeprefix("ref: ")
    pointed = ROOT / ".git" / name
    return pointed.read_text().strip() if pointed.is_file() else name
