"""Room on a volume: how much there is, when it ends at this pace, and the ballast that is given back in need."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1 << 20
WINDOW = 15.0  # seconds that the pace is measured over


@dataclass(frozen=True)
class Look:
    """What was seen at one time."""

    free: int  # bytes an ordinary user may still write
    total: int
    inodes: float  # percent free

    @property
    def percent(self) -> float:
        """Percent free, of bytes or of files: whichever is less."""
        return min(100.0 * self.free / self.total if self.total else 0.0, self.inodes)


@dataclass
class Volume:
    """One volume, seen again and again."""

    path: Path  # a folder on it that is ours: the ballast lies there
    ballast_mb: int = 0
    last: Look | None = None
    seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=64))

    def look(self, at: float) -> Look:
        """Look, and remember: `at` is monotonic seconds. Raises OSError when the volume is gone."""
        found = os.statvfs(self.path)
        inodes = 100.0 * found.f_favail / found.f_files if found.f_files else 100.0
        self.last = Look(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, inodes)
        self.seen.append((at, self.last.free))
        while self.seen[0][0] < at - WINDOW:
            self.seen.popleft()
        return self.last

    def full_in(self) -> float | None:
        """Seconds until it is full at the pace of the last seconds, or None when it is not filling."""
        if len(self.seen) < 4:  # two looks would make every burst of writing a catastrophe
            return None
        (began, first), (ended, last) = self.seen[0], self.seen[-1]
        pace = (first - last) / (ended - began) if ended > began else 0.0
        return last / pace if pace > 0 else None

    @property
    def ballast(self) -> Path:
        """The file that is given back."""
        return self.path / "ballast"

    def make_ballast(self) -> bool:
        """Lay the ballast down, whole and on the disk, or not at all. Returns whether it lies there."""
        size = self.ballast_mb * MEGABYTE
        if not size or self.ballast.exists():
            return bool(size)
        half = self.ballast.with_suffix(".new")
        try:
            with open(half, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, size)
                os.fsync(file.fileno())
            half.replace(self.ballast)
        except OSError:
            with contextlib.suppress(OSError):
                half.unlink()
            return False
        return True

    def give_back(self) -> bool:
        """Remove the ballast. Returns whether there was any."""
        try:
            self.ballast.unlink()
        except OSError:
            return False
        self.seen.clear()  # the leap would look like a volume that empties
        return True


def volumes(paths: list[Path], ballast_mb: int) -> list[Volume]:
    """Return the volumes that the paths lie on, each once. Raises OSError when one is not there."""
    found: dict[int, Volume] = {}
    for path in paths:
        found.setdefault(path.stat().st_dev, Volume(path, ballast_mb))
    return list(found.values())
