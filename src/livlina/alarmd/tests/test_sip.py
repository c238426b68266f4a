"""SIP read and written: streams, limits, addresses."""

from __future__ import annotations

import pytest
from sipmessage import Message, Request, Response

from livlina.alarmd import sip
from livlina.alarmd.tests.device import message, mrq


def parsed(data: bytes) -> sip.Message:
    request = sip.parse(data)
    assert request.code == 0
    sip.stamp(request, ("192.0.2.7", 40001))
    return request


def test_a_message_without_its_length_is_taken_whole_and_one_with_it_is_cut():
    body = mrq()
    assert parsed(message(body).replace(b"Content-Length: ", b"X-Length: ")).body == body
    assert parsed(message(body) + b"more").body == body
    assert (
        parsed(message(body).replace(f"Content-Length: {len(body)}".encode(), b"Content-Length: x")).body
        == body
    )


def test_lines_that_are_no_header_are_left_out():
    request = parsed(b"MESSAGE sip:x SIP/2.0\r\nnonsense\r\n: empty\r\nX-A: 1\r\n\r\n")
    assert request.headers == {"x-a": ["1"]}


def test_bare_line_feeds_and_latin_letters_are_read():
    request = parsed("message  sip:x  SIP/2.0\nFrom: Åsa <sip:4711@x>\n\n".encode("latin-1"))
    assert (request.method, sip.user_of(request), request.get("from")) == (
        "MESSAGE",
        "4711",
        "Åsa <sip:4711@x>",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"MESSAGE sip:x HTTP/1.1\r\n\r\n",
        b"SIP/2.0 999 What\r\n\r\n",
        b"MESSAGE sip:x SIP/2.0\r\n" + b"X: 1\r\n" * 65 + b"\r\n",
        b"MESSAGE sip:x SIP/2.0\r\nX: " + b"y" * 8192 + b"\r\n\r\n",
    ],
)
def test_what_is_not_sip_or_more_than_anybody_needs_is_refused(data):
    with pytest.raises(sip.Malformed):
        sip.parse(data)


def test_a_response_is_read_as_one():
    response = sip.parse(b"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;branch=z9hG4bKours\r\n\r\n")
    assert (response.code, response.get("via")) == (200, "SIP/2.0/UDP a;branch=z9hG4bKours")


@pytest.mark.parametrize(
    ("header", "user", "raw"),
    [
        ("<sip:4711@x>;tag=1", "4711", "4711"),
        ("sip:4711@x;tag=1", "4711", "4711"),
        ('"Anna" <SIPS:47%2011@alarm_1:5061>', "47 11", "47%2011"),
        ("<sip:x>", "", ""),
        ("nonsense", "", ""),
    ],
)
def test_the_sender_is_known_by_name_however_its_host_is_written(header, user, raw):
    request = parsed(f"MESSAGE sip:x SIP/2.0\r\nFrom: {header}\r\n\r\n".encode())
    assert (sip.user_of(request), sip.user_of(request, raw=True)) == (user, raw)


def test_what_we_write_others_can_read():
    """The parser of the library, which is stricter than ours, reads both our response and our own message."""
    request = parsed(message(mrq()))
    yes = Message.parse(sip.respond(request, 200, tag="ours"))
    assert isinstance(yes, Response)
    assert (yes.via[0].parameters["rport"], yes.via[0].parameters["received"]) == ("40001", "192.0.2.7")
    assert (yes.to_address.parameters["tag"], yes.cseq.method, yes.content_length) == ("ours", "MESSAGE", 0)
    back = Message.parse(
        sip.message_back(
            request,
            ("192.0.2.7", 40001),
            "udp",
            host="r1.example",
            branch="z9hG4bKours",
            body=b"<mrs/>",
            kind="text/xml",
        )
    )
    assert isinstance(back, Request)
    assert (back.uri.user, back.uri.host, back.uri.port, back.via[0].host) == (
        "4711",
        "192.0.2.7",
        40001,
        "r1.example",
    )
    assert (back.to_address.uri.user, back.from_address.uri.user, back.body) == ("4711", "larm", b"<mrs/>")


def test_an_address_of_six_is_written_in_brackets():
    back = sip.message_back(
        parsed(b"MESSAGE sip:x SIP/2.0\r\n\r\n"),
        ("2001:db8::1", 5060),
        "tls",
        host="r",
        branch="z9hG4bKo",
        body=b"",
        kind="x",
    )
    assert back.startswith(b"MESSAGE sip:[2001:db8::1]:5060;transport=tls SIP/2.0\r\n")


def test_what_the_unit_claims_of_where_it_is_seen_is_not_sent_back_as_ours():
    via = "Via: SIP/2.0/UDP 10.0.0.4;received=203.0.113.9;rport=9;branch=z9hG4bKa"
    yes = sip.respond(parsed(message(mrq(), via=via)), 200, tag="t")
    assert b"Via: SIP/2.0/UDP 10.0.0.4;rport=40001;branch=z9hG4bKa;received=192.0.2.7\r\n" in yes


def test_an_alarm_on_a_stream_without_its_length_takes_what_has_come():
    body = mrq()
    data = message(body).replace(b"Content-Length: ", b"X-Length: ")
    assert sip.Frames().feed(data) == [data]
    options = message(b"", method="OPTIONS", kind="").replace(b"Content-Length: 0", b"X: 0")
    assert sip.Frames().feed(options + message(body))[0] == options


def test_a_stream_with_line_ends_before_an_alarm_and_half_of_it_waits():
    data, frames = message(mrq()), sip.Frames()
    assert frames.feed(b"\r\n" + data[:50]) == []
    assert frames.waiting
    assert frames.feed(data[50:] + b"\r\n") == [data]
    assert not frames.waiting


@pytest.mark.parametrize("data", [b"x" * 9000, b"MESSAGE sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n"])
def test_a_stream_of_more_than_any_alarm_is_given_up(data):
    with pytest.raises(sip.TooLong):
        sip.Frames().feed(data)


@pytest.mark.parametrize(
    ("contact", "expected"), [("<sip:a@b>", True), ("sip:a@b;q=1", True), ("*", False), ("", False)]
)
def test_a_contact_is_given_back_with_how_long_it_holds(contact, expected):
    request = parsed(f"REGISTER sip:x SIP/2.0\r\nm: {contact}\r\n\r\n".encode())
    headers = dict(sip.registered(request, 60))
    assert headers.pop("Expires") == "60"
    assert headers == ({"Contact": "<sip:a@b>;expires=60"} if expected else {})
