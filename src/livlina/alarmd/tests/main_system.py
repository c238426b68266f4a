"""A main system for the receiver's tests: a real little HTTP server that can fail, be slow and lose its answers."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from livlina.alarmd.record import Record
from livlina.alarmd.server import Server

TOKEN = "asvalla.hemlig"


class Main:
    """What it has taken in, by number; and how it behaves: a status, or "lose" (take in, hang up) or "hang"."""

    def __init__(self) -> None:
        self.records: dict[int, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        self.news: list[dict[str, Any]] = []
        self.pack: dict[str, Any] = {"units": None, "codes": None, "channels": None}
        self.behaves: list[Any] = []
        self.confirmed = 0
        self.version = ""
        self.raw: list[bytes] = []
        """Answers to give as they stand."""
        self.chunked = False
        self.url = ""
        self.calls = 0

    @asynccontextmanager
    async def open(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Main]:
        door = await asyncio.start_server(self._called, "127.0.0.1", 0, ssl=tls, limit=1 << 24)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{door.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            door.close()

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        said = json.loads(await reader.readexactly(length))
        behaviour = self.behaves.pop(0) if self.behaves else 200
        right = f"bearer {TOKEN}".lower() in head
        if behaviour == "hang":
            await reader.read()
            return False
        if behaviour == 200 or behaviour == "lose":
            self.asked.append(said)
            self._take(said)
        if behaviour == "lose":
            return False
        status = 401 if not right else behaviour
        writer.write(self.raw.pop(0) if self.raw else self._answer(status, said))
        await writer.drain()
        return True

    def _take(self, said: dict[str, Any]) -> None:
        for record in said["records"]:
            self.records.setdefault(record["number"], record)
            self.confirmed = max(self.confirmed, record["number"])

    def _answer(self, status: int, said: dict[str, Any]) -> bytes:
        news = [item for item in self.news if item["number"] > said.get("news_after", 0)]
        answer = {"confirmed": self.confirmed, "news": news, "units_version": self.version, **self.pack}
        if said.get("units_version") == self.version:
            answer |= {"units": None, "codes": None, "channels": None}
        body = json.dumps(answer).encode()
        if self.chunked:
            parts = [body[:10], body[10:], b""]
            sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
            return b"HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\n" % status + sent
        return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


def alarm(number: str = "4711", **facts: Any) -> Record:
    """A press."""
    return Record("", "alarm", 0.0, unit=number, verified=True, facts={"dty": 3, "stc": 10, **facts})


async def press(server: Server, number: str = "4711", **facts: Any) -> Record:
    """Have a press in the log."""
    return await server.keep(alarm(number, **facts))
