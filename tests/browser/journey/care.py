"""Journalled care, and the order nobody answers."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.journey.story import Story, heading, link, main, menu, press, said

TO_JOURNAL = "Beställning av hemtjänst"


def to_journal(page: Any, person: str) -> None:
    """From the running orders to a person's journal at the own unit; the first one there begins the file."""
    menu(page, "Pågående")
    page.get_by_role("row", name=re.compile(person)).get_by_role("link").click()
    heading(page, TO_JOURNAL)
    with page.expect_navigation():  # what is asked next is asked at once, of the page that has come
        page.get_by_role("navigation", name=f"{person}: delar").get_by_role("link", name="Journal").click()
    if page.get_by_role("button", name="Öppna en akt").is_visible():
        press(page, "Öppna en akt")
    elif page.get_by_role("link", name=re.compile("^Akt hos")).is_visible():
        link(page, re.compile("^Akt hos"))


def begin_note(page: Any, text: str) -> None:
    """Fill in a new note."""
    link(page, "Ny anteckning")
    page.get_by_label("Anteckning", exact=True).fill(text)
    page.get_by_label("Vad var det?").select_option(index=1)


def ali_writes_with_a_double_click(story: Story, text: str) -> None:
    """Ali presses twice; the note is there once."""
    page = story.page("ali")
    to_journal(page, "Astrid Lindqvist")
    story.look(page, "journal")
    begin_note(page, text)
    story.look(page, "note-write")
    page.get_by_role("button", name="Spara anteckningen").dblclick()
    expect(page.get_by_role("article").filter(has_text=text)).to_have_count(1)
    story.look(page, "journal-note")
    page.reload()
    expect(page.get_by_role("article").filter(has_text=text)).to_have_count(1)


def ali_writes_on_the_wrong_person(story: Story, text: str) -> None:
    """What happened at Astrid's is written in Bertil's file."""
    page = story.page("ali")
    to_journal(page, "Bertil Nordin")
    begin_note(page, text)
    press(page, "Spara anteckningen")
    expect(page.get_by_role("article").filter(has_text=text)).to_have_count(1)


def petra_moves_it(story: Story, number: str, text: str) -> None:
    """Petra moves the note to Astrid, whose name is read back first; a stub without its words is left at Bertil's."""
    page = story.page("petra")
    to_journal(page, "Bertil Nordin")
    link(page, re.compile("^Fel person"))
    page.get_by_label("Rätt persons personnummer").fill(number)
    page.get_by_label("Skäl till flytten").fill("Skriven i fel akt.")
    story.look(page, "note-move")
    press(page, "Fortsätt")
    heading(page, "Flytta anteckningen till Astrid Lindqvist?")
    story.look(page, "note-move-check")
    press(page, "Flytta till Astrid Lindqvist")
    said(page, "Anteckningen är flyttad till Astrid Lindqvist.")
    expect(main(page)).to_contain_text("Anteckningen tillhörde en annan person och flyttades")
    expect(main(page)).not_to_contain_text(text)
    story.look(page, "journal-stub")


def ali_finds_it_where_it_belongs(story: Story, text: str) -> None:
    """The note stands in Astrid's file, with who wrote it first; not a word of it is left in Bertil's."""
    page = story.page("ali")
    to_journal(page, "Astrid Lindqvist")
    expect(page.get_by_role("article").filter(has_text=text)).to_have_count(1)
    expect(main(page)).to_contain_text(re.compile(r"Först skriven .* av Ali Hassan"))
    to_journal(page, "Bertil Nordin")
    expect(main(page)).not_to_contain_text(text)


# The order nobody answers.


def karin_orders_an_alarm(story: Story, provider: str) -> None:
    """Karin finds Astrid's drafted alarm order through the search field, and sends it."""
    page = story.page("karin")
    page.get_by_label("Sök person", exact=True).fill("Astrid Lindq")
    page.keyboard.press("Enter")
    heading(page, "Sök person")
    story.look(page, "people-search")
    main(page).get_by_role("link", name=re.compile("Astrid|Lindqvist")).click()
    heading(page, "Översikt")
    story.look(page, "person")
    page.get_by_role("navigation", name="Astrid Lindqvist: delar").get_by_role(
        "link", name="Beställningar"
    ).click()
    expect(main(page).get_by_role("link", name=re.compile("^Trygghetslarm"))).to_be_visible()
    story.look(page, "orders-of-person")
    main(page).get_by_role("link", name=re.compile("^Trygghetslarm")).click()
    link(page, "Välj utförare")
    page.get_by_label(re.compile(f"^{provider}")).check()
    press(page, "Fortsätt")
    page.get_by_label(provider, exact=True).check()
    press(page, "Skicka beställningen")
    expect(main(page)).to_contain_text("Svar senast")


def nobody_is_told_yet(story: Story) -> None:
    """While the time to answer runs, nobody is disturbed."""
    page = story.page("dag")
    expect(page.get_by_text("1 beställning väntar på svar")).to_be_visible()
    expect(page.locator(".lv-watch")).to_have_count(0)


def karin_is_told(story: Story) -> None:
    """After four hours the order stands first on Karin's page."""
    page = story.page("karin")
    expect(page.locator(".lv-watch").first).to_contain_text(
        "Utföraren har inte bekräftat beställningen: Astrid Lindqvist"
    )
    page = story.page("dag")
    expect(page.get_by_text("1 över tiden")).to_be_visible()


def dag_sees_it_first(story: Story) -> None:
    """When the unit has not acted either, it stands first on the page of the officer on duty, and leads to the order."""
    page = story.page("dag")
    first = page.locator(".lv-watch").first
    expect(first).to_contain_text("Utföraren har inte bekräftat beställningen: Astrid Lindqvist")
    expect(first).to_contain_text("Ingen har åtgärdat den i tid")
    story.look(page, "duty-start")
    first.get_by_role("link", name=re.compile("^Utföraren har inte bekräftat")).click()
    heading(page, re.compile("Beställning av trygghetslarm"))
    expect(main(page)).to_contain_text("Obesvarad för länge")
    story.look(page, "duty-order")
