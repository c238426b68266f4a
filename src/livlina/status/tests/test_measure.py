"""When a volume will be full, and how much has to wait meanwhile."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.status import levels, measure
from livlina.status.levels import Judge
from livlina.status.measure import Database, Machine, Reading, forecast

TOTAL = 10**12


def filling(rate: float, left: float, every: float = 1.0, count: int = 60, noise: list[int] | None = None):
    """Readings of a volume that fills by `rate` bytes a second and has `left` bytes at the last one."""
    return [
        Reading(
            number * every,
            int(left + rate * every * (count - 1 - number)) + (noise[number % len(noise)] if noise else 0),
            TOTAL,
        )
        for number in range(count)
    ]


@given(
    rate=st.floats(1e3, 1e9),
    left=st.floats(1e9, 5e11),
    every=st.sampled_from([1.0, 5.0, 15.0]),
    count=st.integers(21, 90),
)
def test_a_volume_that_fills_evenly_is_foretold_to_the_percent(
    rate: float, left: float, every: float, count: int
) -> None:
    expected = left / rate
    found = forecast(filling(rate, left, every, count))
    if expected >= measure.FAR:
        assert found is None or found >= measure.FAR * 0.99
    else:
        assert found == pytest.approx(expected, rel=0.01)


@given(rate=st.floats(1e6, 1e9), noise=st.lists(st.integers(-(10**6), 10**6), min_size=3, max_size=7))
def test_some_noise_moves_the_forecast_little(rate: float, noise: list[int]) -> None:
    found = forecast(filling(rate, 3e11, noise=noise))
    assert found == pytest.approx(3e11 / rate, rel=0.25)


@given(rate=st.floats(0, 1e9), left=st.floats(1e9, 1e11))
def test_a_volume_that_empties_or_stands_still_is_never_foretold_full(rate: float, left: float) -> None:
    assert forecast(filling(-rate, left + rate * 60)) is None


def test_a_sudden_rise_is_not_drowned_in_a_calm_quarter_of_an_hour() -> None:
    calm = [Reading(float(at), 10**11, TOTAL) for at in range(0, 600, 10)]
    rise = [Reading(600.0 + at, 10**11 - 10**9 * at, TOTAL) for at in range(30)]
    found = forecast(calm + rise)
    assert found is not None
    assert found < 300  # 71 s at the newest pace; a line through all readings alone says more than an hour
    assert (measure._line(calm + rise, [one.free for one in calm + rise]) or 0) > 600, "control"


def test_few_readings_foretell_nothing_but_a_full_volume_is_full() -> None:
    assert forecast([Reading(0, 10**9, TOTAL), Reading(1, 10**8, TOTAL)]) is None
    assert forecast([Reading(0, 0, TOTAL)]) == 0.0
    assert forecast([]) is None


def test_inodes_run_out_too() -> None:
    readings = [Reading(float(at), 10**11, TOTAL, 10**6 - 10**4 * at, 10**6) for at in range(60)]
    assert forecast(readings) == pytest.approx(41, rel=0.01)


def test_a_volume_that_cannot_be_asked_counts_as_full(tmp_path: Path) -> None:
    assert measure.read(tmp_path / "gone").used == 1.0
    assert measure.volumes([("gone", tmp_path / "gone")]) == []


def test_the_same_file_system_is_watched_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert [one.name for one in measure.volumes([("a", tmp_path / "a"), ("b", tmp_path)])] == ["a"]


def at_share(used: float) -> list[tuple[Reading, None]]:
    return [(Reading(0.0, int(TOTAL * (1 - used)), TOTAL), None)]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_levels_rise_at_once_and_never_fall_while_the_share_is_near(shares: list[float]) -> None:
    judge = Judge(calm=3)
    before = 0
    for second, share in enumerate(shares):
        level = judge.judge(float(second), at_share(share), Machine(), None).level
        assert level >= sum(share >= step for step in levels.STORAGE)
        if level < before:
            assert all(
                one < levels.STORAGE[before - 1] - levels.SLACK + 1e-9
                for one in shares[second - 3 : second + 1]
            )
        before = level


def test_a_share_that_trembles_at_ninety_percent_does_not_flutter_and_without_slack_it_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def changes(calm: float) -> int:
        judge, said = Judge(calm=calm), []
        for second in range(600):
            share = 0.905 if second // 70 % 2 else 0.885
            said.append(judge.judge(float(second), at_share(share), Machine(), None).level)
        return sum(one != other for one, other in pairwise(said))

    assert changes(levels.CALM) == 1
    monkeypatch.setattr(levels, "_share", lambda why, value, steps, slack=0.0: plain(why, value, steps))
    assert changes(levels.CALM) > 5, "control"


def plain(why: str, value: float, steps: tuple[float, ...]) -> levels.Pull:
    level = sum(value >= step for step in steps)
    return levels.Pull(why, level, level)


@pytest.mark.parametrize(
    ("machine", "database", "level", "why"),
    [
        (Machine(), None, 0, ""),
        (Machine(memory_used=0.93), None, 2, "memory"),
        (Machine(memory_used=0.98), None, 3, "memory"),
        (Machine(waits=0.3), None, 2, "memory"),
        (Machine(), Database(True, True, 91, 97), 3, "connections"),
        (Machine(), Database(True, True, 80, 97), 2, "connections"),
        (Machine(), Database(True, True, 5, 97, slow=9), 2, "slow"),
        (Machine(), Database(True, True, 5, 97, slow=4), 1, "slow"),
        (Machine(), Database(True, True, 5, 97, backlog=900, oldest=1000.0), 2, "backlog"),
        (Machine(load=40.0), Database(True, True, 5, 97, backlog=9, oldest=10.0), 0, ""),
    ],
)
def test_memory_connections_slow_queries_and_backlog_shed_likewise(
    machine: Machine, database: Database | None, level: int, why: str
) -> None:
    found = Judge().judge(0.0, at_share(0.2), machine, database)
    assert (found.level, found.why) == (level, why)


def test_a_fast_rise_is_met_before_the_share_is_high_but_not_on_an_empty_volume() -> None:
    half, empty = Reading(0, TOTAL * 4 // 10, TOTAL), Reading(0, TOTAL * 8 // 10, TOTAL)
    assert Judge().judge(0.0, [(half, 600.0)], Machine(), None).level == levels.BULK_WAITS
    assert Judge().judge(0.0, [(half, 100.0)], Machine(), None).level == levels.CARE_ONLY
    assert Judge().judge(0.0, [(empty, 100.0)], Machine(), None).level == levels.NORMAL


def test_a_demo_on_a_large_disk_goes_on_until_there_is_little_left() -> None:
    large, little = Reading(0, 40 << 30, 400 << 30), Reading(0, 3 << 30, 400 << 30)
    judge = Judge(roomy=levels.DEMO_ROOM)
    assert judge.judge(0.0, [(large, 100.0)], Machine(), None).level == levels.NORMAL
    assert judge.judge(1.0, [(little, None)], Machine(), None).level == levels.CARE_ONLY
    assert Judge().judge(0.0, [(large, None)], Machine(), None).level == levels.CARE_ONLY, "control"


def test_this_machine_can_be_asked() -> None:
    found = measure.machine()
    assert 0 < found.memory_used < 1
    assert found.load >= 0
