"""The simulated units themselves: what they send and when they give up on an address. Time is told, nothing waits."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

from livlina.cli.simulate import commands, panel, script, town, wire
from livlina.cli.simulate.fleet import Fleet, Packet
from livlina.cli.simulate.script import Happening
from livlina.cli.simulate.shapes import PROFILES, Said
from livlina.cli.simulate.unit import Send, Told, Unit
from livlina.cli.surroundings import Problem

A, B = "192.0.2.1:5060", "198.51.100.1:5060"


def a_unit(profile: str = "orderly", **changes: object) -> Unit:
    given: dict[str, object] = {
        "number": "1000001",
        "receivers": (A, B),
        "rng": Random(1),
        "phone": "46701740010",
    }
    return Unit(profile=PROFILES[profile], **(given | changes))  # type: ignore[arg-type]


def sent(out: object) -> list[Send]:
    return [one for one in out if isinstance(one, Send)]  # type: ignore[attr-defined]


def told(out: object) -> list[str]:
    return [one.what for one in out if isinstance(one, Told)]  # type: ignore[attr-defined]


def answered(data: bytes, status: str = "200 OK", *extra: str) -> wire.Heard:
    """What a receiver answers to these bytes."""
    asked = wire.read(data)
    assert asked
    lines = [
        f"SIP/2.0 {status}",
        *(f"v: {via}" for via in asked.headers["via"]),
        f"i: {asked.first('call-id')}",
    ]
    heard = wire.read("\r\n".join([*lines, *extra, "", ""]).encode())
    assert heard
    return heard


def mrs(data: bytes, snu: int = 0, extra: str = "") -> wire.Heard:
    """The receiver's own message about these bytes."""
    asked = wire.read(data)
    assert asked
    said = ElementTree.fromstring(asked.body.encode())
    body = f"<mrs><ref>{said.findtext('ref')}</ref><snu>{snu}</snu>{extra}</mrs>"
    if said.tag == "ATM":
        body = f"<ATM><type>{'5' if snu else 'A'}</type><time>{said.findtext('time')}</time></ATM>"
    request = wire.Ask("alarmd", "192.0.2.1:5060", "x", "udp", "z9hG4bKr", "r@r")
    heard = wire.read(wire.message(request, body).replace(b"sip:alarm@x", b"sip:1000001@unit"))
    assert heard
    return heard


def test_an_alarm_is_done_when_acknowledged_and_then_answered_and_the_answer_is_acknowledged_too() -> None:
    unit = a_unit()
    [first] = sent(unit.say("alarm", 0.0))
    assert told(unit.hear(answered(first.data), 0, 0.02)) == ["acknowledged"]
    assert unit.talks
    out = unit.hear(mrs(first.data, extra="<cre>62</cre><tnu>sip:larm@vaxel</tnu>"), 0, 0.05)
    assert told(out) == ["answered", "called"]
    assert sent(out)[0].data.startswith(b"SIP/2.0 200 OK")
    assert not unit.talks
    assert sent(unit.hear(mrs(first.data), 0, 0.6)), "a repeated answer is acknowledged again"


def test_without_an_answer_it_repeats_at_half_a_second_then_ever_more_seldom_and_changes_address() -> None:
    unit = a_unit()
    unit.say("alarm", 0.0)
    moments = []
    while unit.next_at < 8.5:
        now = unit.next_at
        moments += [(round(now, 1), one.receiver) for one in sent(unit.tick(now))]
    assert moments == [(0.5, 0), (1.5, 0), (3.5, 0), (4.0, 1), (4.5, 1), (5.5, 1), (7.5, 1), (8.0, 0)]


def test_refused_it_goes_at_once_to_the_other_address_and_a_late_answer_of_the_first_is_not_taken_for_it() -> (
    None
):
    unit = a_unit()
    [first] = sent(unit.say("alarm", 0.0))
    out = unit.hear(answered(first.data, "503 Service Unavailable"), 0, 0.01)
    assert told(out) == ["refused", "fell_back"]
    assert [one.receiver for one in sent(out)] == [1]
    assert unit.hear(answered(first.data), 0, 0.02) == []


