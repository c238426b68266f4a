"""Killing a process leaves what it wrote with the system; a power cut does not. So the order of system calls is looked
at: between the write that holds an alarm and its 200 there is a sync that has come back."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.faults.alarmd import UNSYNCED, Crowd, started

STRACE = shutil.which("strace")
CALLS = "trace=pwrite64,write,fdatasync,fsync,sendto"
ALARMS = 30

pytestmark = pytest.mark.skipif(not STRACE, reason="strace (Debian: strace) is not here; CI has it")


def early(trace: str, references: dict[str, str]) -> tuple[int, list[str]]:
    """How many alarms were answered 200, and which of them without a sync after the write that holds them.

    A line is a call as it begins, or `<… name resumed>` as it ends; with its thread in front.
    """
    written: dict[str, int] = {}
    synced = count = 0
    begun: dict[str, int] = {}
    found = []
    for at, line in enumerate(trace.splitlines(), 1):
        thread, _, call = line.partition(" ")
        if "pwrite64(" in call or " write(" in call:
            written.update(dict.fromkeys(re.findall(r"<ref>(\w+)</ref>", call), at))
        if "sync(" in call:
            begun[thread] = at
        if "sync" in call and re.search(r"= 0\b", call):
            synced = max(synced, begun.get(thread, 0))
        if "sendto(" in call and "SIP/2.0 200" in call and (told := re.search(r"Call-ID: (call\d+)", call)):
            count += 1
            reference = references[told[1]]
            if not 0 < written.get(reference, 0) < synced:
                found.append(reference)
    return count, found


def traced(folder: Path, **program: Any) -> tuple[str, dict[str, str]]:
    """What the receiver asked of the system while so many alarms came, one after the other; and their references."""
    file = folder / "trace"
    before = (STRACE or "", "-f", "-s", "8000", "-e", CALLS, "-o", str(file))
    with started(folder, before=before, **program) as receiver:
        crowd = Crowd(receiver.port, window=1)
        crowd.answered(ALARMS)
        assert len(crowd.promised) == ALARMS
        crowd.close()
        receiver.stop()
    return file.read_text(errors="replace"), crowd.references


def test_every_200_is_sent_after_the_sync_of_what_it_promises(tmp_path: Path) -> None:
    assert early(*traced(tmp_path)) == (ALARMS, [])


def test_a_receiver_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    count, found = early(*traced(tmp_path, words=("-c", UNSYNCED)))
    assert count == len(found) == ALARMS
