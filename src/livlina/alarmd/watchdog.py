"""The receiver's own alarm: through the real socket, to the disk and back, every ten seconds.

Only when it came back is the service manager told that we live; a receiver that runs but does not receive is restarted.
It is kept in no log and reaches neither staff nor the main system.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable

from livlina.alarmd import scaip, sip
from livlina.alarmd.server import Server

PATIENCE = 4.0
"""Seconds the answer may take."""


class Watchdog:
    """`age` is what /health shows: seconds since an alarm of our own last came all the way."""

    def __init__(self, server: Server, notify: Callable[[str], None] | None = None) -> None:
        self.server, self.config = server, server.config.watchdog
        self.notify = notify or service_manager
        self._passed = time.monotonic()
        self.passed = 0
        self.failed = 0

    @property
    def age(self) -> float:
        """Seconds since the last one that passed, or since the start."""
        return time.monotonic() - self._passed

    async def run(self) -> None:
        """Until cancelled."""
        self.notify("READY=1")
        while True:
            await self.look()
            await asyncio.sleep(self.config.every)

    async def look(self) -> bool:
        """One alarm. True when it came all the way, and then the service manager is told."""
        if passed := await self._one():
            self.passed += 1
            self._passed = time.monotonic()
            self.notify("WATCHDOG=1")
        else:
            self.failed += 1
            await self.server.tell("loopback_failed", round(self.age, 1))
        return passed

    async def _one(self) -> bool:
        reference = self.server.loopback = secrets.token_hex(8)
        try:
            async with asyncio.timeout(PATIENCE):
                if "udp" in self.server.doors.ports:
                    return await self._by_udp(reference)
                return await self._by_tcp(reference)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False
        finally:
            self.server.loopback = ""

    def _alarm(self, reference: str, transport: str, at: str) -> bytes:
        body = scaip.compose_mrq({"ref": reference, "cid": self.config.unit, "dty": "0049", "stc": "0010"})
        head = (
            f"MESSAGE sip:alarm@{at} SIP/2.0",
            f"Via: SIP/2.0/{transport} 127.0.0.1;branch=z9hG4bK{secrets.token_hex(8)};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self.config.unit}@{at}>;tag={reference}",
            f"To: <sip:alarm@{at}>",
            f"Call-ID: {reference}",
            "CSeq: 1 MESSAGE",
            f"Content-Type: {scaip.TYPE}",
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    async def _by_udp(self, reference: str) -> bool:
        loop, address = asyncio.get_running_loop(), self._address("udp")
        with socket.socket(
            socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_DGRAM
        ) as door:
            door.setblocking(False)
            door.connect(address)
            await loop.sock_sendall(door, self._alarm(reference, "UDP", address[0]))
            ours = _Conversation(reference)
            while not ours.done:
                if reply := ours.heard(await loop.sock_recv(door, 65536)):
                    await loop.sock_sendall(door, reply)
            return ours.passed

    async def _by_tcp(self, reference: str) -> bool:
        address, frames, ours = self._address("tcp"), sip.Frames(), _Conversation(reference)
        reader, writer = await asyncio.open_connection(*address)
        try:
            writer.write(self._alarm(reference, "TCP", address[0]))
            while not ours.done and (data := await reader.read(65536)):
                for message in frames.feed(data):
                    writer.write(ours.heard(message))
            await writer.drain()
            return ours.passed
        finally:
            writer.close()

    def _address(self, door: str) -> tuple[str, int]:
        host = self.server.config.sip.host
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), self.server.doors.ports[door]  # noqa: S104


class _Conversation:
    """What a unit hears: 200, then the answer, which it acknowledges."""

    def __init__(self, reference: str) -> None:
        self.reference = reference.encode()
        self.accepted = self.told = self.refused = False

    @property
    def passed(self) -> bool:
        return self.accepted and self.told

    @property
    def done(self) -> bool:
        return self.passed or self.refused

    def heard(self, data: bytes) -> bytes:
        if data.startswith(b"SIP/2.0"):
            self.accepted = data.startswith(b"SIP/2.0 200")
            self.refused = not self.accepted
        elif self.reference in data and b"<mrs" in data:
            self.told = True
            return sip.respond(sip.parse(data), 200, tag="livlina")
        return b""


def service_manager(said: str) -> None:
    """sd_notify without its library; nothing where no service manager listens."""
    if path := os.environ.get("NOTIFY_SOCKET"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.connect("\0" + path[1:] if path.startswith("@") else path)
            door.send(said.encode())
