"""What is copied: a running PostgreSQL, asked for base copies, its log as it is written, and counts of its rows."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from livlina.cli.backups.store import NOTE_STAMP, STAMP, Base, Store, segment_of, write
from livlina.cli.surroundings import Problem
from livlina.core.postgres import Binaries, find_binaries

SLOT = "livlina_backup"
COUNTED = ("core_municipality", "core_user", "core_assignment", "people_person")
"""Tables counted besides the permanent ones."""


@dataclass(frozen=True)
class Source:
    """A PostgreSQL, reached as a role that may replicate, and whom its data belongs to."""

    dsn: str
    owner: str
    app: str
    binaries: Binaries

    def connect(self) -> psycopg.Connection:
        """A connection in autocommit mode. Raises OperationalError."""
        return psycopg.connect(self.dsn, autocommit=True, connect_timeout=10)

    def address(self) -> str:
        """Where it is, without the password: other users of the machine see what programs are started with."""
        return conninfo.make_conninfo(self.dsn, password=None)

    def surroundings(self) -> dict[str, str]:
        """The environment of PostgreSQL's programs: English words, and the password."""
        password = conninfo.conninfo_to_dict(self.dsn).get("password")
        return {"PATH": os.defpath, "LC_ALL": "C"} | ({"PGPASSWORD": str(password)} if password else {})

    def base(self, store: Store, now: datetime) -> Base:
        """Take a base copy and describe it. Raises Problem."""
        label = now.astimezone(UTC).strftime(STAMP)
        target = store.folder / "base" / label / "base.tar.gz.age"
        program = subprocess.Popen(
            [
                self.binaries.folder / "pg_basebackup", "--dbname", self.address(), "--pgdata=-", "--format=tar",
                "--wal-method=fetch", "--checkpoint=fast", "--manifest-checksums=SHA256", "--verbose",
                "--label", f"livlina {label}",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.surroundings(),
        )  # fmt: skip
        assert program.stdout is not None  # noqa: S101  asked for above
        size, digest = store.put(program.stdout, target)
        said = program.communicate()[1].decode(errors="replace")
        if program.returncode:
            target.unlink(missing_ok=True)
            raise Problem(f"The base copy failed. {said.strip()[-1000:]}")
        start = re.search(r"start point: (\S+) on timeline (\d+)", said)
        end = re.search(r"end point: (\S+)", said)
        if not (start and end):
            raise Problem(f"pg_basebackup said something else than before: {said.strip()[-1000:]}")
        with self.connect() as connection:
            version, database = connection.info.server_version, connection.info.dbname
        base = Base(
            label=label, began=now.isoformat(), ended=datetime.now(UTC).isoformat(), version=version // 10_000,
            database=database, owner=self.owner, app=self.app, start=start[1], end=end[1],
            first=segment_of(int(start[2]), start[1]), size=size, digest=digest,
        )  # fmt: skip
        store.describe(base)
        return base

    def note(self, store: Store, now: datetime) -> Mapping[str, int]:
        """Count the rows of every permanent table, and note them with the place in the log. Returns the counts.

        Counted in one snapshot, and the place is taken after it: whoever restores to that place has at least so many.
        """
        with self.connect() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = connection.execute(
                "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
                " AND (c.relname = ANY (%s) OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid"
                " AND t.tgname = 'permanent')) ORDER BY 1",
                [list(COUNTED)],
            ).fetchall()
            counts = {}
            for (table,) in found:
                row = connection.execute(
                    sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
                ).fetchone()
                counts[table] = int(row[0]) if row else 0
            place = connection.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone()
        # Named to the microsecond: two notes of one second are two, and the earlier is what an earlier place is held to.
        name = now.astimezone(UTC).strftime(NOTE_STAMP)
        write(
            store.folder / "notes" / f"{name}.json",
            {"at": now.isoformat(), "place": place[0] if place else "0/0", "counts": counts},
        )
        return counts

    def receive(self, spool: Path) -> subprocess.Popen[bytes]:
        """Start to take the log as it is written into `spool`, from where the slot stands. Raises Problem."""
        spool.mkdir(parents=True, exist_ok=True)
        program = self.binaries.folder / "pg_receivewal"
        common = ["--dbname", self.address(), "--slot", SLOT]
        made = subprocess.run(
            [program, *common, "--create-slot", "--if-not-exists"],
            capture_output=True,
            text=True,
            check=False,
            env=self.surroundings(),
        )
        if made.returncode:
            raise Problem(f"The slot {SLOT} could not be made. {made.stderr.strip()}")
        return subprocess.Popen(
            [program, *common, "-D", spool, "--no-loop", "--synchronous", "--status-interval=5"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=self.surroundings(),
        )  # fmt: skip

    def beat(self) -> None:
        """Write a word in the log, so that the age of the newest piece tells of the backup and not of a quiet night."""
        with self.connect() as connection:
            connection.execute("SELECT pg_logical_emit_message(false, 'livlina', 'beat')")

    def slot_lost(self) -> bool:
        """Whether PostgreSQL has let go of log we had not taken: then only a new base copy makes the chain whole."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = %s", [SLOT]
            ).fetchone()
        return bool(row and row[0])

    def drop_slot(self) -> None:
        """Let go of the slot."""
        with self.connect() as connection:
            connection.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"
                " AND NOT active",
                [SLOT],
            )

    def data_folder(self) -> Path | None:
        """The folder of the data, where it lies on this machine and we may ask."""
        with contextlib.suppress(psycopg.Error), self.connect() as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            if row and Path(row[0]).exists():
                return Path(row[0])
        return None


def from_settings(environ: Mapping[str, str]) -> Source:
    """The source that LIVLINA_BACKUP_URL names. Raises Problem."""
    url = environ.get("LIVLINA_BACKUP_URL", "")
    if not url:
        raise Problem(
            "Set LIVLINA_BACKUP_URL to the database, with a role that may replicate and read: CREATE ROLE livlina_backup"
            " LOGIN REPLICATION BYPASSRLS PASSWORD '…'; GRANT pg_read_all_data, pg_monitor TO livlina_backup;"
            " GRANT CONNECT ON DATABASE livlina TO livlina_backup;"
        )
    app = conninfo.conninfo_to_dict(environ.get("LIVLINA_DATABASE_URL", "")).get("user", "livlina_app")
    with psycopg.connect(url, connect_timeout=10) as connection:
        major = connection.info.server_version // 10_000
        row = connection.execute(
            "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('public.core_user')"
        ).fetchone()
        limit = connection.execute("SHOW max_slot_wal_keep_size").fetchone()
    if limit == ("-1",):
        raise Problem(
            "Set max_slot_wal_keep_size in PostgreSQL (4GB, say): without it a backup that has died fills the volume."
        )
    return Source(url, row[0] if row else "livlina_owner", str(app), programs(major))


def programs(major: int) -> Binaries:
    """PostgreSQL's programs of just this version. Raises Problem, PostgresError."""
    found = find_binaries()
    if found.major == major:
        return found
    folder = Path(f"/usr/lib/postgresql/{major}/bin")
    if folder.is_dir():
        return Binaries.at(folder)
    raise Problem(
        f"The data is PostgreSQL {major}, and only {found.major} is installed here. Debian: apt install postgresql-{major}"
    )


def end(program: subprocess.Popen[bytes]) -> str:
    """Ask a receiver to end, and return what it last said."""
    if program.poll() is None:
        program.send_signal(signal.SIGINT)
    try:
        said = program.communicate(timeout=10)[1]
    except subprocess.TimeoutExpired:
        program.kill()
        said = program.communicate()[1]
    return (said or b"").decode(errors="replace").strip()
