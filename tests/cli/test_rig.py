"""The rig's table: what was not begun or could not be measured stands there as such, and never as met."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

from livlina.cli.bench.alarms import table
from livlina.cli.rig import TRIALS, write
from livlina.cli.rig.trials import Rig


class Broken(Rig):
    """A rig whose municipality cannot be made."""

    @property
    def stock(self) -> None:  # type: ignore[override]
        """It fails."""
        raise OSError("no room for it")


def test_a_trial_that_cannot_be_measured_says_so_and_hides_no_other(tmp_path: Path) -> None:
    rig = Broken(tmp_path, full=False, until=time.monotonic() + 60)
    rig.run("kill")
    rig.until = 0
    rig.run("wal")
    assert [(row.found, row.met) for row in rig.rows] == [
        ("not measured: OSError: no room for it", None),
        ("not begun: the time was up", None),
    ]
    assert "not begun" in table(rig.rows, full=False)


def test_every_trial_can_be_called_for_by_its_name() -> None:
    assert all(callable(getattr(Rig, f"_{what}")) for what in TRIALS)


def test_the_result_names_the_machine_and_the_day(tmp_path: Path) -> None:
    rig = Rig(tmp_path, full=True, until=0)
    rig.run("power")
    write(tmp_path / "result.json", rig.rows, datetime(2026, 11, 22, 3, 12, tzinfo=UTC), True)
    told = json.loads((tmp_path / "result.json").read_text())
    assert told["began"] == "2026-11-22T03:12:00+00:00"
    assert told["machine"]["cores"] >= 1
    assert told["rows"][0]["found"] == "not begun: the time was up"
