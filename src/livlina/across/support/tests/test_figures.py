"""The support in figures: what is told is so, and what could point at somebody is not told."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from livlina.across.support import actions, queries
from livlina.across.support.models import Sheet, Ticket
from livlina.core.access import Actor, Refused

FIRST, LAST = date(2026, 2, 1), date(2026, 3, 2)
MINUTE = timedelta(minutes=1)


def asked(asks: Callable, ali: Actor, anders: Actor, now: datetime, many: int) -> list[Ticket]:
    """So many from home care about one thing, each answered ten minutes later than the one before."""
    found = []
    for place in range(many):
        ticket = asks(ali, f"Låset {place} öppnar inte.", page="doors:door")
        actions.solve(ticket, "Så.", client_id=uuid.uuid4(), by=anders, now=now + 10 * (place + 1) * MINUTE)
        found.append(ticket)
    return found


@pytest.fixture
def many(asks: Callable, ali: Actor, karin: Actor, anders: Actor, now: datetime) -> list[Ticket]:
    """Ten of one unit, and one from Karin."""
    return [*asked(asks, ali, anders, now, 10), asks(karin)]


def test_median_and_ninetieth_and_who_is_too_few_to_be_told(
    many: list[Ticket], ola: Actor, petra: Actor, maria: Actor, ali: Actor, now: datetime
) -> None:
    told = queries.figures(ola, FIRST, LAST, now)
    assert (told.came, told.solved, told.running) == (11, 10, 11)
    assert (told.answer.median, told.answer.p90) == (55, 91)
    assert told.units == []
    assert told.hidden_units == [
        "Biståndsenheten",
        "Norra hemtjänsten",
    ]  # one alone could be counted from the sum
    assert queries.figures(petra, FIRST, LAST, now).came == 10
    marias = queries.figures(maria, FIRST, LAST, now)
    assert (marias.came, marias.kinds, marias.running, marias.answer.median) == (1, [], None, None)
    with pytest.raises(Refused):
        queries.figures(ali, FIRST, LAST, now)


def test_small_numbers_are_hidden_two_at_a_time() -> None:
    assert queries.hide_small([("a", 9), ("b", 8), ("c", 2)]) == ([("a", 9)], ["b", "c"])
    assert queries.hide_small([("a", 9), ("b", 2), ("c", 1)]) == ([("a", 9)], ["b", "c"])
    assert queries.hide_small([("a", 9), ("b", 0)]) == ([("a", 9), ("b", 0)], [])


def test_twenty_about_one_thing_and_no_sheet_is_a_proposal_until_there_is_one(
    asks: Callable, ali: Actor, anders: Actor, ola: Actor, lock_sheet: Sheet, client_of: Callable, at: Callable,
    now: datetime,
) -> None:  # fmt: skip
    at(now)
    for place in range(20):
        asks(ali, f"Låset {place} öppnar inte.", page="doors:door")
    actions.end_sheet(lock_sheet, by=ola, now=now)
    (missing,) = queries.missing_sheets(ola, now)
    assert (missing.kind, missing.count, missing.page) == ("doors", 20, "doors")
    page = client_of(ola).get("/operations/support/review/2026-w10").content.decode()
    assert "20 frågor om dörrar och lås" in page
    Sheet.objects.update(ended_at=None)
    assert queries.missing_sheets(ola, now) == []


def test_the_file_and_the_programs_get_the_same_figures_with_the_same_left_out(
    many: list[Ticket], ola: Actor, petra: Actor, ali: Actor, at: Callable, now: datetime, client_of: Callable
) -> None:
    at(now)
    browser = client_of(ola)
    text = browser.get("/operations/support/figures.csv?from=2026-02-01&to=2026-03-02").content.decode(
        "utf-8-sig"
    )
    assert "inkomna;;11" in text
    assert "enhet;Biståndsenheten;för få" in text
    told = browser.get("/api/v1/support/figures?first=2026-02-01&last=2026-03-02").json()
    assert (told["came"], told["answer"]["p90"], told["units"]) == (11, 91, {})
    assert client_of(petra).get("/api/v1/support/figures").json()["unit"] == "Norra hemtjänsten"
    assert client_of(ali).get("/api/v1/support/figures").status_code == 404
    assert browser.get("/api/v1/support/figures?first=2026-02-01&last=2024-03-02").status_code == 422
    assert browser.get("/operations/support/figures?from=i går kanske").status_code == 422


def test_the_sheet_one_used_most_and_that_helped_comes_first(
    asks: Callable, lock_sheet: Sheet, ola: Actor, ali: Actor, anders: Actor, now: datetime
) -> None:
    wording = actions.sheets.Wording(
        "Nyckelskåpet är låst", "Koden finns hos jouren.", "nyckel lås", "doors", pages=("doors:",)
    )
    other = actions.write_sheet(wording, by=ola, now=now)
    for ticket in asked(asks, ali, anders, now, 3):
        actions.use_sheet(ticket, other.pk, by=anders, now=now)
    found = queries.proposed(ali, "doors:door", "", now)
    assert [sheet.title for sheet in found] == ["Nyckelskåpet är låst", "Telefonen öppnar inte dörren"]
    assert queries.search(ali, "dörrarna öppnades", now)[0] == lock_sheet  # by their stems
    assert queries.search(ali, "gurka", now) == []


def test_each_wording_of_a_sheet_is_kept_and_only_the_second_line_writes(
    lock_sheet: Sheet, ola: Actor, anders: Actor, now: datetime
) -> None:
    wording = actions.sheets.Wording(lock_sheet.title, "Vänta fem sekunder.", "", "doors")
    for _ in range(2):
        changed = actions.write_sheet(wording, sheet=lock_sheet, by=ola, now=now)
    assert [row.body[:5] for row in changed.versions.order_by("number")] == ["Håll ", "Vänta"]
    with pytest.raises(Refused):
        actions.write_sheet(wording, by=anders, now=now)
