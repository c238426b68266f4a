"""The demo's doors: a street of simulated locks beside the web server, which go on where their logs in the database end.

The locks decide by themselves, as they would on a wall: they know the municipality's public key and nothing else. The
file that tells which there are is written again by the application when a lock is ordered or re-keyed.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from livlina.cli import children
from livlina.cli.receivers import HERE, free_ports
from livlina.core import processes
from livlina.provider.doors.protocol.log import KEPT, Entry
from livlina.provider.doors.protocol.memory import Memory
from livlina.provider.doors.street import CONFIG, FLASH, written

MUNICIPALITY = "asvalla"
PORT = 8450
LOCKS = """
SELECT l.number, l.area, l.epoch, coalesce(nullif(p.called_name, ''), p.given_names) || ' ' || p.family_name || ', '
       || lower(l.place)
FROM doors_lock l JOIN people_person p ON p.id = l.person_id AND p.municipality_id = l.municipality_id
WHERE l.state <> 'removed' AND l.vendor = 'simulator' ORDER BY l.number
"""
ENTRIES = """
SELECT o.raw FROM doors_opening o JOIN doors_lock l ON l.id = o.lock_id AND l.municipality_id = o.municipality_id
WHERE l.number = %s ORDER BY o.number, o.received_at
"""
ISSUER = "SELECT encode(public, 'hex') FROM core_keypair WHERE purpose = 'doors' AND ended_at IS NULL"


@dataclass
class Field:
    """The street of one start of the demo."""

    state: Path
    port: int
    locks: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What the web server must know: where the phone app finds the locks."""
        return {"LIVLINA_LOCK_BRIDGE": f"http://{HERE}:{self.port}"}

    def write(self, database: str) -> None:
        """Write which locks there are, and the flash of those that have none yet. Raises psycopg.Error."""
        folder = self.state / FLASH
        processes.make_folder(folder)
        with _inside(database) as connection:
            key = connection.execute(ISSUER).fetchone()
            rows = connection.execute(LOCKS).fetchall() if key else []
            for number, *_ in rows:
                if not (folder / str(number)).exists():
                    raw = [bytes(row[0]) for row in connection.execute(ENTRIES, [number])]
                    (folder / str(number)).write_bytes(_flash(number, raw))
        self.locks = len(rows)
        if key:
            processes.write_private(self.state / CONFIG, written(MUNICIPALITY, str(key[0]), rows))

    def add(self, family: children.Family, origin: str) -> None:
        """Let it run beside web and worker."""
        if self.locks:
            family.add(
                *("locks", "-m", "livlina", "simulate", "locks", "--port", str(self.port)),
                *("--config", str(self.state / CONFIG), "--origin", origin),
            )

    def lines(self) -> list[str]:
        """What a person is told at the start."""
        if not self.locks:
            return ["The demo's data has no digital locks. To have them: livlina demo --reset"]
        return [f"{self.locks} simulated locks: http://{HERE}:{self.port}/locks"]


def plan(state: Path, *, reset: bool = False) -> Field:
    """Choose a free port. With `reset` what the locks remember is thrown away, as the database is."""
    if reset:
        shutil.rmtree(state / FLASH, ignore_errors=True)
        (state / CONFIG).unlink(missing_ok=True)
    (state / "field-down").unlink(missing_ok=True)
    [port] = free_ports(1, (PORT,))
    return Field(state, port)


def _flash(number: int, raw: list[bytes]) -> bytes:
    """Return what a lock remembers that has written these entries, all of which have come home."""
    memory = Memory(door=number)
    entries = [Entry.parse(one) for one in raw]
    if entries:
        memory.log.entries = deque(entries, maxlen=KEPT)
        memory.log.number = memory.log.acknowledged = entries[-1].number
        memory.log.head, memory.floor = entries[-1].digest, entries[-1].at
    return memory.to_bytes()


@contextmanager
def _inside(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner with the municipality's rows in view."""
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT id FROM core_municipality WHERE slug = %s", [MUNICIPALITY]
        ).fetchone()
        connection.execute(
            "SELECT set_config('livlina.municipality', %s, true), set_config('livlina.compartments', '1,2,3', true)",
            [str(found[0]) if found else ""],
        )
        yield connection
