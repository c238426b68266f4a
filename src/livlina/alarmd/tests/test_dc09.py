"""SIA DC-09: case C33 and what surrounds it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from livlina.alarmd import dc09
from livlina.alarmd.dc09 import Dc09, Frames, crc, encrypted, frame, stamp
from livlina.alarmd.record import Unit
from livlina.alarmd.sip import TooLong
from livlina.alarmd.tests.device import MONDAY
from livlina.alarmd.wire import Beat, Keep, Send, Source

KEY = "00112233445566778899aabbccddeeff"
PANEL, LOCKED = Unit("1234", profile="dc09"), Unit("1234", profile="dc09", secret=KEY)
THERE = Source("tcp", ("192.0.2.20", 40002), 5)


@dataclass
class Panel:
    """A panel at its receiver, with a clock of its own."""

    unit: Unit | None = PANEL
    now: float = 50.0
    at: float = MONDAY
    receiver: Dc09 = field(init=False)

    def __post_init__(self) -> None:
        self.receiver = Dc09(lambda account: self.unit if account == "1234" else None, wall=lambda: self.at)

    def hear(self, content: str, **how: bool) -> list[Send | Keep | Beat]:
        return self.receiver.receive(frame(content, **how), THERE, self.now)

    def take(self, content: str, **how: bool) -> tuple[Keep, str]:
        """It is kept and answered: the Keep, and the words of the answer."""
        (kept,) = self.hear(content, **how)
        assert isinstance(kept, Keep)
        (send,) = self.receiver.kept(kept.token, kept.draft, self.now)
        return kept, words(send)


def words(send: object) -> str:
    """What stands in a frame, its CRC and length being right."""
    assert isinstance(send, Send)
    said = dc09.parse(send.data)
    assert said is None or said.intact
    return send.data.decode("latin-1")[9:-1]


def secret(name: str, event: str, at: float, key: str = KEY) -> str:
    return f'"*{name}"0007L0#1234[{encrypted(f"{event}]{stamp(at)}", key)}'


def test_the_check_sum_is_that_of_the_standard():
    assert crc(b"123456789") == 0xBB3D


def test_a_fire_is_acknowledged_when_it_is_durable_and_not_before():
    """C33, SIA-DCS"""
    kept, answer = Panel().take('"SIA-DCS"0007R1L0#1234[#1234|NFA1/Kök]_09:10:00,03-02-2026')
    assert (kept.draft.kind, kept.draft.unit, kept.draft.reference, kept.urgent) == (
        "alarm",
        "1234",
        "0007",
        True,
    )
    assert (kept.draft.facts["code"], kept.draft.facts["zone"], kept.draft.facts["dty"]) == ("FA", "1", 47)
    assert kept.draft.verified
    assert answer == '"ACK"0007R1L0#1234[]'


def test_contact_id_says_the_same_in_numbers():
    """C33, ADM-CID"""
    kept, answer = Panel().take('"ADM-CID"0008L0#1234[#1234|1110 01 003]')
    assert (kept.draft.kind, kept.draft.facts["code"], kept.draft.facts["zone"]) == ("alarm", "1110", "003")
    assert answer == '"ACK"0008L0#1234[]'


def test_a_sign_of_life_is_acknowledged_at_once():
    """C33, NULL"""
    answer, life = Panel().hear('"NULL"0000L0#1234[]')
    assert (words(answer), life) == ('"ACK"0000L0#1234[]', Beat("1234", THERE, True))


def test_what_is_encrypted_is_opened_and_answered_in_kind():
    """C33, encrypted"""
    panel = Panel(LOCKED)
    kept, answer = panel.take(secret("SIA-DCS", "#1234|NBA2", MONDAY))
    assert (kept.draft.kind, kept.draft.facts["code"], kept.draft.verified) == ("alarm", "BA", True)
    head, _, rest = answer.partition("[")
    assert head == '"*ACK"0007L0#1234'
    assert dc09.decrypted(rest, KEY) == "]" + stamp(MONDAY)
    assert panel.hear(secret("NULL", "", MONDAY))[-1] == Beat("1234", THERE, True)


def test_a_wrong_check_sum_is_met_with_silence_but_a_known_panel_is_shown_to_staff():
    """C33, bad CRC"""
    broken = frame('"SIA-DCS"0007L0#1234[#1234|NFA1]').replace(b"NFA1", b"NFA2")
    (shown,) = Panel().receiver.receive(broken, THERE, 0.0)
    assert isinstance(shown, Keep)
    assert (shown.token, shown.draft.kind, shown.draft.unit) == (0, "unreadable", "1234")
    assert Panel(None).receiver.receive(broken, THERE, 0.0) == []
    beat = frame('"NULL"0000L0#1234[]').replace(b"0000L0", b"0001L0")
    assert Panel().receiver.receive(beat, THERE, 0.0) == []


@pytest.mark.parametrize("late", [-41, 21, 86400])
def test_an_old_clock_is_told_the_time_and_the_alarm_shown_all_the_same(late):
    """C33, old clock"""
    panel = Panel()
    no, shown = panel.hear(f'"SIA-DCS"0007L0#1234[#1234|NFA1]{stamp(MONDAY + late)}')
    assert words(no) == f'"NAK"0000R0L0A0[]{stamp(MONDAY)}'
    assert isinstance(shown, Keep)
    assert (shown.token, shown.draft.verdict, shown.draft.verified, shown.urgent) == (0, "wrong", False, True)
    (no,) = panel.hear(f'"NULL"0000L0#1234[]{stamp(MONDAY + late)}')
    assert words(no).startswith('"NAK"')
    (no,) = panel.hear(f'"SIA-DCS"0007L0#1234[#1234|NOP1]{stamp(MONDAY + late)}')
    assert words(no).startswith('"NAK"')


@pytest.mark.parametrize("late", [-39, 0, 19])
def test_a_clock_that_is_nearly_right_is_right(late):
    assert Panel().take(f'"SIA-DCS"0007L0#1234[#1234|NFA1]{stamp(MONDAY + late)}')[1].startswith('"ACK"')


def test_an_impossible_moment_is_not_in_time_and_a_secret_needs_one():
    (no, _) = Panel().hear('"SIA-DCS"0007L0#1234[#1234|NFA1]_25:61:00,13-32-2026')
    assert words(no).startswith('"NAK"')
    (no, _) = Panel(LOCKED).hear(f'"*SIA-DCS"0007L0#1234[{encrypted("#1234|NFA1]", KEY)}')
    assert words(no).startswith('"NAK"')


@pytest.mark.parametrize(
    "unit", [PANEL, Unit("1234", secret="ffeeddccbbaa99887766554433221100"), Unit("1234", secret="kort")]
)
def test_what_cannot_be_opened_is_sent_elsewhere_and_shown(unit):
    panel = Panel(unit)
    no, shown = panel.hear(secret("SIA-DCS", "#1234|NFA1", MONDAY))
    assert words(no) == '"DUH"0007L0#1234[]'
    assert isinstance(shown, Keep)
    assert (shown.token, shown.draft.kind) == (0, "unreadable")
    assert len(panel.hear(secret("NULL", "", MONDAY))) == 1


def test_what_could_not_be_stored_is_sent_elsewhere_and_may_come_again():
    panel = Panel()
    content = '"SIA-DCS"0007L0#1234[#1234|NFA1]'
    (kept,) = panel.hear(content)
    (no,) = panel.receiver.kept(kept.token, None, panel.now)
    assert words(no) == '"DUH"0007L0#1234[]'
    assert panel.receiver.kept(kept.token, None, panel.now) == []
    again, answer = panel.take(content)
    assert (answer, again.draft.id) == ('"ACK"0007L0#1234[]', kept.draft.id)


def test_the_same_frame_again_is_kept_once_and_acknowledged_each_time():
    panel = Panel()
    content = '"SIA-DCS"0007L0#1234[#1234|NFA1]'
    (kept,) = panel.hear(content)
    assert panel.hear(content) == []
    (yes,) = panel.receiver.kept(kept.token, kept.draft, panel.now)
    assert panel.hear(content) == [yes]
    panel.now += 40
    assert panel.take(content)[0].draft.id == kept.draft.id


def test_more_waiting_than_can_be_remembered_is_sent_elsewhere_and_shown(monkeypatch):
    monkeypatch.setattr(dc09, "WAITING", 0)
    no, shown = Panel().hear('"SIA-DCS"0007L0#1234[#1234|NFA1]')
    assert words(no).startswith('"DUH"')
    assert (shown.token, shown.urgent) == (0, True)


@pytest.mark.parametrize(
    ("unit", "source", "verified"),
    [
        (Unit("1234", source="192.0.2.0/24"), THERE, True),
        (Unit("1234", source="198.51.100.1"), THERE, False),
        (LOCKED, THERE, False),
        (PANEL, Source("tls", ("192.0.2.20", 1), 1, "1234"), True),
        (PANEL, Source("tls", ("192.0.2.20", 1), 1, "4321"), False),
        (None, THERE, False),
    ],
)
def test_only_what_comes_from_where_the_panel_is_known_to_be_counts_as_life(unit, source, verified):
    out = Panel(unit).receiver.receive(frame('"NULL"0000L0#1234[]'), source, 0.0)
    assert out[-1] == Beat("1234", source, verified)


def test_a_panel_nobody_knows_is_shown_and_acknowledged():
    kept, answer = Panel(None).take('"SIA-DCS"0007L0#1234[#1234|NFA1]')
    assert (kept.draft.verdict, kept.draft.kind, answer) == ("unknown_unit", "alarm", '"ACK"0007L0#1234[]')


@pytest.mark.parametrize(
    ("name", "event", "kind"),
    [
        ("SIA-DCS", "NFA1", "alarm"), ("SIA-DCS", "Nri1/FA001", "alarm"), ("SIA-DCS", "Nti09:10/ri1/BA1", "alarm"),
        ("SIA-DCS", "NPA1", "alarm"), ("SIA-DCS", "NTA1", "alarm"), ("SIA-DCS", "NZZ", "alarm"),
        ("SIA-DCS", "NYT1", "fault"), ("SIA-DCS", "NAT1", "fault"), ("SIA-DCS", "NYR1", "restored"),
        ("SIA-DCS", "NAR1", "restored"), ("SIA-DCS", "NBH1", "restored"), ("SIA-DCS", "NRP", "test"),
        ("SIA-DCS", "NFX1", "test"), ("SIA-DCS", "NOP1", "update"), ("SIA-DCS", "OCL1", "update"),
        ("SIA-DCS", "OP1", "update"),
        ("SIA-DCS", "???", "unreadable"), ("ADM-CID", "1110 01 003", "alarm"), ("ADM-CID", "3110 01 003", "restored"),
        ("ADM-CID", "1302 00 000", "fault"), ("ADM-CID", "3302 00 000", "restored"), ("ADM-CID", "1602 00 000", "test"),
        ("ADM-CID", "3401 01 002", "update"), ("ADM-CID", "1999 01 002", "alarm"), ("ADM-CID", "x", "unreadable"),
        ("OTHER", "NFA1", "unreadable"),
    ],
)  # fmt: skip
def test_what_happened_makes_the_kind_and_doubt_is_an_alarm(name, event, kind):
    (kept,) = Panel().hear(f'"{name}"0007L0#1234[#1234|{event}]')
    assert (kept.draft.kind, kept.urgent) == (kind, kind in ("alarm", "unreadable"))


@pytest.mark.parametrize(
    "data", [b"", b"\n\r", b"\n00000000\r", b'\n00000008"SIA-DC"\r', b"GET / HTTP/1.1\r\n"]
)
def test_what_is_no_frame_is_not_answered(data):
    assert Panel().receiver.receive(data, THERE, 0.0) == []


@pytest.mark.parametrize("binary", [False, True])
def test_a_stream_is_cut_by_the_length_it_tells_and_answered_with_the_same_kind_of_check_sum(binary):
    one, two = (frame(f'"SIA-DCS"000{n}L0#1234[#1234|NFA{n}]', binary=binary) for n in (1, 2))
    whole = Frames()
    assert whole.feed(b"noise" + one + two) == [one, two]
    assert [piece for byte in one for piece in whole.feed(bytes([byte]))] == [one]
    assert not whole.waiting
    panel = Panel()
    (kept,) = panel.receiver.receive(one, THERE, 0.0)
    (yes,) = panel.receiver.kept(kept.token, kept.draft, 0.0)
    assert yes.data == frame('"ACK"0001L0#1234[]', binary=binary)


def test_a_stream_that_never_ends_is_given_up():
    assert Frames().feed(b"\nnonsense nonsense\r") == [b"\nnonsense nonsense\r"]
    whole = Frames()
    whole.feed(b"\n" + b"x" * 4000)
    assert whole.waiting
    with pytest.raises(TooLong):
        whole.feed(b"x" * 200)
