"""Starts one PostgreSQL for the whole test run, before pytest-django reads the settings that point at it.

The first process of a run owns the server; workers of pytest-xdist inherit its address in the environment. A
run that was killed leaves a folder and perhaps a server behind: the next run sees that nobody holds its lock,
and clears it.

* ``LIVLINA_POSTGRES_BIN`` (``livlina test --postgres FOLDER``) picks another build of PostgreSQL.
* ``LIVLINA_DATABASE_URL`` and ``LIVLINA_OWNER_DATABASE_URL`` together name a server that is ready: nothing is started.
* ``LIVLINA_TEST_SERVER_URL`` points the suite at a server that already runs; its user must be a superuser.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import IO, Any

import psycopg
import pytest
from psycopg import conninfo

from livlina.core.databases import APP, OWNER, SUPER, Server, ensure_database, ensure_roles
from livlina.core.postgres import Cluster, PostgresError
from tests import database

FACTS = "_LIVLINA_TEST_SERVER"  # how the workers find the server; underscored, since it is no setting
PREFIX = "livlina-test-"
DATABASE = "livlina"
LOCK = "owner.lock"
MEMORY, ENOUGH = Path("/dev/shm"), 8 << 30  # bytes


class Run:
    """The server of this run, and how it is taken away."""

    cluster: Cluster | None = None
    folder: Path | None = None
    lock: IO[str] | None = None


def server() -> Server:
    """The server of this run, with the roles ``livlina_super``, ``livlina_owner`` and ``livlina_app``."""
    facts = json.loads(os.environ[FACTS])
    return Server(facts["host"], facts["port"], facts["passwords"])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Bring the server up ahead of every other plugin's start."""
    given = "LIVLINA_OWNER_DATABASE_URL" in os.environ  # a developer's own server, with both roles ready
    if FACTS not in os.environ and not given:
        outside = os.environ.pop("LIVLINA_TEST_SERVER_URL", "")
        try:
            found = _outside(outside) if outside else _start()
            ensure_roles(found)
            ensure_database(found, DATABASE)
        except (PostgresError, psycopg.Error) as error:
            raise pytest.UsageError(f"The tests need PostgreSQL. {error}") from error
        os.environ[FACTS] = json.dumps(
            {"host": found.host, "port": found.port, "passwords": dict(found.passwords)}
        )
        os.environ.update(environment(found))
        # Meanwhile the run's workers start and collect; else the first would make it, and the others wait for that one.
        Thread(target=database.make_template, daemon=True).start()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what needs no database, which is being made meanwhile; then what is long, so that no worker ends alone with it.

    Within each part the order stays the random one. The demo's tests come after the other long ones but for a single one
    that comes first: who runs it loads the demo, and nobody stands waiting for it.
    """
    demo = [item for item in items if item.nodeid.startswith("tests/demo/")]
    loads = next((item for item in demo if "loaded" in getattr(item, "fixturenames", ())), None)

    def part(item: pytest.Item) -> tuple[bool, bool, bool, bool]:
        later = item in demo and item is not loads
        return _wants_database(item), not item.nodeid.startswith("tests/"), later, item is not loads

    items.sort(key=part)
    items[:] = _dealt(items, part, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _dealt(items: list[pytest.Item], part: Callable[[pytest.Item], Any], workers: int) -> list[pytest.Item]:
    """Deal each part out to the workers, module by module, to whoever has fewest of it.

    `--dist worksteal` gives each worker an equal stretch of the whole, and the rest of another's when its own is done.
    """
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for _, of_part in groupby(items, part):
        many = [0] * workers
        for _, module in groupby(of_part, lambda item: item.path):
            dealt, least = list(module), many.index(min(many))
            hands[least] += dealt
            many[least] += len(dealt)
    sizes = [(len(items) + place) // workers for place in range(workers)]
    over = [item for hand, size in zip(hands, sizes, strict=True) for item in hand[size:]]
    for hand, size in zip(hands, sizes, strict=True):
        short = max(0, size - len(hand))
        hand[size:] = over[:short]
        del over[:short]
    return [item for hand in hands for item in hand]


def _wants_database(item: pytest.Item) -> bool:
    asked = item.get_closest_marker("django_db") is not None
    return asked or "django_db_setup" in getattr(item, "fixturenames", ())


def environment(found: Server) -> dict[str, str]:
    """The settings of the application under test."""
    return {
        "LIVLINA_TEST": "1",
        "LIVLINA_SECRET_KEY": "for-tests-only-" + secrets.token_hex(16),
        "LIVLINA_DATABASE_URL": found.url(APP, DATABASE),
        "LIVLINA_OWNER_DATABASE_URL": found.url(OWNER, DATABASE),
        "LIVLINA_STATE_DIR": str((Run.folder or Path(tempfile.gettempdir())) / "state"),
    }


def _take_away() -> None:
    """At the end of the process, and so also after a run that failed before its first test."""
    if Run.cluster and Run.folder:
        Run.cluster.stop()
        shutil.rmtree(Run.folder, ignore_errors=True)


def _place() -> Path:
    """Where the server's files go: in memory if there is room, since each copy of the template is some 1,500 files."""
    with contextlib.suppress(OSError):
        room = os.statvfs(MEMORY)
        if room.f_bavail * room.f_frsize > ENOUGH and os.access(MEMORY, os.W_OK):
            return MEMORY
    return Path(tempfile.gettempdir())


def _start() -> Server:
    _clear_killed_runs()
    Run.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_place()))
    Run.folder.chmod(0o711)  # as root, the server's own account must be able to pass through
    Run.lock = _held(Run.folder / "being-made")
    (Run.folder / "being-made").rename(Run.folder / LOCK)  # seen by others only when it is held
    Run.cluster = Cluster(Run.folder / "postgres", durable=False, say=lambda _: None)
    atexit.register(_take_away)
    return Run.cluster.start()


def _outside(url: str) -> Server:
    facts: dict[str, Any] = conninfo.conninfo_to_dict(url)
    roles = {SUPER: facts.get("password", ""), OWNER: secrets.token_hex(16), APP: secrets.token_hex(16)}
    with psycopg.connect(url, autocommit=True) as connection:
        if facts.get("user") != SUPER:
            roles[SUPER] = secrets.token_hex(16)
            connection.execute(f"DROP ROLE IF EXISTS {SUPER}")
            connection.execute(f"CREATE ROLE {SUPER} LOGIN SUPERUSER PASSWORD '{roles[SUPER]}'")
        return Server(facts.get("host", "127.0.0.1"), int(facts.get("port", 5432)), roles)


def _held(file: Path) -> IO[str] | None:
    """The lock of a run's folder, held until we end; None when another process holds it."""
    lock = open(file, "a")  # noqa: SIM115  held for as long as the run lives
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _clear_killed_runs() -> None:
    for folder in [*Path(tempfile.gettempdir()).glob(PREFIX + "*"), *MEMORY.glob(PREFIX + "*")]:
        with contextlib.suppress(OSError, PostgresError):
            if (
                folder.stat().st_uid == os.getuid()
                and (folder / LOCK).exists()
                and (lock := _held(folder / LOCK))
            ):
                with lock:
                    Cluster(folder / "postgres", say=lambda _: None).stop()
                    shutil.rmtree(folder, ignore_errors=True)
