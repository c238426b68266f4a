"""A real cluster of three loses its leader under writes: nothing acknowledged is lost, and nobody who writes notices.

One cluster, with TLS between all its programs, serves every trial here, one after the other, since its start takes
longer than all of them. `livlina bench cluster` is the long form.
"""

import http.client
import os
import pwd
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import conninfo

from livlina.cli import main
from livlina.cli.system import HAPROXY
from livlina.cluster import local
from livlina.cluster.local import Trio
from livlina.cluster.plan import Guard
from livlina.cluster.templates import SUPER
from livlina.cluster.tests import certificates
from livlina.config.settings import database as settings_of
from livlina.core.databases import APP, OWNER, Server, ensure_database, ensure_roles
from livlina.core.postgres import find_binaries
from livlina.status import parts
from tests import database
from tests.faults.helpers import PATIENCE, Program, until
from tests.faults.town import Town, Writing, check_notes, settled

DATABASE, MEGABYTE = "livlina", 1 << 20
VOLUME = 420  # MB
SMALL = {
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "wal_keep_size": "16MB",
    "max_slot_wal_keep_size": "64MB",
}
RULES = Guard(ballast_mb=16, least_seconds=10)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(mkdtemp(prefix="lv-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def volumes(folder: Path) -> Iterator[dict[str, Path]]:
    """A small volume of its own for each node, where we may mount; else none."""
    made: dict[str, Path] = {}
    for name in ("a", "b", "c") if os.getuid() == 0 else ():
        (path := folder / f"volume-{name}").mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={VOLUME}m,mode=0777", "tmpfs", path], capture_output=True
        )
        if done.returncode == 0:
            made[name] = path
    yield made if len(made) == 3 else {}
    for path in made.values():
        subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture
def port() -> int:
    [free] = local.free_ports(1)
    return free


@pytest.fixture
def trio(folder: Path, volumes: dict[str, Path], port: int) -> Iterator[Trio]:
    """Three nodes that speak TLS, and HAProxy where there is one; their guards are started by the trials."""
    if why := local.missing():
        pytest.skip(why)
    owner = pwd.getpwnam("postgres").pw_uid if os.getuid() == 0 else os.getuid()
    tls = certificates.made(folder, owner)
    rules = RULES if volumes else local.LOOSE
    proxy = bool(HAPROXY.found())
    webs = [f"127.0.0.1:{port}"]
    with Trio(
        folder, guard=rules, tls=tls, volumes=volumes, parameters=SMALL, haproxy=proxy, webs=webs
    ) as made:
        yield made


@pytest.fixture
def town(trio: Trio, folder: Path, port: int, django_db_blocker: Any) -> Iterator[Town]:
    """The town on the cluster, reached by the names of all three nodes."""
    passwords = planted(trio)
    url = trio.url(APP, passwords[APP], DATABASE)
    (folder / "web").mkdir()
    before = dict(connection.settings_dict)
    web = Program(folder / "web", url, "-m", "livlina", "web", "--port", str(port))
    try:
        with django_db_blocker.unblock():
            connection.close()
            connection.settings_dict.update(settings_of(url))
            yield settled(trio, web, port)
    finally:
        web.kill()
        connection.close()
        connection.settings_dict.update(before)


def planted(trio: Trio) -> dict[str, str]:
    """Bring the tables into the cluster. Its PostgreSQL may be older than the one the suite runs on."""
    node = trio.plan.node(trio.leader())
    passwords = {SUPER: trio.secrets["super"], OWNER: "owner-of-the-trial", APP: "app-of-the-trial"}
    server = Server(node.address, node.postgres, passwords)
    ensure_roles(server)
    ensure_database(server, DATABASE)
    with database.owner() as beside, database._template(beside) as template:
        source = conninfo.make_conninfo(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=template)
        dump = subprocess.run(
            [find_binaries().folder / "pg_dump", "--no-owner", f"--dbname={source}"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    newer = ("SET transaction_timeout", "\\restrict", "\\unrestrict")  # what PostgreSQL 15 does not know
    text = "\n".join(line for line in dump.splitlines() if not line.startswith(newer))
    subprocess.run(
        [local.DEBIAN / "psql", "-qXo", os.devnull, "-v", "ON_ERROR_STOP=1", server.dsn(OWNER, DATABASE)],
        input=text, text=True, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return passwords


def gap(writing: Writing) -> Callable[[], bool]:
    """Whether eight more notes have been acknowledged: four may have been on their way."""
    before = len(writing.acknowledged)
    return lambda: bool(writing.faults) or len(writing.acknowledged) >= before + 8


@pytest.fixture
def worker(town: Town, trio: Trio, folder: Path) -> Iterator[Program]:
    """Jobs are run beside."""
    (folder / "work").mkdir()
    url = connection.settings_dict
    made = Program(folder / "work", trio.url(APP, url["PASSWORD"], DATABASE), "-m", "livlina", "worker")
    yield made
    made.kill()


def test_a_cluster_loses_its_leader_and_nobody_who_writes_notices(
    town: Town, trio: Trio, worker: Program
) -> None:
    writing = Writing(town, each=100_000, pause=0.05, door=trio.people)
    threads = [threading.Thread(target=writing.all_of, args=(key,)) for key in town.keys]
    for thread in threads:
        thread.start()
    try:
        until(partial(writing.reached, 20), "20 notes were written")
        check_the_doors(trio, town)
        if trio.volumes:
            check_a_full_volume(trio, writing)
        else:
            start_guards(trio)
        check_a_killed_database(trio, writing)
        check_a_lost_node(trio, writing)
    finally:
        writing.ending.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert writing.faults == []
    # On a machine too busy to elect a leader in time somebody is told so in words, and sends the same note again; how
    # often, and how long anybody waits, is the bench's to say (`livlina bench cluster`).
    assert {status for status, _ in writing.seen} <= {200, 201, 503}
    print(f"{len(writing.acknowledged):,} notes; the slowest took {writing.slowest:.1f} s")
    assert main(["cluster", "status", "--plan", str(trio.folder / "plan.json")]) == 0
    check_notes(town, writing)
    check_that_jobs_go_on(trio, worker)
    check_that_a_lost_note_would_be_seen(trio, town, writing)


def check_that_jobs_go_on(trio: Trio, worker: Program) -> None:
    """The worker has waited for the database, and runs jobs again; nobody had to start it anew."""
    with trio.connect(DATABASE) as root:
        since = root.execute("SELECT now()").fetchone()
        alive = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > %s"
        until(lambda: root.execute(alive, since).fetchone(), "the worker looks for jobs")
        due = "SELECT 1 FROM core_recurringrun WHERE started_at > %s"
        until(lambda: root.execute(due, since).fetchone(), "what falls due is run")
    assert worker.process.poll() is None


def check_a_killed_database(trio: Trio, writing: Writing) -> None:
    """The leader's PostgreSQL is killed; another takes over, and the killed one comes back as a standby."""
    leader = trio.leader()
    trio.kill_postgres(leader)
    until(gap(writing), "notes were written again", 30)
    assert trio.leader() != leader
    until(trio.whole, "the killed one follows")


def check_the_doors(trio: Trio, town: Town) -> None:
    """HAProxy hears from the web server that it can write; nobody else is told that there is such a question."""
    for port, status in ((town.port, 200), *([(trio.people, 403)] if trio.people else [])):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as asked:
            asked.request("GET", "/health/deep", headers={"Host": trio.plan.public})
            assert asked.getresponse().status == status


def start_guards(trio: Trio) -> None:
    for node in trio.plan.nodes:
        trio.run(node.name, "guard")
    until(lambda: "cluster" in parts.read(trio.plan.guard.state), "a guard has spoken")


def check_a_full_volume(trio: Trio, writing: Writing) -> None:
    """The leader's volume is filled: Patroni alone keeps a leader that can write nothing; a guard hands over."""
    leader = trio.leader()
    with trio.connect() as root:
        root.execute("CREATE TABLE growing (words text)")
        fill(trio.volumes[leader])
        end = time.monotonic() + 4
        while time.monotonic() < end:
            with pytest.raises(psycopg.errors.DiskFull):
                root.execute(
                    "INSERT INTO growing SELECT repeat(md5(n::text), 200) FROM generate_series(1, 500) n"
                )
            time.sleep(0.2)
    assert trio.leader() == leader
    start_guards(trio)
    until(gap(writing), "notes were written again", 30)
    assert trio.leader() != leader
    until(lambda: stays_behind(trio, leader), "the full one may not lead")
    (trio.volumes[leader] / "filler").unlink()
    until(lambda: not stays_behind(trio, leader), "it may again")
    until(trio.whole, "the full one follows again")


def stays_behind(trio: Trio, name: str) -> bool:
    """Whether the node's guard has said that it may not lead."""
    return any(one.name == name and one.tags.get("nofailover") for one in trio.members())


def fill(volume: Path) -> None:
    """Fill the volume to its last byte."""
    with suppress(OSError), open(volume / "filler", "wb", buffering=0) as file:
        while True:
            file.write(bytes(MEGABYTE))


def check_a_lost_node(trio: Trio, writing: Writing) -> None:
    """Everything on the leader's machine is killed; its guard's peers see that it is gone, and elect at once."""
    leader, began = trio.leader(), time.monotonic()
    trio.kill_node(leader)
    until(gap(writing), "notes were written again", 30)
    assert time.monotonic() - began < 20  # the lease alone, which is 20 s, was not waited out
    assert trio.leader() != leader


def check_that_a_lost_note_would_be_seen(trio: Trio, town: Town, writing: Writing) -> None:
    """The other way round: a note is taken out behind the application's back, and the same check fails."""
    victim = next(iter(writing.acknowledged.values()))
    with trio.connect(DATABASE) as root:
        root.execute("SET session_replication_role = replica")  # past the guards of permanent rows
        assert root.execute("DELETE FROM journal_note WHERE id = %s", [victim]).rowcount == 1
    with pytest.raises(AssertionError):
        check_notes(town, writing)


def test_of_several_hosts_the_one_that_writes_is_used() -> None:
    several = settings_of("postgresql://app:x@10.0.0.1:5432,10.0.0.2:5432/livlina")
    assert several["HOST"] == "10.0.0.1,10.0.0.2"
    assert several["OPTIONS"]["target_session_attrs"] == "read-write"
    assert "target_session_attrs" not in settings_of("postgresql://app:x@10.0.0.1/livlina")["OPTIONS"]
