"""A municipality for the rig: made once as a stopped database to copy, then started where it is to be harmed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from livlina.cli.bench import environment_of, measured
from livlina.cli.migrate import code_mark, migrate
from livlina.cli.rig.check import Verdict, judge
from livlina.cli.rig.history import History
from livlina.cli.surroundings import Problem, python_path
from livlina.core import processes
from livlina.core.databases import OWNER, SUPER, Server, claim, ensure_database, ensure_roles, note
from livlina.core.postgres import Cluster

DATABASE = "livlina"
HERE = "127.0.0.1"
PATIENCE = 60.0  # seconds
SETTLE = "livlina.cli.rig.settle"


@dataclass(frozen=True)
class Officer:
    """Somebody signed in, and the file that only they write in."""

    name: str
    file: str
    person: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Stock:
    """A stopped cluster (`area`) with everything a trial begins with."""

    area: Path
    officers: tuple[Officer, ...]

    def environment(self, server: Server) -> dict[str, str]:
        """The settings of programs on a copy; sessions are signed with the key they were made with."""
        return environment_of(server, DATABASE, self.area.parent)


def bare(folder: Path) -> Path:
    """The area of a stopped cluster with nothing in it. Made once."""
    area = folder / "bare"
    if not (area / "data").exists():
        cluster = Cluster(area, durable=False, say=lambda _: None)
        cluster.start()
        cluster.stop()
    return area


def stock(folder: Path, plant: Callable[[Server, str], None] | None = None) -> Stock:
    """A municipality with officers and files. Made anew when the code has changed; `plant` brings tables in without
    migrating (the suite has them in a template)."""
    area, told = folder / "town", folder / "town.json"
    cluster = Cluster(area, durable=False, say=lambda _: None)
    server = cluster.start()
    try:
        ensure_roles(server)
        ensure_database(server, DATABASE)
        environment = environment_of(server, DATABASE, folder)
        with server.connect(OWNER, DATABASE) as owner:
            claim(owner, "real")
            if plant:
                plant(server, DATABASE)
                note(owner, "code", code_mark())  # so that no start of a copy migrates
        migrate(environment, "real", quick=True)
        if not told.exists():
            _settle(server, environment, folder, told)
    finally:
        cluster.stop()
    return Stock(area, tuple(Officer(**row) for row in json.loads(told.read_text(encoding="utf-8"))))


def _settle(server: Server, environment: dict[str, str], folder: Path, told: Path) -> None:
    with server.connect(SUPER, DATABASE) as root:
        root.execute(
            "INSERT INTO core_municipality (id, name, slug, code, parameters)"
            " VALUES (1, 'Rigby kommun', 'rigby', '9909', '{}') ON CONFLICT DO NOTHING"
        )
    rows = measured(SETTLE, {"what": "settle"}, environment, folder)
    told.write_text(json.dumps(rows), encoding="utf-8")


class Placed(Cluster):
    """A server whose data lies elsewhere than its socket and passwords: on the disk that is to fail."""

    def __init__(self, area: Path, data: Path, *, durable: bool = True) -> None:
        super().__init__(area, durable=durable, say=lambda _: None)
        self.data = data

    def kill(self) -> None:
        """End the server's processes, all of them, as the lack of power does."""
        if self.child:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait(PATIENCE)
            self.child = None
        for pid in processes.postgres_in(self.data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        processes.gone(lambda: not processes.postgres_in(self.data), PATIENCE)


def placed(stock: Path, area: Path, data: Path | None = None, *, durable: bool = True) -> Placed:
    """A copy of a stopped cluster, its data where it is wanted (else in its area), not yet started."""
    shutil.copytree(stock, area, symlinks=True, ignore=shutil.ignore_patterns("data", "socket", "server.log"))
    area.chmod(0o711)
    data = data or area / "data"
    subprocess.run(["cp", "-a", "--", str(stock / "data"), str(data)], check=True)
    return Placed(area, data, durable=durable)


def move_wal(data: Path, volume: Path) -> None:
    """Put a stopped server's write-ahead log on a volume of its own, as it is to lie in earnest."""
    subprocess.run(["cp", "-a", "--", str(data / "pg_wal"), str(volume / "pg_wal")], check=True)
    shutil.rmtree(data / "pg_wal")
    (data / "pg_wal").symlink_to(volume / "pg_wal")


@dataclass
class Web:
    """Programs of ours over a database, as one process group that can be killed or stopped."""

    folder: Path
    environment: dict[str, str]
    port: int
    words: Sequence[str]
    before: Sequence[str] = ()
    host: str = HERE
    source: str = ""
    """Where its packages lie, if not ours."""
    program: subprocess.Popen[bytes] | None = None
    times: list[float] = field(default_factory=list)

    def start(self, wait: bool = True) -> None:
        """Start it; return when it answers. Raises Problem."""
        processes.make_folder(self.folder)
        with (self.folder / "said.log").open("ab") as log:
            self.program = subprocess.Popen(
                [*self.before, sys.executable, "-m", "livlina", *self.words],
                env={name: value for name, value in os.environ.items() if not name.startswith(("LIVLINA_", "_LIVLINA_"))}
                | self.environment | {"PYTHONPATH": self.source or python_path(), "LIVLINA_STATE_DIR": str(self.folder)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if wait:
            self.answering()

    def answering(self, patience: float = PATIENCE) -> None:
        """Wait until it answers. Raises Problem with what it said last."""
        end = time.monotonic() + patience
        while self.program and self.program.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError, HTTPException):
                if get(self.port, "/sign-in/", host=self.host)[0] == 200:
                    return
            time.sleep(0.05)
        raise Problem(f"The web server does not answer: {self.said()[-2000:]}")

    def said(self) -> str:
        """All that it has said."""
        return (self.folder / "said.log").read_text(errors="replace")

    def end(self, number: int = signal.SIGKILL) -> None:
        """End the whole group. Never fails."""
        if self.program:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.program.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.program.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.program.pid, signal.SIGKILL)
            self.program.wait()


def get(
    port: int, path: str, headers: dict[str, str] | None = None, patience: float = 30.0, host: str = HERE
) -> tuple[int, bytes]:
    """One reading over a connection of its own. Raises OSError and HTTPException."""
    connection = HTTPConnection(host, port, timeout=patience)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def web(
    folder: Path, stock: Stock, server: Server, port: int, *, settings: Mapping[str, str] | None = None, **more: Any
) -> Iterator[Web]:  # fmt: skip
    """A web server of two processes that answers; killed afterwards."""
    words = ("web", "--host", more.get("host", HERE), "--port", str(port), "--processes", "2")
    one = Web(folder, stock.environment(server) | dict(settings or {}), port, words, **more)
    try:
        one.start()
        yield one
    finally:
        one.end()


def final(server: Server, officers: Sequence[Officer]) -> dict[str, list[str]]:
    """The clients' names of all notes in the officers' files, in the order of their chains."""
    with server.connect(SUPER, DATABASE) as root:
        rows = root.execute("SELECT file_id::text, client_id::text FROM journal_note ORDER BY seq").fetchall()
    keys: dict[str, list[str]] = {officer.file: [] for officer in officers}
    for file, key in rows:
        keys.setdefault(file, []).append(key)
    return keys


def take_out_newest(server: Server) -> None:
    """Remove the newest note past every lock, as only whoever owns the machine can: for controls."""
    with server.connect(SUPER, DATABASE) as root:
        root.execute("SET session_replication_role = replica")
        root.execute(
            "DELETE FROM journal_note WHERE id = (SELECT id FROM journal_note ORDER BY authored_at DESC LIMIT 1)"
        )


def breaks(server: Server, stock: Stock) -> list[str]:
    """Where the journal's chains do not hold, by the application's own verification."""
    given = {"what": "verify", "persons": [officer.person for officer in stock.officers]}
    rows = measured(SETTLE, given, stock.environment(server), stock.area.parent)
    return [
        f"{officer.name} {words}"
        for officer, row in zip(stock.officers, rows, strict=True)
        for words in row["breaks"]
    ]


def verdict(history: History, server: Server, stock: Stock) -> Verdict:
    """What was promised compared with what is there, chains and all."""
    return judge(history.records, final(server, stock.officers), breaks(server, stock))
