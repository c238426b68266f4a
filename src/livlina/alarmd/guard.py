"""What keeps the log alive on a disk that fills: its own quota, and a ballast file to throw overboard.

The ballast is given up in the writer's thread in the very moment a write fails, so that no alarm is refused while there
is any; this guard then tells of it, prunes what everybody has confirmed, and takes the ballast aboard again when there
is room. All without a restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from livlina.alarmd.spool import CannotStore, Spool

SPARE = 1.5
"""The ballast comes aboard again when this many times its size is free."""


class Ballast:
    """A file that takes real room, to be given up at once. Any thread."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size

    @property
    def held(self) -> bool:
        """Is it there, in full?"""
        with contextlib.suppress(OSError):
            return self.path.stat().st_size >= self.size > 0
        return False

    def fill(self) -> bool:
        """Take the room. False when there is none, and then nothing is left behind."""
        if self.size <= 0:
            return False
        part = self.path.with_suffix(".part")
        try:
            with open(part, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, self.size)
            part.rename(self.path)
        except OSError:
            part.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> int:
        """Give it up. Returns the bytes that are now free; 0 when it was not held."""
        if not self.held:
            return 0
        try:
            self.path.unlink()
        except OSError:
            return 0
        return self.size


@dataclass(frozen=True)
class Room:
    """How it stands. Bytes; `share` of the disk that is free."""

    free: int
    share: float
    log: int
    ballast: bool
    fault: str


class Guard:
    """Looks every few seconds; `tell(code, value)` puts a record of kind receiver in the log."""

    def __init__(
        self,
        spool: Spool,
        ballast: Ballast,
        tell: Callable[[str, object], Awaitable[None]],
        *,
        keep_days: float,
        every: float = 5.0,
    ) -> None:
        self.spool, self.ballast, self.tell = spool, ballast, tell
        self.keep_seconds, self.every = keep_days * 86400, every
        self.low = ballast.size // 4
        self._told_ballast = True
        self._told_fault = False
        self._damaged = 0
        spool.writer.relief = ballast.release

    def room(self) -> Room:
        """Never raises: a disk that cannot be asked has nothing free."""
        free, share, log = 0, 0.0, 0
        with contextlib.suppress(OSError):
            usage = shutil.disk_usage(self.spool.path.parent)
            free, share, log = usage.free, usage.free / usage.total, self.spool.size()
        return Room(free, share, log, self.ballast.held, self.spool.fault)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self.every)

    async def look(self) -> Room:
        """One round. Returns how it stood at its beginning."""
        room = await asyncio.to_thread(self.room)
        if room.log > self.spool.quota * 0.9:
            self.spool.prune(time.time() - self.keep_seconds)
        if room.ballast and room.free < self.low:
            await asyncio.to_thread(self.ballast.release)
        elif self._may_fill(room) and await asyncio.to_thread(self.ballast.fill):
            self.spool.writer.give_back()
        if room.fault:
            with contextlib.suppress(CannotStore):  # is it over? nobody may have pressed since
                await self.spool.probe()
        await self._told(room)
        return room

    def _may_fill(self, room: Room) -> bool:
        size = self.ballast.size
        return bool(size) and not room.ballast and room.free > SPARE * size and room.log < self.spool.quota

    async def _told(self, room: Room) -> None:
        held, damaged = self.ballast.held or not self.ballast.size, self.spool.writer.births
        if held != self._told_ballast:
            self._told_ballast = held
            await self.tell("ballast_restored" if held else "ballast_released", room.free)
        if (fault := room.fault or self.spool.fault) and not self._told_fault:
            self._told_fault = True
            await self.tell("cannot_store", fault)
        if self._told_fault and not self.spool.fault:
            self._told_fault = False
            await self.tell("stores_again", "")
        if damaged != self._damaged:
            self._damaged = damaged
            await self.tell("log_damaged", str(self.spool.path))
