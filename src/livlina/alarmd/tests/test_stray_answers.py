"""An answer that a proxy leads to the wrong receiver is not answered in turn: two receivers would never stop.

Seen with a proxy that had lost the way back: four thousand messages in a second, until its memory was full.
"""

import pytest

from livlina.alarmd.endpoint import Endpoint
from livlina.alarmd.record import Unit
from livlina.alarmd.wire import Answer, Keep, Send, Source

THERE = Source("udp", ("192.0.2.9", 5060))


def said(body: str, number: int) -> bytes:
    return (
        "MESSAGE sip:4711@192.0.2.7 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK{number}\r\nFrom: <sip:larm@a>;tag=1\r\nTo: <sip:4711@b>\r\n"
        f"Call-ID: {number}\r\nCSeq: 1 MESSAGE\r\nContent-Type: application/scaip+xml\r\n"
        f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
    ).encode()


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint(
        lambda number: Unit(id=number), lambda record: Answer(), host="192.0.2.1:5060", salt=b"salt"
    )


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0" encoding="UTF-8"?><mrs><ref>1</ref><snu>0</snu></mrs>',
        "<mrs>\n<snu>2</snu></mrs>",
        "<scaip><ref>1</ref><snu>0</snu></scaip>",
        "<ATM><version>1.5</version><type>A</type><data>00004711</data></ATM>",
    ],
)
def test_a_stray_answer_is_taken_and_not_answered(endpoint: Endpoint, body: str) -> None:
    [out] = endpoint.receive(said(body, 1), THERE, 1.0)
    assert isinstance(out, Send)
    assert out.data.startswith(b"SIP/2.0 200 ")


@pytest.mark.parametrize(
    "body",
    [
        "<mrq><ref>1</ref><cid>4711</cid><dty>3</dty><snu>0</snu></mrq>",
        "<scaip><snu>0</snu><ref>1</ref><cid>4711</cid><dty>3</dty></scaip>",
        "<!-- <mrs> --><mrq><ref>1</ref><cid>4711</cid><dty>3</dty></mrq>",
        "<mrsx><ref>1</ref></mrsx>",
    ],
)
def test_what_only_looks_like_one_is_an_alarm(endpoint: Endpoint, body: str) -> None:
    [out] = endpoint.receive(said(body, 2), THERE, 1.0)
    assert isinstance(out, Keep)
    assert out.urgent
