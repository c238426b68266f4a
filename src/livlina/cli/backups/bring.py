"""The way back: a base copy unpacked, the log played onto it to a moment, and a PostgreSQL that says what it found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from livlina.cli.backups.source import programs
from livlina.cli.backups.store import Base, Damaged, Store
from livlina.cli.surroundings import Problem, say
from livlina.core import processes
from livlina.core.databases import Server
from livlina.core.postgres import PORT, Cluster, settings

LIMITS = {
    "max_connections setting": "max_connections",
    "max_worker_processes setting": "max_worker_processes",
    "max_wal_senders setting": "max_wal_senders",
    "max_prepared_xacts setting": "max_prepared_transactions",
    "max_locks_per_xact setting": "max_locks_per_transaction",
}
"""What must be at least as large as where the log was written; as `pg_controldata` calls it."""
MARK = "livlina_restored"
"""`cluster_name` of what is started here, so that nothing meant for a restored copy is done to the system in use."""
NEVER = {
    "cluster_name": MARK,
    "archive_mode": "off",
    "primary_conninfo": "",
    "synchronous_standby_names": "",
    "shared_preload_libraries": "",
    "ssl": "off",
    "listen_addresses": "",
    "logging_collector": "off",
}
"""Settings of the server that was copied, which would make the restored one wait for others or write where it must not."""


@dataclass(frozen=True)
class Restored:
    """What came back."""

    base: Base
    newest_at: datetime
    """The last change that was played, or when the base copy was whole if none came after it."""
    place: int
    """How far into the log, in bytes."""
    server: Server


class Restoring(Cluster):
    """A PostgreSQL on restored data, on a socket of its own that only we may reach; it trusts whoever reaches it."""

    def __init__(self, area: Path, base: Base, log: Path, until: datetime | None, *, durable: bool) -> None:
        """`log` is the folder of unpacked pieces; `until` the moment to stop at (None: play everything)."""
        super().__init__(area, binaries=programs(base.version), durable=durable, say=say)
        self.base, self.pieces, self.until = base, log, until

    def connect(self, role: str = "") -> psycopg.Connection:
        """A connection as the owner of the tables, or another role. Raises OperationalError."""
        return self._facts().connect(role or self.base.owner, self.base.database)

    def dsn(self, role: str) -> str:
        """The address for one role, as a URL."""
        return self._facts().url(role, self.base.database)

    def _facts(self) -> Server:
        roles = (self.base.owner, self.base.app)
        return Server(str(self._socket_folder()), PORT, dict.fromkeys(roles, "trusted"))

    def _make_data(self, server: Server) -> None:
        self._check_version()

    def _launch(self, server: Server) -> int:
        words: list[str | Path] = [self.binaries.folder / "postgres", "-D", self.data]
        for name, value in self._settings(server.host).items():
            words += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_account(),
            )
        return self.child.pid

    def _settings(self, host: str) -> dict[str, str]:
        found = settings(host, durable=self.durable) | NEVER | self._limits()
        found |= {"hba_file": str(self.area / "hba.conf"), "shared_buffers": "128MB"}
        if (self.data / "recovery.signal").exists():
            pieces = str(self.pieces).replace("%", "%%")
            found |= {
                "restore_command": f'cp "{pieces}/%f" "%p" 2>/dev/null',
                "recovery_target_action": "promote",
                "recovery_target_timeline": "latest",
            }
            if self.until:
                found["recovery_target_time"] = self.until.astimezone(UTC).isoformat()
        return found

    def _limits(self) -> dict[str, str]:
        told = self._run("pg_controldata", str(self.data)).stdout
        found = {}
        for words, name in LIMITS.items():
            if line := re.search(rf"^{re.escape(words)}:\s*(\d+)", told, re.MULTILINE):
                found[name] = line[1]
        return found

    def _answers(self, server: Server, pid: int) -> bool:
        """Wait until the log has been played and the server takes writes; False when it ends first."""
        while self.pid() == pid:
            try:
                with self.connect() as connection:
                    row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
                if row == (False,):
                    return True
            except psycopg.OperationalError as error:
                if "does not exist" in str(error) and "role" in str(error):
                    raise Problem(f"The restored data has no role {self.base.owner}.") from error
            time.sleep(0.05)
        return False


@contextmanager
def bring(
    store: Store, area: Path, *, base: Base, until: datetime | None = None, durable: bool = True
) -> Iterator[tuple[Restoring, Restored]]:
    """Restore into `area/data` and start it; it is stopped when the block ends. Raises Problem, PostgresError.

    The folder must be missing or empty: nothing is ever written over.
    """
    if area.exists() and any(area.iterdir()):
        raise Problem(f"{area} is not empty, and nothing is restored over anything.")
    processes.make_folder(area)
    pieces = area / "log"
    server = Restoring(area, base, pieces, until, durable=durable)
    account = server.account
    for folder in (server.data, pieces):
        folder.mkdir(mode=0o700)
        processes.give(folder, account)
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    found = store.log_after(base, until)
    store.unpack(base, server.data, uid, gid)
    _verify(server)
    for name, file in (found | store.histories()).items():
        store.unpack_log(file, pieces / name, uid, gid)
    _prepare(server)
    try:
        started = server.start()
        yield server, _told(server, base, started)
    finally:
        server.stop()
        shutil.rmtree(pieces, ignore_errors=True)


def _verify(server: Restoring) -> None:
    """Compare every file with the checksums that came with the copy."""
    done = server._run("pg_verifybackup", "--no-parse-wal", str(server.data))
    if done.returncode:
        raise Damaged(f"The base copy {server.base.label} is not whole. {done.stdout.strip()[-800:]}")


def _prepare(server: Restoring) -> None:
    for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "recovery.signal"):
        file = server.data / name  # Debian keeps the first three elsewhere
        if not file.exists():
            file.touch(mode=0o600)
            processes.give(file, server.account)
    for name in ("standby.signal", "postmaster.pid"):
        (server.data / name).unlink(missing_ok=True)
    hba = server.area / "hba.conf"  # the socket lies in a folder that only we may enter
    hba.write_text("local all all trust\n")
    os.chmod(hba, 0o600)
    processes.give(hba, server.account)


def _told(server: Restoring, base: Base, started: Server) -> Restored:
    with server.connect() as connection:
        row = connection.execute(
            "SELECT pg_last_xact_replay_timestamp(), coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0'::pg_lsn"
        ).fetchone()
    newest, place = row or (None, 0)
    return Restored(base, newest or base.ended_at, int(place), started)
