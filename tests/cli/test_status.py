"""``livlina status`` from the terminal: what it asks of the database, whom it calls, and what it does by hand."""

from __future__ import annotations

import argparse
import json
import socket
import time
from pathlib import Path

import pytest
from django.db import connection

from livlina.cli import main, status
from livlina.cli.surroundings import Problem
from livlina.status import levels
from livlina.status.levels import Level
from livlina.status.monitor import HAND
from tests.faults.helpers import until, url_of


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIVLINA_STATE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.django_db
def test_the_database_says_how_it_is(asvalla) -> None:
    found = status.database(url_of(connection.settings_dict["NAME"]))
    assert (found.answers, found.journal) == (True, True)
    assert 0 < found.connections < found.connections_most
    assert 0 < found.used < 1
    assert found.oldest >= 0


def test_a_dead_database_is_told_at_once_and_raises_nothing() -> None:
    began = time.monotonic()
    found = status.database("postgresql://nobody@127.0.0.1:9/none")
    assert (found.answers, found.journal, found.connections) == (False, False, 0)
    assert time.monotonic() - began < 4


def test_looking_once_says_what_does_not_work_and_what_to_do(state: Path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("LIVLINA_DATABASE_URL", raising=False)
    assert main(["status", "--once", "--web", "http://127.0.0.1:9"]) == 1
    said = capsys.readouterr().out
    assert "Läs reservpaketet på enheten" in said
    assert "GB free" in said


def test_the_ballast_is_given_up_by_hand(state: Path, capsys) -> None:
    assert status.ballast(argparse.Namespace(ballast=1, ballast_folder=None), state).fill()
    assert main(["status", "--release-ballast", "--ballast", "1"]) == 0
    assert "1 MB are free again" in capsys.readouterr().out
    assert main(["status", "--release-ballast", "--ballast", "1"]) == 1


def test_a_level_is_asked_for_by_hand_and_taken_back(state: Path) -> None:
    assert main(["status", "--shed", "2", "--minutes", "30"]) == 0
    assert json.loads((state / HAND).read_text())["level"] == levels.BULK_WAITS
    assert main(["status", "--shed", "0"]) == 0
    assert json.loads((state / HAND).read_text())["level"] == levels.NORMAL


def test_a_volume_that_is_not_there_is_refused_in_words(state: Path) -> None:
    with pytest.raises(Problem, match="is no volume"):
        status.volumes(state, ["wal=/nowhere/at/all"])
    assert [one.name for one in status.volumes(state, [f"packs={state}"])] == ["packs"]


def test_a_port_that_is_taken_is_told_in_words(state: Path, capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["status", "--port", str(taken.getsockname()[1]), "--ballast", "0"]) == 1
    assert "is taken by another program" in capsys.readouterr().err


def test_somebody_is_called_with_the_level_and_the_words(tmp_path: Path) -> None:
    program, told = tmp_path / "call", tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$1 $2" > {told}.new && mv {told}.new {told}\n')
    program.chmod(0o755)
    status.caller(str(program))(Level(1, "storage"), levels.WHY["storage"])
    until(told.exists, "the program was run")
    assert told.read_text() == "1 Lagringsutrymmet håller på att ta slut\n"
    status.caller("/nowhere/at/all")(Level(1, "storage"), "")  # nobody can be called: it goes on
