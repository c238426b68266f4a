"""The receiver on the other site. Nothing is shared: each dials the other and sends it copies of what it keeps itself.

On the wire: frames of four bytes of length and that much JSON, over TLS with certificates both ways. The dialler says
{"hello": name}, is told {"synced": number} (how much of its log the other has), and then sends {"rows": […], "upto":
number, "heard": [units]}, each answered {"synced": number} when all of it is on the other's disk. An empty one every
second is the pulse. `heard`: who gave a sign of life meanwhile, as a unit may turn to either of us.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from livlina.alarmd.config import Peer
from livlina.alarmd.record import FROM_UNITS, Record
from livlina.alarmd.spool import Row, Spool
from livlina.alarmd.tasks import ended
from livlina.alarmd.writer import plain

COPIED = (*FROM_UNITS, "deed")
"""What the other must have; of its own silence and troubles each receiver tells for itself."""
LONGEST = 64 << 20
PULSE, LOST = 1.0, 3.0
"""Seconds between pulses, and without an answer before the other is taken to be gone."""
log = logging.getLogger(__name__)


class Link:
    """Both directions. `copy` keeps a row from the other, `tell(code, value)` makes a record of kind receiver."""

    def __init__(
        self,
        config: Peer,
        spool: Spool,
        copy: Callable[[Row], Awaitable[object]],
        tell: Callable[[str, object], Awaitable[object]],
    ) -> None:
        self.config, self.spool, self.copy, self.tell = config, spool, copy, tell
        self.state = "lost" if config.name else "none"
        self.heard: set[str] = set()
        """Units heard here, for the other to know."""
        self.on_heard: Callable[[str], None] = lambda unit: None
        """Called for each unit the other has heard."""
        self.port = 0
        self._synced = spool.cursor("peer")
        self._new = asyncio.Event()
        self._waiting: set[tuple[int, asyncio.Future[bool]]] = set()
        self._calls: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    # Our copies to the other

    async def copied(self, number: int) -> bool:
        """Is the record on the other's disk, now or within the time we may wait? False at once when it is gone."""
        if self.state != "ok":
            return False
        self._new.set()
        if number <= self._synced:
            return True
        waiter = (number, asyncio.get_running_loop().create_future())
        self._waiting.add(waiter)
        try:
            return await asyncio.wait_for(waiter[1], self.config.wait)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiter)

    def kick(self) -> None:
        """There is something new in the log."""
        self._new.set()

    async def run(self) -> None:
        """Dial, send, and dial again, until cancelled."""
        pause, told = 0.1, "lost"
        while self.config.name:
            try:
                reader, writer = await asyncio.wait_for(self._dial(), LOST)
                try:
                    await self._greet(reader, writer)
                    pause, told = 0.1, await self._tell("peer_back", told)
                    await self._both(self._send(writer), self._hear(reader))
                finally:
                    writer.close()
            except Exception as error:  # whatever it is: dial again
                log.info("the peer is lost: %s", type(error).__name__)
            self._lose()
            if pause > PULSE or told == "ok":
                told = await self._tell("peer_lost", told)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2 * PULSE)

    async def _tell(self, code: str, told: str) -> str:
        state = "ok" if code == "peer_back" else code
        if state != told and not (state == "ok" and told == "lost"):
            await self.tell(code, self.config.name)
        return state

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = None if self.config.plain else _context(self.config, ssl.PROTOCOL_TLS_CLIENT)
        name = self.config.name if context else None
        return await asyncio.open_connection(
            self.config.address, self.config.port, ssl=context, server_hostname=name, limit=LONGEST
        )

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _check(writer, self.config)
        await _put(writer, {"hello": self.spool.receiver})
        answer = await asyncio.wait_for(_get(reader), LOST)
        self._synced = min(self.spool.cursor("peer"), int(answer["synced"]))  # it may have lost its disk
        self.state = "ok"

    async def _both(self, *work: Any) -> None:
        tasks = [asyncio.ensure_future(one) for one in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            await ended(tasks)

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        sent = self._synced
        while True:
            self._new.clear()
            rows = self.spool.rows(sent)
            if rows:
                sent = rows[-1].record.number
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._new.wait(), PULSE)
                    continue
            mine = [_packed(row) for row in rows if not row.origin and row.record.kind in COPIED]
            heard, self.heard = self.heard, set()
            await _put(writer, {"rows": mine, "upto": sent, "heard": list(heard)})

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            answer = await asyncio.wait_for(_get(reader), LOST)
            self._synced = int(answer["synced"])
            if self._synced != self.spool.cursor("peer"):
                self.spool.put_cursor("peer", self._synced)
            for number, waiter in self._waiting:
                if number <= self._synced and not waiter.done():
                    waiter.set_result(True)

    def _lose(self) -> None:
        self.state = "lost"
        for _, waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(False)

    # The other's copies to us

    async def listen(self) -> asyncio.Server:
        """Open our door for the other. Raises OSError."""
        context = None if self.config.plain else _context(self.config, ssl.PROTOCOL_TLS_SERVER)
        server = await asyncio.start_server(
            self._called, self.config.listen, self.config.listen_port, ssl=context, limit=LONGEST
        )
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task  # noqa: S101  asyncio runs us in one
        self._calls[task] = writer
        try:
            await self._take(reader, writer)
        except Exception as error:  # whatever it says, it is only hung up on
            log.info("the peer's call ended: %s", type(error).__name__)
        finally:
            del self._calls[task]
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _check(writer, self.config)
        name = (await asyncio.wait_for(_get(reader), LOST)).get("hello")
        if name != self.config.name:
            raise ValueError("somebody else")
        await _put(writer, {"synced": self.spool.setting("copied") or 0})
        while True:
            frame = await asyncio.wait_for(_get(reader), 10 * PULSE)
            rows = [_unpacked(item, name) for item in frame["rows"]]
            for unit in frame.get("heard", ()):
                self.on_heard(str(unit))
            await asyncio.gather(*(self.copy(row) for row in rows))
            if frame["rows"]:
                self.spool.put_setting("copied", frame["upto"])
            await _put(writer, {"synced": frame["upto"]})

    async def close(self) -> None:
        """Hang up on the other."""
        for writer in self._calls.values():
            writer.transport.abort()
        await asyncio.gather(*self._calls, return_exceptions=True)


