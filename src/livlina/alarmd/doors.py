"""Sockets and lanes: what comes in by UDP, TCP and TLS is told apart by a glance, and alarms go ahead of all else.

All that waits in a socket is read before anything is worked on, in turns of some milliseconds, so that an alarm that
came behind twenty thousand heartbeats is found at once. Heartbeats wait in a lane that is bounded and shed first; the
same bytes from the same place while they wait there are one.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import time
from collections import Counter, deque
from collections.abc import Callable

from livlina.alarmd.config import OFF, Limits, Sip
from livlina.alarmd.peer import common_name
from livlina.alarmd.wire import Frames, Send, Source

TURN = 0.008
"""Seconds of work before others get their turn."""
AT_ONCE, MISSED = 1000, 16
"""Datagrams read from one socket before what they say is looked at; turns heartbeats may miss in a row for the rest."""
BUFFER = 64 << 20
"""Bytes the kernel may hold for us; it gives what it may (net.core.rmem_max) where we are not privileged."""
BACKLOG = 256 << 10
"""Bytes a unit may leave unread before its connection is given up."""
IDLE = 7200.0

_BEAT = re.compile(rb"<mty>\s*PI\s*</mty>|<type>\s*0\s*</type>|\"\*?NULL\"", re.IGNORECASE)
_WHO = re.compile(
    rb"<cid>\s*([^<\s]{1,64})|[\r\n](?:from|f)[ \t]*:[^\r\n]*?sips?:([^@;>\s]{1,64})@|#([0-9A-Za-z]{1,16})\[",
    re.IGNORECASE,
)

Handle = Callable[[bytes, Source], None]


class Lanes:
    """Two lanes, and between them the units' short answers to us. `known` says whether a number is one of our units'."""

    def __init__(self, limits: Limits, known: Callable[[str], bool], counts: Counter[str]) -> None:
        self.limits, self.known, self.counts = limits, known, counts
        self.alarms: deque[tuple[Handle, bytes, Source]] = deque()
        self.answers: deque[tuple[Handle, bytes, Source]] = deque(maxlen=limits.beats)
        self.beats: dict[tuple[bytes, Source], Handle] = {}
        self._buckets: dict[str, tuple[float, float]] = {}
        self.more = False
        """A socket had more than we read at once: there may be an alarm in the rest, so heartbeats miss a turn."""
        self._missed = 0
        self._working = False

    def put(self, handle: Handle, data: bytes, source: Source) -> None:
        """Into its lane, by a glance."""
        if data.startswith(b"SIP/2.0 "):
            self.answers.append((handle, data, source))
        elif not self._admitted(data, source.address[0]):
            self.counts["strangers_shed"] += 1
        elif b"<mty>PI</mty>" not in data and not _BEAT.search(data):
            self.alarms.append((handle, data, source))
        elif len(self.beats) < self.limits.beats:
            self.beats[data, source] = handle
        else:
            self.counts["beats_shed"] += 1
        if not self._working:
            self._working = True
            asyncio.get_running_loop().call_soon(self._work)

    def _work(self) -> None:
        loop, until = asyncio.get_running_loop(), time.monotonic() + TURN
        while time.monotonic() < until:
            if self.alarms:
                handle, data, source = self.alarms.popleft()
            elif self.answers:
                handle, data, source = self.answers.popleft()
            elif self.beats and self.more and self._missed < MISSED:
                self.more = False
                self._missed += 1
                break
            elif self.beats:
                self._missed = 0
                data, source = key = next(iter(self.beats))
                handle = self.beats.pop(key)
            else:
                self._working = False
                return
            handle(data, source)
        loop.call_soon(self._work)  # after the sockets have been looked at

    def _admitted(self, data: bytes, address: str) -> bool:
        """Whoever names a unit we know always; others as their address' bucket allows."""
        start = data.find(b"<cid>") + 5
        if start > 4 and self.known(data[start : data.find(b"<", start)].strip().decode("latin-1")):
            return True
        for met in _WHO.finditer(data):
            if self.known((met[1] or met[2] or met[3]).decode("latin-1")):
                return True
        now, most = time.monotonic(), float(self.limits.strangers_at_once)
        tokens, since = self._buckets.get(address, (most, now))
        tokens = min(most, tokens + (now - since) * self.limits.strangers_per_second)
        if len(self._buckets) > 10_000:
            self._buckets.clear()
        self._buckets[address] = (max(tokens - 1, 0.0), now)
        return tokens >= 1


