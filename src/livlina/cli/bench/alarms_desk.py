"""From a press to a person: to the desk of the main system, and to the stand-in channel when the main system is dead.

A whole little house: PostgreSQL, the web server, what tells the desks, a receiver and units. *To the desk* is the moment
the desks' stream says "changed", with the alarm in the database; what the browser then fetches costs some 20 ms more.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from livlina.cli.bench import stock
from livlina.cli.bench.alarms_blast import Loop, messages
from livlina.cli.bench.alarms_faults import UNITS as UNITS_KNOWN
from livlina.cli.bench.alarms_faults import site
from livlina.cli.bench.alarms_receiver import Receiver, running
from livlina.cli.bench.rows import STAFF
from livlina.cli.migrate import migrate
from livlina.cli.receivers import HERE, Sections, Site, free_ports
from livlina.cli.simulate.figures import percentile
from livlina.cli.surroundings import Problem, python_path, secret_key, state_dir
from livlina.core import processes
from livlina.core.databases import APP, OWNER, SUPER, Server, drop_database, ensure_database, ensure_roles
from livlina.core.postgres import Cluster

Found = tuple[str, str, str, bool | None]
DATABASE, KEY, UNITS = "bench_alarms", "matby.only-for-measuring-not-a-secret", 400
STAND_IN = "sms:+46701740605"
FILL = (
    "INSERT INTO core_unit (id, municipality_id, name, side) VALUES ('00000000-0000-7000-8000-0000000000a1', 1,"
    " 'Trygghetsjouren', 'provider')",
    "INSERT INTO alarms_receiver (id, municipality_id, compartment, code, name, key_hash, confirmed, told_to, boot,"
    " health, added_at) VALUES (gen_random_uuid(), 1, 2, 'a', 'Mottagare A', '{key}', 0, 0, '', '{{}}', now())",
    "INSERT INTO alarms_alarmunit (id, municipality_id, compartment, number, team_id, person_id, state, model,"
    " profile, modem, operator, sim, second_operator, second_sim, interval, source, area, keys, risk, risks,"
    " installed_at) SELECT gen_random_uuid(), 1, 2, (1000000 + row_number() OVER ())::text,"
    " '00000000-0000-7000-8000-0000000000a1', id, 'active', 'Modell', 'scaip', '4g', 'Telia', '', '', '', 60, '',"
    " 'Centrum', 'Nyckelskåp', 1, '', now() FROM people_person ORDER BY id",
)


def measured(place: Callable[[str], AbstractContextManager[Path]], count: int) -> Iterator[Found]:
    """Yield rows of the table: what, aim, found, met."""
    with place("stand-in") as folder:
        yield _to_stand_in(folder)
    state = state_dir() / "bench"
    processes.make_folder(state)
    cluster = Cluster(state / "postgres", say=lambda _: None)
    try:
        server = cluster.start()
        ensure_roles(server)
        environment = _filled(server, state)
        with place("desk") as folder:
            yield _measured(environment, folder, count)
    finally:
        with suppress(psycopg.Error):
            drop_database(cluster.start(), DATABASE)
        cluster.stop()


def _measured(environment: dict[str, str], folder: Path, count: int) -> Found:
    [port] = free_ports(1)
    one = site(folder / "a", sections={"exchange": {"url": f"http://{HERE}:{port}", "token": KEY}})
    with running(Receiver(one)), _web(environment, port, folder):
        desk = Desk(environment["LIVLINA_DATABASE_URL"])
        _warm(one, desk)
        waits = [_to_desk(one, desk, place) for place in range(count)]
        slowest = percentile(waits, 0.99)
        told = f"{slowest:.2f} s (median {percentile(waits, 0.5) * 1000:.0f} ms, {count} presses)"
        desk.close()
        return "press to desk: p99", "≤ 1 s", told, slowest <= 1


class Desk:
    """Listens as the process does that tells the desks, and looks whether the alarm is there."""

    def __init__(self, url: str) -> None:
        self.moments: list[float] = []
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("LISTEN livlina_alarms")
        self.heard = threading.Event()
        self.ending = False
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Listen no more."""
        self.ending = True
        self.thread.join()
        self.connection.close()

    def _listen(self) -> None:
        while not self.ending:
            for _ in self.connection.notifies(timeout=0.5, stop_after=1):
                self.moments.append(time.monotonic())
                self.heard.set()


