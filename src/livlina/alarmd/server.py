"""The receiver: what comes in by the doors goes through the protocols, is kept here and by the peer, and only then answered.

    read → lane → protocol → synced here → synced at the peer (at most 250 ms, else marked solo) → 200 → the answer

What cannot be stored is answered 503 and shown to staff all the same; it is stored as soon as it can be.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from livlina.alarmd.config import OFF, Config
from livlina.alarmd.dc09 import Dc09
from livlina.alarmd.dc09 import Frames as Dc09Frames
from livlina.alarmd.doors import Doors, Lanes
from livlina.alarmd.endpoint import Endpoint
from livlina.alarmd.guard import Ballast, Guard
from livlina.alarmd.peer import Link
from livlina.alarmd.record import URGENT, Record, Unit
from livlina.alarmd.sip import Frames
from livlina.alarmd.spool import TAIL, CannotStore, Row, Spool
from livlina.alarmd.tasks import ended
from livlina.alarmd.wire import Answer, Beat, Fate, Keep, Send, Source, remember

if TYPE_CHECKING:
    from livlina.alarmd.watchdog import Watchdog

STALLED = 2.0
"""Seconds a sync may take before the unit is sent to its other receiver."""
TICK, SNAPSHOT = 0.1, 5.0
NO_CALL = 4
"""mreq: the unit expects no call."""
log = logging.getLogger(__name__)


Codec = Endpoint | Dc09


class Server:
    """One receiver. Other parts follow it by `on_record` and `on_beat`, and write through `keep` and `tell`."""

    def __init__(self, config: Config, *, wall: Callable[[], float] = time.time) -> None:
        self.config, self.wall = config, wall
        self.boot = str(uuid.uuid4())
        self.counts: Counter[str] = Counter()
        followers = ("main", "peer") if config.peer.name else ("main",)
        self.spool = Spool(
            config.folder / "log.db", config.receiver, quota=config.storage.quota << 20, followers=followers
        )
        sip = config.sip
        self.endpoint = Endpoint(
            self.unit,
            self.answer,
            host=sip.name,
            realm=sip.realm,
            salt=os.urandom(32),
            proxies=sip.proxies,
            wall=wall,
        )
        self.dc09 = Dc09(self.unit, wall=wall)
        lanes = self.lanes = Lanes(config.limits, lambda number: self.unit(number) is not None, self.counts)
        self.doors = Doors(config.limits, lanes, self.counts)
        self.peer = Link(config.peer, self.spool, self.copy, self.tell)
        ballast = Ballast(config.folder / "ballast", config.storage.ballast << 20)
        self.guard = Guard(self.spool, ballast, self.tell, keep_days=config.storage.days)
        self.reachable: Callable[[], bool] = lambda: True
        """Can anybody at all be told? When not, units are asked to hold and try again (set by dispatch)."""
        self.watchdog: Watchdog | None = None
        self.loopback = ""
        """The reference of the watchdog's own alarm that is under way."""
        self._loopback_unit = Unit(config.watchdog.unit)
        self._on_record: list[Callable[[Record, bool], None]] = []
        self._on_beat: list[Callable[[str, float], None]] = []
        self._seen: dict[str, float] = {}
        self._opening: dict[str, str] = {}
        self._calls: dict[str, tuple[str, float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._storing = False
        self._peer_door: asyncio.Server | None = None

    # For the other parts

    def on_record(self, callback: Callable[[Record, bool], None]) -> None:
        """Be told of each new record, and whether it is stored, as soon as that is known."""
        self._on_record.append(callback)

    def on_beat(self, callback: Callable[[str, float], None]) -> None:
        """Be told of each verified sign of life: the unit, and when on the monotonic clock."""
        self._on_beat.append(callback)

    async def keep(self, draft: Record, raw: bytes = b"") -> Record:
        """Store a record of our own and tell all of it. Raises CannotStore when that must wait until the disk is back;
        all have then been told of it as it is."""
        draft = replace(draft, id=draft.id or str(uuid.uuid4()), at=draft.at or self.wall())
        try:
            row, new = await self.spool.put(Row(draft, raw))
        except CannotStore:
            self.spool.hold(Row(draft, raw))
            self._tell_all(draft, False)
            raise
        if new:
            self.peer.kick()
            self._tell_all(row.record, True)
        return row.record

    async def tell(self, code: str, value: object) -> None:
        """Put in the log that something is or was wrong with the receiver itself."""
        log.warning("%s: %s", code, value)
        with contextlib.suppress(CannotStore):
            await self.keep(Record("", "receiver", 0.0, facts={"what": code, "value": value}))

    async def copy(self, row: Row) -> None:
        """Keep what the peer sent. Raises CannotStore."""
        kept, new = await self.spool.put(row)
        if new:
            self._recall(kept.record)
            self._tell_all(kept.record, True)

    def unit(self, number: str) -> Unit | None:
        """The installed unit of that number."""
        if number == self._loopback_unit.id and self.loopback:
            return self._loopback_unit
        return self.spool.units().get(number)

    def answer(self, record: Record) -> Answer:
        """What the unit is told: whether and where to call. Resets, updates and tests call nobody."""
        if record.kind != "alarm":
            return Answer(media=0)
        status = 0 if self.reachable() else 4
        about, now = record.of or record.id, time.monotonic()
        first, since = self._calls.get(about, ("", 0.0))
        if first not in ("", record.id) and now - since < self.config.voice.seconds:
            return Answer(status, media=0, handling=0)
        unit, voice = self.unit(record.unit), self.config.voice
        number = voice.teams.get(unit.team if unit else "", voice.number)
        if not number or not _can_call(record):
            return Answer(status, media=0)
        remember(self._calls, about, (record.id, now), TAIL)
        return Answer(status, media=1, handling=62, number=number)

    # From the doors

    def _receive(self, codec: Codec, data: bytes, source: Source) -> None:
        self.counts[f"received_{source.transport}"] += 1
        try:
            for out in codec.receive(data, source, time.monotonic()):
                self._do(codec, out)
        except Exception:
            log.exception("a message could not be taken apart")
            draft = Record(str(uuid.uuid4()), "unreadable", self.wall(), verdict="invalid")
            self._do(codec, Keep(0, draft, data, source))

    def _do(self, codec: Codec, out: Send | Keep | Beat | Fate) -> None:
        if isinstance(out, Send):
            self.doors.send(out)
        elif isinstance(out, Keep):
            self._start(self._keep(codec, out))
        elif isinstance(out, Beat):
            self.counts["beats"] += 1
            if out.verified:
                self._beat(out.unit)
        elif out.acknowledged:
            self.counts["answers_acknowledged"] += 1
        else:
            self._start(self.tell("answer_not_acknowledged", out.record))

    def _beat(self, unit: str) -> None:
        self._seen[unit] = self.wall()
        self.peer.heard.add(unit)
        for callback in self._on_beat:
            self._safely(callback, unit, time.monotonic())

    async def _keep(self, codec: Codec, keep: Keep) -> None:
        draft = keep.draft
        if draft.unit == self._loopback_unit.id and draft.reference == self.loopback != "":
            await self._loop_back(codec, keep)
            return
        draft = self._linked(draft)
        place = f"{keep.source.transport} {keep.source.address[0]}:{keep.source.address[1]}"
        try:
            row, new = await self.spool.put(Row(draft, keep.raw, place))
        except Exception as error:  # whatever it is: it is not stored, so say so, and show it
            log.error("not stored: %s", error)
            self._not_stored(codec, keep.token, Row(draft, keep.raw, place))
            return
        finally:
            if self._opening.get(draft.unit) == draft.id:
                del self._opening[draft.unit]
        record = row.record
        if self.spool.held():
            self._start(self.store_held())
        if new:
            self._tell_all(record, True)
            if record.verified:
                self._beat(record.unit)
        there = not self.config.peer.name or row.origin or await self.peer.copied(record.number)
        if new and not there:
            self.counts["solo"] += 1
            self.spool.mark_solo(record.number)
        for send in codec.kept(keep.token, record, time.monotonic()):
            self.doors.send(send)

    def _not_stored(self, codec: Codec, token: int, row: Row) -> None:
        self.counts["not_stored"] += 1
        for send in codec.kept(token, None, time.monotonic()):
            self.doors.send(send)
        self.spool.hold(row)
        self._tell_all(row.record, False)

    async def _loop_back(self, codec: Codec, keep: Keep) -> None:
        """The watchdog's own alarm: all the way to the disk and back, but into no log and to nobody."""
        record = None
        with contextlib.suppress(CannotStore):
            await self.spool.probe()
            record = keep.draft
        for send in codec.kept(keep.token, record, time.monotonic()):
            self.doors.send(send)

    def _linked(self, draft: Record) -> Record:
        """A press while the unit's alarm is open, or on its way to the log, belongs to that alarm."""
        if draft.kind not in URGENT or not draft.unit:
            return draft
        found = self.spool.open_of(draft.unit)
        open_id = found.alarm.id if found else self._opening.setdefault(draft.unit, draft.id)
        return draft if open_id == draft.id else replace(draft, of=open_id)

    def _tell_all(self, record: Record, stored: bool) -> None:
        self.counts[f"record_{record.kind}"] += 1
        for callback in self._on_record:
            self._safely(callback, record, stored)

    def _safely(self, callback: Callable[..., None], *told: object) -> None:
        """Nobody who listens may keep an alarm from being answered."""
        try:
            callback(*told)
        except Exception:
            log.exception("a listener failed")

    def _recall(self, record: Record) -> None:
        (self.dc09 if record.protocol == "dc09" else self.endpoint).recall(record)

    # Running

    async def start(self) -> None:
        """Open every door. Raises OSError."""
        config = self.config
        with contextlib.suppress(CannotStore):
            for row in self.spool.rows(max(self.spool.last() - TAIL, 0), TAIL):
                self._recall(row.record)
        await self.doors.open_sip(config.sip, partial(self._receive, self.endpoint), Frames)
        if config.dc09.port != OFF:
            host, handle = config.dc09.host, partial(self._receive, self.dc09)
            await self.doors.tcp("dc09", host, config.dc09.port, handle, Dc09Frames)
            self.doors.udp("dc09_udp", host, self.doors.ports["dc09"], handle)
        always = [self._tick, self._snapshot, self.guard.run]
        if config.peer.name:
            self._peer_door = await self.peer.listen()
            always.append(self.peer.run)
        for work in always:
            self._start(self._always(work))

    async def stop(self) -> None:
        """Close the doors, write what waits, stop."""
        await self.doors.close()
        if self._peer_door:
            self._peer_door.close()
        await self.peer.close()
        await ended(list(self._tasks))
        self.spool.put_seen(self._seen)
        self.spool.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a task of the receiver ended", exc_info=error)

    async def _always(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """What must go on for as long as we run is begun anew if a mistake of ours ends it."""
        while True:
            try:
                await work()
            except Exception:
                log.exception("begun anew")
            await asyncio.sleep(TICK)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.spool.give_up(STALLED)
            for out in self.endpoint.tick(time.monotonic()):
                self._do(self.endpoint, out)

    async def _snapshot(self) -> None:
        """Every few seconds: who has been heard, and what could not be stored before."""
        while True:
            await asyncio.sleep(SNAPSHOT)
            if self._seen:
                self.spool.put_seen(self._seen)
                self._seen = {}
            await self.store_held()

    async def store_held(self) -> None:
        """What could not be stored is stored as soon as the disk takes it."""
        if self._storing or self.spool.fault:
            return
        self._storing = True
        with contextlib.suppress(CannotStore):
            for row in self.spool.held():
                kept, _ = await self.spool.put(row)
                self.peer.kick()
                self._tell_all(kept.record, True)
        self._storing = False


def _can_call(record: Record) -> bool:
    """Has the unit said how it can be talked through, and does it expect a call?"""
    ways = record.facts.get("crd") or ()
    return record.facts.get("mreq") != NO_CALL and any(way and not way.startswith("no-voice") for way in ways)
