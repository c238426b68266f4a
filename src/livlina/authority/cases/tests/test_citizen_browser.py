"""The application in a real browser: in Swedish by keyboard alone, in English, and without script."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import expect

from livlina.authority.cases import actions
from livlina.authority.cases.actions import DecisionDraft, LineDraft, mark_sent
from livlina.authority.cases.models import Application, Case, Document
from livlina.core import tenancy
from tests.browser.look import check_axe, check_fits

DESK = {"width": 1440, "height": 900}


@pytest.fixture
def annas_page(live, as_actor, anna_online, astrid, karin, clock_at, now):
    """Anna's browser, on the page where one chooses what to apply for."""
    clock_at(now)

    def open_page(**options):
        page = as_actor(anna_online, **options)
        page.goto("/citizen/apply/")
        return page

    return open_page


def looked_at(page):
    """Every page is checked by axe and fits a telephone."""
    check_axe(page)
    check_fits(page)
    page.set_viewport_size(DESK)


def tab_to(page, target):
    """Press Tab until `target` has the focus."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached with Tab.")


def choose(page, target):
    """Choose a radio button by keyboard: Tab to its group, then the arrows."""
    name = target.get_attribute("name")
    first = page.locator(f'input[name="{name}"]').first
    tab_to(page, first)
    page.keyboard.press("Space")
    for _ in range(12):
        if target.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} cannot be chosen with the arrows.")


def tick(page, target):
    """Tick a box by keyboard."""
    tab_to(page, target)
    page.keyboard.press("Space")


def press(page, target):
    """Follow a link or press a button by keyboard."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def write(page, target, text):
    """Write in a field by keyboard."""
    tab_to(page, target)
    page.keyboard.type(text)


def heading(page, words):
    """The page has come: its heading says so."""
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def test_anna_applies_for_her_mother_in_swedish_by_keyboard_alone(annas_page, asvalla):
    page = annas_page()
    onward = page.get_by_role("button", name="Nästa")
    looked_at(page)
    press(page, page.get_by_role("link", name="Ansök om hemtjänst"))
    heading(page, "Ansök om hemtjänst")
    looked_at(page)
    choose(page, page.get_by_label(re.compile("Astrid Lindqvist")))
    press(page, page.get_by_role("button", name="Börja ansökan"))
    heading(page, "Är det bråttom?")
    expect(page.get_by_label("Varför är det bråttom?")).to_be_hidden()
    press(page, onward)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Fel: "))
    looked_at(page)
    choose(page, page.get_by_label("Ja", exact=True))
    write(page, page.get_by_label("Varför är det bråttom?"), "Hon ramlade i går.")
    looked_at(page)
    press(page, onward)
    heading(page, "Vad vill du ha hjälp med?")
    tick(page, page.get_by_label("Städa"))
    press(page, onward)
    heading(page, "Berätta mer")
    write(page, page.get_by_label(re.compile("Berätta mer om vad som är svårt")), "Hon orkar inte städa.")
    press(page, onward)
    heading(page, "När behöver du hjälp?")
    tick(page, page.get_by_label("Morgon"))
    write(page, page.get_by_label("När vill du att hjälpen börjar?"), "16/3")
    expect(page.get_by_text("måndag 16 mars 2026")).to_be_visible()
    looked_at(page)
    press(page, onward)
    for words in ("Din hälsa", "Ditt hem", "Hjälp i dag", "Dörr och nyckel", "Dina önskemål", "Tolk och stöd",
                  "Kontaktperson", "Uppgifter från andra", "Något mer?"):  # fmt: skip
        heading(page, words)
        looked_at(page)
        if words == "Ditt hem":
            choose(page, page.locator('input[name="living_with"][value="alone"]'))
        if words == "Hjälp i dag":
            tick(page, page.locator('input[name="help_today_from"][value="children"]'))
        if words in ("Tolk och stöd", "Uppgifter från andra"):
            choose(page, page.get_by_label("Nej", exact=True))
        press(page, onward)
    heading(page, "Kontrollera dina svar")
    looked_at(page)
    tick(page, page.get_by_label("Jag har svarat så gott jag kan"))
    press(page, page.get_by_role("button", name="Skicka ansökan"))
    expect(page.get_by_role("heading", name="Ansökan är skickad")).to_be_visible()
    looked_at(page)
    with tenancy.acting(asvalla.pk, (1,)):
        assert Application.objects.get().person.name == "Astrid Lindqvist"


