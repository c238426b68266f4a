"""As much HTTP/1.1 as the receiver needs: a small server for its own page, a small client for what it hands over.

On asyncio streams, with a limit on everything: the other end is never trusted to be quick, short or well-formed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlsplit

HEAD, BODY, ANSWER = 16 << 10, 16 << 10, 64 << 20
"""Bytes: the head of any message, the body of what is asked of us, the body of what we are answered."""
PATIENCE, IDLE = 10.0, 30.0
"""Seconds for a whole request, and for an open connection to ask again."""
CONNECTIONS, PER_ADDRESS = 200, 40
log = logging.getLogger(__name__)


class Malformed(ValueError):
    """It is not HTTP, or more of it than we read."""


@dataclass(frozen=True)
class Request:
    """One request. `form` holds the last value of each name."""

    method: str
    path: str
    address: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request], Awaitable[Reply]]


# The server


async def serve(
    handler: Handler, host: str, port: int, context: ssl.SSLContext | None = None
) -> asyncio.Server:
    """Answer by the handler. Raises OSError."""
    door = _Door(handler)
    return await asyncio.start_server(door.called, host, port, ssl=context, limit=HEAD)


class _Door:
    def __init__(self, handler: Handler) -> None:
        self.handler, self.open = handler, list[str]()

    async def called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ("",))[0])
        if len(self.open) >= CONNECTIONS or self.open.count(address) >= PER_ADDRESS:
            writer.close()
            return
        self.open.append(address)
        try:
            while await self._one(reader, writer, address):
                pass
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.open.remove(address)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> bool:
        """Answer one request; tell whether another may follow."""
        async with asyncio.timeout(IDLE):
            first = await reader.readexactly(1)
        try:
            async with asyncio.timeout(PATIENCE):
                request = await _read_request(first, reader, address)
            reply = await self._answer(request)
            stays = request.headers.get("connection", "").lower() != "close"
        except Malformed as error:
            request, stays = Request("GET", "", address), False
            reply = Reply(f"{error}\n".encode(), 400, "text/plain; charset=utf-8")
        writer.write(_written(reply, request.method == "HEAD", stays))
        async with asyncio.timeout(PATIENCE):
            await writer.drain()
        return stays

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self.handler(request)
        except Exception:
            log.exception("a page failed: %s", request.path)
            return Reply("Sidan kunde inte visas. Försök igen.\n".encode(), 500, "text/plain; charset=utf-8")


async def _read_request(first: bytes, reader: asyncio.StreamReader, address: str) -> Request:
    line, headers = await _head(first, reader)
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or words[0] not in ("GET", "HEAD", "POST"):
        raise Malformed("That is not a request we know.")
    if "transfer-encoding" in headers:
        raise Malformed("Bodies are sent with their length.")
    length = _number(headers.get("content-length", "0"), 10)
    if length > BODY:
        raise Malformed("The body is too long.")
    body = await reader.readexactly(length)
    parts = urlsplit(words[1])
    try:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)) if body else {}
        query = dict(parse_qsl(parts.query, max_num_fields=50))
        cookies = {name: one.value for name, one in SimpleCookie(headers.get("cookie", "")).items()}
    except (ValueError, CookieError) as error:
        raise Malformed("The form cannot be read.") from error
    return Request(words[0], parts.path, address, query, headers, form, cookies)


def _written(reply: Reply, bare: bool, stays: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        f"Content-Type: {reply.kind}",
        f"Content-Length: {len(reply.body)}",
        f"Connection: {'keep-alive' if stays else 'close'}",
        *(f"{name}: {value}" for name, value in reply.headers),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if bare else reply.body)


# The client


class Client:
    """One connection to one server, kept open between requests. A failed one is dropped, and the next begins anew."""

    def __init__(self, base: str, context: ssl.SSLContext | None = None) -> None:
        self.base = urlsplit(base)
        if self.base.scheme not in ("http", "https") or not self.base.hostname:
            raise ValueError(f"“{base}” is not an address of http or https")
        self.context = context or (ssl.create_default_context() if self.base.scheme == "https" else None)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> tuple[int, bytes]:
        """Return status and body. Raises OSError, TimeoutError, Malformed; afterwards nobody knows if it arrived."""
        kept = self._streams is not None
        try:
            async with asyncio.timeout(seconds):
                try:
                    return await self._ask(path, body, headers)
                except (ConnectionError, asyncio.IncompleteReadError):
                    await self.close()
                    if not kept:
                        raise
                    return await self._ask(path, body, headers)  # it had hung up on us between two requests
        except asyncio.IncompleteReadError as error:
            await self.close()
            raise ConnectionResetError("The answer broke off.") from error
        except BaseException:
            await self.close()
            raise

    async def _ask(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        host = self.base.hostname or ""
        if self._streams is None:
            port = self.base.port or (443 if self.base.scheme == "https" else 80)
            self._streams = await asyncio.open_connection(host, port, ssl=self.context, limit=HEAD)
        reader, writer = self._streams
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self.base.netloc.rpartition('@')[2]}",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        await writer.drain()
        line, answered = await _head(b"", reader)
        words = line.split(" ", 2)
        if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdigit():
            raise Malformed("The answer is not HTTP.")
        data = await _body(reader, answered)
        if answered.get("connection", "").lower() == "close" or words[0] == "HTTP/1.0":
            await self.close()
        return int(words[1]), data

    async def close(self) -> None:
        """Hang up."""
        if self._streams:
            streams, self._streams = self._streams, None
            streams[1].close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await streams[1].wait_closed()


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        chunks, total = [], 0
        while length := _number((await _line(reader)).partition(";")[0].strip(), 16):
            total += length
            if total > ANSWER:
                raise Malformed("The answer is too long.")
            chunks.append(await reader.readexactly(length))
            await _line(reader)
        while await _line(reader):
            pass
        return b"".join(chunks)
    if "content-length" not in headers:
        raise Malformed("The answer does not tell its length.")
    length = _number(headers["content-length"], 10)
    if length > ANSWER:
        raise Malformed("The answer is too long.")
    return await reader.readexactly(length)


# Both


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\n")).decode("latin-1").rstrip("\r\n")
    except asyncio.LimitOverrunError as error:
        raise Malformed("A line is too long.") from error


async def _head(first: bytes, reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Return the first line and the headers, by their names in lower case."""
    try:
        data = first + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise Malformed("The head is too long.") from error
    line, *rest = data.decode("latin-1").split("\r\n")
    headers = {}
    for one in rest:
        name, colon, value = one.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return line, headers


def _number(text: str, base: int) -> int:
    if not text.isalnum() or len(text) > 12:
        raise Malformed("A length is no number.")
    try:
        return int(text, base)
    except ValueError as error:
        raise Malformed("A length is no number.") from error
