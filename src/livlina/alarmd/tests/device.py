"""A unit that writes SIP by hand, and a receiver whose clock is turned by hand: for tests of bytes in and bytes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from livlina.alarmd import scaip, sip
from livlina.alarmd.endpoint import Endpoint
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.wire import Answer, Beat, Fate, Keep, Send, Source

ANNA = Unit("4711", interval=60)
MONDAY = 1_772_442_600.0
"""2026-03-02 10:10 in Stockholm: ten minutes into one of the clock's 35-minute stretches."""
CALL = Answer(0, media=1, handling=62, number="sip:larm@vaxel.example")
HOME = Source("udp", ("192.0.2.7", 40001))
_numbers = count(1)


def mrq(**fields: Any) -> bytes:
    """An alarm from Anna's pendant, with other tags where the case wants them; None leaves a tag out."""
    told = {
        "ref": "r1",
        "cid": "4711",
        "dty": "0003",
        "did": "01",
        "stc": "0010",
        "crd": "gsm:+46701740605",
    } | fields
    return scaip.compose_mrq({tag: said for tag, said in told.items() if said is not None})


def beat(**fields: Any) -> bytes:
    """A sign of life."""
    return scaip.compose_mrq({"mty": "PI", "ref": "h1", "cid": "4711", "dty": "2"} | fields)


def message(
    body: bytes,
    *,
    method: str = "MESSAGE",
    user: str = "4711",
    branch: str = "",
    kind: str = "application/scaip+xml",
    via: str = "",
    transport: str = "UDP",
    more: Mapping[str, str] | None = None,
) -> bytes:
    """The body in SIP; each call another branch and Call-ID, as a unit that tries anew."""
    number = next(_numbers)
    lines = [
        f"{method} sip:larm@mottagare.example SIP/2.0",
        via or f"Via: SIP/2.0/{transport} 10.0.0.4:5060;branch={branch or f'z9hG4bK{number}'};rport",
        f"From: <sip:{user}@enhet.example>;tag=t{number}",
        "To: <sip:larm@mottagare.example>",
        f"Call-ID: call{number}",
        f"CSeq: {number} {method}",
        *(f"{name}: {value}" for name, value in (more or {}).items()),
        *([f"Content-Type: {kind}"] if kind else []),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Receiver:
    """An endpoint, what it knows, and what came out of it."""

    units: tuple[Unit, ...] = (ANNA,)
    answer: Callable[[Record], Answer] = lambda record: CALL
    realm: str = ""
    proxies: str = ""
    now: float = 100.0
    at: float = MONDAY
    endpoint: Endpoint = field(init=False)

    def __post_init__(self) -> None:
        known = {unit.id: unit for unit in self.units}
        self.endpoint = Endpoint(
            known.get, lambda record: self.answer(record), host="r1.example", realm=self.realm, salt=b"salt of the boot",
            proxies=self.proxies, wall=lambda: self.at,
        )  # fmt: skip

    def wait(self, seconds: float) -> list[Send | Fate]:
        """Time goes, in tenths of a second as the server ticks."""
        out: list[Send | Fate] = []
        for _ in range(round(seconds * 10)):
            self.now, self.at = self.now + 0.1, self.at + 0.1
            out += self.endpoint.tick(self.now)
        return out

    def hear(self, data: bytes, source: Source = HOME) -> list[Send | Keep | Beat | Fate]:
        """One message comes in; what the endpoint wants done."""
        return self.endpoint.receive(data, source, self.now)

    def keep(self, data: bytes, source: Source = HOME) -> Keep:
        """One message comes in that has to be kept and nothing else."""
        (kept,) = self.hear(data, source)
        assert isinstance(kept, Keep)
        return kept

    def take(self, data: bytes, source: Source = HOME) -> tuple[Record, list[Send]]:
        """One message comes in, is kept, and answered."""
        kept = self.keep(data, source)
        return kept.draft, self.endpoint.kept(kept.token, kept.draft, self.now)


def code(send: object) -> int:
    """The status of a response."""
    assert isinstance(send, Send)
    response = sip.parse(send.data)
    return getattr(response, "code", 0)


def told(send: object) -> dict[str, str]:
    """What an mrs says, tag by tag, from our MESSAGE or from a response with a body."""
    assert isinstance(send, Send)
    _, tags = scaip.read(sip.parse(send.data).body)
    return {tag: said[0] for tag, said in tags.items()}


def ok(send: object, status: str = "200 OK") -> bytes:
    """The unit's own response to our MESSAGE."""
    assert isinstance(send, Send)
    head = send.data.split(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    kept = [line for line in head if line.startswith(("Via", "From", "To", "Call-ID", "CSeq"))]
    return "\r\n".join([f"SIP/2.0 {status}", *kept, "Content-Length: 0", "", ""]).encode()
