"""What Anna does: applies for her mother, answers, sees who has read, appeals, and follows to the end."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.journey.story import Story, heading, link, main, menu, press


def anna_applies(story: Story) -> str:
    """Anna applies for her mother by power of attorney; return the number on the receipt."""
    page = story.page("anna")
    heading(page, "Hej Anna Lindqvist Berg")
    story.look(page, "citizen-start")
    menu(page, "Ansök")
    story.look(page, "apply")
    link(page, "Ansök om hemtjänst")
    page.get_by_label(re.compile("Astrid Lindqvist")).check()
    story.look(page, "apply-begin")
    press(page, "Börja ansökan")
    for words in _PAGES:
        heading(page, words)
        expect(page.get_by_text("Du ansöker för Astrid Lindqvist")).to_be_visible()
        _answer(page, words)
        if words in ("Vad vill du ha hjälp med?", "Berätta mer", "Dörr och nyckel"):
            story.look(page, f"apply-{_PAGES.index(words) + 1}")
        press(page, "Nästa")
    heading(page, "Kontrollera dina svar")
    expect(page.get_by_text("Astrid klarar att duscha om någon är med.")).to_be_visible()
    story.look(page, "apply-check")
    page.get_by_label("Jag har svarat så gott jag kan").check()
    press(page, "Skicka ansökan")
    expect(page.get_by_role("heading", name="Ansökan är skickad")).to_be_visible()
    expect(page.get_by_text("Du får beslut senast 2 juni 2026")).to_be_visible()
    story.look(page, "apply-receipt")
    number = re.search(r"\d{4}-\d{6}", main(page).inner_text())
    assert number, "The receipt says no number."
    return number[0]


_PAGES = (
    "Är det bråttom?", "Vad vill du ha hjälp med?", "Berätta mer", "När behöver du hjälp?", "Din hälsa", "Ditt hem",
    "Hjälp i dag", "Dörr och nyckel", "Dina önskemål", "Tolk och stöd", "Kontaktperson", "Uppgifter från andra",
    "Något mer?",
)  # fmt: skip


def _answer(page: Any, heading_words: str) -> None:
    match heading_words:
        case "Är det bråttom?" | "Tolk och stöd" | "Uppgifter från andra":
            page.get_by_label("Nej", exact=True).first.check()
        case "Vad vill du ha hjälp med?":
            for words in ("Tvätta mig och sköta min kropp", "Städa", "Sällskap"):
                page.get_by_label(words, exact=True).check()
        case "Berätta mer":
            page.get_by_role("textbox").fill(
                "Astrid klarar att duscha om någon är med. Städa orkar hon inte."
            )
        case "När behöver du hjälp?":
            page.get_by_label("Morgon").check()
        case "Ditt hem":
            page.get_by_label("Ja, jag bor ensam").check()
        case "Hjälp i dag":
            page.locator('input[name="help_today_from"][value="children"]').check()
        case "Dörr och nyckel":
            page.get_by_label("Jag lämnar en nyckel till kommunen").check()
        case "Kontaktperson":
            page.locator('input[name="contact_name"]').fill("Anna Lindqvist Berg")


def anna_answers(story: Story) -> None:
    """Anna is asked, reads, and answers."""
    page = story.page("anna")
    menu(page, "Mina ärenden")
    expect(page.get_by_text("Vi vill ha dina synpunkter senast 23 mars 2026")).to_be_visible()
    story.look(page, "citizen-cases")
    link(page, re.compile("^Hemtjänst"))
    story.look(page, "citizen-case-asked")
    link(page, "Läs och svara")
    expect(page.get_by_text("Social samvaro avslås.")).to_be_visible()
    page.get_by_label("Dina synpunkter").fill("Mamma är ensam om dagarna. Hon behöver sällskap.")
    story.look(page, "citizen-answer")
    press(page, "Skicka synpunkterna")
    expect(main(page)).to_contain_text("synpunkter")


def anna_reads_who_has_read(story: Story) -> None:
    """Anna sees which units have read about her mother, and that the wrong provider is not among them."""
    page = story.page("anna")
    link(page, re.compile("Om Astrid Lindqvist"))
    heading(page, "Vem har läst om Astrid Lindqvist?")
    expect(page.get_by_role("cell", name="Biståndsenheten").first).to_be_visible()
    expect(page.get_by_role("cell", name="Norra hemtjänsten").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Norrgården")
    expect(page.locator("body")).not_to_contain_text("Karin Ekdal")  # units and roles, not names
    story.look(page, "readers")


def anna_appeals(story: Story, letter: bytes) -> None:
    """Anna reads the decision and its letter, and appeals in time."""
    page = story.page("anna")
    menu(page, "Mina ärenden")
    link(page, re.compile("^Hemtjänst"))
    story.look(page, "citizen-case-decided")
    link(page, "Läs beslutet")
    expect(main(page)).to_contain_text("Personlig omsorg")
    expect(main(page)).to_contain_text("Behovet tillgodoses genom familjen.")
    expect(main(page)).to_contain_text("senast 9 april 2026")
    story.look(page, "citizen-decision")
    address = page.get_by_role("link", name=re.compile(r"^Beslut \(PDF\)")).get_attribute("href")
    assert page.request.get(address).body() == letter
    link(page, "Överklaga beslutet")
    page.get_by_label("Vilken ändring vill du ha?").fill("Astrid behöver sällskap två gånger i veckan.")
    page.get_by_label("Varför tycker du att beslutet är fel?").fill("Hon är ensam från morgon till kväll.")
    story.look(page, "citizen-appeal")
    press(page, "Skicka överklagandet")
    heading(page, "Överklagandet har kommit in")
    story.look(page, "citizen-appealed")


def anna_sees_the_end(story: Story) -> None:
    """Anna sees that the case is closed; what was decided can still be read."""
    page = story.page("anna")
    menu(page, "Mina ärenden")
    link(page, re.compile("^Hemtjänst"))
    expect(main(page)).to_contain_text("avslutat")
    expect(page.get_by_role("link", name="Läs beslutet")).to_be_visible()
    story.look(page, "citizen-case-closed")