def _packed(row: Row) -> list[Any]:
    return [plain(row.record), base64.b64encode(row.raw).decode(), row.source]


def _unpacked(item: list[Any], origin: str) -> Row:
    record = Record(**item[0])
    facts = {**record.facts, "origin": origin}
    return Row(replace(record, facts=facts, number=0, solo=False), base64.b64decode(item[1]), item[2], origin)


async def _get(reader: asyncio.StreamReader) -> Any:
    size = int.from_bytes(await reader.readexactly(4), "big")
    if size > LONGEST:
        raise ValueError("a frame too long")
    return json.loads(await reader.readexactly(size))


async def _put(writer: asyncio.StreamWriter, said: Any) -> None:
    data = json.dumps(said).encode()
    writer.write(len(data).to_bytes(4, "big") + data)
    await writer.drain()


def _context(config: Peer, protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False  # there is no DNS to rely on; _check looks at the name in the certificate
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(config.authority)
    context.load_cert_chain(config.certificate, config.key)
    return context


def _check(writer: asyncio.StreamWriter, config: Peer) -> None:
    if not config.plain and common_name(writer) != config.name:
        raise ValueError("another name in its certificate")


def common_name(writer: asyncio.StreamWriter) -> str:
    """The name in the certificate of the one at the other end; "" when it showed none."""
    certificate = writer.get_extra_info("peercert") or {}
    subject = certificate.get("subject", ())
    return next((value for part in subject for name, value in part if name == "commonName"), "")
