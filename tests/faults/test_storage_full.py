"""A volume that is really filled: levels cross and come back, the ballast goes and comes, and all of it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from livlina.cli.receivers import free_ports
from livlina.core.shedding import Importance
from livlina.status import levels, parts
from livlina.status.ballast import Ballast
from livlina.status.levels import Judge, Reader
from livlina.status.measure import Volume
from livlina.status.monitor import FILE, Monitor
from livlina.status.probes import Looker, Targets
from tests.browser.look import check_axe, check_fits
from tests.faults.helpers import Program, until, url_of
from tests.faults.volumes import fill, to_the_brim, volume

__all__ = ["volume"]

BALLAST = 4 << 20


def test_a_filling_volume_sheds_step_by_step_keeps_telling_when_full_and_comes_back(volume: Path) -> None:
    called: list[int] = []
    monitor = Monitor(
        volume, Looker(Targets()), [Volume("data", volume)], ballast=Ballast(volume, BALLAST),
        judge=Judge(calm=10), call=lambda level, words: called.append(level.level),
    )  # fmt: skip
    seen, at = {}, 0.0
    reader = Reader(volume)

    def look(seconds: int = 1) -> int:
        nonlocal at
        for _ in range(seconds):
            at += 60.0  # a minute apart, so that nothing is foretold from this test's haste
            monitor.measure(at)
        return reader.level().level

    assert look() == levels.NORMAL
    assert monitor.ballast is not None
    assert monitor.ballast.held
    for share in (0.60, 0.72, 0.82, 0.92):
        fill(volume, share)
        seen[share] = look()
        monitor.volumes[0].readings.clear()
    assert seen == {0.60: 0, 0.72: levels.CALL, 0.82: levels.BULK_WAITS, 0.92: levels.CARE_ONLY}
    assert called == [1, 2, 3]
    assert Importance.CASE.waits(seen[0.92])
    assert not Importance.NOTE.waits(seen[0.92])
    fill(volume, 0.98)
    look()
    assert not monitor.ballast.held
    before = (volume / levels.FILE).stat().st_mtime_ns
    to_the_brim(volume)
    assert not parts.replace(volume / "control", "x" * 9000), "control: there is no room for anything"
    assert look() == levels.CARE_ONLY
    assert (volume / levels.FILE).stat().st_mtime_ns > before, "told over again, in its place"
    (volume / "brim").unlink()
    fill(volume, 0.30)
    monitor.volumes[0].readings.clear()
    assert look(2) == levels.NORMAL
    assert monitor.ballast.held


def test_on_a_full_disk_the_page_goes_on(volume: Path) -> None:
    monitor = Monitor(volume, Looker(Targets(web="http://127.0.0.1:9")), [Volume("data", volume)])
    asyncio.run(monitor.look())
    to_the_brim(volume)
    monitor.measure(0.0)
    asyncio.run(monitor.look())
    assert json.loads((volume / FILE).read_text())["level"] == levels.CARE_ONLY, "told in its place"
    assert monitor.state.level.level == levels.CARE_ONLY
    assert not monitor.state.seen["web"].works


@dataclass
class House:
    """A web server and the status page beside it, as real processes."""

    folder: Path
    web: Program
    status: Program
    page: str

    def works(self, name: str) -> bool | None:
        """Return what the status process last wrote of a function."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            told = json.loads((self.folder / "status" / "status.json").read_text())
            return bool(told["functions"][name]["works"])
        return None


@pytest.fixture
def house(own_database: str, tmp_path: Path) -> Iterator[House]:
    url, (web_port, port) = url_of(own_database), free_ports(2)
    web = Program(tmp_path, url, "-m", "livlina", "web", "--processes", "1", "--port", str(web_port))
    status = Program(
        tmp_path, url, "-m", "livlina", "status", "--port", str(port), "--web", f"http://127.0.0.1:{web_port}",
        "--every", "0.3", "--ballast", "1",
    )  # fmt: skip
    yield House(tmp_path, web, status, f"http://127.0.0.1:{port}/")
    for one in (web, status):
        one.kill()


def test_everyone_sees_that_the_web_server_is_dead_and_what_to_do(house: House, chromium: Any) -> None:
    page = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    until(lambda: house.works("journal") and house.works("doors"), "the house is up")
    page.clock.install()
    page.goto(house.page)
    assert page.locator("h1").inner_text() == "Allt fungerar.", "control"
    house.web.kill()
    until(lambda: house.works("journal") is False, "the page finds out")
    page.evaluate("window.here = true")
    page.clock.run_for(31_000)
    page.get_by_role("heading", name="Huvudsystemet svarar inte.").wait_for()
    assert page.evaluate("window.here"), "it was changed in its place, not loaded anew"
    text = page.locator("main").inner_text()
    assert "Läs reservpaketet på enheten" in text
    assert "dörrarna öppnas utan servern" in text
    check_axe(page)
    check_fits(page)
    house.status.kill()
    page.clock.run_for(31_000)
    page.get_by_text("Det som står här kan vara gammalt.").wait_for()
    page.emulate_media(color_scheme="light")
    check_axe(page, only=("color-contrast",))
    page.context.close()
