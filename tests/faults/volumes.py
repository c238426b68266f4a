"""A file system that is really filled: small, of its own, in memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SIZE = 64 << 20


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB of its own; mounting one takes root."""
    folder = tmp_path / "volume"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("A file system of its own can only be mounted by root.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path, share: float) -> None:
    """Take room until `share` of the volume is taken."""
    found = os.statvfs(folder)
    wanted = int(share * SIZE) - (found.f_blocks - found.f_bavail) * found.f_frsize
    if wanted > 0:
        with open(folder / "notes", "ab") as file:
            os.posix_fallocate(file.fileno(), file.tell(), wanted)
    else:
        with open(folder / "notes", "r+b") as file:
            file.truncate(max(0, file.seek(0, os.SEEK_END) + wanted))


def to_the_brim(folder: Path) -> None:
    """Take all there is."""
    with contextlib.suppress(OSError), open(folder / "brim", "wb", buffering=0) as file:
        while file.write(b"\0" * 65536):
            pass
