"""Storage that fills: S1, the day at Itsam, and a night with nobody on call.

`itsam`: the data's volume is full and the reserve refuses. Room goes twice: the first time there is ballast, which the
status process throws overboard; the second time there is none left, and what is measured is what still goes on. `night`:
the write-ahead log finds no room.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import psycopg

from livlina.cli.rig import family as families
from livlina.cli.rig import load as loads
from livlina.cli.rig import town
from livlina.cli.rig.check import Verdict, judge
from livlina.cli.rig.family import ALARMS, Family
from livlina.cli.rig.history import History
from livlina.cli.rig.phones import phones
from livlina.cli.rig.shadow import shadow
from livlina.cli.rig.volume import Volume
from livlina.cli.surroundings import Problem
from livlina.core import processes
from livlina.core.databases import SUPER
from livlina.core.postgres import PostgresError

NEVER = float("inf")
BALLAST = 48  # megabytes
DATA, WAL, NARROW = (
    420,
    600,
    160,
)  # megabytes: a volume for data, a roomy one for the log, and one that is not
CARERS = 3
EMAIL = "officer0@rig.livlina.example"


@dataclass
class Phase:
    """One time that room was gone. Seconds from then; infinite when it did not come within the patience."""

    readable: float = NEVER
    """Until an officer could read a journal in the main system."""
    writable: float = NEVER
    """Until every officer could write."""
    reads: int = 0
    read_errors: int = 0
    blind: float = 0.0
    """The longest stretch in which no reading succeeded."""
    status_page: bool = False


@dataclass
class Full:
    """What a day with full storage did."""

    with_ballast: Phase = field(default_factory=Phase)
    without: Phase = field(default_factory=Phase)
    shadow: float = NEVER
    """Seconds until somebody was signed in to the read-only shadow and had read a journal there, with no byte left."""
    reserve: str = ""
    """What the standby said when it refused to start."""
    level: int = 0
    taken: int = 0
    """Bytes that there were when the log's volume was filled, all of them."""
    doors: int = 0
    opened: int = 0
    alarms: int = 0
    alarms_refused: int = 0
    slowest_alarm: float = 0.0
    field_events: int = 0
    field_lost: int = 0
    field_doubled: int = 0
    back: float = NEVER
    """Seconds from room again until every officer could write, with nothing restarted by a person."""
    database_died: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    refusals: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Place:
    """A family on volumes of its own, under load."""

    one: Family
    data: Volume
    wal: Volume
    work: loads.Load
    presses: families.Presses
    history: History
    died: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    def manage(self) -> None:
        """Be the service manager until the end: start again what has died, as often as it takes."""
        while not self.ending.wait(0.2):
            gone = self.one.cluster.pid() is None
            self.died += gone
            with contextlib.suppress(PostgresError, OSError, psycopg.Error, Problem):
                self.one.mend()
            self.ending.wait(1.0 if gone else 0.0)

    def judged(self) -> Verdict:
        """What was promised, officers' notes and alarms alike, compared with what is there."""
        server = self.one.cluster.start()
        self.one.receiver.kill()
        final = town.final(server, self.one.stock.officers)
        ours = {officer.file for officer in self.one.stock.officers}
        final = {
            path: keys for path, keys in final.items() if path in ours
        }  # the phones' are counted by themselves
        final |= {ALARMS: families.alarms(self.one.receiver.site.folder)}
        return judge(self.history.records, final, town.breaks(server, self.one.stock))


@contextmanager
def place(
    folder: Path,
    stock: town.Stock,
    *,
    data: int = DATA,
    wal: int = WAL,
    ballast: int = BALLAST,
    on: str = "data",
) -> Iterator[Place]:
    """A family whose database lies on one volume and its log on another (megabytes), with ballast `on` one of them."""
    shutil.rmtree(folder, ignore_errors=True)
    processes.make_folder(folder)
    volumes = {"data": Volume(folder / "vd", data), "wal": Volume(folder / "vw", wal)}
    history = History(folder.with_suffix(".jsonl"))
    try:
        for volume in volumes.values():
            volume.mount()
        settings = {
            "LIVLINA_STATUS_VOLUMES": " ".join(f"{name}={one.folder}" for name, one in volumes.items()),
            "LIVLINA_STATUS_BALLAST": str(ballast), "LIVLINA_STATUS_BALLAST_FOLDER": str(volumes[on].folder),
        }  # fmt: skip
        more = {"data": volumes["data"].folder, "wal": volumes["wal"].folder, "settings": settings}
        with families.family(folder / "f", stock, **more) as one:
            work = loads.Load(one.web_port, stock.officers, history, pause=0.1, patience=20)
            presses = families.Presses(one.receiver.site.sip, history)
            made = Place(one, volumes["data"], volumes["wal"], work, presses, history)
            manager = threading.Thread(target=made.manage, daemon=True)
            manager.start()
            try:
                with work.running(), presses.running():
                    work.until_all(time.monotonic(), town.PATIENCE)
                    yield made
            finally:
                made.ending.set()
                manager.join(town.PATIENCE)
    finally:
        for volume in volumes.values():
            volume.away()
        history.close()
        shutil.rmtree(folder, ignore_errors=True)


