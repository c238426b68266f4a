"""Who is called when the main system does not say that an alarm is in front of somebody: the stand-in channels.

An alarm the main system has not confirmed as shown within 15 seconds goes to those on call for its team, by the first
supplier; every 30 seconds to the next number or by the next supplier, round and round, until somebody accepts.
Each try is a record of kind `deed` (did "told").
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

from livlina.alarmd import parts, words
from livlina.alarmd.record import Record
from livlina.alarmd.spool import CannotStore, OpenAlarm
from livlina.alarmd.tasks import ended
from livlina.alarmd.web import Client, Malformed

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

ACCEPTED = {"accepted", "on_way", "on_site", "closed"}
FEW = 3
"""More alarms than this to one number at the same time are told in one message."""
STALE = 60.0
"""Seconds after which nobody is taken to look at our own page any more."""
ORDER = ("push", "sms", "voice")
"""The quietest first: a number is tried by each way it has before the next number."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Supplier:
    """One way out. `url` is posted to; `{number}` and `{text}` in it and in `body` are replaced, safely for where they
    stand. `file:/path` writes a line instead, for the demo and for drills."""

    name: str
    kind: str
    url: str
    body: str = ""
    content: str = "application/json"
    authorization: str = ""
    patience: float = 8.0

    def __post_init__(self) -> None:
        if self.kind not in ORDER:
            raise ValueError(f"kind “{self.kind}” must be push, sms or voice")
        if urlsplit(self.url).scheme not in ("https", "http", "file"):
            raise ValueError(f"url “{self.url}” must begin with https:// or file:")


@dataclass(frozen=True)
class Dispatch:
    """[dispatch]: seconds before the first call and between calls, numbers to use beside those on call, the suppliers."""

    after: float = 15.0
    again: float = 30.0
    always: tuple[str, ...] = ()
    """Numbers rung for any team, last of all: as "sms:+46…" or "voice:+46…"."""
    suppliers: tuple[Supplier, ...] = ()
    page: str = ""
    """The address of this receiver's own page, told in messages."""


class Channel(Protocol):
    """One supplier at work."""

    name: str
    kind: str

    async def send(self, number: str, text: str) -> None:
        """Raise Failed when the supplier did not take it."""


class Failed(Exception):
    """It did not go out; in few words why."""


class Posting:
    """A supplier that takes messages over HTTP."""

    def __init__(self, supplier: Supplier) -> None:
        self.supplier, self.name, self.kind = supplier, supplier.name, supplier.kind
        url = urlsplit(supplier.url)
        self._client = Client(f"{url.scheme}://{url.netloc}")

    async def send(self, number: str, text: str) -> None:
        """Post it. Raises Failed."""
        supplier, url = self.supplier, urlsplit(self.supplier.url)
        path = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
        path = filled(path, number, text, "application/x-www-form-urlencoded")
        headers = {"Content-Type": supplier.content}
        if supplier.authorization:
            headers["Authorization"] = supplier.authorization
        body = filled(supplier.body, number, text, supplier.content).encode()
        try:
            status, _ = await self._client.post(path, body, headers, supplier.patience)
        except (OSError, TimeoutError, Malformed) as error:
            raise Failed(type(error).__name__) from error
        finally:
            await self._client.close()
        if not 200 <= status < 300:
            raise Failed(f"status {status}")


class Writing:
    """Writes what would have been sent, a line each. Fails while a file of that name with `.fails` beside it is there."""

    def __init__(self, supplier: Supplier) -> None:
        self.name, self.kind = supplier.name, supplier.kind
        self.path = Path(urlsplit(supplier.url).path)

    async def send(self, number: str, text: str) -> None:
        """Write it. Raises Failed."""
        if self.path.with_name(self.path.name + ".fails").exists():
            raise Failed("told to fail")
        line = json.dumps({"kind": self.kind, "number": number, "text": text}, ensure_ascii=False)
        try:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise Failed(type(error).__name__) from error


def filled(template: str, number: str, text: str, content: str) -> str:
    """Return the template with number and text in it, quoted so that they stay what they are."""
    if "json" in content:
        number, text = json.dumps(number)[1:-1], json.dumps(text)[1:-1]
    elif "urlencoded" in content:
        number, text = quote(number, safe=""), quote(text, safe="")
    return template.replace("{number}", number).replace("{text}", text)


