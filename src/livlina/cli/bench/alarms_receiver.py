"""A receiver as its own process, for measurements and tests: started, killed, started again, and its log read."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from livlina.alarmd.record import Unit
from livlina.alarmd.spool import Spool
from livlina.cli.bench import meter
from livlina.cli.receivers import HERE, Site
from livlina.cli.surroundings import Problem, python_path

PATIENCE = 20.0  # seconds
OPTIONS = (
    "OPTIONS sip:alarm@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{n};rport\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:probe@127.0.0.1>;tag=p\r\nTo: <sip:alarm@127.0.0.1>\r\nCall-ID: {n}\r\n"
    "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


class Receiver:
    """One receiver. `prefix`: a program that starts it (strace); `environment`: what is set besides."""

    def __init__(
        self, site: Site, prefix: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self.site, self.prefix, self.environment = site, list(prefix), dict(environment or {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> float:
        """Start it; seconds until it answered. Raises Problem with what it said when it did not."""
        began = time.monotonic()
        without = {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}
        self.site.folder.mkdir(parents=True, exist_ok=True)
        with (self.site.folder / "said").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, "-m", "livlina", "alarmd", "--config", str(self.site.file)],
                env={**without, "PYTHONPATH": python_path(), **self.environment},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if wait:
            self.answering()
        return time.monotonic() - began

    def answering(self) -> None:
        """Wait until it answers. Raises Problem with what it said when it does not."""
        end = time.monotonic() + PATIENCE
        while not answers_options(self.site.sip):
            if not self.process or self.process.poll() is not None or time.monotonic() > end:
                said = (self.site.folder / "said").read_text(errors="replace")[-2000:]
                self.kill()
                raise Problem(f"The receiver did not start: {said}")

    def kill(self) -> None:
        """End it as a power cut ends a program."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> int:
        """Ask it to end; how it ended."""
        if not self.process:
            return 0
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def memory(self) -> int:
        """Bytes it holds in memory."""
        text = Path(f"/proc/{self.process.pid if self.process else 0}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0]) * 1024

    def cpu(self) -> float:
        """Milliseconds of CPU it has used."""
        return meter.cpu(self.process.pid) if self.process else 0.0

    def database(self) -> Path:
        """Where its log is. Raises Problem when there is none yet."""
        return database(self.site.folder)


@contextlib.contextmanager
def running(*receivers: Receiver) -> Iterator[tuple[Receiver, ...]]:
    """Receivers that run inside, whatever happens there."""
    try:
        for one in receivers:
            one.start()
        yield receivers
    finally:
        for one in receivers:
            one.kill()


def database(folder: Path) -> Path:
    """The log's file somewhere below a receiver's folder. Raises Problem."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix == ".db":
            return path
    raise Problem(f"There is no log below {folder}.")


def references(folder: Path) -> set[str]:
    """The references of all records in a log that is not running, as a restart would find them."""
    with contextlib.closing(sqlite3.connect(database(folder))) as log:
        return {json.loads(body).get("reference", "") for (body,) in log.execute("SELECT body FROM log")}


def answers_options(port: int, patience: float = 0.1) -> bool:
    """Whether something at the port answers a keep-alive, within `patience` seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(patience)
        try:
            asking.connect((HERE, port))
            asking.send(OPTIONS.format(n=time.monotonic_ns()).encode())
            return asking.recv(65_536).startswith(b"SIP/2.0 200")
        except OSError:
            time.sleep(min(0.05, patience))
            return False


def acquaint(site: Site, units: Sequence[Unit], name: str = "log.db") -> None:
    """Let a receiver that does not run know these units, as if the main system had told it."""
    folder = site.folder / "log"
    folder.mkdir(parents=True, exist_ok=True)
    spool = Spool(folder / name, site.code)
    spool.put_units("bench", units)
    spool.close()


class Meanwhile:
    """Something done in a thread while the caller measures; its answer, or its fault, when it is joined."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.fault: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self.thread.start()

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            self.fault = error

    def join(self) -> None:
        """Wait for its end. Raises what it raised."""
        self.thread.join()
        if self.fault:
            raise self.fault
