"""Nothing that comes off the wire makes the receiver fall over, or remember without end."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from livlina.alarmd import dc09, scaip, sip
from livlina.alarmd import endpoint as module
from livlina.alarmd.mutate import mutants
from livlina.alarmd.record import FROM_UNITS, VERDICTS, Unit
from livlina.alarmd.tests.device import ANNA, HOME, Receiver, message
from livlina.alarmd.wire import Beat, Keep, Send

quick = settings(max_examples=150, deadline=None, database=None)
TAGS = st.sampled_from(["ref", "cid", "dty", "mty", "stc", "did", "crd", "lge", "hbo", "lte", "zzz"])


def whole(receiver: Receiver, data: bytes) -> None:
    """One message all the way; what comes out can be stored and sent."""
    for out in receiver.hear(data):
        if isinstance(out, Keep):
            assert out.draft.kind in FROM_UNITS
            assert out.draft.verdict in VERDICTS
            assert out.draft.id
            json.dumps(dict(out.draft.facts))
            for send in receiver.endpoint.kept(out.token, out.draft, receiver.now):
                sip.parse(send.data)
        elif isinstance(out, Send):
            assert out.data == b"\r\n" or sip.parse(out.data)
        else:
            assert isinstance(out, Beat)


def test_thousands_of_broken_alarms_are_taken_and_little_is_remembered(monkeypatch):
    for name, most in (("ANSWERED", 200), ("WAITING", 50), ("PENDING", 50)):
        monkeypatch.setattr(module, name, most)
    receivers = (
        Receiver(),
        Receiver(units=(replace(ANNA, secret="hemlig", source="192.0.2.0/24"),), realm="larm"),
    )
    frames = sip.Frames()
    for number, data in enumerate(mutants(seed=20260302, n=3000)):
        for receiver in receivers:
            whole(receiver, data)
        if number % 50 == 0:
            receivers[0].wait(0.2)
        try:
            frames.feed(data)
        except sip.TooLong:
            frames = sip.Frames()
    for receiver in receivers:
        assert len(receiver.endpoint._answered) <= 200
        assert len(receiver.endpoint._waiting) <= 50
        assert len(receiver.endpoint._told) <= 200


def test_the_same_seed_breaks_alarms_the_same_way():
    assert list(mutants(7, 50)) == list(mutants(7, 50))
    assert len(set(mutants(7, 200))) > 190


@quick
@given(st.binary(max_size=300))
def test_any_bytes_can_come(data):
    whole(Receiver(), data)
    whole(Receiver(), b"MESSAGE sip:x SIP/2.0\r\n" + data)
    whole(Receiver(), message(data))
    scaip.parse(data)
    sip.Frames().feed(data)
    dc09.Frames().feed(data)


@quick
@given(
    st.lists(st.tuples(TAGS, st.text(max_size=40)), max_size=12),
    st.sampled_from(["utf-8", "utf-16", "latin-1"]),
)
def test_any_text_can_stand_in_any_tag(said, encoding):
    inside = "".join(f"<{tag}>{text}</{tag}>" for tag, text in said)
    whole(Receiver(), message(f"<mrq>{inside}</mrq>".encode(encoding, "replace")))


@quick
@given(
    st.sampled_from(
        [
            "Via",
            "From",
            "To",
            "Call-ID",
            "CSeq",
            "Contact",
            "Expires",
            "Record-Route",
            "Authorization",
            "Content-Length",
        ]
    ),
    st.text(max_size=60),
    st.sampled_from(["MESSAGE", "REGISTER", "OPTIONS", "INVITE"]),
)
def test_anything_can_stand_in_any_header(name, text, method):
    data = message(b"<mrq/>", method=method, more={name: text})
    whole(Receiver(), data)
    whole(Receiver(units=(replace(ANNA, secret="hemlig"),), realm="larm"), data.replace(b"From: ", b"X: ", 1))


@quick
@given(st.text(max_size=80), st.booleans())
def test_any_words_can_stand_in_a_dc09_frame(text, binary):
    receiver = dc09.Dc09(
        lambda account: Unit(account, secret="00" * 16) if account == "1" else None, wall=lambda: 0.0
    )
    for content in (
        text,
        f'"SIA-DCS"0001L0#1[{text}',
        f'"*SIA-DCS"0001L0#1[{text}',
        f'"ADM-CID"0001L0#2[{text}]_{text}',
    ):
        for out in receiver.receive(dc09.frame(content, binary=binary), HOME, 0.0):
            if isinstance(out, Keep):
                receiver.kept(out.token, out.draft, 0.0)
