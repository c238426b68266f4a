"""NOWIP (BS 8521-2)."""

from __future__ import annotations

import pytest

from livlina.alarmd import nowip
from livlina.alarmd.codes import HEARTBEAT


def alarm(event: int, status: int = 0, priority: int = 1) -> bytes:
    return nowip.compose("1", f"0100000047110010{event:03}02{priority}{status:02}")


@pytest.mark.parametrize(
    ("event", "status", "kind"),
    [
        (19, 0, "alarm"), (10, 0, "alarm"), (16, 5, "alarm"), (0, 0, "cancel"), (58, 0, "test"), (53, 0, "fault"),
        (53, 4, "restored"),        (19, 7, "fault"), (98, 0, "update"), (70, 0, "alarm"), (999, 99, "alarm"),
    ],
)  # fmt: skip
def test_what_happened_makes_the_kind_and_doubt_is_an_alarm(event, status, kind):
    record = nowip.parse(alarm(event, status))
    assert (record.kind, record.unit, record.device, record.verdict) == (kind, "00004711", "0010", "ok")


def test_codes_are_given_in_the_words_of_scaip_too():
    record = nowip.parse(alarm(21, 7, 9))
    assert (record.facts["dty"], record.facts["stc"], record.facts["pri"]) == (5, 16, 9)
    assert record.facts["nowip"] == {
        "system": 0,
        "speech": 1,
        "event": 21,
        "location": 2,
        "priority": 9,
        "status": 7,
    }


def test_a_sign_of_life_is_one():
    record = nowip.parse(nowip.compose("0", "000047110000"))
    assert (record.kind, record.unit) == (HEARTBEAT, "00004711")


@pytest.mark.parametrize(
    ("body", "unit", "verdict"),
    [
        (b"<ATM><type>1</type><data>12</data></ATM>", "", "invalid"),
        (b"<ATM><type>2</type><data>000047110000</data></ATM>", "00004711", "invalid"),
        (b"<ATM><type><a>1</a></type></ATM>", "", "invalid"),
        (b"<ATM>", "", "invalid"),
        (b"<x><ATM/></x>", "", "invalid"),
        (b"<ATM>" + b" " * 5000 + b"</ATM>", "", "too_long"),
    ],
)
def test_what_is_not_understood_is_put_before_a_human(body, unit, verdict):
    assert nowip.looks_like(body)
    record = nowip.parse(body)
    assert (record.kind, record.unit, record.verdict) == ("unreadable", unit, verdict)


def test_the_acknowledgement_tells_whose_alarm_it_was_and_when():
    record = nowip.parse(nowip.compose("1", "010000004711001001902000", time="20260302091000"))
    assert nowip.acknowledge(record) == (
        b"<ATM><version>1.5</version><type>A</type><data>000047110010</data><time>20260302091000</time></ATM>"
    )
