"""Databases for the suite: a migrated template per state of the migrations, and cheap copies of it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import conninfo, sql

from livlina.core.databases import OWNER, Server
from livlina.core.postgres import find_binaries

ROOT = Path(__file__).resolve().parent.parent
MUNICIPALITIES = [("Åsvalla kommun", "asvalla", "9901"), ("Sjöhaga kommun", "sjohaga", "9902")]
"""The application may not make municipalities; the installer does, and so does the template."""

_LOCK = 19_780_503  # any number: the advisory lock under which the template is made


def template_name() -> str:
    """Return the template's name: it changes with every file that shapes the database."""
    digest = hashlib.sha256()
    source = ROOT / "src" / "livlina"
    shaping = [*source.rglob("migrations/*.py"), *source.rglob("models.py"), *source.rglob("models/*.py")]
    for path in [*sorted(shaping), source / "core" / "secure.py"]:
        digest.update(path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """Connect as the owner, to the maintenance database."""
    with psycopg.connect(
        os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname="postgres", autocommit=True
    ) as connection:
        yield connection


def copy(name: str) -> None:
    """Make the database `name` as a fresh copy of the template, making the template first if need be."""
    with owner() as connection, _template(connection) as template:
        duplicate(template, name)


def plant(server: Server, name: str) -> None:
    """Bring the template's tables into an empty database of another server, which takes a tenth of migrating there.

    Raises CalledProcessError when the server's programs cannot read the template or the database is not empty.
    """
    programs = find_binaries().folder
    with owner() as connection, _template(connection) as template, TemporaryDirectory() as folder:
        dump = Path(folder) / "template"
        source = conninfo.make_conninfo(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=template)
        subprocess.run(
            [programs / "pg_dump", "--format=custom", "--no-owner", f"--file={dump}", f"--dbname={source}"],
            check=True,
        )
        subprocess.run(
            [
                programs / "pg_restore",
                "--no-owner",
                "--exit-on-error",
                f"--dbname={server.dsn(OWNER, name)}",
                dump,
            ],
            check=True,
        )


def make_template() -> None:
    """Make the template unless it is there. What goes wrong is told to the test that needs it and makes it anew."""
    with suppress(psycopg.Error, subprocess.CalledProcessError), owner() as connection, _template(connection):
        pass


@contextmanager
def _template(connection: psycopg.Connection) -> Iterator[str]:
    """Hold the template, made now if need be, so that nobody else uses it meanwhile."""
    template = template_name()
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    if not _exists(connection, template):
        _make_template(connection, template)
    yield template
    connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def copy_filled(kind: str, name: str, fill: Callable[[str], None]) -> None:
    """Make the database `name` as a copy of one that `fill` fills once for all processes of this run.

    `fill` is given the name of a fresh copy of the template, and leaves no connection to it behind.
    """
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    kept, filling = f"{kind}_of_run_{run}", f"filling_{kind}_{os.getpid()}"
    with owner() as connection:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_LOCK, kind])
        if not _exists(connection, kept):
            _drop_of_ended_runs(connection, kind)
            copy(filling)
            fill(filling)
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(filling), sql.Identifier(kept)
                )
            )
        duplicate(kept, name)


def _drop_of_ended_runs(connection: psycopg.Connection, kind: str) -> None:
    """A server that outlives its runs, as a developer's does, would otherwise keep one of each."""
    prefix = f"{kind}_of_run_"
    found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{prefix}%"])
    for (name,) in found.fetchall():
        if not Path("/proc", name.removeprefix(prefix)).exists():
            _drop(connection, name)


def duplicate(source: str, name: str) -> None:
    """Make the database `name` as a copy of `source`, to which nobody may be connected."""
    with owner() as connection:
        _drop(connection, name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        )


def drop(name: str) -> None:
    """Remove the database `name`, ending whatever still uses it."""
    with owner() as connection:
        _drop(connection, name)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _make_template(connection: psycopg.Connection, template: str) -> None:
    """Migrate a new database as its owner, as production does; it gets its name when it is whole."""
    building = f"building_{template}"
    _drop(connection, building)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    url = conninfo.make_conninfo(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=building)
    environment = os.environ | {
        "LIVLINA_AS_OWNER": "1",
        "LIVLINA_OWNER_DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
    }
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "livlina.config.settings"},
        check=True,
        cwd=ROOT,
    )
    with psycopg.connect(url, autocommit=True) as inside:
        inside.cursor().executemany(
            "INSERT INTO core_municipality (name, slug, code, parameters) VALUES (%s, %s, %s, '{}')",
            MUNICIPALITIES,
        )
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template))
    )
