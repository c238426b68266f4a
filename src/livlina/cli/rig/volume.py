"""A small volume that can be filled to its last byte. It takes root, for the mount."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from livlina.cli.rig.disk import run, tried
from livlina.core import processes

FILLER = "filler"
"""What takes the room: somebody else's file, as at Itsam."""


def missing() -> str:
    """Why there can be no such volume here, in a sentence; empty when there can. Tried, since containers differ."""
    if os.getuid() != 0:
        return "A volume that can be filled takes root, for the mount, and this is not."
    done = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, check=False
    )  # fmt: skip
    return f"Nothing can be mounted here: {done.stderr.strip()}" if done.returncode else ""


class Volume:
    """A mounted tmpfs of so many megabytes."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder, self.megabytes = folder, megabytes

    def mount(self) -> None:
        """Bring it up, empty. Raises Problem."""
        processes.make_folder(self.folder)
        run("mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m,mode=755", "livlina-rig", str(self.folder))

    def away(self) -> None:
        """Take it away. Never fails."""
        if os.path.ismount(self.folder):
            _ = tried("umount", str(self.folder)) or tried("umount", "-l", str(self.folder))

    def fill(self) -> int:
        """Take every byte there is, at once: ballast that is given up while we do so must not be ours. Returns the bytes."""
        with (self.folder / FILLER).open("ab") as file:
            while free := self.free():
                with contextlib.suppress(OSError):
                    os.posix_fallocate(file.fileno(), file.tell(), free)
                    return free
        return 0

    def relieve(self) -> None:
        """Somebody removes what took the room."""
        with contextlib.suppress(FileNotFoundError):
            (self.folder / FILLER).unlink()

    def free(self) -> int:
        """Bytes that are left."""
        facts = os.statvfs(self.folder)
        return facts.f_bavail * facts.f_frsize


@contextmanager
def volume(folder: Path, megabytes: int) -> Iterator[Volume]:
    """A volume that is taken away whatever happens."""
    one = Volume(folder, megabytes)
    try:
        one.mount()
        yield one
    finally:
        one.away()
