"""Killing a process leaves what it wrote with the system; a power cut does not. So the order of system calls is looked
at: between the write that holds an alarm and its 200 there is a sync that has come back."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.faults.alarmd import HOPEFUL, UNSYNCED, Crowd, started

STRACE = shutil.which("strace")
CALLS = "trace=pwrite64,write,fdatasync,fsync,sendto"
ALARMS = 30

pytestmark = pytest.mark.skipif(not STRACE, reason="strace (Debian: strace) is not here; CI has it")


def early(trace: str, references: dict[str, str]) -> tuple[int, list[str]]:
    """How many alarms were answered 200, and which of them without a sync after the write that holds them.

    A line is a call as it begins, or `<… name resumed>` as it ends; with its thread in front.
    """
    written: dict[str, int] = {}
    durable: set[str] = set()
    begun: dict[str, int] = {}
    answered, found = 0, []
    for at, line in enumerate(trace.splitlines()):
        thread, _, call = line.partition(" ")
        if "pwrite64(" in call or " write(" in call:
            for reference in re.findall(r"<ref>(\w+)</ref>", call):
                written.setdefault(reference, at)
        if "sync(" in call:
            begun[thread] = at
        if "sync" in call and re.search(r"= 0\b", call):
            durable |= {reference for reference, when in written.items() if when < begun[thread]}
        elif "sync" in call and "= -1" in call:
            written.clear()  # the system may have forgotten what it could not write: it must be written again
        if "sendto(" in call and "SIP/2.0 200" in call and (told := re.search(r"Call-ID: (call\d+)", call)):
            answered += 1
            found += [references[told[1]]] if references[told[1]] not in durable else []
    return answered, found


def traced(folder: Path, inject: str = "", **program: Any) -> tuple[str, Crowd]:
    """What the receiver asked of the system while so many alarms came, one after the other; and who pressed."""
    file = folder / "trace"
    before = [STRACE or "", "-f", "-s", "8000", "-e", CALLS, "-o", str(file)]
    before += ["-e", f"inject={inject}"] if inject else []
    with started(folder, before=before, **program) as receiver:
        crowd = Crowd(receiver.port, window=1)
        crowd.answered(ALARMS)
        crowd.close()
        receiver.stop()
    return file.read_text(errors="replace"), crowd


def test_every_200_is_sent_after_the_sync_of_what_it_promises(tmp_path: Path) -> None:
    trace, crowd = traced(tmp_path)
    assert early(trace, crowd.references) == (ALARMS, [])


def test_a_receiver_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    trace, crowd = traced(tmp_path, words=("-c", UNSYNCED))
    count, found = early(trace, crowd.references)
    assert count == len(found) == ALARMS


FAILING = "fdatasync:error=EIO:when=12..23"
"""The first syncs are of an empty log; then a dozen fail as on a disk that is dying, and then all is well."""


def test_what_a_failing_disk_did_not_sync_is_refused_and_all_is_well_again_without_a_restart(
    tmp_path: Path,
) -> None:
    trace, crowd = traced(tmp_path, inject=FAILING)
    count, found = early(trace, crowd.references)
    assert "EIO" in trace
    assert found == []
    assert (count, len(crowd.promised) + len(crowd.refused)) == (len(crowd.promised), ALARMS)
    assert crowd.refused
    assert list(crowd.references.values())[-1] in crowd.promised


def test_a_receiver_that_takes_no_notice_of_a_failed_sync_is_found_out(tmp_path: Path) -> None:
    trace, crowd = traced(tmp_path, inject=FAILING, words=("-c", HOPEFUL))
    assert early(trace, crowd.references)[1]
