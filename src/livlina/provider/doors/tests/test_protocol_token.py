"""Tokens, lists and their spelling, against vectors that another program made."""

import json
from pathlib import Path

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livlina.provider.doors.protocol import cbor, lists, token
from livlina.provider.doors.protocol.faults import Fault
from livlina.provider.doors.protocol.phone import Key
from livlina.provider.doors.protocol.trial.world import NOW, World

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
ISSUER = Key.known(int(VECTORS["issuer"]["secret"], 16))

values = st.recursive(
    st.none() | st.booleans() | st.integers(-cbor.LARGEST, cbor.LARGEST) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-99_999, 99_999) | st.text(max_size=5), inner),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS["tokens"], ids=lambda vector: vector["name"])
def test_a_token_made_by_another_program_is_read_and_spelt_the_same(vector):
    raw = bytes.fromhex(vector["token"])
    claims = token.verify(raw, ISSUER.public, VECTORS["not_before"])
    assert token.KINDS.index(claims.kind) + 1 == vector["kind"]
    assert {str(door): epoch for door, epoch in claims.doors.items()} == vector["doors"]
    assert (claims.area, claims.epoch) == (vector["area"], vector["epoch"])
    assert [one.hex() for one in claims.leaders] == vector["leaders"]
    assert claims.key.hex() == VECTORS["phone"]["public"]
    ours = token.mint(ISSUER.sign, ISSUER.kid, claims)
    assert ours[:-64] == raw[:-64], "all but the signature, which is another each time"


def test_a_token_for_one_door_has_at_most_250_bytes():
    assert len(World().mint(issuer="en-kommun-med-langt-namn")) <= 250


def test_a_token_is_refused_before_and_after_and_by_another_key():
    raw = bytes.fromhex(VECTORS["tokens"][0]["token"])
    for now, public, code in (
        (VECTORS["not_before"] - 121, ISSUER.public, "too_early"),
        (VECTORS["expires"] + 121, ISSUER.public, "expired"),
        (VECTORS["not_before"], Key.known(7).public, "issuer"),
    ):
        with pytest.raises(Fault) as refused:
            token.verify(raw, public, now)
        assert refused.value.code == code


def test_a_token_that_no_lock_would_take_is_not_made():
    world = World()
    for wrong in (
        {"doors": {}}, {"doors": {-1: 1}}, {"name": b"short"}, {"key": b"\x04" + bytes(64)}, {"kind": "master"},
        {"expires": NOW - 7200}, {"issuer": ""}, {"leaders": (bytes(32),)}, {"kind": "continuation", "leaders": ()},
        {"doors": dict.fromkeys(range(401), 1)},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"token|Times"):
            world.mint(**wrong)


def test_a_list_of_fifty_lost_phones_is_small_and_a_list_of_too_many_is_not_made():
    world = World()
    fifty = [Key.known(100 + number).thumbprint for number in range(50)]
    raw = world.ended(*fifty)
    assert len(raw) <= 552
    found = lists.read_revocations(raw, world.issuer.public)
    assert found.ids == {one[:8] for one in fifty}
    assert lists.identity(fifty[0].hex()) == fifty[0][:8], "names in hexadecimals are the same names"
    with pytest.raises(ValueError, match="1 000"):
        world.ended(*(number.to_bytes(8, "big") for number in range(1_001)))


def test_lists_and_times_are_not_taken_for_each_other_nor_from_a_stranger():
    world = World()
    for read, raw in ((lists.read_time, world.ended()), (lists.read_revocations, world.time())):
        with pytest.raises(Fault):
            read(raw, world.issuer.public)
    with pytest.raises(Fault):
        lists.read_time(world.time(by=world.stranger), world.issuer.public)
    wrong = world.signed(cbor.encode(["asvalla", True, 0, b""]), typ=lists.TIME)
    with pytest.raises(Fault):
        lists.read_time(wrong, world.issuer.public)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(values)
def test_what_is_written_is_read_back(value):
    assert cbor.decode(cbor.encode(value)) == value


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=60))
def test_whatever_is_read_has_that_one_spelling(raw):
    try:
        value = cbor.decode(raw)
    except Fault:
        return
    assert cbor.encode(value) == raw


@pytest.mark.parametrize(
    "raw",
    [
        "a2010001 01", "0000", "1817", "9f00ff", "5f4100ff", "f93c00", "c0603230", "a1f400", "a1810000",
        "c249010000000000000000",
        "1b0020000000000000", "61ff", "f7", "a20200 0100", "a1400041", "d81c80", "bf0000ff", "fb3ff0000000000000",
    ],
)  # fmt: skip
def test_every_other_spelling_is_refused(raw):
    with pytest.raises(Fault):
        cbor.decode(bytes.fromhex(raw.replace(" ", "")))


def test_what_has_no_spelling_is_not_written():
    for value in (1.5, 2**53, -(2**53), {1.5: 1}, {True: 1}, cbor2.CBORTag(1, 2), {b"x": 1}, object()):
        with pytest.raises(ValueError, match="Only"):
            cbor.encode(value)
