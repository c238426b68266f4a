"""How another program tells a running fleet what is to happen: a file for each command, and one that tells how it stands.

A command is one line of a script (script.py) as JSON, written whole under another name and then renamed to
`<folder>/<anything>.json`; the fleet does it within half a second, `at` seconds later if it says so, and removes the file:

    {"what": "outage", "operator": "Telia", "seconds": 600}      Telia is down for ten minutes
    {"what": "end", "operator": "Telia"}                         … or up again now: repeats what the outage concerned
    {"what": "press", "unit": "1000017", "device": "1"}

What cannot be read is renamed to `<name>.refused`. `<folder>/status` is JSON, written every other second:

    {"at": 1790000000.0, "units": 300, "outages": [{"operator": "Telia", "left": 512}], "line": "alarms: 12 sent …"}
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from livlina.cli.simulate import script
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.simulate.script import WORDS, Happening
from livlina.cli.surroundings import Problem

FOLDER = "fleet"  # below the state folder


def waiting(folder: Path) -> list[Happening]:
    """Take the commands that wait, oldest name first."""
    found = []
    for file in sorted(folder.glob("*.json")):
        try:
            found.append(script.one(json.loads(file.read_text(encoding="utf-8"))))
            file.unlink()
        except (Problem, OSError, ValueError):
            file.replace(file.with_suffix(".refused"))
    return found


def tell(folder: Path, **said: Any) -> None:
    """Give a running fleet a command. Raises Problem when it is none, OSError when it cannot be written."""
    script.one(said)
    _write(folder / f"{time.time_ns()}-{uuid4().hex[:8]}.json", said)


def show(folder: Path, fleet: Fleet, now: float) -> None:
    """Write how the fleet stands; `now` on the fleet's own clock."""
    outages = [
        {word: said for word, said in asdict(outage.of).items() if word in (*WORDS, "receiver") and said}
        | {"left": round(outage.until - now)}
        for outage in fleet.outages
    ]
    _write(
        folder / "status",
        {"at": time.time(), "units": len(fleet.units), "outages": outages, "line": fleet.figures.line()},
    )


def _write(path: Path, said: Any) -> None:
    half = path.with_name(path.name + f".{os.getpid()}.new")
    half.write_text(json.dumps(said), encoding="utf-8")
    half.replace(path)
