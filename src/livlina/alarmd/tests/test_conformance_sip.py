"""How real units speak SIP, case by case: the number of the case stands in each docstring. C33 is in test_dc09."""

from __future__ import annotations

from dataclasses import replace

import pytest

from livlina.alarmd import nowip, sip
from livlina.alarmd.record import Unit
from livlina.alarmd.tests.device import ANNA, HOME, Receiver, code, message, mrq, ok, told
from livlina.alarmd.wire import Beat, Fate, Send, Source

INLINE = replace(ANNA, profile="scaip_inline")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_the_answer_goes_back_on_the_way_the_question_came(transport):
    """C21"""
    source = Source(transport, ("192.0.2.7", 40001), 7)
    receiver = Receiver()
    kept = receiver.keep(message(mrq(), transport=transport.upper()), source)
    sends = receiver.endpoint.kept(kept.token, kept.draft, receiver.now)
    assert [send.to for send in sends] == [source, source]
    line = sends[1].data.split(b"\r\n")[0].decode()
    suffix = "" if transport == "udp" else f";transport={transport}"
    assert line == f"MESSAGE sip:4711@192.0.2.7:40001{suffix} SIP/2.0"
    assert f"Via: SIP/2.0/{transport.upper()} r1.example;branch=".encode() in sends[1].data


def test_two_alarms_in_one_segment_and_pings_between_them_are_told_apart():
    """C21"""
    one, two = message(mrq(ref="a")), message(mrq(ref="b"))
    assert sip.Frames().feed(one + b"\r\n\r\n" + two + b"\r\n\r\n") == [one, b"\r\n\r\n", two, b"\r\n\r\n"]
    assert Receiver().hear(b"\r\n\r\n") == [Send(HOME, b"\r\n")]


def test_an_alarm_that_trickles_in_byte_by_byte_becomes_whole():
    """C21"""
    one, frames = message(mrq()), sip.Frames()
    whole = [piece for byte in b"\r\n\r\n" + one for piece in frames.feed(bytes([byte]))]
    assert whole == [b"\r\n\r\n", one]
    assert not frames.waiting


def test_short_names_folded_lines_and_several_vias_are_one_request():
    """C22"""
    body = mrq()
    data = (
        "MESSAGE sip:larm@r1 SIP/2.0\r\n"
        "v: SIP/2.0/UDP proxy.example;branch=z9hG4bKp,\r\n"
        " SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bKd;rport=1;received=198.51.100.9\r\n"
        "VIA : SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKq\r\n"
        "f: Annas larm\r\n\t<sip:4711@enhet.example>;tag=1\r\nt: <sip:larm@r1>\r\ni: x\r\nCSeq: 1 MESSAGE\r\n"
        f"c: application/scaip+xml\r\nl: {len(body)}\r\n\r\n"
    ).encode() + body
    record, (yes, answer) = Receiver().take(data)
    lines = yes.data.decode().split("\r\n")
    assert record.verified
    assert lines[1:3] == [
        "Via: SIP/2.0/UDP proxy.example;branch=z9hG4bKp;received=192.0.2.7, "
        "SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bKd;rport=1;received=198.51.100.9",
        "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKq",
    ]
    assert lines[3] == "From: Annas larm <sip:4711@enhet.example>;tag=1"
    assert lines[4].startswith("To: <sip:larm@r1>;tag=")
    assert answer.data.startswith(b"MESSAGE sip:4711@10.0.0.9 SIP/2.0\r\n")


def test_the_response_says_where_the_request_really_came_from():
    """C22"""
    _, (yes, _) = Receiver().take(message(mrq(), branch="z9hG4bKx"))
    assert b"Via: SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bKx;rport=40001;received=192.0.2.7\r\n" in yes.data


def test_the_same_transmission_again_is_one_event_and_gets_the_same_reply():
    """C23"""
    receiver, data = Receiver(), message(mrq())
    kept = receiver.keep(data)
    assert receiver.hear(data) == []
    yes, _ = receiver.endpoint.kept(kept.token, kept.draft, receiver.now)
    receiver.wait(4)
    assert receiver.hear(data) == [yes]


def test_the_same_alarm_tried_anew_is_the_same_event_and_is_answered_anew():
    """C24"""
    receiver = Receiver()
    first, _ = receiver.take(message(mrq()))
    receiver.wait(20)
    again, (yes, answer) = receiver.take(message(mrq()))
    assert again.id == first.id
    assert (code(yes), told(answer)["snu"]) == (200, "0")


def test_the_same_reference_with_other_words_is_another_event():
    """C24"""
    receiver = Receiver()
    assert receiver.take(message(mrq()))[0].id != receiver.take(message(mrq(lco="011")))[0].id


def test_the_same_reference_after_thirty_six_minutes_is_another_event():
    """C25"""
    receiver = Receiver()
    first, _ = receiver.take(message(mrq()))
    receiver.at += 34 * 60
    assert receiver.take(message(mrq()))[0].id == first.id
    receiver.at += 2 * 60
    assert receiver.take(message(mrq()))[0].id != first.id


def test_a_unit_that_asks_whether_we_are_here_is_told_yes_and_nothing_more():
    """C26"""
    (yes,) = Receiver().hear(message(b"", method="OPTIONS", kind=""))
    assert code(yes) == 200
    assert b"Allow: MESSAGE, OPTIONS, REGISTER\r\n" in yes.data
    assert not any(name in yes.data for name in (b"Server", b"User-Agent", b"Contact"))


