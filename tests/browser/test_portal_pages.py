"""What one does on the portal's pages. That each is readable by everyone is seen in test_every_page.py."""

from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.core import audit, clock
from tests.browser.look import check_axe, check_fits


def looked_at(page: Any) -> None:
    check_axe(page)
    check_fits(page)


def test_when_the_sign_in_of_the_municipality_fails_the_page_is_for_everyone(
    browser_page: Any, asvalla: Any, provider_at: Any
) -> None:
    provider_at("http://127.0.0.1:1")
    browser_page.goto("/account/with/staff/back/")
    looked_at(browser_page)


@pytest.fixture
def karins_reading(karin: Any, astrid: Any) -> None:
    """Karin has read of someone with protected identity."""
    audit.read(
        karin, "journal.read", now=clock.now(), person_id=astrid.pk, review="protected", reason="Möte i dag"
    )
    audit.read(karin, "journal.read", now=clock.now(), person_id=astrid.pk)


def test_maria_judges_a_reading(as_actor: Any, maria: Any, karins_reading: None) -> None:
    page = as_actor(maria)
    page.goto("/log-review/")
    page.get_by_role("link", name="Granska: Karin Ekdal").first.click()
    looked_at(page)
    page.get_by_role("button", name="Spara bedömning").click()
    check_axe(page)
    page.get_by_label("Befogad", exact=True).check()
    page.get_by_role("button", name="Spara bedömning").click()
    expect(page.get_by_role("status")).to_contain_text("Bedömningen är sparad")


def test_anna_signs_in_with_the_invented_e_identification(
    browser_page: Any, anna: Any, karins_reading: None
) -> None:
    page = browser_page
    page.goto("/sign-in/")
    page.get_by_role("link", name="Påhittad e-legitimation, Åsvalla kommun").click()
    page.get_by_label("Personnummer").fill(anna.numbers.get(current=True).value.value)
    page.get_by_label("Förnamn").fill("Anna")
    page.get_by_label("Efternamn").fill("Lindqvist Berg")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hej Anna Lindqvist Berg")
    looked_at(page)
    page.get_by_role("link", name="Om Astrid Lindqvist").click()
    expect(page.get_by_role("cell", name="Biståndsenheten").first).to_be_visible()
    looked_at(page)


def test_karin_changes_assignment_from_the_menu_under_her_name(as_actor: Any, karin: Any) -> None:
    page = as_actor(karin)
    page.goto("/officer/")
    page.get_by_text("Karin Ekdal").first.click()
    page.get_by_role("link", name="Byt uppdrag").click()
    page.get_by_role("button", name="Arbeta som Biståndshandläggare, Biståndsenheten").click()
    expect(page).to_have_title("Att göra – Livlina")
