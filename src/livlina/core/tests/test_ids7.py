"""Identifiers: opaque, and in the order they were made."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from livlina.core import ids7
from livlina.core.ids7 import uuid7


@pytest.fixture
def standing(monkeypatch) -> None:
    """A clock that stands still: everything happens in the same millisecond."""
    monkeypatch.setattr(ids7.time, "time_ns", lambda: 1_800_000_000_000_000_000)
    monkeypatch.setattr(ids7, "_millisecond", 0)


def test_what_is_made_later_in_the_same_millisecond_stands_later(standing):
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}


def test_a_clock_that_is_set_back_turns_no_order_round(standing, monkeypatch):
    before = uuid7()
    monkeypatch.setattr(ids7.time, "time_ns", lambda: 1_700_000_000_000_000_000)
    assert uuid7() > before


def test_threads_that_write_at_once_share_no_place():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7().int >> 64, range(4_000)))
    assert len(set(made)) == len(made)
