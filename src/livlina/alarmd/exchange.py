"""The hand-over to the main system: at once, at least once, and every two seconds even when there is nothing to tell."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from livlina.alarmd import health, parts
from livlina.alarmd.record import URGENT, Record, Unit
from livlina.alarmd.spool import CannotStore, Spool
from livlina.alarmd.web import Client, Malformed
from livlina.alarmd.writer import plain

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

PATH = "/api/v1/alarms/exchange"
BATCH, BYTES = 200, 1 << 20
"""Most records and (about) most bytes of one exchange."""
REFUSED = (400, 413, 422, 500)
"""The main system is there but could not take this batch."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Exchange:
    """[exchange]: where the main system is and by which token. `authority`: file of the CA that signed its certificate,
    when it is none of the usual ones. Seconds: between two exchanges, and the most one may take."""

    url: str
    token: str
    authority: str = ""
    every: float = 2.0
    patience: float = 10.0

    def __post_init__(self) -> None:
        url = urlsplit(self.url)
        loopback = (url.hostname or "").startswith("127.") or url.hostname in ("localhost", "::1")
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(f"url “{self.url}” must begin with https://")
        if url.scheme == "http" and not loopback:
            raise ValueError("http is only for this machine: elsewhere the main system is reached by https")
        if not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise ValueError("the token holds what no token holds")


