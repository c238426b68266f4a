"""A line that goes dead without a word: a web server in a network namespace of its own no longer hears the database.

Nothing is closed and nothing refused, which is what a dead switch looks like. It takes root and network namespaces; the
names carry our own process number, and only they are removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from livlina.cli.receivers import free_ports
from livlina.cli.rig import load as loads
from livlina.cli.rig import town
from livlina.cli.rig.check import Verdict
from livlina.cli.rig.disk import run, tried
from livlina.cli.rig.history import History
from livlina.core import processes
from livlina.core.databases import Server

NETS = {"db": "10.231.77", "web": "10.231.78"}


def missing() -> str:
    """Why there can be no namespaces here, in a sentence; empty when there can."""
    if os.getuid() != 0:
        return "A line that goes dead takes root, for a network namespace, and this is not."
    name = f"rigtry{os.getpid()}"
    if not shutil.which("ip") or not tried("ip", "netns", "add", name):
        return "No network namespace can be made here (ip, from iproute2, and the right to)."
    try:
        if not tried("ip", "link", "add", f"{name}a"[:15], "type", "veth", "peer", "name", f"{name}b"[:15]):
            return "No virtual cable can be made here."
        tried("ip", "link", "del", f"{name}a"[:15])
    finally:
        tried("ip", "netns", "del", name)
    return ""


@dataclass
class Dead:
    """What a dead line did."""

    answers: int = 0
    """Answers to officers while it was dead, all of them words that it did not work."""
    slowest: float = 0.0
    back: float = float("inf")
    verdict: Verdict = field(default_factory=Verdict)


class Cables:
    """A namespace with one cable to the database and one to the officers."""

    def __init__(self) -> None:
        self.name = f"rig{os.getpid()}"

    @contextmanager
    def laid(self) -> Iterator[Cables]:
        """They lie there inside."""
        try:
            run("ip", "netns", "add", self.name)
            run("ip", "-n", self.name, "link", "set", "lo", "up")
            for kind, net in NETS.items():
                ours, theirs = f"{self.name}{kind}0"[:15], f"{self.name}{kind}1"[:15]
                run("ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", self.name)
                run("ip", "addr", "add", f"{net}.1/30", "dev", ours)
                run("ip", "link", "set", ours, "up")
                run("ip", "-n", self.name, "addr", "add", f"{net}.2/30", "dev", theirs)
                run("ip", "-n", self.name, "link", "set", theirs, "up")
            yield self
        finally:
            self.mend()
            for kind in NETS:
                tried("ip", "link", "del", f"{self.name}{kind}0"[:15])
            tried("ip", "netns", "del", self.name)

    def kill(self) -> None:
        """From now on nothing the database says arrives."""
        run("ip", "route", "add", "blackhole", f"{NETS['db']}.2/32")

    def mend(self) -> None:
        """It arrives again."""
        tried("ip", "route", "del", "blackhole", f"{NETS['db']}.2/32")


class Relay:
    """TCP in front of a database that listens on a socket file only."""

    def __init__(self, host: str, port: int, file: str) -> None:
        self.door, self.file = socket.create_server((host, port)), file

    @contextmanager
    def running(self) -> Iterator[Relay]:
        """It passes on inside."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self.door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.door.accept()
                far = socket.socket(socket.AF_UNIX)
                try:
                    far.connect(self.file)
                except OSError:
                    near.close()
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def dead(folder: Path, stock: town.Stock, seconds: float) -> Dead:
    """Let the line be dead for so long under load; the answers meanwhile must come, and come in words."""
    found, history = Dead(), History(folder.with_suffix(".jsonl"))
    shutil.rmtree(folder, ignore_errors=True)
    processes.make_folder(folder)
    cluster = town.placed(stock.area, folder / "db")
    try:
        server = cluster.start()
        port, web_port = free_ports(2)
        far = Server(f"{NETS['db']}.1", port, server.passwords)
        host = f"{NETS['web']}.2"
        with (
            Cables().laid() as cables,
            Relay(far.host, port, f"{server.host}/.s.PGSQL.{server.port}").running(),
        ):
            more = {"before": ("ip", "netns", "exec", cables.name), "host": host}
            allowed = {"LIVLINA_ALLOWED_HOSTS": f"{host},127.0.0.1"}
            with town.web(folder / "web", stock, far, web_port, settings=allowed, **more):
                work = loads.Load(web_port, stock.officers, history, host=host)
                with work.running():
                    work.until_all(time.monotonic(), town.PATIENCE)
                    _while_dead(cables, work, found, seconds)
        found.verdict = town.verdict(history, server, stock)
    finally:
        cluster.stop()
        history.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _while_dead(cables: Cables, work: loads.Load, found: Dead, seconds: float) -> None:
    work.slowest, before = 0.0, len(work.errors)
    cables.kill()
    time.sleep(seconds)
    cables.mend()
    found.back = work.until_all(time.monotonic(), town.PATIENCE)
    found.answers, found.slowest = len(work.errors) - before, work.slowest
