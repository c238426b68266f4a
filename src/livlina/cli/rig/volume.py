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
        """Take every byte there is. Returns how many those were."""
        taken, part = 0, 1 << 22
        with (self.folder / FILLER).open("ab", buffering=0) as file:
            while part >= 4096:
                try:
                    taken += file.write(bytes(part))
                except OSError:
                    part //= 2
        return taken

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
