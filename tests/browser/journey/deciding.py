"""What the authority does until the decision: gives out, investigates, communicates, decides."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.journey.story import Story, heading, link, main, menu, press, said, to_case


def maria_assigns(story: Story, number: str) -> None:
    """Maria finds the case among those to be given out, and gives it to Karin."""
    page = story.page("maria")
    heading(page, "Att göra")
    story.look(page, "officer-start")
    menu(page, "Ärenden")
    page.get_by_role("navigation", name="Listor").get_by_role("link", name="Att fördela").click()
    story.look(page, "cases-to-assign")
    link(page, re.compile(rf"Fördela\s*: {number}"))
    heading(page, "Vem ska ha ärendet?")
    page.get_by_label("Karin Ekdal").check()
    story.look(page, "assign")
    press(page, "Fördela ärendet")
    said(page, "Ärendet är fördelat till Karin Ekdal.")


def karin_investigates(story: Story) -> None:
    """Karin opens the investigation and rates the life areas; what Anna wrote stands there with its source."""
    page = story.page("karin")
    to_case(page)
    story.look(page, "case-assigned")
    link(page, "Inled utredning")
    press(page, "Inled utredning")
    link(page, "Skriv utredningen")
    expect(main(page)).to_contain_text("Astrid klarar att duscha om någon är med.")
    expect(main(page)).to_contain_text(re.compile(r"Uppgift från ansökan \d{4}-\d{6}, 2026-03-02"))
    expect(
        page.locator('[name="living_with"][value="alone"]')
    ).to_be_checked()  # she said so, and is not asked again
    _write_investigation(page)
    story.look(page, "investigation")
    press(page, "Spara i ärendet")
    said(page, "Utredningen är sparad i ärendet.")
    story.look(page, "case-investigated")


def _write_investigation(page: Any) -> None:
    for label, text in _INVESTIGATION.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)
    for name in ("child_in_home", "double_staffing"):
        page.locator(f'[name="{name}"][value="no"]').check()
    for area, need, words in (
        ("Tvätta sig", "3", "Klarar dusch med någon till hands."),
        ("Hushållsarbete", "4", "Orkar inte städa."),
        ("Informella sociala relationer", "1", "Träffar Anna varje vecka."),
    ):
        row = page.get_by_role("row", name=re.compile(area))
        row.get_by_role("combobox").select_option(need)
        row.get_by_role("textbox").fill(words)


_INVESTIGATION = {
    "Vad ansökan gäller": "Hjälp med dusch, städning och sällskap.",
    "Underlag för utredningen": "Hembesök den 6 mars. Samtal med Anna.",
    "Den enskildes beskrivning och önskemål": "Astrid vill klara sig själv så långt det går.",
    "Bedömning": "Behov finns av hjälp med dusch och städning. Sällskap tillgodoses på annat sätt.",
    "Mål med insatsen": "Astrid känner sig ren och trygg i sitt hem.",
    "Förslag till beslut": "Dusch och städning beviljas. Social samvaro avslås.",
}


def karin_communicates(story: Story) -> None:
    """Part will be rejected, so Anna is shown the material first and may answer."""
    page = story.page("karin")
    link(page, "Kommunicera underlaget")
    page.get_by_label("Kommunicerat den").fill("2026-03-09")
    page.get_by_label("I e-tjänsten").check()
    page.get_by_label("Svar senast den").fill("2026-03-23")
    story.look(page, "communicate")
    press(page, "Kommunicera underlaget")
    said(page, "Klart: kommunicera underlaget.")
    send_letter(page, "Du har rätt att yttra dig")


def send_letter(page: Any, title: str) -> None:
    """A letter that lies ready is marked as sent, and can then be read in the e-service."""
    page.get_by_role("button", name=re.compile(rf"Markera som skickat\s*: {title}")).first.click()
    said(page, f"”{title}” är markerat som skickat.")


def karin_decides(story: Story) -> bytes:
    """Karin reads Anna's answer and decides under delegation: partly granted. Return the letter that was stored."""
    page = story.page("karin")
    to_case(page)
    link(page, "Fatta beslut")
    expect(main(page)).to_contain_text("Mamma är ensam om dagarna.")
    for number, row in enumerate(_LINES):
        for label, text in row.items():
            field = page.get_by_label(f"Rad {number + 1}, {label}", exact=True)
            if label in ("insats", "beslut"):
                field.select_option(label=text)
            else:
                field.fill(text)
    page.get_by_label(re.compile("^Motivering")).fill("Behovet av sällskap tillgodoses genom familjen.")
    page.get_by_label(re.compile("^Följs upp|^Uppföljning")).fill("2026-06-15")
    story.look(page, "decision")
    press(page, "Läs brevet innan du beslutar")
    heading(page, "Fatta beslutet?")
    expect(main(page)).to_contain_text("överklaga")
    expect(main(page)).to_contain_text("tre veckor")
    story.look(page, "decision-check")
    press(page, "Fatta beslutet")
    said(page, "Brevet ligger under Brev.")
    expect(main(page)).to_contain_text("Delavslag")
    story.look(page, "case-decided")
    pdf = _stored_letter(page)
    send_letter(page, "Beslut")
    return pdf


_LINES = (
    {"insats": "Personlig omsorg (timmar per månad)", "beslut": "Beviljas", "omfattning": "12",
     "från och med": "2026-03-23", "till och med": "2027-03-22"},
    {"insats": "Städning (timmar per månad)", "beslut": "Beviljas", "omfattning": "4",
     "från och med": "2026-03-23", "till och med": "2027-03-22"},
    {"insats": "Social samvaro (timmar per månad)", "beslut": "Avslås", "omfattning": "8",
     "skäl för raden": "Behovet tillgodoses genom familjen."},
)  # fmt: skip


def _stored_letter(page: Any) -> bytes:
    """The letter behind its link, twice: a stored PDF, not made anew."""
    address = page.get_by_role("link", name="Beslut (pdf)").get_attribute("href")
    first, second = (page.request.get(address) for _ in range(2))
    assert first.headers["content-type"] == "application/pdf"
    assert first.body().startswith(b"%PDF")
    assert first.body() == second.body()
    return bytes(first.body())