class Stream:
    """One connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.address: tuple[str, int] = writer.get_extra_info("peername")[:2]


class Doors:
    """Every socket of the receiver. `ports` are those really opened, by name."""

    def __init__(self, limits: Limits, lanes: Lanes, counts: Counter[str]) -> None:
        self.limits, self.lanes, self.counts = limits, lanes, counts
        self.ports: dict[str, int] = {}
        self.streams: dict[int, Stream] = {}  # the one longest silent first
        self._udp: list[socket.socket] = []
        self._unsent: dict[int, deque[tuple[bytes, tuple[str, int]]]] = {}
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0

    async def open_sip(self, config: Sip, handle: Handle, frames: Callable[[], Frames]) -> None:
        """The ports of SIP. Raises OSError, ssl.SSLError."""
        if config.udp != OFF:
            self.udp("udp", config.host, config.udp, handle)
        if config.tcp != OFF:
            await self.tcp("tcp", config.host, config.tcp, handle, frames)
        if config.tls != OFF:
            await self.tcp("tls", config.host, config.tls, handle, frames, tls_context(config))

    def udp(self, name: str, host: str, port: int, handle: Handle) -> None:
        """Receive datagrams."""
        info = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0]
        door = socket.socket(info[0], socket.SOCK_DGRAM)
        door.setblocking(False)
        for option in (socket.SO_RCVBUF, 33):  # 33 is SO_RCVBUFFORCE: past the limit, for the privileged
            with contextlib.suppress(OSError):
                door.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        door.bind(info[4])
        number = -len(self._udp)
        self._udp.append(door)
        self.ports[name] = door.getsockname()[1]
        asyncio.get_running_loop().add_reader(door, self._readable, door, number, handle)

    def _readable(self, door: socket.socket, number: int, handle: Handle) -> None:
        for _ in range(AT_ONCE):
            try:
                data, address = door.recvfrom(65536)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # what the network says of something we sent
                continue
            self.lanes.put(handle, data, Source("udp", address[:2], number))
        self.lanes.more = True

    async def tcp(
        self, name: str, host: str, port: int, handle: Handle, frames: Callable[[], Frames],
        tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        """Receive streams."""

        async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task  # noqa: S101  asyncio runs us in one
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await self._stream("tls" if tls else "tcp", reader, writer, handle, frames())

        shake = {"ssl": tls, "ssl_handshake_timeout": self.limits.message_seconds} if tls else {}
        server = await asyncio.start_server(called, host, port, backlog=1024, **shake)  # type: ignore[arg-type]
        self.ports[name] = server.sockets[0].getsockname()[1]
        self._servers.append(server)

    async def _stream(
        self, transport: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handle,
        frames: Frames,
    ) -> None:  # fmt: skip
        self._count += 1
        number, stream = self._count, Stream(writer)
        self._make_room(stream.address[0])
        self.streams[number] = stream
        source = Source(transport, stream.address, number, common_name(writer))
        loop, deadline = asyncio.get_running_loop(), 0.0
        try:
            while True:
                async with asyncio.timeout_at(deadline or loop.time() + IDLE):
                    data = await reader.read(65536)
                if not data:
                    return
                self.streams[number] = self.streams.pop(number, stream)
                whole = frames.feed(data)
                for message in whole:
                    self.lanes.put(handle, message, source)
                if not frames.waiting:
                    deadline = 0.0
                elif whole or not deadline:
                    deadline = loop.time() + self.limits.message_seconds
        except (OSError, TimeoutError, ValueError):
            self.counts["connections_dropped"] += 1
        finally:
            self.streams.pop(number, None)
            writer.close()

    def _make_room(self, address: str) -> None:
        """The new one may be an alarm: at the limit the one that has been silent longest goes."""
        same = [number for number, stream in self.streams.items() if stream.address[0] == address]
        if len(same) >= self.limits.per_source:
            self._drop(same[0])
        elif len(self.streams) >= self.limits.connections:
            self._drop(next(iter(self.streams)))

    def _drop(self, number: int) -> None:
        self.counts["connections_dropped"] += 1
        self.streams.pop(number).writer.transport.abort()

    def send(self, send: Send) -> None:
        """Put it on the wire, the way what it answers came."""
        if send.to.transport == "udp":
            self._send_udp(-send.to.connection, send.data, send.to.address)
        elif stream := self.streams.get(send.to.connection):
            stream.writer.write(send.data)
            if stream.writer.transport.get_write_buffer_size() > BACKLOG:
                self._drop(send.to.connection)

    def _send_udp(self, number: int, data: bytes, address: tuple[str, int]) -> None:
        waiting = self._unsent.get(number)
        if waiting is None:
            try:
                self._udp[number].sendto(data, address)
                return
            except BlockingIOError:
                pass
            except OSError:
                self.counts["unsendable"] += 1
                return
            waiting = self._unsent[number] = deque(maxlen=self.limits.beats)
            asyncio.get_running_loop().add_writer(self._udp[number], self._writable, number)
        waiting.append((data, address))

    def _writable(self, number: int) -> None:
        waiting = self._unsent.pop(number)
        asyncio.get_running_loop().remove_writer(self._udp[number])
        while waiting and number not in self._unsent:
            self._send_udp(number, *waiting.popleft())
        if waiting:
            self._unsent[number].extend(waiting)

    async def close(self) -> None:
        """Every socket."""
        for door in self._udp:
            asyncio.get_running_loop().remove_reader(door)
            asyncio.get_running_loop().remove_writer(door)
            door.close()
        for server in self._servers:
            server.close()
        for stream in self.streams.values():
            stream.writer.transport.abort()  # not cancelled: asyncio would log that as a failure
        await asyncio.gather(*self._tasks, return_exceptions=True)


def tls_context(config: Sip) -> ssl.SSLContext:
    """How units are received by TLS. Raises OSError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(config.certificate, config.key)
    if config.clients:
        context.load_verify_locations(config.clients)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context