def test_an_alarm_is_never_given_up_but_a_sign_of_life_is() -> None:
    unit = a_unit()
    unit.say("alarm", 0.0)
    unit.say("beat", 0.0)
    seen: list[str] = []
    while unit.next_at < 300:
        seen += told(unit.tick(unit.next_at))
    assert seen.count("given_up") == 1
    assert [talk.said.kind for talk in unit.talks.values()] == ["alarm"]


def test_told_to_hold_it_asks_again_and_told_busy_it_goes_elsewhere() -> None:
    unit = a_unit()
    [first] = sent(unit.say("alarm", 0.0))
    unit.hear(answered(first.data), 0, 0.0)
    unit.hear(mrs(first.data, snu=4), 0, 0.1)
    assert sent(unit.tick(9.9)) == []
    [again] = sent(unit.tick(10.2))
    unit.hear(answered(again.data), 0, 10.3)
    out = unit.hear(mrs(again.data, snu=6), 0, 10.4)
    assert [one.receiver for one in sent(out)] == [0, 1], "an answer to the first, the alarm to the other"


def test_an_acknowledgement_without_an_answer_is_not_believed_for_ever() -> None:
    unit = a_unit()
    [first] = sent(unit.say("alarm", 0.0))
    unit.hear(answered(first.data), 0, 0.0)
    assert unit.next_at == 20.0
    out = unit.tick(20.0)
    assert told(out) == ["unanswered", "fell_back"]


def test_a_challenge_is_answered_with_the_secret_which_is_not_sent() -> None:
    unit = a_unit(secret="hemlighet")
    [first] = sent(unit.say("alarm", 0.0))
    challenge = 'WWW-Authenticate: Digest realm="alarmd", nonce="n1", qop="auth", algorithm=SHA-256'
    [again] = sent(unit.hear(answered(first.data, "401 Unauthorized", challenge), 0, 0.1))
    assert b'Digest username="1000001"' in again.data
    assert b"hemlighet" not in again.data


@pytest.mark.parametrize("name", [name for name, one in PROFILES.items() if one.protocol == "scaip"])
@pytest.mark.parametrize("kind", ["alarm", "beat", "low_battery"])
def test_every_shape_is_xml_with_its_reference_and_its_number(name: str, kind: str) -> None:
    profile = PROFILES[name]
    said = Said(kind, "1000001", profile.ref(Random(1)), phone="46701740010")
    tree = ElementTree.fromstring(profile.body(said).encode())
    assert tree.findtext("ref") == said.ref
    assert (tree.findtext("cid") or "").strip() == "1000001"
    assert tree.find("dty") is not None
    assert (tree.findtext("mty") == "PI") == (kind == "beat")


def test_nowip_tells_whose_button_it_was_in_figures_and_takes_an_acknowledgement_for_its_own_moment() -> None:
    unit = a_unit("british", number="01000001", pendants=("2",))
    [first] = sent(unit.say("alarm", 0.0))
    asked = wire.read(first.data)
    assert asked
    assert asked.first("content-type") == "text/plain"
    assert "<type>1</type><data>110101000001000201900100</data>" in asked.body
    assert told(unit.hear(answered(first.data), 0, 0.02)) == ["acknowledged"]
    assert told(unit.hear(mrs(first.data, snu=5), 0, 0.03)) == ["answered", "fell_back"]
    [again] = sent(unit.tick(unit.next_at)) or [first]
    assert told(unit.hear(mrs(again.data), 1, 0.9)) == ["acknowledged", "answered"]
    assert not unit.talks


def test_a_panel_is_done_when_its_frame_is_acknowledged_and_sends_the_same_frame_elsewhere_when_not() -> None:
    unit = a_unit("panel")
    [first] = sent(unit.say("alarm", 0.0, "07"))
    assert b'"SIA-DCS"0001L0#1000001[#1000001|NMA07]' in first.data
    out = unit.hear_word(panel.Word("DUH", "0001"), 0.1)
    assert told(out) == ["refused", "fell_back"]
    [again] = sent(out)
    assert (again.receiver, again.data) == (1, first.data)
    assert unit.hear_word(panel.Word("ACK", "0002"), 0.2) == []
    assert told(unit.hear_word(panel.Word("ACK", "0001"), 0.2)) == ["acknowledged", "answered"]
    assert b'"NULL"0000L0#1000001[]' in sent(unit.say("beat", 1.0))[0].data


