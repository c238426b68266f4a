"""What every process of the house keeps to, and how one is stepped through."""

import re
from datetime import date
from itertools import pairwise

import pytest

from livlina.authority.cases.drawing import WIDTH, _place, draw, outline, passed
from livlina.authority.cases.engine import Catalogue, NoSuchProcess, Process, StepRefused, load
from livlina.authority.cases.engine.process import Guard
from livlina.authority.cases.engine.words import EFFECTS, GUARDS
from livlina.core.calendar import Length

WILLING: dict[str, Guard] = {name: lambda: None for name in GUARDS}
ALL = pytest.mark.parametrize("process", load().all(), ids=lambda process: process.code)


@pytest.fixture
def catalogue() -> Catalogue:
    return load()


@pytest.fixture
def home_care(catalogue: Catalogue) -> Process:
    return catalogue.process("home_care", "2025-07-01")


def test_a_new_case_gets_the_version_in_use_that_day(catalogue: Catalogue) -> None:
    assert catalogue.current("home_care", on=date(2026, 3, 2)).version == "2025-07-01"


def test_before_the_law_was_in_force_there_is_no_version(catalogue: Catalogue) -> None:
    with pytest.raises(NoSuchProcess, match="No version of home_care is in use on 2025-06-30"):
        catalogue.current("home_care", on=date(2025, 6, 30))


def test_an_unknown_version_is_told_by_name(catalogue: Catalogue) -> None:
    with pytest.raises(NoSuchProcess, match="no process home_care in version 2019-01-01"):
        catalogue.process("home_care", "2019-01-01")


def test_the_catalogue_is_read_once() -> None:
    assert load() is load()


def test_an_old_decision_can_still_name_its_law(catalogue: Catalogue) -> None:
    assert catalogue.law("sol_2001_4_1").label == "4 kap. 1 § socialtjänstlagen (2001:453)"


def test_a_code_table_is_chosen_by_day(catalogue: Catalogue) -> None:
    outcomes = catalogue.codes("decision_outcomes", on=date(2026, 3, 2))
    assert str(outcomes.code("partly_granted").label) == "Delavslag"
    with pytest.raises(KeyError, match="No version of the code table decision_outcomes"):
        catalogue.codes("decision_outcomes", on=date(2020, 1, 1))


def test_the_manager_assigns_and_the_reception_does_not(home_care: Process) -> None:
    assert [step.name for step in home_care.steps_from("received", "unit_manager")] == ["assign", "write_off"]
    assert home_care.steps_from("received", "reception") == []


def test_a_step_is_refused_from_another_state_in_words(home_care: Process) -> None:
    with pytest.raises(StepRefused, match="”Fatta beslut” går inte att göra när läget är ”Inkommen”"):
        home_care.take("received", "decide", role="case_worker", facts={}, guards=WILLING)


def test_a_step_is_refused_for_another_role_and_says_who_may(home_care: Process) -> None:
    with pytest.raises(StepRefused, match="Det har: handläggare, enhetschef, nämndsekreterare"):
        home_care.take("ready_to_decide", "decide", role="reception", facts={}, guards=WILLING)


def test_every_reason_against_a_step_is_told_at_once(home_care: Process) -> None:
    guards = WILLING | {
        "no_open_orders": lambda: "En beställning är öppen.",
        "devices_returned": lambda: "Nycklarna är inte tillbaka.",
    }
    with pytest.raises(StepRefused) as refused:
        home_care.take("ending", "close", role="case_worker", facts={"closure_note": "Klart."}, guards=guards)
    assert refused.value.reasons == (
        "”Skäl för avslut” är inte ifyllt.",
        "En beställning är öppen.",
        "Nycklarna är inte tillbaka.",
    )


def test_a_guard_without_a_function_is_a_fault_in_the_program(home_care: Process) -> None:
    facts = {"received_how": "visit", "received_on": date(2026, 3, 2)}
    with pytest.raises(KeyError, match="worker_is_assigned"):
        home_care.take("received", "assign", role="unit_manager", facts=facts, guards={})


def test_a_step_tells_its_effects_clocks_and_letters(home_care: Process) -> None:
    facts = {"closure_reason": "moved", "closure_note": "Flyttat."}
    taken = home_care.take("ending", "close", role="case_worker", facts=facts, guards=WILLING)
    assert taken.new_state == "closed"
    assert [(effect.name, effect.what) for effect in taken.effects] == [
        ("close_watch", "to_wind_up"),
        ("begin_retention", ""),
    ]
    assert [letter.template for letter in taken.letters] == [f"{home_care.folder}/letters/closure.html"]


def test_a_step_begins_the_clocks_anchored_in_it(home_care: Process) -> None:
    facts = {"waiting_for": "medical", "waiting_review_on": date(2026, 3, 20)}
    taken = home_care.take("investigating", "suspend", role="case_worker", facts=facts, guards=WILLING)
    assert [rule.name for rule in taken.deadlines] == ["waiting_review"]


def test_a_deadline_has_both_dates_and_who_is_told_when(home_care: Process) -> None:
    [appeal_time] = home_care.due("notified", date(2026, 3, 13))
    assert (appeal_time.strict_date, appeal_time.legal_date) == (date(2026, 4, 3), date(2026, 4, 7))
    assert appeal_time.escalations == ((date(2026, 4, 3), "case_worker"),)


def test_reminders_before_the_decision_ends_leave_no_silent_gap(home_care: Process) -> None:
    [ends] = home_care.due("decision_end", date(2027, 3, 31))
    assert [day for day, _ in ends.escalations] == [date(2027, 1, 30), date(2027, 3, 1), date(2027, 3, 17)]