def _to_desk(one: Site, desk: Desk, place: int) -> float:
    """Seconds from the press until the desks are told. Each press is another unit's."""
    desk.heard.clear()
    began = time.monotonic()
    _press(one, str(1_000_010 + place), 700 + place)
    if not desk.heard.wait(20):
        raise Problem("A press did not come to the desk within twenty seconds.")
    time.sleep(0.05)  # what else is told of the same alarm is not of the next
    return next(moment for moment in desk.moments if moment >= began) - began


def _to_stand_in(folder: Path) -> Found:
    """A receiver whose main system does not answer, as it is configured unless told otherwise."""
    file = folder / "sms"
    supplier = {"name": "Mätning", "kind": "sms", "url": f"file:{file}"}
    sections: dict[str, Sections] = {
        "exchange": {"url": f"http://{HERE}:{free_ports(1)[0]}", "token": KEY},
        "dispatch": {"always": [STAND_IN], "suppliers": [supplier]},
    }
    one = site(folder / "a", sections=sections)
    with running(Receiver(one)):
        began = time.monotonic()
        _press(one, UNITS_KNOWN[0], 999)
        while not (file.exists() and file.read_text()):
            if time.monotonic() - began > 60:
                raise Problem("Nobody was called within a minute.")
            time.sleep(0.05)
        waited = time.monotonic() - began
    return "press to the stand-in, the main system dead", "≤ 20 s", f"{waited:.1f} s", waited <= 20


def _warm(one: Site, desk: Desk) -> None:
    """Wait until the receiver knows the units and the main system takes what it is told."""
    for place in range(30):
        desk.heard.clear()
        _press(one, "1000001", 600 + place)
        if desk.heard.wait(2):
            return
    raise Problem("The receiver and the main system did not find each other.")


def _press(one: Site, unit: str, seed: int) -> None:
    loop = Loop(one.sip, 1)
    try:
        if not loop.run(messages(1, [unit], seed), 10).acknowledged:
            raise Problem("A press was not acknowledged.")
    finally:
        loop.close()


@contextmanager
def _web(environment: dict[str, str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "web").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "livlina", "web", "--port", str(port), "--processes", "1"],
            env={**environment, "PYTHONPATH": python_path(), "PATH": "/usr/bin:/bin"},
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and program.poll() is None:
            with suppress(OSError):
                asking = HTTPConnection(HERE, port, timeout=5)
                asking.request("GET", "/")
                asking.getresponse().read()
                break
            time.sleep(0.2)
        yield program
    finally:
        program.kill()
        program.wait()


def _filled(server: Server, state: Path) -> dict[str, str]:
    """A database with people who have units; what web needs to be told of it."""
    drop_database(server, DATABASE)
    ensure_database(server, DATABASE)
    environment = {
        "LIVLINA_DATABASE_URL": server.url(APP, DATABASE),
        "LIVLINA_OWNER_DATABASE_URL": server.url(OWNER, DATABASE),
        "LIVLINA_SECRET_KEY": secret_key(state),
        "LIVLINA_STATE_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
    }
    migrate(environment, "demo", quick=True)
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    with server.connect(SUPER, DATABASE) as connection, connection.transaction():
        for statement in STAFF:
            connection.execute(statement)
        stock.some_people(connection, UNITS)
        for statement in FILL:
            connection.execute(statement.replace("{key}", digest).replace("{{}}", json.dumps({})))
    return {name: value for name, value in environment.items() if "OWNER" not in name}
