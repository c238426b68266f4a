"""Power cuts: a real PostgreSQL on a disk that forgets, cut under load, mended, and compared with what it promised."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from livlina.cli.receivers import free_ports
from livlina.cli.rig import disk as disks
from livlina.cli.rig import ledger, town
from livlina.cli.rig import load as loads
from livlina.cli.rig.check import Verdict, judge
from livlina.cli.rig.history import History
from livlina.core.databases import SUPER, Server
from livlina.core.postgres import PostgresError

PATHS = 4
LEAST = 20  # acknowledged writes before a cut
PATIENCE = 60.0  # seconds


@dataclass
class Cuts:
    """What a series of power cuts did."""

    cuts: int = 0
    forgotten: int = 0
    """Blocks that were written and never reached the disk."""
    survived: int = 0
    recoveries: list[float] = field(default_factory=list)
    """Seconds from power to the first answer, the file system's mending included."""
    verdict: Verdict = field(default_factory=Verdict)
    dead: str = ""
    """Why the database could not be brought up any more; empty when it could."""
    seconds: float = 0.0

    @property
    def harmed(self) -> bool:
        """Whether anything was lost, doubled or broken."""
        return bool(self.dead) or not self.verdict.good


class Machine:
    """A computer with one disk and a database on it."""

    def __init__(self, folder: Path, stock: Path, *, durable: bool = True, seed: int = 1) -> None:
        """`stock` is the area of a stopped cluster; it is copied."""
        self.disk = disks.Disk(folder / "d", seed=seed)
        self.disk.make()
        self.cluster = town.placed(stock, folder / "a", self.disk.mount / "data", durable=durable)
        os.sync()

    def start(self) -> Server:
        """Power is on, and the database answers. Raises PostgresError when it cannot."""
        return self.cluster.start()

    def cut(self, survive: int) -> disks.Cut:
        """Power is gone: first for the disk, then for everything that used it."""
        done = self.disk.cut(survive)
        self.cluster.kill()
        self.disk.down()
        return done

    def up(self) -> float:
        """Power is back. Seconds until the database answered. Raises PostgresError."""
        began = time.monotonic()
        self.disk.up()
        self.cluster.start()
        return time.monotonic() - began

    def away(self) -> None:
        """Everything is gone. Never fails."""
        with contextlib.suppress(Exception):
            self.cluster.kill()
        self.disk.down()


@contextmanager
def machine(folder: Path, stock: Path, *, durable: bool = True, seed: int = 1) -> Iterator[Machine]:
    """A machine that is taken away whatever happens."""
    one: Machine | None = None
    try:
        one = Machine(folder, stock, durable=durable, seed=seed)
        yield one
    finally:
        if one:
            one.away()
        shutil.rmtree(folder, ignore_errors=True)


def cuts(
    folder: Path, stock: Path, count: int, *, load: float = 1.0, durable: bool = True, careless: bool = False,
    seed: int = 1, until: float = float("inf"), say: Callable[[str], None] = lambda _: None,
) -> Cuts:  # fmt: skip
    """Cut the power `count` times under load. `durable=False` (fsync off) and `careless` (commits that do not wait) are
    the controls that must be found out."""
    found, chance, began = Cuts(), Random(seed), time.monotonic()  # noqa: S311 - faults, not secrets
    history = History(folder.with_suffix(".jsonl"))
    with machine(folder, stock, durable=durable, seed=seed) as one:
        server = one.start()
        with server.connect(SUPER, "postgres") as root:
            for setting in (
                "backend_flush_after = 16",
                "bgwriter_flush_after = 8",
            ):  # on its way to the disk, not flushed
                root.execute(f"ALTER SYSTEM SET {setting}".encode())
            root.execute("SELECT pg_reload_conf()")
            ledger.lay(root, PATHS)
            root.execute("CHECKPOINT")
        for number in range(1, count + 1):
            seconds, survive = load * (0.5 + chance.random()), chance.choice((0, 0, 30, 70))
            if not _once(one, server, history, found, seconds, survive, careless):
                break
            # What is gone stays gone, so the whole history need not be gone through after each cut; but a control ends
            # at once when it is found out.
            last = number == count or time.monotonic() > until
            if last or number % 10 == 0 or careless or not durable:
                _judge(server, history, found)
                say(f"  {number} cuts, {found.verdict}")
            if last or found.dead:
                break
    history.close()
    found.seconds = time.monotonic() - began
    return found


def _once(
    one: Machine, server: Server, history: History, found: Cuts, load: float, survive: int, careless: bool
) -> bool:
    """One cut, and what came of it. False when the database is beyond mending."""
    writers = ledger.Straight(server.dsn(SUPER, "postgres"), history, PATHS, careless=careless)
    before = history.acknowledged()
    with writers.running():
        end = time.monotonic() + load
        while time.monotonic() < end or (
            history.acknowledged() < before + LEAST and time.monotonic() < end + PATIENCE
        ):
            time.sleep(0.02)
        done = one.cut(survive)
    found.cuts += 1
    found.forgotten += done.forgotten
    found.survived += done.survived
    try:
        found.recoveries.append(one.up())
    except (PostgresError, psycopg.Error, disks.Problem) as error:
        found.dead = str(error).strip().splitlines()[0][:200]
    return not found.dead


def _judge(server: Server, history: History, found: Cuts) -> None:
    """Hold what is there against everything that was acknowledged."""
    try:
        with server.connect(SUPER, "postgres") as root:
            found.verdict = judge(history.records, *ledger.final(root))
    except psycopg.Error as error:
        found.dead = str(error).strip().splitlines()[0][:200]


def journal(
    folder: Path, stock: town.Stock, count: int, *, seed: int = 1, until: float = float("inf")
) -> Cuts:
    """The same under the real journal: officers write through a web server that lives on while the database's power is cut.

    `recoveries` are then seconds from power until every officer could write.
    """
    found, chance, began = Cuts(), Random(seed), time.monotonic()  # noqa: S311 - faults, not secrets
    history = History(folder.with_suffix(".jsonl"))
    try:
        with machine(folder, stock.area, seed=seed) as one:
            server = one.start()
            with town.web(folder / "web", stock, server, free_ports(1)[0]) as site:
                work = loads.Load(site.port, stock.officers, history)
                with work.running():
                    while found.cuts < count and time.monotonic() < until:
                        work.until_all(time.monotonic(), PATIENCE)
                        time.sleep(chance.random())
                        done = one.cut(chance.choice((0, 0, 30, 70)))
                        found.forgotten += done.forgotten
                        moment, found.cuts = time.monotonic(), found.cuts + 1
                        one.up()
                        found.recoveries.append(work.until_all(moment, PATIENCE))
            found.verdict = town.verdict(history, server, stock)
    finally:
        history.close()
    found.seconds = time.monotonic() - began
    return found
