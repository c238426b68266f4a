"""The XML of an alarm, in and out, beyond the cases of the conformance list."""

from __future__ import annotations

import pytest

from livlina.alarmd import scaip
from livlina.alarmd.wire import Answer


def body(inside: str) -> bytes:
    return f"<mrq><ref>r1</ref><cid>4711</cid><dty>3</dty>{inside}</mrq>".encode()


def test_what_is_composed_is_what_is_read():
    told = {
        "ref": "r1",
        "cid": "4711",
        "dty": "3",
        "dte": "Å & <b>",
        "crd": ["sip:a", "tel:+46"],
        "lge": {"geo": "1,2"},
    }
    root, tags = scaip.read(scaip.compose_mrq(told))
    assert root == "mrq"
    assert tags == {
        "ref": ["r1"], "cid": ["4711"], "dty": ["3"], "dte": ["Å & <b>"],
        "crd": ["sip:a", "tel:+46"], "lge": [{"geo": "1,2"}],
    }  # fmt: skip


def test_an_answer_says_only_what_it_has_to():
    assert scaip.read(scaip.compose_mrs("", Answer(2))) == ("mrs", {"snu": ["2"]})
    full = scaip.compose_mrs("r1", Answer(0, media=1, handling=62, number="sip:a@b", interval=3))
    assert scaip.read(full)[1] == {
        "ref": ["r1"], "snu": ["0"], "mre": ["1"], "cre": ["62"], "tnu": ["sip:a@b"], "hbi": ["3"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "inside", ["<mty>XX</mty>", "<stc>tio</stc>", "<stc>१०</stc>", "<stc><a>10</a></stc>"]
)
def test_content_that_means_nothing_is_wrong_and_still_an_alarm(inside):
    record = scaip.parse(body(inside))
    assert (record.kind, record.verdict) == ("alarm", "wrong")


def test_a_device_type_that_is_no_number_is_wrong():
    assert scaip.parse(b"<mrq><ref>r1</ref><cid>4711</cid><dty>knapp</dty></mrq>").verdict == "wrong"


@pytest.mark.parametrize("tag", sorted(scaip._SHAPES))
def test_a_tag_with_tags_of_its_own_where_there_should_be_none_is_kept_aside(tag):
    """Facts are codes and texts only, for all who read them."""
    record = scaip.parse(body("").replace(f"<{tag}>".encode(), b"<was>").replace(f"</{tag}>".encode(), b"</was>")
                         .replace(b"</mrq>", f"<{tag}><a>1</a></{tag}></mrq>".encode()))  # fmt: skip
    assert record.kind == "alarm"
    assert record.facts.get(tag, []) == []
    assert tag == "crd" or record.facts["other"][tag] == [{"a": "1"}]
    assert tag in record.facts["flags"]
    assert record.verdict == {
        "mty": "wrong",
        "stc": "wrong",
        "ref": "missing",
        "cid": "missing",
        "dty": "missing",
    }.get(tag, "ok")


def test_a_small_letter_is_no_fault():
    assert scaip.parse(body("<mty>re</mty>")).kind == "reset"
    assert scaip.parse(body("<mty>re</mty>")).verdict == "ok"


def test_an_alarm_inside_a_scaip_root_is_an_alarm():
    record = scaip.parse(b"<scaip>" + body("<stc>10</stc>") + b"</scaip>")
    assert (record.kind, record.unit, record.facts["stc"], record.facts["root"]) == (
        "alarm",
        "4711",
        10,
        "scaip",
    )


@pytest.mark.parametrize(
    "inside", ["<lge>59,18</lge>", "<dte><x>1</x></dte>", "<crd><x>1</x></crd>", "<did><x>1</x></did>"]
)
def test_tags_where_text_was_meant_and_text_where_tags_were_do_no_harm(inside):
    record = scaip.parse(body(inside))
    assert (record.kind, record.unit, record.verdict) == ("alarm", "4711", "ok")


def test_parts_of_a_position_that_are_too_long_are_pointed_out():
    assert scaip.parse(body("<lge><geo>59.329312345678,18.068612345678</geo></lge>")).facts["flags"] == [
        "geo"
    ]


def test_numbers_of_any_length_stay_in_bounds():
    record = scaip.parse(
        f"<mrq><ref>{'a' * 900}</ref><cid>{'1' * 900}</cid><dty>{'3' * 900}</dty></mrq>".encode()
    )
    assert (len(record.unit), len(record.reference), record.verdict) == (64, 64, "wrong")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"<",
        b"hej",
        b"\xff\xfe<",
        b"<mrq/>" * 2,
        b"<?xml version='1.0' encoding='hex'?><mrq/>",
        b"<mrs/>",
    ],
)
def test_what_is_no_alarm_is_unreadable_and_never_an_error(data):
    record = scaip.parse(data)
    assert record.verdict in ("invalid", "missing")


def test_an_alarm_whose_root_says_nothing_lacks_everything():
    assert scaip.parse(b"<mrq/>").verdict == "missing"
