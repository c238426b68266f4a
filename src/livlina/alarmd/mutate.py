"""Broken alarms without end, for the long runs that no receiver may fall over in."""

from __future__ import annotations

import random
from collections.abc import Iterator

_HEAD = (
    b"MESSAGE sip:larm@mottagare.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK%d;rport\r\n"
    b"Record-Route: <sip:203.0.113.1;lr>\r\nFrom: <sip:4711@enhet.example>;tag=a%d\r\nTo: <sip:larm@mottagare.example>\r\n"
    b"Call-ID: c%d\r\nCSeq: %d MESSAGE\r\nContent-Type: application/scaip+xml\r\nContent-Length: %d\r\n\r\n"
)
_BODIES = (
    b'<?xml version="1.0" encoding="UTF-8"?><mrq><ref>r%d</ref><mty>ME</mty><cid>4711</cid><dty>0003</dty><did>01</did>'
    b"<stc>0010</stc><crd>gsm:+46701740605</crd><lco>021</lco><lte>K\xc3\xb6ket</lte><lge><geo>59.3,18.0</geo></lge></mrq>",
    b"<mrq><mty>PI</mty><ref>r%d</ref><cid>4711</cid><dty>2</dty><stc>102</stc></mrq>",
    b"<ATM><version>1.5</version><type>1</type><data>010000000471100010190071000</data><time>%d</time></ATM>",
)
_TOKENS = (
    b"\r\n", b"\r\n\r\n", b"\0", b"<", b">", b"</mrq>", b"<!DOCTYPE x [<!ENTITY a 'a'>]>", b"&a;", b"Via: ", b"l: 99999",
    b"Content-Length: 0\r\n", b"SIP/2.0 200 OK", b"\xff\xfe", b"\xc3", b'"', b";", b",", b"%", b"9" * 40, b"<a>" * 9,
    b"REGISTER ", b"OPTIONS ", b"Authorization: Digest nonce=\"1-\", response=1\r\n", b"<mty>PI</mty>", b"\x80" * 8,
    b"ISO-8859-1", b"[::1]", b"<a>1</a>",
)  # fmt: skip


def mutants(seed: int, n: int) -> Iterator[bytes]:
    """`n` messages that began as alarms and signs of life, the same ones for the same `seed`."""
    chance = random.Random(seed)  # noqa: S311 - broken on purpose, secret from nobody
    for number in range(n):
        body = chance.choice(_BODIES) % number
        data = bytearray(_HEAD % (number, number, number, number, len(body)) + body)
        for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
            _break(chance, data)
        yield bytes(data)


def _break(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data) + 1)
    until = min(len(data), at + chance.choice((1, 1, 2, 8, 64, 4096)))
    what = chance.randrange(6)
    if what == 0:
        del data[at:until]
    elif what == 1:
        data[at:at] = chance.choice(_TOKENS)
    elif what == 2:
        data[at:until] = chance.choice(_TOKENS)
    elif what == 3:
        data[at:at] = data[at:until] * chance.choice((1, 2, 30))
    elif what == 4:
        data[at:until] = chance.randbytes(until - at)
    else:
        del data[at:]
