"""Supervision at work in a receiver: the silence of its units, told to its log."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from livlina.alarmd import parts
from livlina.alarmd.record import Record
from livlina.alarmd.silence import Supervise, Supervisor
from livlina.alarmd.spool import CannotStore

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

__all__ = ["Supervise", "Supervision", "Supervisor", "run"]


class Supervision:
    """The supervisor at work in a receiver: what it is told of, and by whom."""

    def __init__(self, server: Server) -> None:
        self.server, self.spool = server, server.spool
        now, settings = time.monotonic(), server.config.supervise or Supervise()
        self.supervisor = Supervisor(settings, server.config.receiver, now)
        self.supervisor.put_units(self.spool.units(), now)
        self.supervisor.restore(self.spool.seen(), self.spool.setting("silences") or (), now, server.wall())
        server.on_beat(self.supervisor.heard)
        server.peer.on_heard = self.heard_there
        self._there: dict[str, float] = {}
        self._version, self._kept = self.spool.units_version, self.supervisor.state()
        self._shed, self._peer = server.counts["beats_shed"], server.peer.state
        self._unsaid: list[Record] = []

    def heard_there(self, unit: str) -> None:
        """The other receiver has heard a unit."""
        self._there[unit] = self.server.wall()
        self.supervisor.heard(unit, time.monotonic(), self.server.config.peer.name)

    async def once(self) -> None:
        """Look everyone over, and tell what there is to tell."""
        spool, supervisor = self.spool, self.supervisor
        if spool.units_version != self._version:
            self._version = spool.units_version
            supervisor.put_units(spool.units(), time.monotonic())
        if self._there:
            there, self._there = self._there, {}
            spool.put_seen({unit: at for unit, at in there.items() if unit in supervisor.watched})
        self._spare()
        self._unsaid = await _say(
            self.server, self._unsaid + supervisor.sweep(time.monotonic(), self.server.wall())
        )
        if self._kept != (kept := supervisor.state()):
            self._kept = kept
            spool.put_setting("silences", kept)

    def _spare(self) -> None:
        """What we shed, and what the other may have heard since it was lost, is no unit's fault."""
        shed, peer = self.server.counts["beats_shed"], self.server.peer.state
        if shed > self._shed:
            self.supervisor.spare(self.supervisor.settings.every)
        if peer == "lost" and self._peer != "lost":
            self.supervisor.spare(self.supervisor.settings.settle, self.server.config.peer.name)
        self._shed, self._peer = shed, peer


async def run(server: Server) -> None:
    """Supervise all units of a receiver until cancelled."""
    known = parts.of(server)
    work = known.supervision or Supervision(server)  # when begun anew, we know what we knew
    known.supervision, known.supervisor = work, work.supervisor
    while True:
        await asyncio.sleep(work.supervisor.settings.every)
        await work.once()


async def _say(server: Server, drafts: list[Record]) -> list[Record]:
    """Put them in the log in their order; return those it could not take, for the next time."""
    left = []
    for start in range(0, len(drafts), 500):
        some = drafts[start : start + 500]
        kept = await asyncio.gather(*(server.keep(draft) for draft in some), return_exceptions=True)
        for draft, result in zip(some, kept, strict=True):
            if isinstance(result, CannotStore):
                left.append(draft)
            elif isinstance(result, BaseException):
                raise result
    return left
