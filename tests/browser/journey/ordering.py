"""The order: to the wrong provider first and taken back unopened, then to the right one; care begins."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.journey.story import Story, heading, link, main, menu, press, to_case

WRONG, RIGHT = "Norrgårdens hemtjänst", "Norra hemtjänsten AB"


def karin_sends_to_the_wrong_one(story: Story) -> str:
    """Karin orders what is granted, and picks the provider with nearly the same name. Return the order's reference."""
    page = story.page("karin")
    link(page, "Beställ insatserna")
    page.get_by_label(re.compile("^Att tänka på")).fill("Hör dåligt på höger öra.")
    story.look(page, "place-orders")
    press(page, "Beställ insatserna")
    link(page, re.compile("^Välj utförare"))
    story.look(page, "order-draft")
    link(page, "Välj utförare")
    _choose_and_send(story, page, WRONG)
    expect(main(page)).to_contain_text("Skickad, inte öppnad")
    story.look(page, "order-sent")
    return re.search(r"Referens\s+(\S+)", main(page).inner_text())[1]  # type: ignore[index]


def _choose_and_send(story: Story, page: Any, provider: str) -> None:
    page.get_by_label(re.compile(f"^{provider}")).check()
    story.look(page, "order-choose")
    press(page, "Fortsätt")
    heading(page, f"Skicka beställningen till {provider}?")
    other = RIGHT if provider == WRONG else WRONG
    expect(page.locator(".lv-stop-fact")).to_have_text(re.compile(f"{provider}, inte {other}"))
    story.look(page, "order-send")
    press(page, "Skicka beställningen")
    expect(page.get_by_role("alert")).to_contain_text("Välj utförarens namn en gång till.")
    page.get_by_label(provider, exact=True).check()
    press(page, "Skicka beställningen")


def karin_recalls(story: Story) -> None:
    """Nobody has opened it, so it is simply taken back."""
    page = story.page("karin")
    link(page, "Återkalla")
    expect(page.locator(".lv-stop-fact")).to_contain_text(f"{WRONG} har inte öppnat beställningen")
    page.get_by_label("Fel utförare").check()
    story.look(page, "order-recall")
    press(page, "Återkalla")
    expect(main(page)).to_contain_text("Återkallad")
    story.look(page, "order-recalled")


def erik_gets_it(story: Story, reference: str) -> str:
    """At the wrong provider lies an envelope that says nothing of whom it is about. Return its address."""
    page = story.page("erik")
    expect(page.get_by_text(f"referens {reference}")).to_be_visible()
    menu(page, "Inkorg")
    page.get_by_role("listitem").filter(has_text=reference).get_by_role("link").click()
    heading(page, "Hemtjänst")
    expect(page.locator("body")).not_to_contain_text("Astrid")
    story.look(page, "order-envelope")
    return str(page.url)


def erik_sees_nothing(story: Story, reference: str, address: str) -> None:
    """Once recalled it was never there: not in the inbox, and its address is no page."""
    page = story.page("erik")
    menu(page, "Inkorg")
    expect(page.get_by_text("Inkorgen är tom")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(reference)
    story.look(page, "inbox-empty")
    assert page.goto(address).status == 404
    expect(page.locator("body")).not_to_contain_text("Astrid")


def karin_sends_to_the_right_one(story: Story) -> None:
    """The same order, to the right provider."""
    page = story.page("karin")
    press(page, "Skicka till en annan utförare")
    _choose_and_send(story, page, RIGHT)
    expect(main(page)).to_contain_text("Skickad, inte öppnad")
    expect(main(page)).to_contain_text(RIGHT)


def petra_accepts(story: Story) -> None:
    """Petra opens the order, and accepts it from a day."""
    page = story.page("petra")
    story.look(page, "provider-start")
    menu(page, "Inkorg")
    story.look(page, "inbox")
    page.get_by_role("main").get_by_role("link", name="Hemtjänst").click()
    press(page, "Öppna beställningen")
    expect(main(page)).to_contain_text("Hör dåligt på höger öra.")
    expect(main(page)).not_to_contain_text("Social samvaro")
    story.look(page, "order-opened")
    page.get_by_label("Startdag").fill("23/3")
    page.get_by_label("Kontakt hos er").fill("Petra Nyström, 0999-120 11")
    press(page, "Bekräfta beställningen")
    expect(main(page)).to_contain_text("Startdag 2026-03-23")
    story.look(page, "order-confirmed")


def petra_plans(story: Story) -> None:
    """Petra writes the care plan with Astrid; what was ordered is filled in already."""
    page = story.page("petra")
    link(page, "Genomförandeplan")
    story.look(page, "plan-none")
    link(page, "Skriv genomförandeplan")
    page.get_by_label("Mål", exact=True).fill("Astrid känner sig ren och trygg i sitt hem.")
    page.get_by_label("Den enskildes delaktighet").fill("Astrid och Anna var med vid köksbordet.")
    page.get_by_label("Följs upp senast").fill("2026-06-08")
    expect(page.get_by_label("Vad ska göras?").first).to_have_value("Personlig omsorg")
    page.get_by_label("Hur?").first.fill("Någon till hands vid dusch.")
    story.look(page, "plan-write")
    press(page, "Spara planen")
    expect(main(page)).to_contain_text("Någon till hands vid dusch.")
    story.look(page, "plan")


def to_active_order(page: Any) -> None:
    """A carer goes to Astrid's running order."""
    menu(page, "Pågående")
    page.get_by_role("row", name=re.compile("Astrid Lindqvist")).get_by_role("link").click()
    heading(page, "Beställning av hemtjänst")


def ali_reports(story: Story, work: Callable[[], None]) -> None:
    """Ali reports the first visit, on his telephone; the case then runs."""
    page = story.page("ali")
    story.look(page, "provider-start-ali")
    menu(page, "Pågående")
    story.look(page, "active-orders")
    to_active_order(page)
    link(page, "Rapportera utfört")
    page.get_by_label("Från och med").fill("2026-03-23")
    page.get_by_label("Till och med").fill("2026-03-23")
    page.get_by_label("Utförda minuter").fill("55")
    story.look(page, "deliver")
    press(page, "Rapportera")
    expect(main(page)).to_contain_text("55 min")
    work()


def the_case_runs(story: Story) -> None:
    """Karin sees that the first visit is made, and what is granted, ordered and performed."""
    page = story.page("karin")
    to_case(page)
    expect(main(page).get_by_text("Pågår", exact=True).first).to_be_visible()
    story.look(page, "case-running")
    link(page, re.compile(RIGHT))
    expect(main(page)).to_contain_text("960 minuter per månad")
    expect(main(page)).to_contain_text("55 minuter")
    story.look(page, "order-running")
