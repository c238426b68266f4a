"""The rig's checkers: silent on a history as it should be, and each fault put in on purpose is found by its own name."""

from __future__ import annotations

import random
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.cli.rig.check import Link, Verdict, broken_links, judge
from livlina.cli.rig.history import History, Record, Told, read

WINDOW = 5
Final = dict[str, list[str]]


def lived(seed: int, steps: int = 120, window: int = 0) -> tuple[list[Record], Final]:
    """A history of a store that does everything right: answers get lost, and what was in doubt is sent again or not."""
    chance, at, number = random.Random(seed), 0.0, 0
    store: Final = {"a": [], "b": []}
    doubt: dict[str, str] = {}
    records: list[Record] = []
    for step in range(steps):
        path, at, number = chance.choice("ab"), at + 1, number + 1
        if chance.random() < 0.3:
            seen = tuple(reversed(store[path][-window:]))
            asked = Record(number, path, "read", "invoke", path, "", at)
            records += [asked, replace(asked, event="ok", at=at + 0.5, seen=seen, window=window)]
            continue
        key = doubt.pop(path, "") or f"{path}{step}"
        event = chance.choice(("ok", "ok", "ok", "unknown", "fail"))
        if key not in store[path] and (event == "ok" or (event == "unknown" and chance.random() < 0.5)):
            store[path].append(key)
        if event == "unknown" and chance.random() < 0.7:
            doubt[path] = key
        asked = Record(number, path, "write", "invoke", path, key, at)
        records += [asked, replace(asked, event=event, at=at + 0.5)]
    return records, store


def promised(records: list[Record], path: str = "a") -> list[str]:
    """The keys acknowledged on a path, in order, without those that were ever in doubt."""
    doubted = {record.key for record in records if record.event == "unknown"}
    done = [one.key for one in records if one.op == "write" and one.event == "ok" and one.path == path]
    return [key for key in dict.fromkeys(done) if key not in doubted]


@given(st.integers(0, 10_000), st.sampled_from((0, WINDOW)))
def test_a_store_that_does_everything_right_is_left_in_peace(seed: int, window: int) -> None:
    found = judge(*lived(seed, window=window))
    assert found.good, str(found)


@given(st.integers(0, 10_000))
def test_an_acknowledged_write_that_is_gone_is_lost(seed: int) -> None:
    records, final = lived(seed)
    gone = promised(records)[-1]
    final["a"].remove(gone)
    assert judge(records, final).lost == [gone]


@given(st.integers(0, 10_000))
def test_what_somebody_has_read_may_not_be_gone_either(seed: int) -> None:
    records, final = lived(seed)
    sent = Record(9001, "a", "write", "invoke", "a", "doubted", 500)
    asked = Record(9002, "a", "read", "invoke", "a", "", 501)
    shown = replace(asked, event="ok", at=502, seen=("doubted", *reversed(final["a"])))
    records += [sent, replace(sent, event="unknown", at=500.5), asked, shown]
    assert judge(records, final).lost == ["doubted"]


@given(st.integers(0, 10_000), st.booleans())
def test_a_write_that_is_there_twice_is_doubled(seed: int, elsewhere: bool) -> None:
    records, final = lived(seed)
    twice = promised(records)[0]
    final["b" if elsewhere else "a"].append(twice)
    assert judge(records, final).doubled == [twice]


@given(st.integers(0, 10_000))
def test_what_nobody_wrote_or_what_certainly_failed_is_strange(seed: int) -> None:
    records, final = lived(seed)
    sent = Record(9001, "a", "write", "invoke", "a", "refused", 500)
    records += [sent, replace(sent, event="fail", at=501)]
    final["a"] += ["nobody's", "refused"]
    assert judge(records, final).strange == ["nobody's", "refused"]


@given(st.integers(0, 10_000), st.sampled_from((0, WINDOW)))
def test_a_read_from_before_an_acknowledged_write_is_stale(seed: int, window: int) -> None:
    records, final = lived(seed, window=window)
    newest = promised(records)[-1]
    before = [key for key in final["a"] if key != newest]
    asked = Record(9001, "a", "read", "invoke", "a", "", 500)
    seen = tuple(reversed(before[-window:]))
    records += [asked, replace(asked, event="ok", at=501, seen=seen, window=window)]
    if window and newest not in final["a"][-window:]:
        assert judge(records, final).stale == []  # it had left the window by itself
    else:
        assert judge(records, final).stale == [9001]


def test_a_read_that_overlaps_the_write_may_show_either() -> None:
    sent = Record(1, "a", "write", "invoke", "a", "new", 1)
    asked = Record(2, "b", "read", "invoke", "a", "", 2)
    answered = [replace(sent, event="ok", at=3), replace(asked, event="ok", at=4)]
    assert judge([sent, asked, *answered], {"a": ["new"]}).good


def chain(length: int) -> tuple[list[Link], dict[str, tuple[int, bytes]]]:
    """A chain that holds, and its head."""
    links, last = [], b""
    for seq in range(1, length + 1):
        own = sha256(last + f"k{seq}".encode()).digest()
        links.append(Link("a", seq, f"k{seq}", last, own))
        last = own
    return links, {"a": (length, last)}


@given(st.integers(3, 30), st.data())
def test_every_way_to_break_a_chain_is_seen(length: int, data: st.DataObject) -> None:
    links, heads = chain(length)
    assert broken_links(links, heads) == []
    place = data.draw(st.integers(0, length - 1))
    one = links[place]
    ways = {
        "removed": [*links[:place], *links[place + 1 :]],
        "twice": [*links, one],
        "changed": [*links[:place], replace(one, key="other"), *links[place + 1 :]],
        "made anew": [
            *links[:place],
            replace(one, key="other", hash=sha256(one.prev + b"other").digest()),
            *links[place + 1 :],
        ],
        "all of it": [],
    }
    for way, broken in ways.items():
        assert broken_links(broken, heads), way


def test_a_history_on_the_disk_is_the_one_that_was_lived(tmp_path: Path) -> None:
    history = History(tmp_path / "h.jsonl")
    with history.one("karin", "write", "a", "k1"):
        pass
    with history.one("karin", "write", "a", "k2"):
        raise Told("fail")
    with history.one("karin", "read", "a") as answer:
        answer.seen = ("k1",)
    with pytest.raises(OSError, match="gone"), history.one("karin", "write", "a", "k3"):
        raise OSError("gone")
    history.close()
    assert read(tmp_path / "h.jsonl") == history.records
    assert [record.event for record in history.records[1::2]] == ["ok", "fail", "ok", "unknown"]
    assert judge(history.records, {"a": ["k1", "k3"]}) == Verdict(acknowledged=1, reads=1)
