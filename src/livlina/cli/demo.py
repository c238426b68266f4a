"""``livlina demo``: a demo municipality on this machine, with everything it needs, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from livlina.cli import children, demo_alarms, demo_field, demo_witnesses, system
from livlina.cli.migrate import migrate
from livlina.cli.receivers import free_ports
from livlina.cli.surroundings import Problem, livlina, say, secret_key, state_dir
from livlina.core import processes
from livlina.core.databases import (
    APP,
    OWNER,
    claim,
    drop_database,
    ensure_database,
    ensure_roles,
    note,
    noted,
)
from livlina.core.postgres import Cluster, PostgresError
from livlina.status.levels import DEMO_ROOM

DATABASE = "livlina_demo"
PORTS = range(8000, 8020)
STATUS = 8003
BALLAST = 64
"""Megabytes held back for the day the disk is full: a demo takes little."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--size", type=int, help="1 (about 900 persons with care, the default) to 1000")
    parser.add_argument("--port", type=int, help="default: 8000, or the next that is free")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and make it anew")
    parser.add_argument(
        "--no-alarms", action="store_true", help="start no alarm receivers and no simulated units"
    )
    parser.add_argument("--no-browser-hints", action="store_true", help="print no addresses and log-ins")


def run(options: argparse.Namespace) -> int:
    """Start everything, keep it running, stop everything."""
    if options.size is not None and not 1 <= options.size <= 1000:
        raise Problem("--size is a number from 1 to 1000.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be stopped is no reason to leave a mess
    state = state_dir()
    with _only_one(state):
        children.clear(state)
        for line in system.ensure(system.PANGO):
            say(line)
        if os.environ.get("LIVLINA_DATABASE_URL"):
            _serve(options, state, _elsewhere(options), None)
        else:
            cluster = _cluster(state, options)
            try:
                _serve(options, state, _embedded(cluster), cluster)
            finally:
                say("Stopping the database …")
                cluster.stop()
    say("Stopped. The data is kept; livlina demo goes on where it was.")
    return 0


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    with open(state / "demo.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"The demo already runs: {_address_of_running(state)}") from None
        yield
        (state / "demo.json").unlink(missing_ok=True)


def _address_of_running(state: Path) -> str:
    try:
        return str(json.loads((state / "demo.json").read_text())["address"])
    except (OSError, ValueError, KeyError):
        return "it is just starting; look in its terminal for the address."


def _cluster(state: Path, options: argparse.Namespace) -> Cluster:
    cluster = Cluster(state / "postgres", say=say)
    if options.reset:
        try:
            cluster.start()
        except PostgresError as error:  # data that no PostgreSQL here can open is thrown away whole
            say(f"The old data cannot be opened and is removed. ({str(error).splitlines()[0]})")
            cluster.stop()
            shutil.rmtree(cluster.area)
        else:
            drop_database(cluster.start(), DATABASE)
    return cluster


def _embedded(cluster: Cluster) -> dict[str, str]:
    server = cluster.start()
    ensure_roles(server)
    ensure_database(server, DATABASE)
    with server.connect(OWNER, DATABASE) as connection:
        half = _half_loaded(connection)
    if half:
        say("The demo data was only half loaded last time; making it anew.")
        drop_database(server, DATABASE)
        ensure_database(server, DATABASE)
    return {
        "LIVLINA_DATABASE_URL": server.url(APP, DATABASE),
        "LIVLINA_OWNER_DATABASE_URL": server.url(OWNER, DATABASE),
    }


def _elsewhere(options: argparse.Namespace) -> dict[str, str]:
    if options.reset:
        raise Problem(
            "--reset is for the demo's own database. Empty the one in LIVLINA_DATABASE_URL yourself."
        )
    names = ("LIVLINA_DATABASE_URL", "LIVLINA_OWNER_DATABASE_URL")
    return {name: os.environ[name] for name in names if name in os.environ}


def _half_loaded(connection: psycopg.Connection) -> bool:
    if connection.execute("SELECT to_regclass('public.livlina_purpose')").fetchone() == (None,):
        return False
    claim(connection, "demo")
    return noted(connection, "loaded").startswith("loading")


def _serve(
    options: argparse.Namespace, state: Path, database: Mapping[str, str], cluster: Cluster | None
) -> None:
    port = _free_port(options.port)
    address = f"http://127.0.0.1:{port}"
    environment = {
        **database,
        "LIVLINA_DEMO": "1",
        "LIVLINA_ORIGIN": address,
        "LIVLINA_STATE_DIR": str(state),
        "LIVLINA_SECRET_KEY": secret_key(state),
    }
    alarms = None if options.no_alarms else demo_alarms.plan(state, reset=options.reset)
    environment |= alarms.environment if alarms else {}
    field = demo_field.plan(state, reset=options.reset)
    environment |= field.environment
    [status] = free_ports(1, (STATUS,))
    environment["LIVLINA_STATUS_ORIGIN"] = f"http://127.0.0.1:{status}"
    migrate(environment, "demo", quick=True)
    load(options.size, environment)
    outside = demo_witnesses.Witnesses(state)
    outside.trust(environment)
    environment |= outside.environment
    # Web and worker get the application's role only.
    family = children.Family(state, {**environment, "LIVLINA_OWNER_DATABASE_URL": ""})
    family.add("web", "-m", "livlina", "web", "--port", str(port))
    family.add("worker", "-m", "livlina", "worker")
    family.add("calm", "-m", "livlina", "worker", "--calm", after=8.0)
    if alarms:
        alarms.write(address, environment["LIVLINA_SECRET_KEY"], environment["LIVLINA_OWNER_DATABASE_URL"])
        alarms.add(family)
    field.write(environment["LIVLINA_OWNER_DATABASE_URL"])
    field.add(family, address)
    outside.add(family)
    _add_status(family, status, address, alarms)
    family.tick = Minder(options, state, address, environment, cluster, field, alarms)
    family.mind()


def _add_status(family: children.Family, port: int, web: str, alarms: demo_alarms.Alarms | None) -> None:
    words = ["-m", "livlina", "status", "--port", str(port), "--web", web, "--ballast", str(BALLAST)]
    words += ["--roomy", str(DEMO_ROOM >> 30)]
    for site in alarms.sites if alarms else ():
        words += ["--receiver", site.page]
    family.add("status", *words)


class Minder:
    """Between looks at the children: greets when the first page answers, and brings a killed database up again."""

    def __init__(
        self,
        options: argparse.Namespace,
        state: Path,
        address: str,
        environment: Mapping[str, str],
        cluster: Cluster | None,
        field: demo_field.Field,
        alarms: demo_alarms.Alarms | None = None,
    ) -> None:
        self.options, self.state, self.address, self.field = options, state, address, field
        self.environment, self.cluster, self.alarms, self.greeted = environment, cluster, alarms, False

    def __call__(self) -> None:
        """One look."""
        if self.cluster and self.cluster.pid() is None:
            say("The database has ended; it is started again …")
            self.cluster.start()
        if not self.greeted and _page_answers(self.address):
            self.greeted = True
            processes.write_private(self.state / "demo.json", json.dumps({"address": self.address}))
            self._greet()

    def _greet(self) -> None:
        say(f"\nLivlina runs: {self.address}   (DEMO: invented people only)\n")
        if not self.options.no_browser_hints:
            livlina("demo_data", "--logins", environment={**self.environment, "LIVLINA_AS_OWNER": "1"})
            for line in (*(self.alarms.lines() if self.alarms else ()), *self.field.lines()):
                say(f"  {line}")
            say(f"  What works right now, for everyone: {self.environment['LIVLINA_STATUS_ORIGIN']}")
        say("\nCtrl-C stops everything; the data is kept.")


def load(size: int | None, environment: Mapping[str, str]) -> None:
    """Fill the database the environment names, or bring what was filled before up to the day. Raises Problem."""
    with psycopg.connect(environment["LIVLINA_OWNER_DATABASE_URL"], autocommit=True) as connection:
        before = noted(connection, "loaded")
        if before.startswith("loaded"):
            if size is not None and before != f"loaded {size}":
                say(f"The demo has another size ({before}). To change it: livlina demo --reset --size {size}")
            say("Bringing the demo up to today …")
            livlina("demo_data", "--today", environment={**environment, "LIVLINA_AS_OWNER": "1"})
            return
        if before.startswith("loading"):
            raise Problem(
                "The demo data in this database was only half loaded. Empty the database and start again."
            )
        note(connection, "loaded", f"loading {size or 1}")
        say("Filling the demo municipality …")
        code = livlina(
            *("demo_data", "--size", str(size or 1)), environment={**environment, "LIVLINA_AS_OWNER": "1"}
        )
        if code:
            raise Problem("The demo data could not be loaded; the lines above say why.")
        note(connection, "loaded", f"loaded {size or 1}")


def _free_port(wanted: int | None) -> int:
    for port in [wanted] if wanted else PORTS:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    asked = f"Port {wanted} is" if wanted else f"The ports {PORTS[0]} to {PORTS[-1]} are"
    raise Problem(f"{asked} taken by another program. Choose one: livlina demo --port 8100")


def _page_answers(address: str) -> bool:
    with closing(HTTPConnection(address.removeprefix("http://"), timeout=5)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
