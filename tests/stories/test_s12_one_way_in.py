"""S12. Seven mail addresses and four telephone numbers for support, and nobody knew who did what.

Here there is one way in, on every page; a question always has a person or a line; and it goes on when its owner is away.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from livlina.across.support import actions, jobs
from livlina.across.support.actions.sheets import Wording
from livlina.across.support.models import Ticket
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING, acting

PHONE = {"viewport": {"width": 390, "height": 844}}
LOCK = Wording(
    "Telefonen öppnar inte dörren",
    "Gå närmare dörren och försök igen.",
    "lås nyckel",
    "doors",
    pages=("homecare:",),
)


def test_ali_gets_the_right_sheet_in_two_taps_and_need_not_ask(
    live: str, as_actor: Callable, asvalla: Municipality, ali: Actor, ola: Actor, now: datetime
) -> None:
    with acting(asvalla.pk, EVERYTHING):
        actions.write_sheet(LOCK, by=ola, now=now)
    page = as_actor(ali, **PHONE)
    page.goto("/provider/homecare/day")
    page.get_by_role("link", name="Få hjälp").click()
    page.get_by_text("Telefonen öppnar inte dörren", exact=True).click()
    expect(page.get_by_text("Gå närmare dörren")).to_be_visible()
    page.get_by_role("button", name="Ja").first.click()
    expect(page.get_by_text("Tack för att du säger till")).to_be_visible()
    with acting(asvalla.pk, EVERYTHING):
        assert not Ticket.objects.exists()


def test_karins_question_goes_through_three_lines_and_back_while_its_owner_is_away(
    live: str, as_actor: Callable, clock_at: Callable, asvalla: Municipality, karin: Actor, anders: Actor, ola: Actor,
    now: datetime, work: Callable,
) -> None:  # fmt: skip
    from tests.people import staff

    nora = staff(asvalla, "Nora Vik", "administrator", "Systemförvaltningen")
    clock_at(now)
    asks = as_actor(karin)
    karin_asks(asks)
    the_first_line_hands_it_on(as_actor(anders))
    the_second_asks_the_maker(as_actor(ola))
    asks.reload()
    assert "Ola Krantz, tredje linjen" in text_of(asks)  # nobody has to ask who has it
    with acting(asvalla.pk, EVERYTHING):
        day = now.date()
        actions.tell_absence(ola.user_id, day, day + timedelta(days=5), nora.user_id, by=ola, now=now)
        ticket = Ticket.objects.get()
        actions.supplier_says(ticket, "maker", "m-1", "Rättat i natt.", by=the_house(asvalla), now=now)
        jobs.return_desks(asvalla.pk, now)
    asks.reload()
    assert "Nora Vik, andra linjen" in text_of(asks)
    clock_at(now + timedelta(hours=1))
    third = as_actor(nora)
    noras_answer_solves_it(third)
    asks.reload()
    asks.get_by_role("button", name="Ja, det är löst").click()
    assert "Avslutat" in text_of(asks)
    third.goto("/operations/support/figures")
    assert "Kom in 1 Lösta 1 Pågår 0" in " ".join(text_of(third).split())
    third.goto("/operations/support/review")
    assert "Nora Vik" in text_of(third)


def karin_asks(page: Any) -> None:
    """From the page she is on, in a sentence."""
    page.goto("/officer/cases")
    page.get_by_role("link", name="Få hjälp").click()
    page.get_by_label("Vad behöver du hjälp med?").fill("Sidan står still när jag sparar utredningen.")
    page.get_by_role("button", name="Skicka").click()
    assert "första linjen" in text_of(page)


def the_first_line_hands_it_on(page: Any) -> None:
    """Anders sees which page it was, and what was tried."""
    page.goto("/operations/support")
    page.get_by_role("link", name="Sidan står still").click()
    assert "ärenden, cases:list" in text_of(page)
    press(page, "Lämna till en annan linje", "Vad är gjort?", "Samma i två webbläsare.", "Lämna över")


def the_second_asks_the_maker(page: Any) -> None:
    """Ola takes it, and asks the third line."""
    page.goto("/operations/support?view=line2")
    page.get_by_role("link", name="Sidan står still").click()
    page.get_by_role("button", name="Ta ärendet").click()
    press(page, "Fråga leverantören", "Fråga till leverantören", "Sparandet hänger.", "Skicka")
    assert "Ola Krantz, tredje linjen" in text_of(page)


def noras_answer_solves_it(page: Any) -> None:
    """Whoever stands in has the whole history."""
    page.goto("/operations/support?view=mine")
    page.get_by_role("link", name="Sidan står still").click()
    assert "Rättat i natt." in text_of(page)
    page.get_by_label("Skriv", exact=True).fill("Nu är det rättat.")
    page.get_by_label("Löst: så här blev det").check()
    page.locator("#write").get_by_role("button", name="Spara").click()


def the_house(asvalla: Municipality) -> Actor:
    """Livlina itself, when a supplier's answer comes."""
    from livlina.core.access import system

    return system(asvalla.pk, EVERYTHING)


def text_of(page: Any) -> str:
    """The words of the page as they stand."""
    return str(page.locator("main").inner_text())


def press(page: Any, fold: str, field: str, text: str, button: str) -> None:
    """Open a fold of the page, write, and press its button."""
    page.get_by_text(fold, exact=True).click()
    page.get_by_label(field).fill(text)
    page.locator("details", has_text=fold).get_by_role("button", name=button).click()