@pytest.mark.parametrize(
    ("unit", "asked", "seconds"),
    [(ANNA, "", 3600), (ANNA, "120", 120), (INLINE, "7200", 600), (ANNA, "0", 0), (ANNA, "soon", 3600)],
)
def test_a_registration_is_answered_by_the_units_profile(unit, asked, seconds):
    """C27"""
    more = {"Contact": "<sip:4711@10.0.0.4:5060>;q=0.5"} | ({"Expires": asked} if asked else {})
    data = message(b"", method="REGISTER", kind="", more=more).replace(b"To: <sip:larm@", b"To: <sip:4711@")
    (yes,) = Receiver(units=(unit,)).hear(data)
    assert code(yes) == 200
    assert f"Expires: {seconds}\r\n".encode() in yes.data
    assert (f"Contact: <sip:4711@10.0.0.4:5060>;expires={seconds}\r\n".encode() in yes.data) == (seconds > 0)


def test_the_answer_is_sent_again_until_the_unit_has_it():
    """C28"""
    receiver = Receiver()
    record, (_, answer) = receiver.take(message(mrq()))
    assert receiver.wait(0.4) == []
    assert receiver.wait(3.5) == [answer, answer, answer]  # after 0.5, 1.5 and 3.5 s
    assert receiver.hear(ok(answer, "100 Trying")) == []
    assert receiver.hear(ok(answer)) == [Fate(record.id, True)]
    assert receiver.wait(40) == []


def test_an_answer_nobody_acknowledges_is_given_up_after_32_seconds_and_that_is_told():
    """C28"""
    receiver = Receiver()
    record, (_, answer) = receiver.take(message(mrq()))
    out = receiver.wait(33)
    assert out == [answer] * 10 + [Fate(record.id, False)]


def test_a_unit_with_a_secret_is_asked_to_prove_it():
    """C29: see test_endpoint for the rest of the round."""
    receiver = Receiver(units=(replace(ANNA, secret="hemlig"),), realm="larm")
    (no,) = receiver.hear(message(mrq()))
    assert code(no) == 401
    assert b'WWW-Authenticate: Digest realm="larm", nonce="' in no.data


def test_behind_a_proxy_the_answer_takes_the_same_way_back():
    """C30"""
    proxy = Source("tcp", ("203.0.113.1", 5060), 3)
    via = (
        "Record-Route: <sip:203.0.113.1;lr;transport=tcp>\r\nVia: SIP/2.0/TCP 203.0.113.1;branch=z9hG4bKk;i=2\r\n"
        "Via: SIP/2.0/UDP 10.0.0.4:5060;received=192.0.2.7;rport=40001;branch=z9hG4bKd"
    )
    record, (yes, answer) = Receiver().take(message(mrq(), via=via), proxy)
    assert record.verified
    assert (yes.to, answer.to) == (proxy, proxy)
    assert yes.data.decode().split("\r\n")[1:4] == [
        "Via: SIP/2.0/TCP 203.0.113.1;branch=z9hG4bKk;i=2;received=203.0.113.1",
        "Via: SIP/2.0/UDP 10.0.0.4:5060;received=192.0.2.7;rport=40001;branch=z9hG4bKd",
        "Record-Route: <sip:203.0.113.1;lr;transport=tcp>",
    ]
    assert answer.data.startswith(b"MESSAGE sip:4711@192.0.2.7:40001 SIP/2.0\r\nVia: SIP/2.0/TCP r1.example;")
    assert b"Route: <sip:203.0.113.1;lr;transport=tcp>\r\n" in answer.data


def test_a_unit_that_wants_its_answer_in_the_reply_gets_it_there():
    """C31"""
    receiver = Receiver(units=(INLINE,))
    body = b"<scaip><ref>a-1</ref><cid>4711</cid><dty>3</dty><did>A1B2C3D4E5F6</did></scaip>"
    _, (yes,) = receiver.take(message(body, kind="application/xml"))
    assert code(yes) == 200
    assert b"Content-Type: application/xml\r\n" in yes.data
    assert yes.data.endswith(b"</scaip>")
    assert told(yes)["ref"] == "a-1"
    assert receiver.wait(33) == []


@pytest.mark.parametrize("kind", ["text/plain", "text/xml", "application/xml; charset=utf-8"])
def test_an_alarm_is_known_by_its_words_not_by_what_it_calls_itself(kind):
    """C31"""
    assert Receiver().keep(message(mrq(), kind=kind)).draft.kind == "alarm"


def test_nowip_speaks_through_the_same_door():
    """C32"""
    receiver = Receiver(units=(Unit("00004711"),))
    alarm = nowip.compose("1", "010000004711001001904000", time="20260302090000")
    record, (yes, answer) = receiver.take(message(alarm, kind="text/plain", user="00004711"))
    assert (record.protocol, record.kind, record.unit, record.device) == (
        "nowip",
        "alarm",
        "00004711",
        "0010",
    )
    assert (record.facts["dty"], code(yes)) == (3, 200)
    assert b"<type>A</type><data>000047110010</data>" in answer.data
    life = nowip.compose("0", "000047110000")
    yes, _, sign = receiver.hear(message(life, kind="text/plain", user="00004711"))
    assert (code(yes), sign) == (200, Beat("00004711", HOME, True))