def test_a_stream_of_frames_is_cut_however_it_comes_and_a_broken_one_is_not_read() -> None:
    one = b"\n" + b"%04X%04X" % (panel.check(b'"ACK"0001L0#1[]'), 15) + b'"ACK"0001L0#1[]\r'
    cut = panel.Stream()
    found = [frame for byte in one + one for frame in cut.feed(bytes([byte]))]
    assert [panel.read(frame) for frame in found] == [panel.Word("ACK", "0001")] * 2
    assert panel.read(one.replace(b"0001", b"0002")) is None


def test_a_stream_is_cut_into_messages_however_it_comes() -> None:
    one = wire.message(wire.Ask("1", "h:1", "r", "tcp", "z9hG4bK1", "c@1"), "<mrs>å</mrs>")
    cut = wire.Stream()
    found = [message for byte in one + b"\r\n\r\n" + one for message in cut.feed(bytes([byte]))]
    assert found == [one, one]


def fleet(*lines: Happening, units: int = 40, interval: float = 60.0, seed: int = 7) -> Fleet:
    return Fleet(
        town.made_up(units, "mixed", (A, B), seed=seed, interval=interval), lines, seed=seed, start=0.0
    )


def lived(one: Fleet, until: float, deaf: bool = False) -> list[tuple[float, Packet]]:
    """Let time pass; a receiver that answers everything at once, or none."""
    packets = []
    while one.next_at <= until:
        now = one.next_at
        for packet in one.advance(now):
            packets.append((now, packet))
            if not deaf and packet[1].data.startswith(b"MESSAGE"):
                unit, send = packet
                one.hear(_raw(answered(send.data)), send.receiver, now)
                one.hear(_raw(mrs(send.data)), send.receiver, now, unit)
    return packets


def _raw(heard: wire.Heard) -> bytes:
    first = f"SIP/2.0 {heard.status} OK" if heard.status else f"{heard.method} {heard.uri} SIP/2.0"
    lines = [first, *(f"{name}: {value}" for name, found in heard.headers.items() for value in found)]
    return "\r\n".join([*lines, "", heard.body]).encode()


def test_each_unit_gives_a_sign_of_life_every_interval_and_the_same_seed_is_the_same_day() -> None:
    first, second = (lived(fleet(Happening("press", every=50)), 180) for _ in range(2))
    assert [(at, send.data) for at, (_, send) in first] == [(at, send.data) for at, (_, send) in second]
    beats = [unit.number for _, (unit, send) in first if b"PI</mty>" in send.data or b"<type>0" in send.data]
    assert len(beats) == 120
    assert len(set(beats)) == 40


def test_when_an_operator_is_down_units_with_one_card_are_cut_off_and_all_come_back_at_once() -> None:
    one = fleet(Happening("outage", at=60, operator="Telia", seconds=120))
    telia = {unit.number for unit in one.units if unit.operator == "Telia" and not unit.second_operator}
    packets = lived(one, 200)
    assert not {unit.number for at, (unit, _) in packets if 75 < at < 180} & telia
    back = {unit.number for at, (unit, _) in packets if 180 <= at <= 183}
    assert len(back & telia) > len(telia) * 0.9


def test_a_unit_with_two_cards_goes_on_by_the_other_operator_and_stays_there() -> None:
    one = fleet(Happening("outage", at=60, operator="Telia", seconds=600))
    both = {unit.number for unit in one.units if unit.operator == "Telia" and unit.second_operator}
    assert both
    packets = lived(one, 300)
    heard = {unit.number: unit.operator for at, (unit, _) in packets if at > 200}
    assert both <= heard.keys()
    assert "Telia" not in heard.values()
    assert one.figures.count("changed_network") == len(both)


