"""As much HTTP as a page that is only read needs: GET and HEAD, three addresses, a limit on everything."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from livlina.status import page
from livlina.status.monitor import Monitor

HEAD, PATIENCE = 8 * 1024, 5.0
"""Bytes of a request, and seconds to ask and to take the answer."""
CONNECTIONS = 400
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    body: str = ""
    status: str = "200 OK"
    kind: str = "text/html"


class Door:
    """Serves a monitor's page."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor, self.open, self.port = monitor, 0, 0

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Begin to serve; port 0 is any free one. Raises OSError when the port is taken."""
        server = await asyncio.start_server(self._called, host, port, limit=HEAD)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def answer(self, method: str, path: str) -> Reply:
        """Return what is said to a request."""
        if method not in ("GET", "HEAD"):
            return Reply("405", "405 Method Not Allowed", "text/plain")
        now, place = datetime.now(UTC), path.partition("?")[0]
        if place in ("/", "/en"):
            return Reply(page.html(self.monitor, now, "en" if place == "/en" else "sv"))
        if place == "/status.json":
            told = page.public(self.monitor)
            return Reply(json.dumps(told, ensure_ascii=False), kind="application/json")
        if place == "/health":
            return Reply("OK\n", kind="text/plain")
        return Reply("404 – sidan finns inte\n", "404 Not Found", "text/plain")

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.open >= CONNECTIONS:
            writer.close()
            return
        self.open += 1
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
            method, _, rest = head.decode("latin-1").partition(" ")
            reply = self._said(method, rest.partition(" ")[0])
            writer.write(_written(reply, method == "HEAD"))
            async with asyncio.timeout(PATIENCE):
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone, or asks nothing that we serve
        except asyncio.CancelledError:
            pass  # the process ends; asyncio would call it a fault of ours
        finally:
            self.open -= 1
            with contextlib.suppress(OSError):
                writer.close()

    def _said(self, method: str, path: str) -> Reply:
        try:
            return self.answer(method, path)
        except Exception:
            log.exception("a page failed: %s", path)
            return Reply("Sidan kunde inte visas.\n", "500 Internal Server Error", "text/plain")


def _written(reply: Reply, bare: bool) -> bytes:
    body = reply.body.encode()
    lines = (
        f"HTTP/1.1 {reply.status}",
        f"Content-Type: {reply.kind}; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        f"Content-Security-Policy: {page.policy()}",
    )
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if bare else body)
