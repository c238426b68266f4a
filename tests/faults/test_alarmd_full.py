"""The receiver's disk takes no more: every unit is sent elsewhere, none is promised anything, and all is well again
without a restart as soon as there is room."""

import resource
from pathlib import Path
from typing import Any

from tests.faults.alarmd import HOPEFUL, Crowd, Receiver, started
from tests.faults.helpers import until

MORE = 60


def fill(receiver: Receiver) -> int:
    """No file of the receiver's may grow any more."""
    largest = max(file.stat().st_size for file in receiver.folder.glob("log.db*"))
    assert receiver.process
    hard = resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE, (largest, hard))
    return hard


def lived_through(receiver: Receiver) -> tuple[Crowd, set[str]]:
    """Alarms before, while and after the disk is full. Returns who pressed, and what they were falsely promised."""
    crowd = Crowd(receiver.port, window=1)
    crowd.answered(5)
    hard = fill(receiver)
    crowd.answered(MORE)
    false = crowd.promised - receiver.log()
    assert receiver.process
    resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    crowd.close()
    return crowd, false


def test_on_a_full_disk_nothing_is_promised_and_nothing_stays_refused_when_there_is_room(
    tmp_path: Path,
) -> None:
    with started(tmp_path) as receiver:
        crowd, false = lived_through(receiver)
        assert false == set()
        assert len(crowd.promised) >= 5
        assert len(crowd.refused) > MORE / 2
        again = Crowd(receiver.port, window=1)
        again.sent = 1000
        again.answered(3)
        assert len(again.promised) == 3
        until(
            lambda: crowd.refused <= receiver.log(),
            "what was refused and shown to staff to be stored after all",
        )
        again.close()


def test_a_receiver_that_hopes_for_the_best_is_found_out(tmp_path: Path) -> None:
    hopeful: dict[str, Any] = {"words": ("-c", HOPEFUL)}
    with started(tmp_path, **hopeful) as receiver:
        assert lived_through(receiver)[1]