def test_a_municipality_may_set_its_own_length(home_care: Process) -> None:
    own = {"time_to_decide": Length(1, "month")}
    dues = {due.name: due.strict_date for due in home_care.due("received", date(2026, 3, 2), lengths=own)}
    assert dues["decide_in_time"] == date(2026, 4, 2)


def test_a_clock_begun_before_the_first_setting_uses_the_first(home_care: Process) -> None:
    dues = {due.name: due.strict_date for due in home_care.due("received", date(2025, 5, 2))}
    assert dues["decide_in_time"] == date(2025, 8, 2)


def test_the_citizen_meets_one_thing_per_page_and_only_what_applies(home_care: Process) -> None:
    form = home_care.form("application")
    urgent = form.pages()[1]
    assert [field.fact.name for field in urgent.fields if field.shown({"urgent": False})] == ["urgent"]
    assert [field.fact.name for field in urgent.fields if field.shown({"urgent": True})] == [
        "urgent",
        "urgent_reason",
    ]
    assert len(form.pages({})) == len(form.pages())


def test_a_page_with_nothing_to_show_is_passed_over(home_care: Process) -> None:
    answer = home_care.form("answer")
    assert [str(page.label) for page in answer.pages({})] == ["Dina synpunkter på underlaget"]


def test_what_is_missing_is_told_as_facts_and_no_is_an_answer(home_care: Process) -> None:
    facts = {"urgent": False, "interpreter_needed": False, "consent_to_obtain": True}
    missing = [fact.name for fact in home_care.missing("application", facts)]
    assert "urgent" not in missing
    assert "consent_from" in missing, "consent was given, so it must say from whom"
    assert "interpreter_language" not in missing


def test_one_choice_among_several_opens_its_own_question(home_care: Process) -> None:
    facts = {"help_areas": ["cleaning", "other"]}
    assert "help_areas_other" in [fact.name for fact in home_care.missing("application", facts)]


@ALL
def test_every_letter_against_the_party_says_how_to_appeal(process: Process) -> None:
    for name in (
        "decision_partly",
        "decision_rejected",
        "decision_dismissed",
        "decision_changed",
        "appeal_dismissed",
    ):
        if name in process.letters:
            assert "_appeal_text.html" in written(process.letters[name].template), name


def written(template: str) -> str:
    """The text of a letter and of what it extends."""
    text = (load().root / template).read_text(encoding="utf-8")
    above = re.search(r'{% extends "([^"]+)" %}', text)
    return text + (written(above[1]) if above else "")


@ALL
def test_the_provider_is_told_nothing_about_others_or_the_investigation(process: Process) -> None:
    forms = [form for form in process.forms.values() if form.audience == "provider"]
    told = {field.fact.name for form in forms for field in form.fields()}
    assert not told & {
        "assessment",
        "party_answer",
        "relatives_view",
        "health_from_care",
        "help_today",
        "child_best",
    }


@ALL
def test_every_guard_and_effect_of_the_process_has_one_line_of_explanation(process: Process) -> None:
    for step in process.steps:
        assert all(GUARDS[name].means.endswith(".") for name in step.guards)
        assert all(EFFECTS[effect.name].means.endswith(".") for effect in step.effects)


def test_what_a_case_must_have_passed_is_known_from_where_it_stands(home_care: Process) -> None:
    assert passed(home_care, "decided") == {"received", "assigned", "investigating", "ready_to_decide"}
    assert passed(home_care, "appeal_judged") == {
        "appeal_window",
        "appeal_received",
        "appeal_review",
        "appeal_forwarded",
    }


@ALL
def test_the_drawing_says_in_words_what_it_shows(process: Process) -> None:
    svg = draw(process, process.start().name)
    assert 'role="img"' in svg
    assert "<desc" in svg
    assert f"Nu: {process.start().label}." in svg
    assert svg.count("process-state--current") == 1
    assert "style=" not in svg
    assert "Överklagande" not in svg, "no appeal has begun"


def test_what_could_be_passed_by_is_marked_from_the_history_of_the_case(home_care: Process) -> None:
    assert "Ska verkställas" not in draw(home_care, "running").split("<desc")[1].split("</desc>")[0]
    told = draw(home_care, "running", been=["communicated", "to_be_executed", "running"])
    assert "Nu: Pågår." in told
    assert "Klar för beslut, Beslutad, Ska verkställas.</desc>" in told
    assert "Kommunicerad (klart)" in outline(home_care, "running", been=["communicated"])


def test_the_drawing_shows_the_appeal_when_there_is_one_and_when_nothing_has_begun(
    home_care: Process,
) -> None:
    assert "Omprövas" in draw(home_care, {"running", "appeal_review"})
    assert "Omprövas" in draw(home_care)


@ALL
def test_no_box_covers_another_and_none_falls_outside(process: Process) -> None:

    for flow in process.flows():
        boxes = list(_place(process, flow, 0).values())
        assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in boxes)
        columns = [[box for box in boxes if box.x == x] for x in {box.x for box in boxes}]
        for column in columns:
            column.sort(key=lambda box: box.y)
            gaps = [low.y - low.height / 2 - high.y - high.height / 2 for high, low in pairwise(column)]
            assert all(gap > 4 for gap in gaps), gaps


def test_the_drawing_says_what_is_done(home_care: Process) -> None:
    assert "Nu: Utreds. Klart: Inkommen, Fördelad." in draw(home_care, "investigating")


def test_the_outline_tells_the_same_in_a_list(home_care: Process) -> None:
    told = outline(home_care, {"running", "appeal_review"})
    assert '<li class="process-state--current" aria-current="step">Pågår (nu)<ul>' in told
    assert "Fördelad (klart)" in told
    assert told.index("Avslutad") < told.index('<p class="process-flow">Överklagande</p>')
