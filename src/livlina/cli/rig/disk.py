"""A disk whose power can be cut: nbdkit with our plugin, as a file through nbdfuse, as a loop device, with ext4 on it.

It takes root and loop devices. Everything is undone by its number: our own mounts, loop device and processes, nothing else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from livlina.cli import system
from livlina.cli.surroundings import Problem
from livlina.core import processes

PATIENCE = 20.0  # seconds
PLUGIN = Path(__file__).with_name("volatile.py")


def missing() -> str:
    """Why there can be no such disk here, in a sentence; empty when there can."""
    if not system.NBD.found():
        return system.advice(system.NBD)
    if os.getuid() != 0:
        return "A disk whose power can be cut takes root, and this is not."
    if not (Path("/dev/fuse").exists() and Path("/dev/loop-control").exists() and _loop_devices_work()):
        return "A disk whose power can be cut takes /dev/fuse and loop devices, and there are none here."
    return ""


def _loop_devices_work() -> bool:
    return subprocess.run(["losetup", "--find"], capture_output=True, check=False).returncode == 0


@dataclass(frozen=True)
class Cut:
    """What a power cut did: blocks that were never written, and those that chance let through."""

    forgotten: int
    survived: int


class Disk:
    """One disk and where it is mounted. `folder` is short and ours."""

    def __init__(self, folder: Path, megabytes: int = 1024, seed: int = 1) -> None:
        self.folder, self.size, self.seed = folder, megabytes << 20, seed
        self.stable, self.view, self.mount = folder / "stable", folder / "nbd", folder / "mnt"
        self.control = folder / "control"
        self.device, self.mounted = "", False
        self.program: subprocess.Popen[bytes] | None = None
        for place in (folder, self.view, self.mount):
            processes.make_folder(place)

    def make(self) -> None:
        """Bring it up for the first time, with a file system."""
        self._attach()
        # Lazily initialised tables would be written behind our backs for minutes.
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.device)
        self._mount()

    def up(self) -> None:
        """Bring it up after a cut; the file system mends itself from its journal."""
        self._attach()
        self._mount()

    def cut(self, survive: int = 0) -> Cut:
        """Cut the power: of what was not flushed, `survive` per cent of the blocks reach the disk, by chance."""
        forgotten, survived, *_ = map(int, self.tell(f"cut {survive}").split())
        return Cut(forgotten, survived)

    def tell(self, words: str) -> str:
        """Say something to the plugin, `eio on` or `full off`; returns its answer."""
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE)
            asking.connect(str(self.control))
            asking.sendall(words.encode())
            return asking.recv(200).decode()

    def down(self) -> None:
        """Take everything away but what survives. Never fails; may be called at any time, and twice."""
        if self.mounted:
            tried("umount", str(self.mount)) or tried("umount", "-f", "-l", str(self.mount))
            self.mounted = False
        if self.device:
            tried("losetup", "-d", self.device)
            self.device = ""
        if self.program:
            tried("umount", str(self.view)) or tried("umount", "-l", str(self.view))
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.program.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.program.wait(5)
                    break
            self.program = None

    def _attach(self) -> None:
        self.control.unlink(missing_ok=True)
        self.seed += 1
        plugin = ["nbdkit", "-f", "--exit-with-parent", "python", str(PLUGIN)]
        given = {"file": self.stable, "size": self.size, "control": self.control, "seed": self.seed}
        with (self.folder / "nbd.log").open("ab") as log:
            self.program = subprocess.Popen(
                ["nbdfuse", str(self.view / "disk"), "[", *plugin, *(f"{key}={value}" for key, value in given.items()), "]"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        file = self.view / "disk"
        self._wait(lambda: self.control.exists() and file.exists() and file.stat().st_size == self.size)
        self.device = run("losetup", "--find", "--show", "--direct-io=on", str(file)).strip()

    def _mount(self) -> None:
        run("mount", "-t", "ext4", "-o", "data=ordered,barrier=1,noatime", self.device, str(self.mount))
        self.mounted = True
        self.mount.chmod(0o755)

    def _wait(self, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.program and self.program.poll() is None:
            with contextlib.suppress(OSError):
                if ready():
                    return
            time.sleep(0.02)
        said = (self.folder / "nbd.log").read_text(errors="replace")[-1000:]
        raise Problem(f"The disk did not come up: {said}")


@contextmanager
def disk(folder: Path, megabytes: int = 1024, seed: int = 1) -> Iterator[Disk]:
    """A new disk, mounted; gone afterwards whatever happened."""
    one = Disk(folder, megabytes, seed)
    try:
        one.make()
        yield one
    finally:
        one.down()
        shutil.rmtree(folder, ignore_errors=True)


def run(*words: str) -> str:
    """Run a program and return what it said. Raises Problem with what it said when it failed."""
    done = subprocess.run(words, text=True, capture_output=True, check=False)
    if done.returncode:
        raise Problem(f"{' '.join(words)} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def tried(*words: str) -> bool:
    """Run a program and return whether it succeeded."""
    done = subprocess.run(words, text=True, capture_output=True, check=False)
    if done.returncode and "-l" in words:
        print(f"{' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
    return done.returncode == 0
