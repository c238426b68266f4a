"""From the citizen's or the receptionist's hand to a case with a number."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from livlina.authority.cases import actions, queries
from livlina.authority.cases.models import Application, ApplicationDraft, Case
from livlina.authority.cases.tests.fixtures import ANSWERS
from livlina.core.access import Refused
from livlina.core.calendar import Channel
from livlina.core.models import PermanentRow
from livlina.registers.people.actions import end_mandate
from livlina.registers.people.models import Reach


def test_anna_applies_for_her_mother_and_gets_the_cases_number(application, anna, astrid, now):
    case = application.cases.get()
    assert application.receipt_number == case.number == "2026-000001"
    assert (application.applicant, application.person, application.mandate) == (
        anna,
        astrid,
        "power_of_attorney",
    )
    assert case.person == astrid
    assert case.received_on == date(2026, 3, 2)
    assert not case.back_dated


def test_what_was_sent_is_frozen_with_its_hash(application):
    assert application.sha256 == hashlib.sha256(queries.canonical(application).encode()).hexdigest()
    with pytest.raises(PermanentRow):
        Application.objects.filter(pk=application.pk).update(answers={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Application._base_manager.filter(pk=application.pk)._raw_delete("default")


def test_an_application_sent_twice_is_one_application_and_one_case(application, anna_online, now):
    again = actions.send_application(application.pk, by=anna_online, now=now + timedelta(seconds=2))
    assert again == application
    assert Case.objects.count() == 1
    assert ApplicationDraft.objects.count() == 0


def test_each_page_is_kept_as_typed_and_judged_only_at_the_end(anna_online, karin, now):
    draft = actions.begin_application("home_care", by=anna_online, now=now)
    actions.save_answers(draft, {"wanted_from": "32 mars"}, by=anna_online, now=now)
    with pytest.raises(actions.FactsWrong) as wrong:
        actions.send_application(draft.pk, by=anna_online, now=now)
    assert "wanted_from" in wrong.value.errors
    assert "help_areas" in wrong.value.errors
    kept = queries.application_draft(anna_online, draft.pk)
    assert kept.answers["wanted_from"] == "32 mars"


def test_nobody_applies_for_someone_without_a_mandate(anna_online, bertil, now):
    with pytest.raises(Refused):
        actions.begin_application("home_care", by=anna_online, now=now, person=bertil)


def test_a_mandate_that_ended_while_the_draft_lay_stops_the_sending(
    anna_online, astrid, karin, registrar, now
):
    draft = actions.begin_application("home_care", by=anna_online, now=now, person=astrid)
    actions.save_answers(draft, ANSWERS, by=anna_online, now=now)
    end_mandate(astrid.mandates.get(), reason="Återkallad", by=registrar, now=now)
    with pytest.raises(Refused):
        actions.send_application(draft.pk, by=anna_online, now=now)


def test_another_citizen_neither_sees_nor_saves_annas_draft(anna_online, astrid_online, now):
    draft = actions.begin_application("home_care", by=anna_online, now=now)
    with pytest.raises(Refused):
        queries.application_draft(astrid_online, draft.pk)
    with pytest.raises(Refused):
        actions.save_answers(draft, {"urgent": "no"}, by=astrid_online, now=now)


def test_a_draft_thrown_away_is_gone(anna_online, now):
    draft = actions.begin_application("home_care", by=anna_online, now=now)
    actions.discard_application(draft, by=anna_online, now=now)
    assert queries.application_drafts(anna_online) == []


def test_answers_become_the_cases_facts_with_source_and_day(assigned_case, karin, now):
    page = queries.case_page(karin, assigned_case.pk, now)
    fact = page.facts["help_in_own_words"]
    assert fact.shown.startswith("Mamma klarar att duscha")
    assert fact.said == "Ansökan 2026-000001, 2026-03-02"
    assert fact.source == "application"


@pytest.mark.parametrize(
    ("how", "found", "improbable", "received"),
    [
        (Channel.POST, date(2026, 3, 2), False, date(2026, 2, 27)),
        (Channel.POST, date(2026, 3, 2), True, date(2026, 3, 2)),
        (Channel.LETTER_BOX, date(2026, 3, 2), False, date(2026, 2, 27)),
        (Channel.PHONE, date(2026, 3, 2), False, date(2026, 3, 2)),
        (Channel.VISIT, date(2026, 2, 20), False, date(2026, 2, 20)),
    ],
)
def test_paper_counts_from_the_day_it_came_in_and_not_from_registration(
    sofia, karin, bertil, now, how, found, improbable, received
):
    application = actions.register_application(
        "home_care", bertil, {}, found_on=found, how=how, improbable=improbable, by=sofia, now=now
    )
    case = application.cases.get()
    assert case.received_on == application.received_on == received
    assert case.back_dated == (received < date(2026, 3, 2))
    decide = case.deadlines.get(name="delay_information")
    assert decide.anchor_date == received


def test_an_application_cannot_come_in_tomorrow(sofia, karin, bertil, now):
    with pytest.raises(actions.FactsWrong, match="efter i dag"):
        actions.register_application(
            "home_care", bertil, {}, found_on=date(2026, 3, 3), how=Channel.VISIT, by=sofia, now=now
        )


def test_case_numbers_follow_each_other_and_a_rolled_back_one_is_used_again(
    sofia, karin, bertil, astrid, now
):
    def take_down(person):
        return actions.register_application(
            "home_care", person, {}, found_on=date(2026, 3, 2), how=Channel.VISIT, by=sofia, now=now
        )

    first = take_down(bertil)

    with transaction.atomic():
        take_down(astrid)
        transaction.set_rollback(True)
    second = take_down(astrid)
    assert (first.receipt_number, second.receipt_number) == ("2026-000001", "2026-000002")


def test_the_unit_that_gets_the_case_may_open_the_person(astrids_case, karin):
    reach = Reach.objects.get(person=astrids_case.person)
    assert reach.unit_id == karin.unit_id
    assert reach.reason == "case"


def test_the_manager_says_which_unit_gets_alarms(maria, sofia, bertil, as_staff, now):
    from livlina.core.models import Unit

    as_staff("Ulla Ek", "case_worker", "Larmenheten")
    unit = Unit.objects.get(name="Larmenheten")
    actions.set_intake_unit(unit, process_code="social_alarm", by=maria, now=now)
    application = actions.register_application(
        "social_alarm", bertil, {}, found_on=date(2026, 3, 2), how=Channel.PHONE, by=sofia, now=now
    )
    assert application.cases.get().unit == unit