def itsam(
    folder: Path, stock: town.Stock, *, patience: float = 60.0, watch: float = 20.0,
    say: Callable[[str], None] = lambda _: None,
) -> Full:  # fmt: skip
    """The data's volume fills, twice, and the standby does not start. Raises Problem when nothing came up at all.

    `watch`: seconds without room during which it is seen whether the journal can be read.
    """
    found, began = Full(), time.monotonic()
    with place(folder, stock) as here, reserve(here) as standby, shadow(folder / "s", here.one) as beside:
        environment = stock.environment(here.one.cluster.start())
        with phones(environment, here.one.web_port, folder / "phones.log") as carried:
            carried.tell(f"take {CARERS}")
            say(f"  ready after {time.monotonic() - began:.0f} s")
            here.data.fill()
            found.with_ballast = _phase(here, patience)
            say(f"  ballast: {found.with_ballast}")
            with hungry(here.data):
                found.shadow = beside.until_read(stock.officers[0], EMAIL, patience)
                found.without = _phase(here, patience, watch=watch)
                say(f"  no ballast: {found.without}")
                found.reserve = refused(standby)
                say(f"  shadow {found.shadow:.1f} s; {found.reserve}; {time.monotonic() - began:.0f} s")
                found.level = _level(here.one)
                worked = carried.tell("work")
                say(f"  {worked} {time.monotonic() - began:.0f} s")
            found.doors, found.opened = worked["doors"], worked["opened"]
            found.back = here.work.until_all(time.monotonic(), patience)
            home = carried.tell("home")
        found.field_events, found.field_lost, found.field_doubled = (
            home[name] for name in ("events", "lost", "doubled")
        )
        here.work.stop()
        here.presses.stop()
        _sum_up(found, here)
    found.seconds = time.monotonic() - began
    return found


def night(
    folder: Path, stock: town.Stock, *, ballast: int = BALLAST, patience: float = 60.0,
    say: Callable[[str], None] = lambda _: None,
) -> Full:  # fmt: skip
    """The log's volume fills while nobody is on call. `ballast=0` is the control: it must stay down until there is room."""
    found, began = Full(), time.monotonic()
    with place(folder, stock, wal=NARROW, ballast=ballast, on="wal") as here:
        found.taken = here.wal.fill()
        switch(here.one)  # as archiving does every minute: the log needs a new file, and has no room for one
        found.with_ballast = _phase(here, patience)
        say(f"  {found.with_ballast}, died {here.died} times")
        found.level = _level(here.one)
        here.wal.relieve()
        found.back = here.work.until_all(time.monotonic(), town.PATIENCE)
        here.work.stop()
        here.presses.stop()
        _sum_up(found, here)
    found.seconds = time.monotonic() - began
    return found


def switch(one: Family, times: int = 4) -> None:
    """Make the log go on to new files, until it cannot."""
    with contextlib.suppress(psycopg.Error):
        if one.server:
            with one.server.connect(SUPER, "postgres") as root:
                for _ in range(times):
                    root.execute("SELECT pg_logical_emit_message(false, 'rig', 'x'), pg_switch_wal()")


def _phase(here: Place, patience: float, watch: float = 0.0) -> Phase:
    """What officers can do from now on, and how soon; looked at for `watch` seconds, or until both are known."""
    phase, moment = Phase(), time.monotonic()
    officer, last = here.one.stock.officers[0], moment
    while time.monotonic() < moment + patience:
        read, now = _reads(here, officer, phase), time.monotonic()
        if read:
            phase.readable = min(phase.readable, now - moment)
            phase.blind, last = max(phase.blind, now - last), now
        if here.work.all_since(moment):
            phase.writable = min(phase.writable, now - moment)
        if now > moment + watch and phase.readable < NEVER and (watch or phase.writable < NEVER):
            break
        time.sleep(0.05)
    phase.blind = max(phase.blind, time.monotonic() - last)
    with contextlib.suppress(OSError, HTTPException):
        phase.status_page = town.get(here.one.status_port, "/")[0] == 200
    return phase


def _reads(here: Place, officer: town.Officer, phase: Phase) -> bool:
    """Whether an officer can read the journal now, as a page and not from anybody's memory."""
    with contextlib.suppress(OSError, HTTPException):
        path = f"/api/v1/files/{officer.file}/notes"
        if town.get(here.one.web_port, path, officer.headers, 10)[0] == 200:
            phase.reads += 1
            return True
    phase.read_errors += 1
    return False


@contextmanager
def reserve(here: Place) -> Iterator[town.Placed]:
    """A copy of the database on the same storage, as at Itsam. It does start while there is room."""
    standby = town.placed(here.one.stock.area, here.one.folder / "reserve", here.data.folder / "reserve")
    try:
        standby.start()
        standby.stop()
        yield standby
    finally:
        standby.kill()


def refused(standby: town.Placed) -> str:
    """What the reserve says when it is told to start and cannot; empty when it could."""
    try:
        standby.start()
    except (PostgresError, OSError) as error:
        return str(error).strip().splitlines()[-1][:200]
    standby.stop()
    return ""


@contextmanager
def hungry(volume: Volume) -> Iterator[None]:
    """Something that takes every byte as soon as it is free, and is ended and removed afterwards."""
    ending = threading.Event()

    def eat() -> None:
        while not ending.wait(0.1):
            volume.fill()

    volume.fill()
    eater = threading.Thread(target=eat, daemon=True)
    eater.start()
    try:
        yield
    finally:
        ending.set()
        eater.join()
        volume.relieve()


def _level(one: Family) -> int:
    from livlina.status import levels

    return levels.Reader(one.up.folder).level().level


def _sum_up(found: Full, here: Place) -> None:
    found.refusals, found.database_died = here.work.refusals, here.died
    pressed = [
        record for record in here.history.records if record.path == ALARMS and record.event != "invoke"
    ]
    found.alarms = len(pressed)
    found.alarms_refused = sum(record.event != "ok" for record in pressed)
    found.slowest_alarm = here.presses.slowest
    found.verdict = here.judged()