class Handover:
    """One receiver's hand-over. `answered`: when the main system last answered, by the monotonic and the wall clock."""

    def __init__(self, settings: Exchange, server: Server) -> None:
        self.settings, self.server, self.spool = settings, server, server.spool
        context = ssl.create_default_context(cafile=settings.authority or None)
        self.client = Client(settings.url, context if settings.url.startswith("https") else None)
        self.wake, self.urgent = asyncio.Event(), asyncio.Event()
        self.answered = float("-inf")
        self.answered_at = float(self.spool.setting("answered_at") or 0)
        self.fault = ""
        self.failures = 0
        self.batch = BATCH
        self._sent = self.spool.cursor("main")

    @property
    def works(self) -> bool:
        """Has the main system answered lately?"""
        return time.monotonic() - self.answered < max(10.0, 3 * self.settings.every)

    def lag(self) -> float:
        """Return for how many seconds the oldest record has waited to be confirmed; 0 when none does."""
        try:
            waiting = self.spool.since(self.spool.cursor("main"), 1)
        except CannotStore:
            return 0.0
        return max(0.0, self.server.wall() - waiting[0].at) if waiting else 0.0

    def notice(self, record: Record, stored: bool) -> None:
        """There is a new record."""
        self.wake.set()
        if record.kind in URGENT:
            self.urgent.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self.wake.clear()
                more = await self.once()
                if not more:
                    await self._pause()
        finally:
            await self.client.close()

    async def once(self) -> bool:
        """One exchange; tell whether there is more at once. Never raises for what the other end does."""
        try:
            records = self.spool.since(self.spool.cursor("main"), self.batch)
        except CannotStore:
            records = []  # still a pulse
        body, count = self._body(records)
        try:
            status, data = await self.client.post(PATH, body, self._headers(), self.settings.patience)
            if status != 200:
                return self._refused(status, count)
            more = self._take(json.loads(data), records[:count])
        except (OSError, TimeoutError, Malformed) as error:
            return self._failed(f"{type(error).__name__}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return self._failed(f"an answer we cannot read: {error!r}")
        if self.fault:
            log.info("the main system answers again")
        self.fault, self.failures, self.batch = "", 0, min(BATCH, 2 * self.batch)
        self.answered, self.answered_at = time.monotonic(), self.server.wall()
        if self.answered_at - float(self.spool.setting("answered_at") or 0) > 60:
            self.spool.put_setting(
                "answered_at", self.answered_at
            )  # from when our facts are, also after a restart
        return more

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.token}", "Content-Type": "application/json"}

    def _body(self, records: Sequence[Record]) -> tuple[bytes, int]:
        """What is said, and how many of the records are in it: at least one, however long."""
        said: list[str] = []
        size = 0
        for record in records:
            text = packed(record)
            size += len(text)
            if said and size > BYTES:
                break
            said.append(text)
        head = {
            "receiver": self.spool.receiver,
            "boot": self.server.boot,
            "sent_at": self.server.wall(),
            "news_after": self.spool.news_number(),
            "units_version": self.spool.units_version,
            "health": health.summary(self.server),
        }
        return (json.dumps(head)[:-1] + f', "records": [{", ".join(said)}]}}').encode(), len(said)

    def _take(self, answer: Mapping[str, Any], sent: Sequence[Record]) -> bool:
        """Believe what the main system says, as far as it can be true."""
        before, heard = self.spool.cursor("main"), self.spool.news_number()
        if sent:
            self._sent = max(self._sent, sent[-1].number)
        confirmed = int(answer["confirmed"])
        if confirmed > self.spool.last():  # it knows more of our log than we do: our disk was lost
            self.spool.continue_after(confirmed)
        upto = min(confirmed, self._sent)  # never what it cannot have had from this log
        if upto > before:
            self.spool.put_cursor("main", upto)
        news = sorted((told(item) for item in answer["news"]), key=lambda item: item["number"])
        if news:
            self.spool.put_news(news)
        take_pack(self.spool, answer)
        if len(news) >= BATCH and self.spool.news_number() > heard:
            return True
        return upto > before and self.spool.last() > upto

    def _refused(self, status: int, count: int) -> bool:
        """Try with less: one record that cannot be taken must not hold up all the others behind it for long."""
        self._failed(f"status {status}")
        if status in REFUSED and count > 1:
            self.batch = max(1, count // 4)
            return True
        return False

    def _failed(self, fault: str) -> bool:
        if fault != self.fault:
            log.warning("the main system does not take what we tell: %s", fault)
        self.fault = fault
        self.failures += 1
        return False

    async def _pause(self) -> None:
        """Until there is something new, or it is time again; longer and longer while it fails, unless somebody waits."""
        waited, seconds = self.wake, self.settings.every
        if self.failures:
            upto = self.spool.cursor("main")
            waiting = any(found.alarm.number > upto for found in self.spool.open_alarms())
            seconds = min(0.25 * 2 ** min(self.failures, 8), seconds if waiting else 5 * seconds)
            self.urgent.clear()
            waited = self.urgent  # a new alarm tries at once, whatever failed before
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await waited.wait()


def packed(record: Record) -> str:
    """Return a record as JSON that any database can hold: without NUL and half characters, which none can."""
    said = plain(record)
    text = json.dumps(said)
    if "\\u0000" in text or "\\ud" in text:
        text = json.dumps(_clean(said))
    return text


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_clean(name): _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def told(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return one piece of news with the types it should have. Raises KeyError, ValueError, TypeError."""
    return {
        "number": int(item["number"]),
        "id": str(item["id"]),
        "state": str(item["state"]),
        "by": str(item.get("by") or ""),
        "at": float(item.get("at") or 0),
    }


def take_pack(spool: Spool, answer: Mapping[str, Any]) -> None:
    """Put away units, codes and channels where they are told. A list without one unit is not believed if we had some."""
    units = answer.get("units")
    if units is not None and (units or not spool.units()):
        spool.put_units(str(answer["units_version"]), [unit_of(one) for one in units])
    for name in ("codes", "channels"):
        if answer.get(name) is not None:
            spool.put_setting(name, [dict(one) for one in answer[name]])


_KNOWN = {one.name: one.default for one in fields(Unit)}


def unit_of(told: Mapping[str, Any]) -> Unit:
    """Return a unit of what was told, without what we do not know of. Raises KeyError, ValueError."""
    values: dict[str, Any] = {"id": str(told["id"])}
    for name, default in _KNOWN.items():
        value = told.get(name)
        if name == "id" or value is None:
            continue
        if isinstance(default, tuple):
            values[name] = tuple(str(one) for one in value)
        else:
            values[name] = int(value) if isinstance(default, int) else str(value)
    return Unit(**values)


async def run(server: Server) -> None:
    """Hand over until cancelled; nothing to do without [exchange]."""
    if server.config.exchange is None:
        return
    handover = parts.of(server).handover
    if handover is None:
        handover = parts.of(server).handover = Handover(server.config.exchange, server)
        server.on_record(handover.notice)
    await handover.run()
