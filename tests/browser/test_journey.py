"""The journey in a real browser: from a daughter's application to delivered and journalled care, appeal and closure."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.config.schedule import SCHEDULE
from livlina.core.access import Actor
from livlina.core.jobs import run_due
from livlina.registers.orders import actions as orders
from livlina.registers.orders.tests.fixtures import send
from tests.browser.journey import care, citizen, deciding, ending, ordering
from tests.browser.journey.story import Story, at, heading, main
from tests.browser.look import check_axe


@pytest.fixture
def story(
    live: Any,
    as_actor: Any,
    clock_at: Any,
    anna_online: Actor,
    karin: Actor,
    maria: Actor,
    petra: Actor,
    ali: Actor,
    erik: Actor,
    duty: Actor,
    delegation: None,
    norra: Any,
    norrgarden: Any,
) -> Story:
    """Åsvalla on a Monday in March: the people of the story, two providers with nearly the same name, the delegation."""
    told = Story(
        as_actor, clock_at, anna=anna_online, karin=karin, maria=maria, petra=petra, ali=ali, erik=erik, dag=duty
    )  # fmt: skip
    told.day(at(3, 2))
    return told


def test_from_a_daughters_application_to_a_decision_and_its_letter(story: Story) -> None:
    number = citizen.anna_applies(story)
    deciding.maria_assigns(story, number)
    story.day(at(3, 9))
    deciding.karin_investigates(story)
    deciding.karin_communicates(story)
    story.day(at(3, 11, 20))
    citizen.anna_answers(story)
    story.day(at(3, 17))
    assert deciding.karin_decides(story).startswith(b"%PDF")


def test_from_the_decision_to_delivered_care_an_appeal_and_the_closing_of_the_case(
    story: Story, ready_case: Any, work: Any
) -> None:
    story.looked |= {"decision", "decision-check", "case-decided"}  # looked at in the first half
    story.day(at(3, 17))
    letter = deciding.karin_decides(story)
    reference = ordering.karin_sends_to_the_wrong_one(story)
    address = ordering.erik_gets_it(story, reference)
    ordering.karin_recalls(story)
    ordering.erik_sees_nothing(story, reference, address)
    ordering.karin_sends_to_the_right_one(story)
    ordering.petra_accepts(story)
    ordering.petra_plans(story)
    story.day(at(3, 24, 7, 30))
    ordering.ali_reports(story, work)
    care.ali_writes_with_a_double_click(story, "Duschade Astrid. Hon var glad och pigg.")
    ordering.the_case_runs(story)
    ending.karin_notes_service(story)
    story.day(at(3, 30, 21))
    citizen.anna_reads_who_has_read(story)
    citizen.anna_appeals(story, letter)
    story.day(at(3, 31))
    ending.karin_forwards(story)
    story.day(at(6, 9))
    ending.karin_follows_up(story)
    story.day(at(8, 31))
    ending.karin_closes(story)
    citizen.anna_sees_the_end(story)


@pytest.fixture
def both_cared_for(
    story: Story, draft_for: Any, astrid: Any, bertil: Any, norra: Any, petra: Actor, karin: Actor
) -> None:
    """Norra hemtjänsten cares for Astrid and for Bertil."""
    for person in (astrid, bertil):
        order = send(draft_for(person), norra, karin, story.now)
        orders.open_order(order, by=petra, now=story.now)
        order.refresh_from_db()
        orders.confirm_order(order, start=story.now.date(), contact="Petra", by=petra, now=story.now)


def test_a_note_sent_twice_is_one_and_a_note_on_the_wrong_person_is_moved(
    story: Story, both_cared_for: None, astrid: Any
) -> None:
    story.options["ali"] = {"java_script_enabled": False}  # nothing in the browser stops the second press
    story.day(at(3, 24, 8))
    care.ali_writes_with_a_double_click(story, "Frukost och medicin.")
    text = "Föll i hallen men skadade sig inte."
    care.ali_writes_on_the_wrong_person(story, text)
    care.petra_moves_it(story, astrid.numbers.get(current=True).value.value, text)
    care.ali_finds_it_where_it_belongs(story, text)


@pytest.fixture
def alarm(draft_for: Any, astrid: Any) -> Any:
    """A social alarm for Astrid, drafted and not sent."""
    return draft_for(astrid, kind="social_alarm", service="social_alarm")


def test_an_alarm_nobody_confirms_climbs_to_the_officer_on_duty(story: Story, alarm: Any) -> None:
    care.karin_orders_an_alarm(story, ordering.RIGHT)
    run_due(SCHEDULE, story.now)
    care.nobody_is_told_yet(story)
    story.day(at(3, 2, 13, 1))
    run_due(SCHEDULE, story.now)
    care.karin_is_told(story)
    story.day(at(3, 2, 15, 1))
    run_due(SCHEDULE, story.now)
    care.dag_sees_it_first(story)


def test_karin_finds_a_person_and_writes_a_note_by_keyboard_alone(
    story: Story, assigned_case: Any, work: Any
) -> None:
    page = story.page("karin")
    page.keyboard.press("/")
    expect(page.locator("#top-search")).to_be_focused()
    page.keyboard.type("Astrid Lindq")
    page.keyboard.press("Enter")
    follow(page, main(page).get_by_role("link", name=re.compile("Astrid|Lindqvist")))
    heading(page, "Översikt")
    follow(
        page,
        page.get_by_role("navigation", name="Astrid Lindqvist: delar").get_by_role("link", name="Journal"),
    )
    follow(page, page.get_by_role("button", name="Öppna en akt"))
    expect(page.get_by_role("link", name="Ny anteckning")).to_be_visible()
    page.keyboard.press("n")
    heading(page, "Ny anteckning om Astrid Lindqvist")
    tab_to(page, page.get_by_label("Anteckning", exact=True))
    page.keyboard.type("Ringde Anna om hembesöket / nästa vecka.")  # keys are letters while one writes
    tab_to(page, page.get_by_label("Vad var det?"))
    page.keyboard.press("ArrowDown")
    follow(page, page.get_by_role("button", name="Spara anteckningen"))
    expect(page.get_by_role("article").filter(has_text="hembesöket / nästa vecka")).to_have_count(1)


def test_karin_goes_anywhere_with_control_k(story: Story, assigned_case: Any) -> None:
    page = story.page("karin")
    page.keyboard.press("Control+k")
    check_axe(page)
    page.keyboard.type("bevak")
    expect(page.get_by_role("option", name=re.compile("^Bevakningar"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    heading(page, "Bevakningar")
    page.keyboard.press("Control+k")
    page.keyboard.type("Astrid Lindq")
    expect(page.get_by_role("option", name=re.compile("Lindqvist"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    heading(page, "Översikt")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def tab_to(page: Any, target: Any) -> None:
    """Press Tab until `target` has the focus, and see that it is shown and not under the person's header."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    covered = (
        "element => { const box = element.getBoundingClientRect(); return element.contains("
        "document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12))); }"
    )
    assert target.evaluate(covered), f"{target} has the focus but cannot be seen."


def follow(page: Any, target: Any) -> None:
    """Follow a link or press a button by keyboard."""
    tab_to(page, target)
    page.keyboard.press("Enter")
