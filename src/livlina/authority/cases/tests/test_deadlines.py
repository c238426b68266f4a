"""Clocks told once to those who can act, and statements that do not grow with the lists."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from livlina.authority.cases import actions, engine, queries
from livlina.authority.cases.actions.clocks import extend
from livlina.authority.cases.engine.words import EFFECTS, GUARDS
from livlina.authority.cases.forms.officer import WIDGETS
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Case, Deadline
from livlina.core.answers import TYPES
from livlina.core.calendar import Channel
from livlina.registers.people.tests.fixtures import register
from livlina.registers.watches.models import Watch


def open_watches():
    return Watch.objects.filter(type="cases.deadline", closed_at=None)


def test_nothing_is_told_before_its_day(astrids_case, asvalla, now):
    assert mark_deadlines(asvalla.pk, now) == 0
    assert not open_watches().exists()


def test_a_case_nobody_was_given_is_the_managers_watch_next_day(astrids_case, asvalla, maria, now):
    assert mark_deadlines(asvalla.pk, now + timedelta(days=1)) == 1
    watch = open_watches().get()
    assert (watch.role, watch.unit_id) == ("unit_manager", maria.unit_id)
    assert watch.person_id == astrids_case.person_id
    assert watch.due_at.date() == date(2026, 3, 3)


def test_told_twice_the_same_day_is_one_line(astrids_case, asvalla, now):
    day = now + timedelta(days=1)
    mark_deadlines(asvalla.pk, day)
    assert mark_deadlines(asvalla.pk, day) == 0
    assert open_watches().count() == 1


def test_the_next_day_the_watch_has_moved_on_and_is_still_one(astrids_case, asvalla, duty, now):
    mark_deadlines(asvalla.pk, now + timedelta(days=1))
    mark_deadlines(asvalla.pk, now + timedelta(days=2))
    assert open_watches().get().role == "duty_officer"


def test_the_watch_closes_when_the_step_is_taken(astrids_case, asvalla, maria, karin, now):
    from livlina.core.models import User

    mark_deadlines(asvalla.pk, now + timedelta(days=1))
    actions.assign_case(
        astrids_case, User.objects.get(pk=karin.user_id), by=maria, now=now + timedelta(days=1)
    )
    assert not open_watches().exists()


def test_the_nearest_day_lies_beside_the_case(assigned_case):
    assert Case.objects.get().next_due == date(2026, 6, 2)


def test_a_clock_is_moved_only_by_a_decision_and_the_old_row_stays(partly_granted, now):
    clock = partly_granted.case.deadlines.get(name="not_executed")
    later = extend(clock, date(2026, 8, 2), decision=partly_granted, now=now)
    clock.refresh_from_db()
    assert (clock.state, clock.extended_by) == ("extended", partly_granted)
    assert (later.state, later.strict_date, later.legal_date) == (
        "running",
        date(2026, 8, 2),
        date(2026, 8, 3),
    )


def test_a_municipality_sets_its_own_time_to_decide(ola, sofia, karin, bertil, now):
    actions.set_length(
        "time_to_decide", "1 month", valid_from=now.date(), reason="Nämnden har beslutat det", by=ola, now=now
    )
    application = actions.register_application(
        "home_care", bertil, {}, found_on=date(2026, 3, 2), how=Channel.VISIT, by=sofia, now=now
    )
    assert application.cases.get().deadlines.get(name="decide_in_time").strict_date == date(2026, 4, 2)


def test_every_word_of_the_process_language_says_what_it_means():
    assert all(word.means for word in [*GUARDS.values(), *EFFECTS.values()])
    assert set(WIDGETS) >= set(TYPES)


def test_every_form_of_every_process_can_be_shown(assigned_case, karin, now):
    from livlina.authority.cases.forms.officer import FactForm

    page = queries.case_page(karin, assigned_case.pk, now)
    for process in engine.load().all():
        page.process = process
        for name in process.forms:
            pages = queries.form_fields(karin, page, name)
            assert str(FactForm([field for part in pages for field in part.fields]))


def asked(sent):
    """Statements that ask or write something; savepoints are the test's own transaction."""
    return [query for query in sent.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_the_case_page_is_six_statements_with_sign_in_and_record(
    partly_granted, karin, client_of, statements, now
):
    browser = client_of(karin)
    address = reverse("cases:case", args=[partly_granted.case_id])
    browser.get(address)  # the municipality's name is asked for once
    with statements() as sent:
        assert browser.get(address).status_code == 200
    # The last two are the test browser's own: it looks up the context before and restores it after.
    assert len(asked(sent)) - 2 <= 6, [query["sql"][:200] for query in asked(sent)]


@pytest.mark.parametrize("extra", [0, 30])
def test_the_work_list_is_five_statements_however_long(
    extra, assigned_case, sofia, karin, client_of, statements, now
):
    for serial in range(extra):
        person = register(
            karin, now, "Elsa", f"Ek{serial}", date(1940, 1, 1 + serial % 28), serial=serial // 28
        )
        actions.register_application(
            "home_care", person, {}, found_on=date(2026, 3, 2), how=Channel.VISIT, by=sofia, now=now
        )
    browser = client_of(karin)
    browser.get(reverse("cases:list") + "?tab=unit")
    with statements() as sent:
        page = browser.get(reverse("cases:list") + "?tab=unit").content.decode()
    assert len(asked(sent)) - 2 <= 5, [query["sql"][:200] for query in asked(sent)]
    assert page.count("<tr>") == 2 + extra


def test_deadlines_that_are_met_are_not_told(assigned_case, asvalla, now):
    Deadline.objects.update(state="met", stopped_at=now)
    assert mark_deadlines(asvalla.pk, now + timedelta(days=400)) == 0
