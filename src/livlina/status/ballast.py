"""A file that takes real room, to be thrown overboard when the last of it goes.

Given up by itself when a volume is nearly full, or by hand (`livlina status --release-ballast`). It comes aboard again
when the volume would still be below the first level with it.
"""

from __future__ import annotations

import os
from pathlib import Path

from livlina.status.levels import STORAGE
from livlina.status.measure import Reading

GIVEN_UP = 0.97
"""Share of the volume that is taken when the ballast goes. Below it somebody has been called since 70 %."""
NAME = "ballast"


class Ballast:
    """One volume's. `size` in bytes; 0: none."""

    def __init__(self, folder: Path, size: int) -> None:
        self.path, self.size = folder / NAME, size

    @property
    def held(self) -> bool:
        """Is it there, in full?"""
        try:
            return self.path.stat().st_size >= self.size > 0
        except OSError:
            return False

    def look(self, reading: Reading) -> str:
        """Give it up, take it aboard, or neither. Returns "released", "held" (just now) or ""."""
        if self.held:
            return "released" if reading.used >= GIVEN_UP and self.release() else ""
        if not self.size or not reading.total:
            return ""
        after = reading.used + self.size / reading.total
        return "held" if after < STORAGE[0] and self.fill() else ""

    def fill(self) -> bool:
        """Take the room. False when there is none, and then nothing is left behind."""
        part = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(part, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, self.size)
            part.replace(self.path)
        except OSError:
            part.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> int:
        """Give it up. Returns the bytes that are now free; 0 when it was not held."""
        try:
            size = self.path.stat().st_size
            self.path.unlink()
        except OSError:
            return 0
        return size
