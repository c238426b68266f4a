"""The call-round list: on paper before it is needed."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from livlina.alarmd import callround
from livlina.alarmd.callround import listed, whole_page, write
from livlina.alarmd.record import Unit
from livlina.alarmd.server import Server
from livlina.alarmd.tests.receiving import config, until

NOW = 1_789_953_140.0
ANNA = Unit(
    "1",
    interval=60,
    team="norra",
    name="Anna",
    phone="070-1",
    address="Storgatan 1",
    risk=1,
    contacts=("Olle",),
)
UNITS = {
    unit.id: unit
    for unit in (
        ANNA,
        replace(ANNA, id="2", name="Bertil", risk=3),
        replace(ANNA, id="3", name="Cecilia", risk=3),
        replace(ANNA, id="4", name="David", risk=3),
        replace(ANNA, id="5", name="Eva", interval=0),
        replace(ANNA, id="6", name="Fatima & <co>", team="södra/../väg"),
        Unit("7", team="norra"),
    )
}
SEEN = {"1": NOW - 1000, "2": NOW - 20, "3": NOW - 4000, "4": NOW - 3000, "5": NOW - 90_000, "6": NOW - 5}


def test_the_silent_come_first_then_the_greatest_risk_then_whoever_was_silent_longest() -> None:
    teams = listed(UNITS, SEEN, NOW)
    assert [line.unit.name for line in teams["norra"]] == ["Cecilia", "David", "Anna", "Bertil", "Eva"]
    assert [line.unit.name for line in teams["södra/../väg"]] == ["Fatima & <co>"]


def test_the_page_tells_its_age_in_large_type_and_has_boxes_to_fill_in() -> None:
    page = whole_page(listed(UNITS, SEEN, NOW), NOW, "a").decode()
    assert "Skriven <strong>21/9 kl. 03.12</strong>" in page
    assert "5 personer, 3 med tyst larm" in page
    assert "1 person, 0 med tyst larm" in page
    assert page.count("☐ Svarar inte") == 6
    assert "Fatima &amp; &lt;co&gt;" in page
    assert "Senast hörd 02.05" in page
    assert not re.findall(r'(?:src|href)="(?!tel:)', page)  # nothing to fetch: it stands alone


def test_the_files_are_whole_private_and_only_of_the_teams_there_are(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    files = write(folder, listed(UNITS, SEEN, NOW), NOW, "a")
    assert [file.name for file in files] == [
        "ringlista.html",
        "ringlista-01-norra.html",
        "ringlista-02-södra-väg.html",
    ]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert "Fatima" not in files[1].read_text()
    write(folder, {"norra": listed(UNITS, SEEN, NOW)["norra"]}, NOW, "a")
    assert sorted(file.name for file in folder.iterdir()) == ["ringlista-01-norra.html", "ringlista.html"]


def test_a_receiver_that_knows_no_unit_replaces_no_list_and_a_folder_it_cannot_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def whole() -> None:
        monkeypatch.setattr(callround, "EVERY", 0.01)
        in_the_way = tmp_path / "file"
        in_the_way.write_text("")
        server = Server(config(tmp_path / "a", desk={"port": 0, "lists": str(in_the_way)}))
        running = asyncio.ensure_future(callround.run(server))
        await asyncio.sleep(0)
        assert not running.done()
        running.cancel()
        server.spool.put_units("1", list(UNITS.values()))
        running = asyncio.ensure_future(callround.run(server))
        await until(lambda: any(record.kind == "receiver" for record in server.spool.since(0)))
        running.cancel()
        assert server.spool.since(0)[0].facts["what"] == "list_not_written"
        await server.stop()
        await callround.run(Server(config(tmp_path / "b")))  # without a desk there is nothing to write

    asyncio.run(whole())
