"""``livlina bench move``: what one municipality costs (disk, memory of a web process), and how long it takes to move it.

A filled municipality is moved between two databases of one real server that syncs as in earnest, chains drawn by lot are
computed anew in the target, and it is moved back. Source and target share the disk, so two servers would be no slower.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from livlina.cli.tenant import _verified
from livlina.cli.tenant import move as moving

SLUG = "matby"


@dataclass(frozen=True)
class Row:
    """One size. Bytes of the tables with their indexes, seconds, and megabytes of one web process."""

    persons: int
    rows: int
    disk_mb: float
    bytes_each: float
    read_only: float
    copy: float
    compare: float
    chains: float
    back: float
    web_mb: float


def measure(source_dsn: str, target_dsn: str, persons: int, state: Path, say: Any) -> Row:
    """Move the municipality and back; the environment names the source, with the owner's address too."""
    with moving.connect(source_dsn) as source, moving.connect(target_dsn) as target:
        size = source.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relkind = 'r' AND relnamespace ="
            " 'public'::regnamespace"
        ).fetchone()
        done = moving.move(source, target, SLUG, lambda number: _timed(target_dsn), say)
        at = time.monotonic()
        moving.back(source, target, SLUG)
        back = time.monotonic() - at
    taken = float(size[0] if size else 0)
    return Row(
        persons, done.rows, taken / 1e6, taken / persons, done.read_only, done.copy, done.compare, done.verify, back,
        _web_memory(state),
    )  # fmt: skip


def _timed(target_dsn: str) -> list[str]:
    """Verify for the time it takes: the stock's notes are made by the thousand in SQL, and their chains are not real."""
    _verified(target_dsn, SLUG)
    return []


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows for a person to read."""
    head = (
        "| persons | rows | disk MB | bytes each | read-only s | copy | compare | chains | back s | web process MB |\n"
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    lines = [
        f"| {row['persons']:,} | {row['rows']:,} | {row['disk_mb']:.0f} | {row['bytes_each']:,.0f} |"
        + "".join(f" {row[name]:.1f} |" for name in ("read_only", "copy", "compare", "chains", "back"))
        + f" {row['web_mb']:.0f} |"
        for row in rows
    ]
    return "\n".join([head, *lines])


def _web_memory(state: Path) -> float:
    """Megabytes that one serving process holds of its own and its share of what is shared, after a hundred pages."""
    from livlina.cli.bench.one import _web

    with _web(state) as (pid, port):
        for _ in range(100):
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/sign-in/")
            connection.getresponse().read()
            connection.close()
        return max(map(_share, _family(pid))) / 1000


def _family(root: int) -> list[int]:
    found = [root]
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = file.read_text().rpartition(")")[2].split()
            if int(words[1]) == root:
                found.append(int(file.parent.name))
    return found


def _share(pid: int) -> int:
    """Kilobytes (proportional set size) of a process; nothing when it may not be looked at."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def serve_as(environment: dict[str, str]) -> None:
    """Let this process, and the programs it starts, work on the database that `environment` names."""
    os.environ.update(environment)