def test_an_alarm_of_a_unit_with_two_cards_comes_when_every_address_was_tried_by_the_first() -> None:
    unit = a_unit(operator="Telia", second_operator="Tele2")
    one = Fleet([unit], [Happening("outage", operator="Telia", seconds=900)], seed=1, start=0.0, beats=False)
    one.happen(Happening("outage", operator="Telia", seconds=900), 0.0)
    one.happen(Happening("press"), 0.0)
    came = [now for now, _ in lived(one, 60)]
    assert came[0] == 8.0, "twice its patience of four seconds"
    assert one.figures.count("acknowledged", "alarm") == 1


def test_a_unit_that_was_told_where_to_call_calls() -> None:
    unit, calls = a_unit(), []
    one = Fleet([unit], [], seed=1, start=0.0, beats=False)
    one.on_call = calls.append
    for snu, number in ((0, ""), (0, "<cre>62</cre><tnu>gsm:+46846500400</tnu>")):
        [(_, first)] = one.happen(Happening("press"), 0.0)
        one.hear(_raw(answered(first.data)), 0, 0.01, unit)
        one.hear(_raw(mrs(first.data, snu, number)), 0, 0.02, unit)
    assert calls == [unit]


def test_an_outage_can_be_ended_before_its_time() -> None:
    one = fleet(
        Happening("outage", at=10, operator="Telia", seconds=9000), Happening("end", at=40, operator="Telia")
    )
    lived(one, 39)
    assert one.outages
    lived(one, 41)
    assert not one.outages


def test_a_receiver_that_is_cut_off_makes_everybody_use_the_other() -> None:
    one = fleet(Happening("outage", at=1, receiver="a", seconds=500), Happening("press", at=10, count=3))
    lived(one, 60)
    assert one.figures.count("acknowledged", "alarm") == 3
    assert one.figures.count("fell_back", "alarm") == 3
    assert 4.0 <= one.figures.share("acknowledged", "alarm", 0.5) <= 10.5


def test_a_unit_that_starts_again_is_silent_and_then_gives_a_sign_of_life() -> None:
    one = fleet(Happening("reboot", at=100, unit="1000003", seconds=90), interval=60)
    packets = lived(one, 300)
    mine = [at for at, (unit, _) in packets if unit.number == "1000003"]
    assert not [at for at in mine if 100 < at < 190]
    assert 190.0 in mine


def test_a_command_in_the_folder_is_taken_once_and_rubbish_is_put_aside(tmp_path: Path) -> None:
    commands.tell(tmp_path, what="outage", operator="Telia", seconds=600)
    (tmp_path / "0.json").write_text('{"what": "explode"}')
    one = fleet()
    for line in commands.waiting(tmp_path):
        one.happen(line, 5.0)
    assert commands.waiting(tmp_path) == []
    assert (tmp_path / "0.refused").exists()
    commands.show(tmp_path, one, 65.0)
    assert json.loads((tmp_path / "status").read_text())["outages"] == [{"operator": "Telia", "left": 540}]


@pytest.mark.parametrize(
    "text",
    ["what: press", "- 4", "- {what: sing}", "- {what: press, hour: 4}", "- {what: press, at: -1}", "- {a"],
)
def test_a_script_that_says_something_unknown_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "day.yaml").write_text(text)
    with pytest.raises(Problem, match="script"):
        script.read(tmp_path / "day.yaml")


def test_an_answer_that_overtakes_the_acknowledgement_is_one_too() -> None:
    unit = a_unit()
    [first] = sent(unit.say("alarm", 0.0))
    assert told(unit.hear(mrs(first.data), 0, 0.05)) == ["acknowledged", "answered"]
    assert unit.hear(answered(first.data), 0, 0.06) == []


def test_a_unit_may_prefer_the_second_address_and_goes_to_the_first_when_that_is_silent() -> None:
    unit = a_unit(prefers=1)
    assert [one.receiver for one in sent(unit.say("alarm", 0.0))] == [1]
    assert [one.receiver for one in sent(unit.tick(4.0))] == [0]
