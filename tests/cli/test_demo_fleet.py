"""The demo's buttons: they write what the fleet reads, and they are nowhere but in the demo."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from livlina.cli.simulate import commands
from livlina.provider.alarms.views import demo


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.STATE_DIR = tmp_path
    (tmp_path / commands.FOLDER).mkdir()
    return tmp_path / commands.FOLDER


@pytest.mark.parametrize("name", demo.COMMANDS)
def test_every_button_is_something_the_fleet_understands(folder: Path, name: str) -> None:
    demo.tell(demo.COMMANDS[name][1])
    [line] = commands.waiting(folder)
    assert line.what == demo.COMMANDS[name][1]["what"]
    assert list(folder.iterdir()) == []


def test_how_the_fleet_stands_is_told_while_it_is_fresh(folder: Path) -> None:
    said = {"at": time.time(), "units": 3, "outages": [{"operator": "Telia", "left": 61}], "line": ""}
    (folder / "status").write_text(json.dumps(said))
    status = demo.status()
    assert status
    assert status["outages"] == [{"of": "Telia", "minutes": 2}]
    (folder / "status").write_text(json.dumps(said | {"at": time.time() - 60}))
    assert demo.status() is None
    (folder / "status").write_text("half")
    assert demo.status() is None


def test_outside_the_demo_there_is_no_such_page() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("alarms_provider:fleet")
