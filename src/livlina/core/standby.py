"""A physical copy of a PostgreSQL server that follows it by streaming and answers reads: what the shadow stands on.

Made by pg_basebackup, kept by PostgreSQL's own hot standby. No replication slot: a copy that is away for long must never
fill the disk of the server it copies; it is then made anew.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg import conninfo, sql

from livlina.core import processes
from livlina.core.databases import APP, SUPER, Server
from livlina.core.postgres import Cluster, PostgresError

REPLICA = "livlina_shadow"
_FRESH = (
    "SELECT pg_last_xact_replay_timestamp(), w.status = 'streaming' AND pg_last_wal_replay_lsn() >= w.latest_end_lsn,"
    " w.last_msg_receipt_time, w.status FROM (SELECT 1) one LEFT JOIN pg_stat_wal_receiver w ON true"
)


@dataclass(frozen=True)
class Fresh:
    """Up to which moment everything is there (None before anything came), and whether the main server still sends."""

    at: datetime | None
    streaming: bool


def ensure_replica_role(server: Server, password: str) -> None:
    """Make the role that copies, or put its rights and password right again. It reads no table."""
    with server.connect(SUPER, "postgres") as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('livlina roles'))")
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [REPLICA]).fetchone()
        secret = connection.pgconn.encrypt_password(
            password.encode(), REPLICA.encode(), b"scram-sha-256"
        ).decode()
        connection.execute(
            sql.SQL("{} ROLE {} WITH LOGIN REPLICATION NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                sql.SQL("ALTER" if found else "CREATE"), sql.Identifier(REPLICA), sql.Literal(secret)
            )
        )
        connection.execute(sql.SQL("GRANT pg_monitor TO {}").format(sql.Identifier(REPLICA)))


class Standby(Cluster):
    """A server of our own that copies another. `passwords.json` holds those of the application and of the copying role."""

    asks: ClassVar[str] = REPLICA

    def prepare(self, source: str, app_password: str) -> None:
        """Note where to copy from (libpq's text, with the copying role's password) and how the application signs in."""
        self._make_area()
        parts: dict[str, Any] = dict(conninfo.conninfo_to_dict(source))
        password = str(parts.pop("password", ""))
        processes.write_private(self.passwords, json.dumps({REPLICA: password, APP: app_password}))
        passfile = self.area / "replication.pass"
        processes.write_private(passfile, f"*:*:*:{REPLICA}:{password}\n")
        processes.give(passfile, self.account)
        parts |= {
            "user": REPLICA,
            "passfile": str(passfile),
            "application_name": REPLICA,
            "connect_timeout": "10",
        }
        parts.pop("dbname", None)
        # Sent every five seconds also on a quiet night, so that silence is never taken for age, nor age for silence.
        parts["options"] = "-c wal_sender_timeout=10s"
        processes.write_private(self.area / "source", conninfo.make_conninfo(**parts))

    def copy(self) -> None:
        """Copy the whole server beside what is there, and put it in its place. Raises PostgresError."""
        source, new, old = (self.area / "source").read_text(), self.area / "data.new", self.area / "data.old"
        self._make_area()
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)
        new.mkdir(mode=0o700)
        processes.give(new, self.account)
        sync = [] if self.durable else ["--no-sync"]
        done = self._run(
            "pg_basebackup", f"--dbname={source}", f"--pgdata={new}", "--wal-method=stream", "--checkpoint=fast",
            "--no-password", *sync,
        )  # fmt: skip
        if done.returncode:
            raise PostgresError(f"The database could not be copied:\n{done.stdout[-1500:].strip()}")
        self._follow(new, source)
        self.stop()
        if self.data.exists():
            self.data.rename(old)
        new.rename(self.data)
        shutil.rmtree(old, ignore_errors=True)

    def fresh(self) -> Fresh:
        """Ask how far the copy has come. Raises OperationalError when it does not answer."""
        server = self._facts()
        with psycopg.connect(
            server.dsn(REPLICA, "postgres"), autocommit=True, connect_timeout=5
        ) as connection:
            replayed, caught_up, heard, status = connection.execute(_FRESH).fetchone() or (None,) * 4
        moments = [one for one in (replayed, heard if caught_up else None) if one is not None]
        return Fresh(max(moments, default=None), status == "streaming")

    def _follow(self, folder: Path, source: str) -> None:
        for name, text in (
            ("postgresql.conf", ""),
            ("pg_hba.conf", "local all all scram-sha-256\n"),
            ("pg_ident.conf", ""),
        ):
            if not (folder / name).exists():  # Debian keeps its own in /etc, where no copy takes them from
                processes.write_private(folder / name, text)
                processes.give(folder / name, self.account)
        quoted = source.replace("'", "''")
        lines = [
            f"primary_conninfo = '{quoted}'",
            "primary_slot_name = ''",
            "hot_standby = on",
            "archive_mode = off",
            *self._at_least(folder),
            "max_standby_streaming_delay = 60s",
            "wal_receiver_timeout = 20s",
            "wal_retrieve_retry_interval = 2s",
        ]
        with open(folder / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, ""]))
        signal = folder / "standby.signal"
        signal.touch(mode=0o600)
        processes.give(signal, self.account)

    def _at_least(self, folder: Path) -> list[str]:
        """What a standby must have no less of than the server it copies, or it does not start."""
        told = self._run("pg_controldata", str(folder)).stdout
        names = {
            "max_prepared_xacts": "max_prepared_transactions",
            "max_locks_per_xact": "max_locks_per_transaction",
        }
        found = re.findall(r"^(max_\w+) setting: +(\d+)$", told, re.MULTILINE)
        return [f"{names.get(name, name)} = {value}" for name, value in found]

    def _make_data(self, server: Server) -> None:
        if not self.data.exists():
            raise PostgresError(f"There is no copy in {self.area} yet. Make it: livlina shadow init")
        self._check_version()
