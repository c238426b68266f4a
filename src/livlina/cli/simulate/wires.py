"""The fleet on the network: UDP sockets shared by many units, a TCP or TLS connection for each unit that wants one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livlina.cli.simulate import panel, wire
from livlina.cli.simulate.fleet import Fleet, Packet
from livlina.cli.simulate.unit import Unit
from livlina.cli.surroundings import Problem

BUFFER = 4 * 1024 * 1024  # bytes: a storm's answers must not be lost on our side


@dataclass(frozen=True)
class Address:
    """A receiver's address as it stands in a unit: `127.0.0.1:5060`, or `tls:127.0.0.1:5061`."""

    host: str
    port: int
    tls: bool = False

    @classmethod
    def read(cls, text: str) -> Address:
        """Read one. Raises Problem."""
        tls = text.startswith("tls:")
        host, _, port = text.removeprefix("tls:").rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65_536:
            raise Problem(f"{text} is no address of a receiver. It is written 127.0.0.1:5060.")
        return cls(host, int(port), tls)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Datagrams(asyncio.DatagramProtocol):
    """One UDP socket."""

    def __init__(self, wires: Wires) -> None:
        self.wires = wires

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hand on what came, if it came from a receiver."""
        place = self.wires.places.get(addr[:2])
        if place is not None:
            self.wires.take(data, place, None)

    def error_received(self, exc: Exception) -> None:
        """A receiver that is down refuses: the unit's own patience is what counts."""


class Wires:
    """Sockets and the clock around a fleet."""

    def __init__(
        self,
        fleet: Fleet,
        receivers: Sequence[Address],
        *,
        panels: Sequence[Address] = (),
        sockets: int = 64,
        trust: Path | None = None,
    ) -> None:
        """`panels`: where each receiver takes SIA DC-09."""
        self.fleet, self.receivers, self.panels = fleet, list(receivers), list(panels)
        self.places = {(one.host, one.port): place for place, one in enumerate(receivers)}
        self.count = max(1, min(sockets, len(fleet.units)))
        self.datagrams: list[asyncio.DatagramTransport] = []
        self.streams: dict[tuple[int, int], asyncio.Task[None]] = {}
        self.writers: dict[tuple[int, int], asyncio.StreamWriter] = {}
        self.waiting: dict[tuple[int, int], list[bytes]] = {}  # what is said while it connects
        self.trust = ssl.create_default_context(cafile=trust) if trust else None
        self.changed = asyncio.Event()

    async def run(self, ending: asyncio.Event, each: Callable[[], None] = lambda: None) -> None:
        """Let the fleet live until `ending`. `each` is called at least every half second."""
        await self._open()
        try:
            while not ending.is_set():
                self.send(self.fleet.advance(time.monotonic()))
                each()
                pause = min(0.5, max(0.0, self.fleet.next_at - time.monotonic()))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), pause) if pause else await asyncio.sleep(0)
                self.changed.clear()
        finally:
            await self._close()

    def take(self, data: bytes, receiver: int, unit: Unit | None) -> None:
        """Hand what came to the fleet, and send what it answers."""
        self.send(self.fleet.hear(data, receiver, time.monotonic(), unit))
        self.changed.set()

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self.count):
            own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            own.setblocking(False)
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            own.bind((_own_address(self.receivers[0]), 0))
            transport, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self), sock=own)
            self.datagrams.append(transport)
        for unit in self.fleet.units:
            host, port = self.datagrams[unit.place % self.count].get_extra_info("sockname")
            unit.host = f"{host}:{port}"

    async def _close(self) -> None:
        for transport in self.datagrams:
            transport.close()
        for task in list(self.streams.values()):
            task.cancel()
        await asyncio.gather(*self.streams.values(), return_exceptions=True)
        await asyncio.sleep(0.05)  # so that the sockets are closed before the loop is

    def send(self, packets: Sequence[Packet]) -> None:
        """Put packets on the wire."""
        for unit, send in packets:
            address = self._address(unit, send.receiver)
            if unit.profile.transport == "udp" and not address.tls:
                transport = self.datagrams[unit.place % self.count]
                transport.sendto(send.data, (address.host, address.port))
            else:
                self._stream(unit, send.receiver, send.data)

    def _address(self, unit: Unit, receiver: int) -> Address:
        return (self.panels if unit.profile.protocol == "dc09" else self.receivers)[receiver]

    def _stream(self, unit: Unit, receiver: int, data: bytes) -> None:
        key = (unit.place, receiver)
        if writer := self.writers.get(key):
            writer.write(data)
            return
        self.waiting.setdefault(key, []).append(data)
        if key not in self.streams:
            self.streams[key] = asyncio.create_task(self._talk(unit, receiver))

    async def _talk(self, unit: Unit, receiver: int) -> None:
        """Keep one connection: connect, send, read until the other side closes."""
        address, key = self._address(unit, receiver), (unit.place, receiver)
        writer: asyncio.StreamWriter | None = None
        try:
            secured = self.trust if address.tls else None
            reader, writer = await asyncio.open_connection(address.host, address.port, ssl=secured)
            self.writers[key] = writer
            writer.write(b"".join(self.waiting.pop(key, ())))
            cut = panel.Stream() if unit.profile.protocol == "dc09" else wire.Stream()
            while chunk := await reader.read(65_536):
                for message in cut.feed(chunk):
                    self.take(message, receiver, unit)
        except (OSError, ValueError):
            pass  # the unit's own patience sees to it that it tries elsewhere
        finally:
            for held in (self.writers, self.streams, self.waiting):
                held.pop(key, None)
            if writer:
                writer.transport.abort()


def _own_address(receiver: Address) -> str:
    """Which of this machine's addresses reaches the receiver."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.connect((receiver.host, receiver.port))
        return str(trial.getsockname()[0])
