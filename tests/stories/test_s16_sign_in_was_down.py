"""S16. A shared IT provider's outage locked everyone out, because signing in itself was down.

The house measures the municipality's own sign-in by itself, says in words what to do instead, and lets Karin in by her
passkey and Maria, who has none, by a sealed envelope. Both care for people; neither administers, and all are told.
"""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.across.portal import actions, health, probe
from livlina.across.portal.models import SealOpening
from livlina.across.portal.tests.oidc_provider import Provider
from livlina.core import clock
from livlina.core.tenancy import acting
from tests.browser.look import check_axe
from tests.browser.test_passkey import AUTHENTICATOR, add_a_passkey, sign_out, with_the_password
from tests.people import ALL, staff


@pytest.fixture
def envelope(asvalla: Any, ola: Any) -> str:
    """What lies in the safe: a code that Ola asked for and Olga made, in time of peace."""
    olga = staff(asvalla, "Olga Berg", "administrator", "Systemförvaltningen")
    with acting(asvalla.pk, ALL):
        asked = actions.ask_seal("Kassaskåpet i kommunhuset", by=ola, now=clock.now())
        return actions.make_seal(asked, by=olga, now=clock.now())


def measure_now(times: int = 1) -> health.State:
    """What the worker does every five seconds."""
    for ago in reversed(range(times)):
        found = probe.once(clock.now() - ago * health.EVERY)
    return found


def open_the_envelope(page: Any, code: str) -> None:
    """Maria, who has no passkey, comes in by what lay in the safe."""
    page.goto("/sign-in/")
    page.get_by_role("link", name="Öppna en förseglad nödnyckel").click()
    check_axe(page)
    page.get_by_label("Kommun", exact=True).select_option("asvalla")
    page.get_by_label("Nyckelns nummer").fill("1")
    page.get_by_label("Koden i kuvertet").fill(code)
    page.get_by_label("Din e-postadress").fill("maria.lundell@test.livlina.example")
    page.get_by_label("Varför öppnar du den?").fill("Jag har ingen passkey, och någon måste fördela larmen.")
    page.get_by_role("button", name="Öppna och logga in").click()
    expect(page).to_have_title("Att göra – Livlina")


def test_s16_sign_in_survives_the_identity_provider(
    browser_page: Any, new_page: Callable[..., Any], karin: Any, maria: Any, envelope: str, with_password: Callable,
    provider_at: Callable[..., None], work: Callable, live: Any,
) -> None:  # fmt: skip
    with_password(karin)
    well = Provider()
    provider_at(well.url)
    assert measure_now().why == ""
    page = browser_page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    with_the_password(page)
    add_a_passkey(page)
    sign_out(page)
    expect(page.get_by_role("link", name="Kommunens inloggning")).to_be_visible()

    well.close()
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        provider_at(f"http://127.0.0.1:{hanging.getsockname()[1]}")
        time_is = clock.now()
        assert [probe.once(time_is + step * health.EVERY).why for step in (1, 2)] == ["", "silent"]

        page.goto("/sign-in/")
        expect(page.get_by_role("status")).to_have_text(
            "Kommunens inloggning svarar inte. Logga in med passkey."
        )
        check_axe(page)
        began = time.monotonic()
        page.get_by_role("button", name="Logga in med passkey").click()
        expect(page).to_have_title("Att göra – Livlina")
        assert time.monotonic() - began < 2
        expect(page.get_by_role("complementary", name="Reservläge")).to_be_visible()
        page.goto("/officer/records/requests")
        expect(page.get_by_role("heading", level=1)).to_have_text("Det här går inte i reservläge")

        open_the_envelope(new_page(), envelope)
    work()
    assert SealOpening.objects.get().user_name == "Maria Lundell"
