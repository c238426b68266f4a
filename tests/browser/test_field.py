"""The phone app in a real browser: it opens with no server, locks itself, and keeps what was written."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.registers.journal.models import Note
from tests.browser.field import PHONE, bar, heading, take_into_use
from tests.browser.look import check_axe, check_fits

SCREENS = {
    "today": "Alis besök",
    "settings": "Inställningar",
    "waiting": "Det som väntar",
    "deviation": "Avvikelse",
    "otherwise/extra": "Extra besök",
    "receive": "Ta emot ett besök",
    "emergency": "Nödöppning",
    "next": "Nyckel till nästa pass",
    "lead": "Öppna fortsättningsnycklar",
}


@pytest.fixture
def alis_phone(
    as_actor: Callable[..., Any], clock_at: Any, ali: Any, shift_of: Any, morning: Any, now: datetime
) -> Callable[[], Any]:
    """Return a function that takes Ali's telephone into use, with this morning's visit to Astrid."""

    def begin() -> Any:
        page = as_actor(ali, **PHONE)
        page.context.clock.install(time=now)
        take_into_use(page)
        heading(page, "Alis besök")
        return page

    clock_at(now)
    shift_of(ali)
    return begin


def test_the_app_opens_with_no_net_once_it_has_been_opened(new_page: Any) -> None:
    page = new_page(**PHONE)
    page.goto("/field/")
    heading(page, "Välkommen till ditt pass")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    check_axe(page)
    check_fits(page)
    page.context.set_offline(True)
    page.reload()
    heading(page, "Välkommen till ditt pass")
    expect(bar(page)).to_contain_text("Utan nät")
    page.goto("/field/lathund")
    heading(page, "Lathund: ditt pass i telefonen")


def test_a_note_written_without_a_net_is_told_of_as_it_is(alis_phone: Callable[[], Any]) -> None:
    page = alis_phone()
    page.get_by_role("link", name="Till Astrid").click()
    check_axe(page)
    check_fits(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Jag är framme").click()
    page.get_by_role("link", name="Skriv anteckning").click()
    page.get_by_label("Anteckning").fill("Astrid åt frukost och var glad.")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".note").first).to_contain_text("Sparad i telefonen")
    expect(bar(page)).to_contain_text("Utan nät. 2 händelser väntar")
    page.context.set_offline(False)
    expect(page.locator(".note").first).to_contain_text("Mottagen av kommunen")
    assert Note.objects.get().text == "Astrid åt frukost och var glad."


def test_the_screens_can_be_read_by_everybody_in_light_and_dark(alis_phone: Callable[[], Any]) -> None:
    page = alis_phone()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for screen, title in SCREENS.items():
            page.goto(f"/field/#/{screen}")
            heading(page, title)
            check_axe(page, only=("color-contrast",) if scheme == "dark" else ())
            check_fits(page, 320)
