"""``livlina live``: tells the alarm desks at once, and lets alarms that nobody takes go further to the second.

A desk holds one stream open. What comes on it is "changed" and a number; what changed is fetched from the web server
with the person's own session. Without this process desks ask every three seconds, and the worker's schedule lets
alarms go further every ten.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livlina.cli.children import tether

if TYPE_CHECKING:
    from livlina.provider.alarms.live import Ticket

PORT = 8001
BEAT = 5.0
"""Seconds between signs of life on a stream."""
STREAM = 600.0
"""Seconds a stream lasts. Then the page comes back at once with a new ticket: whoever was signed out does not."""
STREAMS = 2000
HEAD = 8 * 1024
PATIENCE = 5.0
"""Seconds a listener has to ask, and to take what is sent."""


@dataclass(eq=False)
class Stream:
    """One desk that listens."""

    municipality_id: int
    over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """Ticks from the database to every desk of the municipality."""

    def __init__(self, database: str, origin: str, admitted: Callable[[str], Ticket | None]) -> None:
        self.database, self.origin, self.admitted = database, origin, admitted
        self.streams: set[Stream] = set()
        self.number, self.listening, self.port = 0, False, 0

    async def run(self, host: str, port: int, begun: Callable[[], None] = lambda: None) -> None:
        """Serve and listen until cancelled."""
        server = await asyncio.start_server(self._serve, host, port, limit=HEAD)
        self.port = server.sockets[0].getsockname()[1]
        begun()
        async with server:
            await self._listen()

    def wake(self, municipality_id: int | None = None) -> None:
        """Tell the desks of a municipality, or every desk, that there may be something new."""
        self.number += 1
        for stream in self.streams:
            if municipality_id in (None, stream.municipality_id):
                stream.woken.set()

    async def _listen(self) -> None:
        import psycopg
        import structlog

        log = structlog.get_logger(__name__)
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self.database, autocommit=True, connect_timeout=5
                )
                async with connection:
                    await connection.execute("LISTEN livlina_alarms")
                    self.listening = True
                    self.wake()  # what was said while nobody listened
                    while True:
                        async for notice in connection.notifies(timeout=BEAT):
                            self.wake(int(notice.payload) if notice.payload.isdigit() else None)
                        await asyncio.wait_for(connection.execute("SELECT 1"), PATIENCE)
            except (psycopg.Error, OSError, TimeoutError) as fault:
                log.warning("live_lost_the_database", fault=type(fault).__name__)
            self._deaf()
            await asyncio.sleep(1.0)

    def _deaf(self) -> None:
        """End every stream: a desk that hears nothing asks more often than one that is told."""
        self.listening = False
        for stream in self.streams:
            stream.over = True
            stream.woken.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            method, _, rest = head.partition(b" ")
            await self._answer(method, rest.partition(b" ")[0].decode("ascii", "replace"), writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # whoever asked has gone, or asks nothing that we serve
        except asyncio.CancelledError:
            pass  # the process ends; asyncio would call it a fault of ours
        finally:
            writer.close()

    async def _answer(self, method: bytes, path: str, writer: asyncio.StreamWriter) -> None:
        if method != b"GET":
            return await self._say(writer, "405 Method Not Allowed")
        if path == "/health":
            return await self._say(writer, "200 OK" if self.listening else "503 Service Unavailable")
        place, _, ticket = path.removeprefix("/").partition("/")
        if place != "alarms":
            return await self._say(writer, "404 Not Found")
        told = self.admitted(ticket)
        if told is None:
            return await self._say(writer, "403 Forbidden")
        if len(self.streams) >= STREAMS or not self.listening:
            return await self._say(writer, "503 Service Unavailable")
        stream = Stream(told.municipality_id)
        self.streams.add(stream)
        try:
            async with asyncio.timeout(STREAM):
                await self._stream(stream, writer)
        finally:
            self.streams.discard(stream)

    async def _stream(self, stream: Stream, writer: asyncio.StreamWriter) -> None:
        # It begins with a tick: what happened between the page's last look and now was told to nobody.
        stream.woken.set()
        await self._send(writer, f"{self._head('200 OK', 'text/event-stream')}retry: 2000\n\n")
        while not stream.over:
            try:
                await asyncio.wait_for(stream.woken.wait(), BEAT)
            except TimeoutError:
                await self._send(writer, ": beat\n\n")
            else:
                stream.woken.clear()
                await self._send(writer, f"event: changed\ndata: {self.number}\n\n")

    async def _say(self, writer: asyncio.StreamWriter, status: str) -> None:
        await self._send(writer, f"{self._head(status, 'text/plain')}{status}\n")

    def _head(self, status: str, kind: str) -> str:
        lines = (
            f"HTTP/1.1 {status}",
            f"Content-Type: {kind}; charset=utf-8",
            "Cache-Control: no-store",
            "X-Accel-Buffering: no",
            f"Access-Control-Allow-Origin: {self.origin}",
            "Connection: close",
        )
        return "\r\n".join(lines) + "\r\n\r\n"

    async def _send(self, writer: asyncio.StreamWriter, text: str) -> None:
        writer.write(text.encode())
        await asyncio.wait_for(writer.drain(), PATIENCE)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; put TLS in front of it"
    )
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Tell and drive until told to stop."""
    tether(options.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from livlina.provider.alarms.live import admitted

    live = Live(os.environ["LIVLINA_DATABASE_URL"], settings.ORIGIN, admitted)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_both(live, options))
    return 0


async def _both(live: Live, options: argparse.Namespace) -> None:
    import signal

    ours = asyncio.current_task()
    if ours:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ours.cancel)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(live.run(options.host, options.port))
        tasks.create_task(_drive())


async def _drive() -> None:
    """Every second, ask which alarms nobody has taken in time."""
    while True:
        await asyncio.to_thread(drive)
        await asyncio.sleep(1.0)


def drive() -> None:
    """Let what is due go further, in every municipality; a fault is logged and asked again in a second."""
    import structlog
    from django.db import close_old_connections, connection

    from livlina.core import clock, tenancy
    from livlina.core.models import Municipality
    from livlina.provider.alarms.jobs import escalate

    log = structlog.get_logger(__name__)
    try:
        close_old_connections()
        for municipality_id in Municipality.objects.order_by("id").values_list("id", flat=True):
            with tenancy.acting(municipality_id, tenancy.EVERYTHING):
                escalate(municipality_id, clock.now())
    except Exception:
        log.exception("alarms_could_not_go_further")
    finally:
        connection.close()
