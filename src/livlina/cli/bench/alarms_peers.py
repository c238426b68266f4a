"""What the receiver is measured beside, in the same run: a proxy that only says 200, and a bare write and sync."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from livlina.cli import system
from livlina.cli.bench.alarms_blast import Loop, messages

PLAIN = """
debug=-1
log_stderror=no
children={workers}
auto_aliases=no
disable_tcp=yes
listen=udp:127.0.0.1:{port}
mpath="{modules}"
loadmodule "sl.so"
loadmodule "pv.so"
request_route {{
    sl_send_reply("200", "OK");
}}
"""
BARE = """
import socket, sys
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
door.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    data, sender = door.recvfrom(65536)
    if data.startswith(b"MESSAGE"):
        at = data.find(b"z9hG4bK")
        via = b"Via: SIP/2.0/UDP 127.0.0.1:9;branch=" + data[at:at + 23] + b"\\r\\n"
        door.sendto(b"SIP/2.0 200 OK\\r\\n" + via + b"Content-Length: 0\\r\\n\\r\\n", sender)
        door.sendto(b"MESSAGE sip:x SIP/2.0\\r\\n" + via + b"Content-Length: 0\\r\\n\\r\\n", sender)
"""
"""What a receiver in Python would be that reads nothing, stores nothing and always gives the same answer."""
MODULES = "/usr/lib/x86_64-linux-gnu/kamailio/modules"


def modules() -> str:
    """Where this machine keeps Kamailio's modules."""
    found = sorted(Path("/usr/lib").glob("*/kamailio/modules"))
    return str(found[0]) if found else MODULES


def free_port() -> int:
    """A port nobody listens to, for both UDP and TCP."""
    while True:
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            stream.bind(("127.0.0.1", 0))
            port = int(stream.getsockname()[1])
            try:
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextlib.contextmanager
def kamailio(folder: Path, configuration: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run it with this configuration; everything it started ends with it. Its folder must be one root may write."""
    file = folder / "kamailio.cfg"
    file.write_text(configuration)
    own = folder / "run"
    own.mkdir(exist_ok=True)
    command = [system.program("kamailio") or "kamailio", "-f", str(file), "-DD", "-E", "-Y", str(own)]
    with (folder / "kamailio.log").open("wb") as log:
        program = subprocess.Popen(
            [*command, "-m", "64", "-M", "8"], stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
    try:
        yield program
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, 15)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, 9)
        program.wait()


def answers(port: int, patience: float = 10.0) -> bool:
    """Wait until something at the port answers SIP."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        loop = Loop(port, 1)
        try:
            if loop.run(messages(1, ["9999999999"], int(time.time() * 1000) % 1000), 0.5).acknowledged:
                return True
        finally:
            loop.close()
    return False


def plain_rate(folder: Path, window: int, seconds: float, workers: int = 2) -> float | None:
    """Kamailio's plain 200 in a second with so many working processes, or None when it is not installed."""
    if not system.program("kamailio"):
        return None
    place = folder / "plain"
    place.mkdir(exist_ok=True)
    port = free_port()
    with kamailio(place, PLAIN.format(port=port, modules=modules(), workers=workers)):
        if not answers(port):
            return None
        return _rate(port, window, seconds)


def bare_rate(window: int, seconds: float) -> float:
    """How many a second one Python process answers, both times, that does nothing else."""
    port = free_port()
    program = subprocess.Popen([sys.executable, "-c", BARE, str(port)])
    try:
        answers(port)
        return _rate(port, window, seconds)
    finally:
        program.kill()
        program.wait()


def _rate(port: int, window: int, seconds: float) -> float:
    loop = Loop(port, window)
    try:
        return loop.run(messages(int(40_000 * seconds), ["1000001"], 1), seconds).rate
    finally:
        loop.close()


def sync_rate(folder: Path, seconds: float, size: int = 600) -> float:
    """How often in a second this disk takes `size` bytes and says that it has them, one after the other."""
    path, data, done = folder / "sync", os.urandom(size), 0
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            os.write(file, data)
            os.fdatasync(file)
            done += 1
        return done / (time.perf_counter() - began)
    finally:
        os.close(file)
        path.unlink()


def room(folder: Path) -> str:
    """What kind of disk it is, for the table."""
    return f"{shutil.disk_usage(folder).free // 2**30} GiB free"
