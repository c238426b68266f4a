"""Web and worker as children: minded, ended, and never left behind. Told with small programs of the same kind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from livlina.cli import children
from livlina.cli.children import Family
from livlina.core.processes import gone

# Writes its number to a file and sleeps, after starting a helper that does the same, as a web server does.
SERVER = """
import os, subprocess, sys, time
folder = sys.argv[1]
if "helper" not in sys.argv:
    subprocess.Popen([sys.executable, "-c", {code!r}, folder, "helper"])
    print("serving", flush=True)
open(f"{{folder}}/{{os.getpid()}}", "w").close()
time.sleep(600)
"""
SLEEPER = SERVER.format(code=SERVER.format(code=""))


def alive(folder: Path) -> list[int]:
    """The programs that have written their number there and have not ended."""
    return [int(p.name) for p in folder.iterdir() if p.name.isdigit() and _runs(int(p.name))]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for pid in alive(tmp_path):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def minded(folder: Path) -> Iterator[Callable[[str], Family]]:
    """Mind a child in a thread, as the main loop does."""
    running: list[tuple[Family, threading.Thread]] = []

    def mind(code: str) -> Family:
        family = Family(folder, {})
        family.add("web", "-c", code, str(folder))
        thread = threading.Thread(target=family.loop)
        thread.start()
        running.append((family, thread))
        return family

    yield mind
    for family, thread in running:
        family.ending.set()
        thread.join()


def test_a_killed_child_is_started_again_and_what_it_left_is_ended(
    folder: Path, minded: Callable[[str], Family], capsys: pytest.CaptureFixture[str]
) -> None:
    family = minded(SLEEPER)
    assert gone(lambda: len(alive(folder)) == 2, 10)
    first = set(alive(folder))
    program = family.children[0].program
    assert program
    os.kill(program.pid, signal.SIGKILL)

    assert gone(lambda: len(alive(folder)) == 2 and not first & set(alive(folder)), 10)
    said = capsys.readouterr().out
    assert "The web process ended (killed by SIGKILL); it is started again in 0.5 s." in said
    assert "web    | serving" in said


def test_who_nobody_waits_for_does_not_hold_up_those_who_are_waited_for(folder: Path) -> None:
    family = Family(folder, {})
    family.add("calm", "-c", SERVER.format(code=""), str(folder), "helper", after=600)
    family.add("web", "-c", SERVER.format(code=""), str(folder), "helper")
    thread = threading.Thread(target=family.loop)
    thread.start()
    try:
        assert gone(lambda: len(alive(folder)) == 1, 10)
        assert [child.program is not None for child in family.children] == [False, True]
    finally:
        family.ending.set()
        thread.join()


def test_a_child_that_keeps_dying_is_tried_ever_more_seldom(
    folder: Path, minded: Callable[[str], Family]
) -> None:
    family = minded("raise SystemExit(3)")
    assert gone(lambda: family.children[0].pause >= 2, 10)


def test_when_told_to_end_everybody_ends(folder: Path, minded: Callable[[str], Family]) -> None:
    family = minded(SLEEPER)
    assert gone(lambda: len(alive(folder)) == 2, 10)
    family.ending.set()
    assert gone(lambda: alive(folder) == [], 10)


def test_a_child_ends_by_itself_when_its_parent_is_killed(folder: Path) -> None:
    child = (
        "import os, sys, time; from livlina.cli.children import tether; tether(int(sys.argv[3]));"
        "open(f'{sys.argv[1]}/{os.getpid()}', 'w').close(); time.sleep(600)"
    )
    parent = (
        "import sys; from pathlib import Path; from livlina.cli.children import Family;"
        f"f = Family(Path(sys.argv[1]), {{}}); f.add('web', '-c', {child!r}, sys.argv[1]); f.mind()"
    )
    program = subprocess.Popen([sys.executable, "-c", parent, str(folder)])
    assert gone(lambda: len(alive(folder)) == 1, 10)
    program.kill()
    program.wait()
    assert gone(lambda: alive(folder) == [], 10)


def test_what_a_killed_start_left_behind_is_ended_by_the_next_and_nothing_else_is(folder: Path) -> None:
    code = SERVER.format(code="")
    words = [sys.executable, "-c", code, str(folder), "helper"]
    ours = subprocess.Popen(words, env={**os.environ, children.MARK: str(folder)})
    other = subprocess.Popen(words, env={**os.environ, children.MARK: str(folder / "other")})
    assert gone(lambda: len(alive(folder)) == 2, 10)
    children.clear(folder)
    assert ours.wait(10) == -signal.SIGTERM
    assert alive(folder) == [other.pid]
    other.kill()
    other.wait()
