"""The verbs that look and say: help, sizes, licences, doctor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livlina.cli import licences, main, sizes
from livlina.core.databases import APP
from tests.plugin import DATABASE, server

PROJECT = '[project]\ndependencies = ["django"]\n'


def test_without_a_verb_all_verbs_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "demo" in capsys.readouterr().out


def test_an_unknown_verb_is_told_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dmeo"]) == 2
    assert "no verb “dmeo”" in capsys.readouterr().err


def test_a_misspelt_option_is_told_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["doctor", "--quik"])
    assert stopped.value.code == 2
    assert "unknown: --quik" in capsys.readouterr().err


def tree(folder: Path, exceptions: str = "") -> Path:
    room = folder / "src" / "livlina" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "actions.py").write_text("def long():\n" + "    x = 1\n" * 45 + "\n" + "# line\n" * 400)
    (room / "templates" / "room" / "page.html").write_text("<p>\n" * 181)
    (folder / "pyproject.toml").write_text(PROJECT + "[tool.livlina.sizes]\n" + exceptions)
    return folder


def test_what_is_over_its_budget_is_named(tmp_path: Path) -> None:
    assert sizes.offenders(tree(tmp_path)) == [
        "src/livlina/room/actions.py: 447 lines (budget 400)",
        "src/livlina/room/actions.py:long: 46 lines (budget 40)",
        "src/livlina/room/templates/room/page.html: 181 lines (budget 180)",
    ]


def test_an_exception_holds_while_it_is_needed_and_is_then_asked_away(tmp_path: Path) -> None:
    excused = (
        '"src/livlina/room/actions.py" = "why"\n"src/livlina/room/actions.py:long" = "why"\n'
        '"src/livlina/room/templates/room/page.html" = "why"\n"src/gone.py" = "why"\n'
    )
    assert sizes.offenders(tree(tmp_path, excused)) == [
        "src/gone.py: excused in pyproject.toml, but within its budget"
    ]


def test_every_package_we_run_with_has_a_licence_that_goes_with_ours() -> None:
    assert licences.offenders() == []


def test_a_package_with_another_licence_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "python-debian==1.0 \\\n    --hash=sha256:0\nnot-installed-anywhere==1\n"
    )  # GPL; comes with reuse
    assert licences.offenders(lock) == ["python-debian: GPL-2.0-OR-LATER"]


def doctor(**changes: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}
    return subprocess.run(
        [sys.executable, "-m", "livlina", "doctor"],
        env=environment | changes,
        text=True,
        capture_output=True,
        check=False,
    )


def test_the_doctor_says_that_a_database_does_not_answer(tmp_path: Path) -> None:
    shown = doctor(
        LIVLINA_DATABASE_URL="postgresql://livlina_app@%2Fnowhere/care",
        LIVLINA_SECRET_KEY="x",
        LIVLINA_STATE_DIR=str(tmp_path),
    )
    assert shown.returncode == 1
    assert "RED  database       does not answer" in shown.stdout
    assert "Traceback" not in shown.stdout + shown.stderr


def test_the_doctor_finds_tables_that_were_never_made(tmp_path: Path) -> None:
    shown = doctor(
        LIVLINA_DATABASE_URL=server().url(APP, DATABASE),
        LIVLINA_SECRET_KEY="x",
        LIVLINA_STATE_DIR=str(tmp_path),
    )
    assert shown.returncode == 1
    assert "ok   role" in shown.stdout
    assert "are not applied: livlina migrate." in shown.stdout
