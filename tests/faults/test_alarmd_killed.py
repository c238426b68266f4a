"""The alarm receiver is killed at any moment: what it had acknowledged is in its log."""

import os
import random
from pathlib import Path

from tests.faults.alarmd import EAGER, Crowd, Receiver, started

TRIALS = int(os.environ.get("ALARMD_KILLS", "8"))
"""The bench asks for a thousand."""


def killed(receiver: Receiver, trials: int) -> tuple[int, set[str]]:
    """Kill it so many times under load. Returns how many alarms were acknowledged, and which of them are lost."""
    promised: set[str] = set()
    for trial in range(trials):
        if trial:
            receiver.start()
        crowd = Crowd(receiver.port)
        crowd.sent = trial * 1_000_000
        crowd.go_on(random.uniform(0.02, 0.2))
        receiver.kill()
        crowd.hear(0)
        crowd.close()
        promised |= crowd.promised
        if lost := promised - receiver.log():
            return len(promised), lost
    return len(promised), set()


def test_nothing_acknowledged_is_lost_when_the_receiver_is_killed_at_any_moment(tmp_path: Path) -> None:
    with started(tmp_path) as receiver:
        promised, lost = killed(receiver, TRIALS)
    assert lost == set()
    assert promised > TRIALS  # it did receive in between


def test_a_receiver_that_acknowledges_too_early_is_found_out(tmp_path: Path) -> None:
    with started(tmp_path, words=("-c", EAGER)) as receiver:
        assert killed(receiver, 40)[1]


def test_it_stops_when_told_to_and_receives_again_soon_after_its_start(tmp_path: Path) -> None:
    with started(tmp_path) as receiver:
        crowd = Crowd(receiver.port)
        crowd.answered(3)
        assert (len(crowd.promised), receiver.stop()) == (3, 0)
        assert receiver.start() < 5  # two on a machine that does nothing else; the bench measures it
        crowd.answered(1)
        assert len(crowd.promised) == 4
        crowd.close()
