"""What everyone is told, what is kept of it, and what is never told."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from livlina.status import page, parts, words
from livlina.status.history import History
from livlina.status.levels import Level
from livlina.status.monitor import FILE, Monitor, ask_by_hand
from livlina.status.probes import NAMES, OLDEST, Looker, Seen, Targets, spoken
from livlina.status.server import Door

NOW = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
SECRET = "Astrid Lindblom 10.0.0.7"


@pytest.fixture
def monitor(tmp_path: Path) -> Monitor:
    made = Monitor(tmp_path, Looker(Targets()), [])
    say(made)
    return made


def say(monitor: Monitor, *bad: str, level: int = 0, at: datetime = NOW) -> None:
    monitor.state.seen = {name: Seen(name not in bad, words=SECRET) for name in NAMES if name != "cluster"}
    monitor.state.at, monitor.state.level = at, Level(level, "storage" if level else "")
    monitor.history.add(at, {name: one.works for name, one in monitor.state.seen.items()})


def test_a_calm_night_is_one_line(monitor: Monitor) -> None:
    said = page.html(monitor, NOW)
    assert "Allt fungerar." in said
    assert "Fungerar inte" not in said
    assert "i dag 03.05" in said
    assert "Reservservrarna" not in said, "what is not set up is not told of"


def test_when_the_journal_is_away_the_page_says_what_to_do_instead(monitor: Monitor) -> None:
    say(monitor, "web", "sign_in", "journal", "doors", at=NOW + timedelta(minutes=8))
    said = page.html(monitor, NOW + timedelta(minutes=9))
    assert "Huvudsystemet svarar inte." in said
    assert "Fungerar: Trygghetslarmen." in said
    assert "Journalen går inte att nå. Sedan i dag 03.13." in said
    assert "Läs reservpaketet på enheten" in said
    assert "dörrarna öppnas utan servern" in said
    assert said.index("Journalen går inte") < said.index("Larmen kommer fram")
    assert "The records cannot be reached" in page.html(monitor, NOW + timedelta(minutes=9), "en")


@pytest.mark.parametrize("name", words.FIRST + words.RESERVES)
def test_each_function_has_words_for_good_and_bad_in_both_languages(monitor: Monitor, name: str) -> None:
    for language in ("sv", "en"):
        one = words.LANGUAGES[language][name]
        assert all((one.name, one.good, one.bad, one.instead))
    assert name in NAMES


def test_what_parts_say_of_themselves_never_reaches_the_public(monitor: Monitor) -> None:
    say(monitor, "packs", "journal")
    door = Door(monitor)
    for path in ("/", "/en", "/status.json"):
        assert SECRET not in door.answer("GET", path).body, path
    assert SECRET in json.dumps(monitor.full(), ensure_ascii=False), "control: the manager's page has it"


def test_what_waits_is_said_on_the_page(monitor: Monitor) -> None:
    say(monitor, level=3)
    said = page.html(monitor, NOW)
    assert "Det viktigaste fungerar." in said
    assert "Ärenden går att läsa men inte ändra" in said


def test_a_page_whose_checks_have_stopped_says_so(monitor: Monitor) -> None:
    assert "Kontrollerna har stannat" in page.html(monitor, NOW + timedelta(minutes=3))
    assert "Kontrollerna har stannat" not in page.html(monitor, NOW + timedelta(minutes=1))


def test_before_the_first_look_nothing_is_claimed(tmp_path: Path) -> None:
    said = page.html(Monitor(tmp_path, Looker(Targets()), []), NOW)
    assert "Allt fungerar" not in said
    assert "just börjat" in said


@pytest.mark.parametrize("name", OLDEST)
def test_a_part_that_falls_silent_does_not_work(name: str) -> None:
    part = parts.Part(name, True, "Allt väl.", NOW)
    assert spoken(part, name, NOW + OLDEST[name]).works
    silent = spoken(part, name, NOW + OLDEST[name] + timedelta(seconds=1))
    assert (silent.works, silent.set_up) == (False, True)
    assert not spoken(None, name, NOW).set_up


def test_only_reading_is_served_and_only_three_addresses(monitor: Monitor) -> None:
    door = Door(monitor)
    assert door.answer("POST", "/").status.startswith("405")
    assert door.answer("GET", "/../etc/passwd").status.startswith("404")
    told = json.loads(door.answer("GET", "/status.json").body)
    assert told["functions"]["journal"]["works"] is True


def test_the_history_counts_the_share_of_the_time_that_was_looked_at(tmp_path: Path) -> None:
    history = History(tmp_path)
    for second in range(0, 600, 15):
        history.add(NOW + timedelta(seconds=second), {"journal": second < 300})
    history.add(NOW + timedelta(hours=2), {"journal": True})  # nobody looked meanwhile
    share, looked = history.share("journal", [NOW.date()]) or (0, 0)
    assert looked == 585
    assert share == pytest.approx(285 / 585, abs=0.001)
    assert [one["works"] for one in history.changes] == [False, True]
    assert history.save()
    assert History(tmp_path).share("journal", [NOW.date()]) == (share, looked)


def test_the_history_is_bounded(tmp_path: Path) -> None:
    history = History(tmp_path)
    for day in range(900):
        history.add(NOW + timedelta(days=day), {"journal": bool(day % 2)})
    assert len(history.days) <= 402
    history.changes += [{"at": "", "name": "web", "works": True}] * 3000
    history.add(NOW + timedelta(days=901), {"journal": True})
    assert len(history.changes) == 1000


def test_one_bad_look_is_looked_at_again_before_it_is_told(monitor: Monitor, monkeypatch) -> None:
    looks: list[int] = []

    async def look(now: datetime):
        looks.append(1)
        return {"web": Seen(len(looks) not in (2, 4, 5))}, None

    monkeypatch.setattr("livlina.status.monitor.AGAIN", 0)
    monkeypatch.setattr(monitor.looker, "look", look)
    seen = []
    for _ in range(3):
        asyncio.run(monitor.look(NOW))
        seen.append(monitor.state.seen["web"].works)
    assert seen == [True, True, False]
    assert json.loads((monitor.folder / FILE).read_text())["functions"]["web"]["works"] is False


def test_a_level_asked_for_by_hand_holds_until_its_time(monitor: Monitor) -> None:
    called: list[tuple[int, str]] = []
    monitor.call = lambda level, text: called.append((level.level, text))
    assert ask_by_hand(monitor.folder, 2, datetime.now(UTC) + timedelta(minutes=5))
    assert monitor.measure(0.0).level >= 2
    assert called == [(2, "Driften har ställt om för hand")]
    ask_by_hand(monitor.folder, 2, datetime.now(UTC) - timedelta(seconds=1))
    assert monitor.measure(1.0).why != "hand"
