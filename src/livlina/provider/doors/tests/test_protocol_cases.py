"""The lock as a table of sentences, and locks with a guard missing, which the table must catch."""

import pytest

from livlina.provider.doors.protocol.trial.broken import BROKEN
from livlina.provider.doors.protocol.trial.table import CASES, Case, differs
from livlina.provider.doors.protocol.trial.world import World


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_the_lock(case: Case):
    assert differs(case, World()) == "", f"must be: {case.says}"


@pytest.mark.parametrize("name", BROKEN)
def test_a_lock_with_a_guard_missing_is_caught(name: str):
    assert any(differs(case, World(BROKEN[name])) for case in CASES)


def test_there_are_no_two_sentences_alike():
    told = [case.sentence for case in CASES if not case.sentence.startswith("…")]
    assert len(told) == len(set(told))
    assert len(CASES) >= 60
