"""What the authority does after the decision: service of notice, the appeal, the follow-up, the end."""

import re

from playwright.sync_api import expect

from tests.browser.journey.ordering import RIGHT
from tests.browser.journey.story import Story, link, main, press, said, to_case


def karin_notes_service(story: Story) -> None:
    """Karin notes the day Anna got the decision: from it the three weeks run."""
    page = story.page("karin")
    to_case(page)
    link(page, "Anteckna delgivning")
    page.get_by_label("I e-tjänsten").check()
    page.get_by_label("Skickat eller lämnat den").fill("2026-03-17")
    page.get_by_label("Den enskilde fick beslutet den").fill("2026-03-19")
    story.look(page, "service-of-notice")
    press(page, "Spara")
    said(page, "Delgivningen är antecknad: 2026-03-19.")


def karin_forwards(story: Story) -> None:
    """Karin finds it in time, sees no reason to change the decision, and forwards it to the court."""
    page = story.page("karin")
    expect(main(page)).to_contain_text("Överklagande att hantera")
    link(page, re.compile("^Överklagande att hantera"))
    expect(main(page)).to_contain_text("Astrid behöver sällskap två gånger i veckan.")
    expect(main(page)).to_contain_text("i rätt tid")
    story.look(page, "appeal")
    press(page, "I rätt tid: ompröva beslutet")
    link(page, re.compile("^Överklagande av beslut"))
    page.get_by_label("Omprövning: varför beslutet inte ändras som begärt").fill(
        "Inga nya uppgifter har kommit fram."
    )
    story.look(page, "appeal-review")
    press(page, "Överlämna överklagandet")
    said(page, "Överklagandet är överlämnat till domstolen.")
    story.look(page, "case-forwarded")


def karin_follows_up(story: Story) -> None:
    """Karin follows the service up: it goes on."""
    page = story.page("karin")
    to_case(page)
    link(page, "Följ upp insatsen")
    press(page, "Följ upp insatsen")
    link(page, "Fortsätt som förut")
    page.get_by_label("Uppföljning gjord den").fill("2026-06-08")
    page.get_by_label("Hembesök").check()
    page.get_by_label("Den enskildes syn på insatsen").fill("Astrid är nöjd med hjälpen.")
    page.get_by_label("Målet är uppnått").check()
    page.get_by_label("Bedömning efter uppföljning").fill("Behoven är tillgodosedda.")
    page.get_by_label(re.compile("^Uppföljning senast den")).fill("2026-12-08")
    story.look(page, "follow-up")
    press(page, "Fortsätt som förut")
    said(page, "Klart: fortsätt som förut.")


def karin_closes(story: Story) -> None:
    """Astrid moves. Karin winds the service up, and says of each thing that is still open what becomes of it."""
    page = story.page("karin")
    to_case(page)
    link(page, "Avveckla insatsen")
    page.get_by_label("Insatsen upphör den").fill("2026-08-31")
    story.look(page, "end-service")
    press(page, "Avveckla insatsen")
    said(page, "Klart: avveckla insatsen.")
    link(page, "Avsluta ärendet")
    press(page, "Avsluta ärendet")
    expect(page.get_by_role("alert")).to_contain_text("Välj vad som ska hända med")
    page.get_by_label("Flyttat från kommunen").check()
    page.get_by_label("Sammanfattning").fill("Astrid har flyttat till Anna. Hjälpen upphörde den 31 augusti.")
    for item, choice in _OPEN_ITEMS.items():
        group = page.get_by_role("group", name=re.compile(f"^{item}"))
        for one in group.all():
            one.get_by_label(choice).check()
    page.get_by_label(re.compile("^Skäl: Överklagande")).fill("Målet är hos förvaltningsrätten.")
    story.look(page, "close")
    press(page, "Avsluta ärendet")
    said(page, "Ärendet är avslutat.")
    expect(main(page)).to_contain_text("Det öppnas inte igen")
    story.look(page, "case-closed")
    link(page, re.compile(RIGHT))
    expect(main(page)).to_contain_text("Avslutad")
    expect(main(page)).to_contain_text("2026-08-31")
    story.look(page, "order-ended")


_OPEN_ITEMS = {
    "Brev som inte är skickat": "Dras tillbaka",
    "Överklagande som inte är färdigt": "Handläggs vidare",
    "Nycklar och utrustning": "Återlämnade",
}
