"""A closed loop of alarms: so many under way at once, each new one sent when one is answered. Plain sockets, no frills.

Used for the machine's limit (a proxy that only says 200, a bare sync to disk) and for the receiver alike, so that they
can be compared. Messages are made before the clock starts; every one has a reference of its own.
"""

from __future__ import annotations

import contextlib
import re
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from livlina.cli.simulate.figures import percentile

AGAIN = 0.5  # seconds until a message is repeated
BUFFER = 8 * 1024 * 1024  # bytes
_HEADERS = re.compile(rb"(?im)^(via|v|from|f|to|t|call-id|i|cseq|record-route)[ \t]*:.*$")


@dataclass
class Blast:
    """What came of a loop: `seconds` it took, waits in seconds for the 200, references that got one and that got another."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    repeated: int = 0
    answered: int = 0

    @property
    def rate(self) -> float:
        """Acknowledged in a second."""
        return len(self.acknowledged) / self.seconds if self.seconds else 0.0

    def wait(self, part: float) -> float:
        """Milliseconds within which `part` of them were acknowledged."""
        return percentile(self.waits, part) * 1000


def messages(count: int, units: Sequence[str], seed: int, mty: str = "ME") -> list[tuple[str, bytes]]:
    """Make alarms (or with "PI" signs of life) of these units, each with its reference of sixteen digits.

    The same seed makes the same.
    """
    rng = Random(seed)  # noqa: S311  repeatable, no secret
    found = []
    for place in range(count):
        ref, unit = f"{seed % 1000:03}{place:07}{rng.randrange(10**6):06}", units[place % len(units)]
        body = (
            f"<mrq><ref>{ref}</ref><ver>01.00</ver><mty>{mty}</mty><cid>{unit}</cid><dty>0003</dty><did>1</did>"
            f"<stc>0010</stc><lco>002</lco><crd>gsm:+46701740010</crd></mrq>"
        )
        head = (
            f"MESSAGE sip:alarm@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{ref};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{unit}@127.0.0.1>;tag={ref[-6:]}\r\nTo: <sip:alarm@127.0.0.1>\r\n"
            f"Call-ID: {ref}@{unit}\r\nCSeq: 1 MESSAGE\r\nContent-Type: application/scaip+xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        found.append((ref, (head + body).encode()))
    return found


@dataclass
class UnderWay:
    """A message that has no answer yet: when it began, when it goes out again, and how long it then waits."""

    began: float
    again_at: float
    data: bytes
    pause: float = AGAIN


class Loop:
    """One socket, `window` messages under way. Ends when all are answered, or after `seconds`, or once `stopped`.

    `instant`: everything began when the run did, so that what waits on our side counts too.
    """

    def __init__(self, port: int, window: int, host: str = "127.0.0.1") -> None:
        self.window, self.instant = window, False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.connect((host, port))
        self.socket.setblocking(False)
        self.stopped = False

    def run(self, waiting: Sequence[tuple[str, bytes]], seconds: float) -> Blast:
        """Send them. Raises nothing when nobody answers: what has no answer at the end is in neither list."""
        blast, under_way = Blast(), dict[bytes, UnderWay]()
        began, todo = time.perf_counter(), iter(waiting)
        more = self._fill(todo, under_way)
        if self.instant:
            for one in under_way.values():
                one.began = began
        repeat_at = began + AGAIN
        while (under_way or more) and not self.stopped:
            now = time.perf_counter()
            if now - began > seconds:
                break
            if now > repeat_at:
                blast.repeated += self._repeat(under_way, now)
                repeat_at = now + 0.1
            if select.select([self.socket], [], [], 0.05)[0]:
                self._read(blast, under_way)
            more = more and self._fill(todo, under_way)
        blast.seconds = time.perf_counter() - began
        return blast

    def close(self) -> None:
        """Let the socket go."""
        self.socket.close()

    def _fill(self, todo: Iterator[tuple[str, bytes]], under_way: dict[bytes, UnderWay]) -> bool:
        while len(under_way) < self.window:
            ref, data = next(todo, ("", b""))
            if not ref:
                return False
            now = time.perf_counter()
            under_way[ref.encode()] = UnderWay(now, now + AGAIN, data)
            self._send(data)
        return True

    def _repeat(self, under_way: dict[bytes, UnderWay], now: float) -> int:
        late = [one for one in under_way.values() if one.again_at < now]
        for one in late:
            one.pause = min(2 * one.pause, 4.0)
            one.again_at = now + one.pause
            self._send(one.data)
        return len(late)

    def _read(self, blast: Blast, under_way: dict[bytes, UnderWay]) -> None:
        for _ in range(4 * self.window):
            try:
                data = self.socket.recv(65_536)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if data.startswith(b"MESSAGE"):
                blast.answered += 1
                self._send(answer(data))
                continue
            ref = data[(at := data.find(b"z9hG4bK") + 7) : at + 16]
            if (found := under_way.pop(ref, None)) is None:
                continue
            if data.startswith(b"SIP/2.0 2"):
                blast.waits.append(time.perf_counter() - found.began)
                blast.acknowledged.append(ref.decode())
            else:
                blast.refused.append(ref.decode())

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):  # it is repeated
            self.socket.send(data)


def answer(data: bytes) -> bytes:
    """Say 200 to a receiver's own message."""
    head = data.partition(b"\r\n\r\n")[0]
    kept = b"\r\n".join(found[0].rstrip(b"\r") for found in _HEADERS.finditer(head))
    return b"SIP/2.0 200 OK\r\n" + kept + b"\r\nContent-Length: 0\r\n\r\n"
