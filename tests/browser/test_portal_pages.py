"""Every page of the portal: readable by everyone, at home on a telephone, and with its pictures taken."""

from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.core import audit, clock
from tests.browser.look import check_axe, check_fits, screenshot

STAFF_PAGES = {
    "officer-start": ("karin", "/officer/"),
    "provider-start": ("petra", "/provider/"),
    "operations-start": ("ola", "/operations/"),
    "assignment": ("karin", "/assignment/"),
    "sessions": ("karin", "/sessions/"),
    "own-reads": ("karin", "/own-reads/"),
    "log-review": ("maria", "/log-review/"),
    "new-password": ("karin", "/account/new-password/"),
    "passkeys": ("karin", "/account/passkeys/"),
}
OPEN_PAGES = {
    "sign-in": "/sign-in/",
    "password": "/account/password/",
    "inactive": "/account/inactive/",
    "fake-eid": "/sign-in/demo/asvalla",
    "failed": "/account/with/staff/back/",
}


def looked_at(page: Any, name: str) -> None:
    check_axe(page)
    check_fits(page)
    screenshot(page, f"portal-{name}")


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_the_way_in_is_for_everyone(browser_page: Any, asvalla: Any, provider_at: Any, name: str) -> None:
    provider_at("http://127.0.0.1:1")
    browser_page.goto(OPEN_PAGES[name])
    looked_at(browser_page, name)


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_the_pages_of_staff_are_for_everyone(request: Any, as_actor: Any, name: str) -> None:
    who, address = STAFF_PAGES[name]
    actor = request.getfixturevalue(who)
    request.getfixturevalue("with_password")(actor)
    if who == "maria":
        request.getfixturevalue("karins_reading")
    page = as_actor(actor)
    assert page.goto(address).status == 200
    looked_at(page, name)


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
    looked_at(page, "review")
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
    looked_at(page, "citizen-start")
    page.get_by_role("link", name="Om Astrid Lindqvist").click()
    expect(page.get_by_role("cell", name="Biståndsenheten").first).to_be_visible()
    looked_at(page, "readers")


def test_karin_changes_assignment_from_the_menu_under_her_name(as_actor: Any, karin: Any) -> None:
    page = as_actor(karin)
    page.goto("/officer/")
    page.get_by_text("Karin Ekdal").first.click()
    page.get_by_role("link", name="Byt uppdrag").click()
    page.get_by_role("button", name="Arbeta som Biståndshandläggare, Biståndsenheten").click()
    expect(page).to_have_title("Att göra – Livlina")
