"""Another's SIP against our receiver: SIPp plays a hundred units, over UDP and over TCP."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from livlina.cli import receivers, system
from livlina.cli.bench.alarms_faults import known, site
from livlina.cli.bench.alarms_receiver import Receiver, acquaint, references, running
from tests.interop.peers import HERE, NUMBERS, needed

ALARMS = 100


@pytest.fixture
def refs(tmp_path: Path) -> list[str]:
    """What the units call their alarms, in the file that SIPp reads."""
    found = [f"sipp{place:06}" for place in range(ALARMS)]
    lines = [f"{NUMBERS[place]};{ref};" for place, ref in enumerate(found)]
    (tmp_path / "units.csv").write_text("SEQUENTIAL\n" + "\n".join(lines) + "\n")
    return found


@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_alarms_of_another_program_are_acknowledged_answered_and_kept(
    tmp_path: Path, refs: list[str], transport: str
) -> None:
    sipp = needed(system.SIPP, "sipp")
    one = site(tmp_path / "a")
    acquaint(one, known(NUMBERS))
    [port] = receivers.free_ports(1)
    with running(Receiver(one)):
        words = [one.address, "-sf", str(HERE / "device.xml"), "-oocsf", str(HERE / "answer.xml")]
        words += ["-inf", "units.csv", "-m", str(ALARMS), "-r", "100", "-t", transport, "-nostdin"]
        words += ["-i", "127.0.0.1", "-p", str(port), "-timeout", "15s", "-timeout_error", "-trace_msg"]
        ran = subprocess.run([sipp, *words], cwd=tmp_path, capture_output=True, check=False, timeout=30)
    assert ran.returncode == 0, ran.stdout.decode(errors="replace")[-3000:]
    said = next(tmp_path.glob("device_*_messages.log")).read_text(errors="replace")
    assert set(refs) <= set(re.findall(r"<mrs><ref>(sipp\d+)</ref><snu>0+</snu>", said)), "all were answered"
    assert set(refs) <= references(one.folder), "all are in the log"
