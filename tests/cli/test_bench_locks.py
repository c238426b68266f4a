"""Locks and messages bent in every way; and what the measurements of `livlina bench locks` stand on."""

import pytest

from livlina.cli.bench import locks, locks_lost
from livlina.cli.bench.locks_drafts import SPOILS, right, spell, spoilt
from livlina.cli.bench.locks_fuzz import Fuzz
from livlina.provider.doors.protocol.trial.broken import BROKEN


def test_twenty_thousand_bent_messages_open_nothing_wrong_refuse_nothing_right_and_crash_nothing() -> None:
    found = Fuzz(seed=20_260_302).run(20_000)
    assert found.clean, "\n".join(found.examples)
    assert found.tried >= 20_000
    assert found.opened > 600, "right messages were among them"
    assert len(found.faults) >= 20, "and nearly every reason not to open was met"


@pytest.mark.parametrize("name", locks.CONTROLS)
def test_bending_finds_a_lock_with_a_guard_missing(name: str) -> None:
    assert not Fuzz(3, BROKEN[name]).run(locks.CONTROL_MOST, until_wrong=True).clean


@pytest.mark.parametrize("name", SPOILS)
def test_every_spoilt_draft_is_refused_and_the_same_one_unspoilt_opens(name: str) -> None:
    fuzz = Fuzz(5)
    for _ in range(5):
        fuzz._judge(name, spell(spoilt(fuzz.world, fuzz.rng, name), fuzz.world).message(), False)
        fuzz._judge("right", spell(right(fuzz.world, fuzz.rng), fuzz.world).message(), True)
    assert fuzz.found.clean, fuzz.found.examples
    assert fuzz.found.opened == 5


def test_a_lost_phone_is_stopped_by_the_list_its_colleagues_bring() -> None:
    lost = locks_lost.measure(4)
    assert lost.evenly <= 3.5
    assert lost.evenly < lost.in_shift < lost.without_lists, "the harder case, and no lists at all"
    assert lost.outage == lost.without_lists == pytest.approx(5.0, abs=0.01), "half of the key's ten hours"


def test_the_table_says_what_was_met() -> None:
    told = locks.table(locks._sizes())
    assert "| ≤ 250 bytes | " in told
    assert "**no**" not in told
