"""Passkeys in a real browser, with its virtual authenticator; also while the identity provider is dead (incident S16)."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.across.portal.models import SignInEvent
from livlina.across.portal.tests.fixtures import PASSWORD
from tests.browser.look import check_axe, check_fits

ADDRESS = "karin.ekdal@test.livlina.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def karins_browser(browser_page: Any, karin: Any, with_password: Callable[..., Any]) -> Any:
    """A page of Karin's, who has a password and a device that can hold passkeys; nobody is signed in."""
    with_password(karin)
    devices = browser_page.context.new_cdp_session(browser_page)
    devices.send("WebAuthn.enable")
    added = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    browser_page.device = (devices, added["authenticatorId"])
    return browser_page


@pytest.fixture
def let_it_die(provider_at: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """Return what puts an identity provider in place that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield lambda: provider_at(f"http://127.0.0.1:{listening.getsockname()[1]}")


def with_the_password(page: Any) -> None:
    page.goto("/sign-in/")
    page.get_by_role("link", name="Logga in med lösenord").click()
    page.get_by_label("E-postadress").fill(ADDRESS)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page).to_have_title("Att göra – Livlina")


def add_a_passkey(page: Any) -> None:
    page.goto("/account/passkeys/")
    page.get_by_role("link", name="Lägg till passkey").click()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("button", name="Skapa passkey").click()
    expect(page.get_by_role("heading", name="Reservkoder")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Passkeyn är sparad")


def sign_out(page: Any) -> None:
    page.goto("/account/sign-out/")
    page.get_by_role("button", name="Logga ut").first.click()
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


def with_the_passkey(page: Any) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name="Logga in med passkey").click()
    expect(page).to_have_title("Att göra – Livlina")
    expect(page.get_by_role("banner")).to_contain_text("Karin Ekdal")


def test_karin_adds_a_passkey_and_signs_in_with_it_alone(karins_browser: Any) -> None:
    with_the_password(karins_browser)
    add_a_passkey(karins_browser)
    sign_out(karins_browser)
    with_the_passkey(karins_browser)
    assert SignInEvent.objects.order_by("id").last().kind == "passkey"


def test_with_the_identity_provider_dead_the_passkey_still_opens(
    karins_browser: Any, let_it_die: Callable[[], None]
) -> None:
    with_the_password(karins_browser)
    add_a_passkey(karins_browser)
    let_it_die()
    sign_out(karins_browser)
    karins_browser.get_by_role("link", name="Kommunens inloggning").click()
    expect(karins_browser.get_by_role("heading", level=1)).to_have_text(
        "Inloggningstjänsten svarar inte just nu"
    )
    check_axe(karins_browser)
    karins_browser.get_by_role("link", name="Logga in med passkey").click()
    with_the_passkey(karins_browser)


def test_after_the_password_the_account_with_a_passkey_asks_for_it(karins_browser: Any) -> None:
    page = karins_browser
    with_the_password(page)
    add_a_passkey(page)
    code = page.locator("main li").first.inner_text()
    sign_out(page)
    page.goto("/account/password/")
    page.get_by_label("E-postadress").fill(ADDRESS)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bekräfta med passkey")
    check_axe(page)
    check_fits(page)
    page.get_by_role("button", name="Använd passkey").click()
    expect(page).to_have_title("Att göra – Livlina")
    sign_out(page)
    page.goto("/account/password/")
    page.get_by_label("E-postadress").fill(ADDRESS)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.get_by_label("Reservkod").fill(code)
    page.get_by_role("button", name="Använd reservkod").click()
    expect(page).to_have_title("Att göra – Livlina")


def test_a_device_that_refuses_is_told_in_words_and_recorded_nowhere(karins_browser: Any) -> None:
    devices, device = karins_browser.device
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    karins_browser.goto("/sign-in/")
    karins_browser.get_by_role("button", name="Logga in med passkey").click()
    expect(karins_browser.get_by_role("alert")).to_have_text(
        "Det avbröts eller tog för lång tid. Försök igen."
    )
    assert not SignInEvent.objects.exists()


def test_a_removed_passkey_opens_nothing(karins_browser: Any) -> None:
    page = karins_browser
    with_the_password(page)
    add_a_passkey(page)
    page.goto("/account/passkeys/")
    check_axe(page)
    page.get_by_role("link", name="Ta bort Passkey 1").click()
    page.get_by_role("button", name="Ta bort").click()
    expect(page.get_by_text("Du har ingen passkey än")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Logga in med passkey").click()
    expect(page.get_by_role("heading", name="Logga in med lösenord")).to_be_visible()
    assert SignInEvent.objects.order_by("id").last().why == "proof"


def test_the_button_waits_for_the_script_that_answers_it(browser_page: Any) -> None:
    """Pressed on a slow network it would send an empty form and blame Karin for a field she never saw."""
    browser_page.route("**/passkey.js", lambda asked: asked.abort())
    browser_page.goto("/sign-in/")
    expect(browser_page.get_by_role("button", name="Logga in med passkey")).to_be_disabled()
