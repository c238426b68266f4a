"""S2. Going over to manual routines was no longer realistic, said the head of the platform.

So what manual routines need is made before anything breaks: a pack for each unit, on screen, telephone and paper, with its
age in large type. Here it is opened as it will be: a file from a folder, in a browser without network, with the code from
the envelope, when there is no server and no database any more.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from livlina.across.continuity.packs import making, places, sealing
from livlina.core.access import Actor
from livlina.core.models import Unit
from livlina.provider.alarms.models import AlarmUnit
from livlina.provider.homecare.models import NursingTask, Visit
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from tests.browser.look import check_axe, check_fits, screenshot


@pytest.fixture
def packed(
    astrid: Person, astrids_dosette: NursingTask, astrids_unit: AlarmUnit, visit_at: Callable[..., Visit], ali: Actor,
    petra: Actor, house: Actor, now: datetime, settings: Any, tmp_path: Path,
) -> tuple[Path, str]:  # fmt: skip
    """The file in the folder, made twenty-three minutes ago, and the code in the envelope."""
    settings.PACK_PLACES = [str(tmp_path / "other storage")]
    people.add_contact(astrid, "mobile", "070-174 06 05", by=house, now=now)
    visit_at(astrid, now + timedelta(hours=1), 30, ali)
    unit = Unit.objects.get(pk=petra.unit_id)
    code = sealing.new_code(unit, by=petra, now=now)
    making.make(petra.municipality_id, now)
    return tmp_path / "other storage" / "asvalla" / places.file_name(unit.name), code


def test_s2_a_unit_goes_on_from_its_pack_when_nothing_else_is_left(
    packed: tuple[Path, str], chromium: Any, now: datetime
) -> None:
    file, code = packed
    context = chromium.new_context(locale="sv-SE", viewport={"width": 390, "height": 844}, offline=True)
    faults: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.clock.set_fixed_time(now + timedelta(minutes=23))
        page.goto(file.as_uri())
        check_it_is_locked_and_says_its_age(page)
        page.get_by_label("Enhetens kod").fill(code.lower().replace("-", " "))
        page.get_by_role("button", name="Öppna").click()
        check_what_is_in_it(page)
        check_its_paper(page)
        page.get_by_role("button", name="Stäng paketet").click()
        expect(page.get_by_label("Enhetens kod")).to_be_visible()
        assert "Astrid" not in page.content()
    finally:
        context.close()
    assert faults == []


def check_it_is_locked_and_says_its_age(page: Any) -> None:
    """Anyone sees how old it is, in large type; nobody sees whom it is about without the code."""
    age = page.get_by_role("status")
    expect(age).to_have_text("23 minuter gammalt")
    assert age.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 27
    assert "Astrid" not in page.content()
    page.get_by_label("Enhetens kod").fill("0000 0000 0000 0000 0000")
    page.get_by_role("button", name="Öppna").click()
    expect(page.get_by_role("alert")).to_contain_text("Koden stämmer inte")
    check_axe(page)
    screenshot(page, "pack-locked")
    page.set_viewport_size({"width": 390, "height": 844})


def check_what_is_in_it(page: Any) -> None:
    """The visit, what is needed of Astrid, and her telephone, which a phone rings when it is pressed."""
    visits = page.locator("#day0")
    expect(visits).to_contain_text("10.00, 30 min")
    expect(visits).to_contain_text("Astrid Lindqvist")
    expect(page.locator("#persons article")).to_contain_text("Läkemedel ur dosett")
    assert page.locator("#ring a").first.get_attribute("href") == "tel:0701740605"
    check_axe(page)
    check_fits(page)
    screenshot(page, "pack-open")


def check_its_paper(page: Any) -> None:
    """The paper lies in the same file, for a printer without a server."""
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Skriv ut: öppna som PDF").click()
    paper = PdfReader(BytesIO(Path(fetched.value.path()).read_bytes()))
    assert "klockan 09.00" in paper.pages[0].extract_text()
    assert any("Astrid Lindqvist" in one.extract_text() for one in paper.pages[1:])