def channel(supplier: Supplier) -> Channel:
    """Return the supplier at work."""
    return Writing(supplier) if supplier.url.startswith("file:") else Posting(supplier)


@dataclass
class _Under:
    """An alarm under way to somebody: when to try next, how many tries there were, how many ways there are."""

    next_at: float
    step: int = 0
    ways: int = 0


Message = tuple["Channel", str, list[OpenAlarm]]


class Dispatcher:
    """Asked each second what should be sent now; sends side by side, so that a slow supplier holds nobody up."""

    def __init__(self, settings: Dispatch, server: Server, channels: Sequence[Channel] | None = None) -> None:
        self.settings, self.server = settings, server
        self.channels = channels if channels is not None else [channel(one) for one in settings.suppliers]
        self.sent = 0
        self.failing = 0
        """Tries in a row that nobody took."""
        self._under: dict[str, _Under] = {}
        self._told: dict[str, float] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def notice(self, record: Record, stored: bool) -> None:
        """Somebody has been called, by us or by the other receiver."""
        if record.kind == "deed" and record.facts.get("did") == "told" and not record.facts.get("fault"):
            self._told[str(record.facts.get("alarm"))] = record.at

    def due(self, now: float) -> list[Message]:
        """Return what should be sent now: by whom, to which number, about which alarms."""
        settings, found = self.settings, dict[tuple[int, str], Message]()
        waiting = [alarm for alarm in self.server.spool.open_alarms() if self.waits(alarm)]
        self._under = {key.alarm.id: self._since(key, now) for key in waiting}
        self._told = {key: at for key, at in self._told.items() if key in self._under}
        strange = [alarm.alarm.id for alarm in waiting if self.server.unit(alarm.alarm.unit) is None]
        for alarm in waiting:
            under = self._under[alarm.alarm.id]
            told_ago = self.server.wall() - self._told.get(alarm.alarm.id, float("-inf"))
            if 0 <= told_ago < settings.again - 1:
                under.next_at = max(under.next_at, now + settings.again - told_ago)
            if now < under.next_at or alarm.alarm.id in strange[1:]:
                continue  # strangers could fill every telephone: one of theirs at a time
            under.next_at, ways = now + settings.again, self.ways(alarm.alarm)
            if ways:
                way, number = ways[under.step % len(ways)]
                under.step, under.ways = under.step + 1, len(ways)
                found.setdefault((id(way), number), (way, number, []))[2].append(alarm)
        return [part for message in found.values() for part in _parted(message)]

    def waits(self, alarm: OpenAlarm) -> bool:
        """Tell whether nobody has it. That it is shown is enough as long as the main system answers, and we never called."""
        states = {deed.state for deed in alarm.deeds}
        if states & ACCEPTED:
            return False
        handover, under = parts.of(self.server).handover, self._under.get(alarm.alarm.id)
        trusted = handover is not None and handover.works and not (under and under.step)
        return not (trusted and "shown" in states)

    def _since(self, alarm: OpenAlarm, now: float) -> _Under:
        if under := self._under.get(alarm.alarm.id):
            return under
        age = max(0.0, self.server.wall() - alarm.alarm.at)
        theirs = (
            self.settings.after if alarm.alarm.facts.get("origin") else 0.0
        )  # the other receiver calls first
        return _Under(now + max(0.0, self.settings.after + theirs - min(age, 3600.0)))

    def ways(self, alarm: Record) -> list[tuple[Channel, str]]:
        """Return every way to somebody who may come, the best first: the team's own by each supplier, then anyone's."""
        wall, unit = self.server.wall(), self.server.unit(alarm.unit)
        rows = [row for row in self.server.spool.setting("channels") or () if _now(row, wall)]
        own = [row for row in rows if unit and row.get("team") == unit.team]
        chosen = own or rows  # an unknown unit's alarm is everybody's
        numbers = [(str(row.get("kind")), str(row.get("number"))) for row in chosen]
        always = [one.partition(":")[::2] for one in self.settings.always]
        ways: list[tuple[Channel, str]] = []
        for kind, number in dict.fromkeys([*sorted(numbers, key=lambda row: _place(row[0])), *always]):
            ways += [(one, number) for one in self.channels if one.kind == kind]
        return ways

    def text(self, alarms: Sequence[OpenAlarm]) -> str:
        """Return what is said: enough to go there, and nothing of health or risks. Of whom, only the unit's address."""
        page = f" Ta emot: {self.settings.page}" if self.settings.page else ""
        at = words.clock(min(alarm.alarm.at for alarm in alarms))
        if len(alarms) > 1:
            return f"{len(alarms)} LARM väntar, det äldsta sedan kl. {at}. Ingen har tagit emot dem.{page}"
        record = alarms[0].alarm
        unit = self.server.unit(record.unit)
        presses = f", tryckt {len(alarms[0].presses) + 1} gånger" if alarms[0].presses else ""
        where = unit.address if unit and unit.address else f"larmenhet {record.unit or 'okänd'}"
        return f"LARM kl. {at}{presses}: {where}. Ingen har tagit emot det.{page}"

    def start(self, now: float) -> None:
        """Send what is due."""
        for way, number, alarms in self.due(now):
            task = asyncio.ensure_future(self.send(way, number, alarms))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def send(self, way: Channel, number: str, alarms: Sequence[OpenAlarm]) -> None:
        """One try, and the deeds that tell of it."""
        fault = ""
        try:
            await way.send(number, self.text(alarms))
        except Failed as error:
            fault = str(error)
        except Exception as error:
            log.exception("the channel %s failed", way.name)
            fault = type(error).__name__
        self.failing, self.sent = (self.failing + 1, self.sent) if fault else (0, self.sent + 1)
        for alarm in alarms:
            under = self._under.get(alarm.alarm.id)
            if fault and under and under.step < under.ways:
                under.next_at = (
                    0.0  # a try that failed is no call: the next way at once, until all have been tried
                )
            await self._deed(way, number, alarm.alarm, fault)

    async def _deed(self, way: Channel, number: str, alarm: Record, fault: str) -> None:
        facts = {
            "did": "told",
            "alarm": alarm.id,
            "by": "Larmmottagaren",
            "channel": way.kind,
            "supplier": way.name,
            "number": number,
            "fault": fault,
            "note": f"{way.name} till {number}" + (f" gick inte fram: {fault}" if fault else ""),
        }
        with contextlib.suppress(CannotStore):
            await self.server.keep(Record("", "deed", self.server.wall(), unit=alarm.unit, facts=facts))

    def reaches(self) -> bool:
        """Is there anyone we can call, as far as we know?"""
        return bool(self.channels) and self.failing < 2 * len(self.channels)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self.start(time.monotonic())
                await asyncio.sleep(1.0)
        finally:
            await ended(list(self._sending))