def test_anna_applies_for_herself_in_english(annas_page, live, asvalla):
    page = annas_page()
    page.get_by_role("button", name="In English").click()
    heading(page, "What do you want to apply for?")
    looked_at(page)
    page.get_by_role("link", name="Apply for a short-term stay").click()
    page.get_by_label(re.compile("Myself")).check()
    page.get_by_role("button", name="Start the application").click()
    apply_for_a_stay(page, look=looked_at)
    with tenancy.acting(asvalla.pk, (1,)):
        assert Application.objects.get().answers["stay_period"] == ["2026-04-01", "2026-04-14"]


def apply_for_a_stay(page, *, look):
    """Answer every page of the application for a short-term stay, in English, and send it."""
    onward = page.get_by_role("button", name="Next")
    page.get_by_label("No", exact=True).check()
    onward.click()
    heading(page, "Why is a short-term stay needed?")
    look(page)
    page.get_by_label("I am leaving hospital and cannot manage at home yet").check()
    page.get_by_label("Which hospital and ward?").fill("Åsvalla lasarett, ward 4")
    look(page)
    onward.click()
    heading(page, "When?")
    page.get_by_label("One stay").check()
    page.get_by_label("First day").fill("2026-04-14")
    page.get_by_label("Last day").fill("2026-04-01")
    onward.click()
    expect(page.get_by_role("alert")).to_contain_text("The last day cannot be before the first.")
    look(page)
    page.get_by_label("First day").fill("1/4")
    page.get_by_label("Last day").fill("14/4")
    onward.click()
    heading(page, "Your health")
    page.get_by_label("No", exact=True).last.check()
    onward.click()
    heading(page, "Help today")
    page.get_by_label("No, nobody").check()
    page.locator('input[name="living_with"]').first.check()
    onward.click()
    heading(page, "The journey")
    page.get_by_label("A relative drives me").check()
    onward.click()
    for words in ("Interpreter and support", "Contact person", "Information from others", "Anything else?"):
        heading(page, words)
        look(page)
        if page.get_by_label("No", exact=True).count():
            page.get_by_label("No", exact=True).check()
        onward.click()
    heading(page, "Check your answers")
    look(page)
    page.get_by_label("I have answered as well as I can").check()
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("heading", name="Application sent")).to_be_visible()
    look(page)


def test_without_script_the_application_works_the_same(annas_page, live, asvalla):
    page = annas_page(java_script_enabled=False)
    page.get_by_role("button", name="In English").click()
    page.get_by_role("link", name="Apply for a short-term stay").click()
    page.get_by_label(re.compile("Astrid Lindqvist")).check()
    page.get_by_role("button", name="Start the application").click()
    apply_for_a_stay(page, look=lambda page: None)
    with tenancy.acting(asvalla.pk, (1,)):
        assert Application.objects.get().answers["stay_reason"] == ["after_hospital"]


@pytest.fixture
def decided(live, ready_case, karin, asvalla, now):
    """Karin has decided partly in Astrid's favour, and the letter lies in the e-service."""
    case = Case.objects.get(pk=ready_case.pk)
    lines = (
        LineDraft("personal_care", True, Decimal(12), date(2026, 3, 9), date(2027, 3, 8)),
        LineDraft("company", False, Decimal(8), reasons="Behovet tillgodoses genom familjen."),
    )
    draft = DecisionDraft(
        lines=lines, reasons="Behovet tillgodoses genom familjen.", follow_up_on=date(2026, 9, 9)
    )
    decision = actions.decide(case, draft, by=karin, now=now)
    for letter in Document.objects.filter(decision=decision):
        mark_sent(letter, by=karin, now=now)
    return decision


@pytest.mark.parametrize("language", ["sv", "en"])
def test_astrid_follows_reads_the_decision_and_appeals(
    decided, as_actor, astrid_online, live, clock_at, now, language
):
    clock_at(now)
    page = as_actor(astrid_online)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live}])
    words = {
        "sv": ("Hemtjänst", "Läs beslutet", "Överklaga beslutet", "Vilken ändring vill du ha?", "Skicka överklagandet"),
        "en": ("Home care", "Read the decision", "Appeal against the decision", "What change do you want?",
               "Send the appeal"),
    }[language]  # fmt: skip
    page.goto("/citizen/cases/")
    looked_at(page)
    page.get_by_role("link", name=words[0]).click()
    looked_at(page)
    page.get_by_role("link", name=words[1]).click()
    looked_at(page)
    page.get_by_role("link", name=words[2]).click()
    page.get_by_role("button", name=words[4]).click()
    expect(page.get_by_role("alert")).to_be_focused()
    looked_at(page)
    page.get_by_label(words[3]).fill("Jag vill ha sällskap två gånger i veckan.")
    page.get_by_role("button", name=words[4]).click()
    expect(page.get_by_text("Jag vill ha sällskap två gånger i veckan.")).to_be_visible()
    looked_at(page)
