"""S13. The committee got a list of nine IT disturbances that the IT provider had never seen.

Here care and IT write in one register. What the monitoring measured is there before anybody tells; both sides' view stands
in the report, with whom it hit in numbers and no names, and each law has its own clock and readers.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.across.quality import jobs
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.registers.people.models import Person

HOUR = timedelta(hours=1)


@pytest.fixture
def journal_stood_still(asvalla: Municipality, settings: Any, tmp_path: Any, now: datetime) -> None:
    """The status process has measured from outside that the journal did not answer for three hours, and does again."""
    settings.STATE_DIR = tmp_path
    (tmp_path / "status").mkdir()
    for works, since, heard in ((False, now - 3 * HOUR, now - 2 * HOUR), (True, now, now)):
        said = {"functions": {"journal": {"works": works, "since": since.isoformat()}}}
        (tmp_path / "status" / "status.json").write_text(json.dumps(said))
        jobs.hear_monitoring(asvalla.pk, heard)


def test_s13_the_committee_reads_what_both_it_and_care_saw(
    journal_stood_still: None, visit_at: Callable[..., Any], astrid: Person, asvalla: Municipality, live: Any,
    as_actor: Callable[..., Any], ola: Actor, petra: Actor, eva: Actor, clock_at: Any, now: datetime,
) -> None:  # fmt: skip
    visit_at(astrid, now - HOUR, state="missed")
    clock_at(now + HOUR)

    it_says_the_draft_is_real(as_actor(ola))
    care_writes_what_it_saw(as_actor(petra), now - HOUR)
    the_board_reads_both(as_actor(eva))


def it_says_the_draft_is_real(it: Any) -> None:
    """IT finds the draft with its measured times, says it is real, and opens the law's clock."""
    it.goto("/officer/incidents")
    it.get_by_role("link", name="Journalen stod stilla").click()
    expect(it.get_by_text("Utkast från övervakningen")).to_be_visible()
    it.get_by_text("Bedöm utkastet").click()
    it.get_by_label("Ja, registrera").check()
    it.get_by_role("button", name="Spara bedömningen").click()
    it.get_by_text("Öppna ett spår").click()
    it.get_by_role("combobox", name="Spår").select_option(label="Cyberincident (tillsynsmyndigheten)")
    it.get_by_role("button", name="Öppna spåret").click()
    expect(it.get_by_text("Tidig varning lämnad, senast")).to_be_visible()


def care_writes_what_it_saw(care: Any, at: datetime) -> None:
    """Care finds the same event, writes what it saw, finds whom it hit and looks to them."""
    care.goto("/provider/incidents")
    care.get_by_role("link", name="Journalen stod stilla").click()
    expect(care.get_by_text("Cyberincident")).to_have_count(0)
    care.get_by_text("Skriv vad ni såg").click()
    care.get_by_label("När var det?").fill(f"{at:%Y-%m-%d %H.%M}")
    care.get_by_label("Text").fill("Vi läste reservpaketet och åkte som vanligt.")
    care.get_by_role("button", name="Skriv in").click()
    care.get_by_text("Leta efter drabbade").click()
    care.get_by_role("button", name="Leta i besök och larm").click()
    expect(care.get_by_text("Astrid Margareta Lindqvist")).to_be_visible()
    care.get_by_text("Bocka av").click()
    care.get_by_label("Hur gick det?").fill("Besökt på kvällen. Allt väl.")
    care.get_by_role("button", name="Uppföljd").click()
    expect(care.get_by_text("Uppföljd", exact=True)).to_be_visible()


def the_board_reads_both(board: Any) -> None:
    """The board's secretary has one list, with both views, that names nobody."""
    board.goto("/officer/incidents")
    board.get_by_role("link", name="Rapport till nämnden").click()
    event = board.get_by_role("article")
    expect(event).to_contain_text("Journalen stod stilla")
    expect(event).to_contain_text("Vi läste reservpaketet och åkte som vanligt.")
    expect(event).to_contain_text("Besöket blev inte av: färre än 5")
    expect(event).to_contain_text("Cyberincident: under bedömning")
    expect(board.get_by_text("Lindqvist")).to_have_count(0)