def _parted(message: Message) -> list[Message]:
    """A few alarms are told one by one; many to the same number in one message."""
    way, number, alarms = message
    return [message] if len(alarms) > FEW else [(way, number, [alarm]) for alarm in alarms]


def _now(row: Mapping[str, Any], wall: float) -> bool:
    return float(row.get("from") or 0) <= wall < float(row.get("to") or float("inf"))


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def somebody(server: Server, since: float) -> bool:
    """Tell whether an alarm can come before anybody's eyes: by the main system, a call, the other receiver or our page."""
    known = parts.of(server)
    if known.handover is None or known.handover.works or server.peer.state == "ok":
        return True
    if known.dispatcher and known.dispatcher.reaches():
        return True
    return time.monotonic() - max(since, known.looked_at) < STALE


async def run(server: Server) -> None:
    """Stand in until cancelled. Without a supplier there is only to tell whether anybody can be reached."""
    settings, since = server.config.dispatch, time.monotonic()
    server.reachable = lambda: somebody(server, since)
    if settings is None or not settings.suppliers:
        return
    dispatcher = parts.of(server).dispatcher
    if dispatcher is None:
        dispatcher = parts.of(server).dispatcher = Dispatcher(settings, server)
        server.on_record(dispatcher.notice)
    await dispatcher.run()
