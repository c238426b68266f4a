"""Mira's months: applied for, collected, counted, decided, paid, and the next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from livlina.authority.aid import actions
from livlina.authority.aid.actions import AidRefused, AppliedDraft
from livlina.authority.aid.calculation import Income
from livlina.authority.aid.jobs import begin_first_month, rest_and_close
from livlina.authority.aid.kinds import Earlier, continues_closed, kind_of
from livlina.authority.aid.models import (
    AidWarning,
    Calculation,
    MonthApplication,
    SourceAnswer,
    SupportMonth,
)
from livlina.authority.aid.ssbtek.fake import Fake
from livlina.authority.aid.ssbtek.port import Row
from livlina.authority.aid.tests.fixtures import COSTS, MARCH, answer
from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.models import Case, CaseFact, Closure, Document
from livlina.core.access import Refused, system
from livlina.core.outbox import Event

APRIL = date(2026, 4, 1)


def open_types(month):
    return sorted(
        AidWarning.objects.filter(month_application=month, state="open").values_list("type", flat=True)
    )


def paid(payment, helena, now):
    actions.make_file(by=helena, now=now)
    actions.read_bank_answer(answer(payment, "ACSC"), by=helena, now=now)
    return Case.objects.get(pk=payment.case_id)


def test_the_first_application_is_also_the_first_month(march, mira):
    assert (march.month, march.kind, march.state) == (MARCH, "new", "open")
    assert march.compartment == 5
    rows = {row.kind: row.amount for row in march.rows.all()}
    assert rows == {"housing": 6500, "electricity": 300, "wage": 2000}
    assert march.case.households.get().members.get().person == mira


def test_the_event_heard_twice_is_one_month(march, now):
    begin_first_month(Event("application.received", march.municipality_id, march.application_id, now))
    assert MonthApplication.objects.count() == 1


def test_march_is_counted_approved_and_granted(granted_march, march, mira):
    assert granted_march.outcome == "granted"
    line = granted_march.lines.get()
    assert (line.service_label, line.quantity, line.unit) == ("Försörjningsstöd", 10020, "kronor")
    assert (line.valid_from, line.valid_to) == (MARCH, date(2026, 3, 31))
    march.refresh_from_db()
    assert (march.state, march.decision_id) == ("decided", granted_march.pk)
    assert SupportMonth.objects.get(person=mira).granted


def test_the_letter_shows_how_it_was_counted(granted_march):
    letter = Document.objects.get(kind="decision_granted")
    assert "Riksnorm 2026: 5\u00a0220 kronor." in letter.data["facts"]["aid_calculation"]
    assert letter.data["facts"]["aid_month"] == "mars 2026"


def test_a_decision_that_does_not_follow_the_calculation_is_refused(calculated, sven, now):
    line = cases.LineDraft("livelihood", True, Decimal(11000), MARCH, date(2026, 3, 31))
    with pytest.raises(StepRefused, match="Beräkningen ger 10\u00a0020 kronor"):
        cases.decide(calculated.case, cases.DecisionDraft(lines=(line,)), by=sven, now=now)


def test_an_older_calculation_cannot_be_approved_nor_one_that_is_replaced(collected, mira, sven, now):
    old = actions.calculate_month(
        collected, COSTS, [Income("wage", Decimal(2000), str(mira.pk))], by=sven, now=now
    )
    actions.calculate_month(collected, COSTS[:1], [], by=sven, now=now)
    with pytest.raises(AidRefused, match="nyare beräkning"):
        actions.approve_calculation(old, by=sven, now=now)
    assert Calculation.objects.count() == 2


def test_the_norms_missing_part_is_said_where_it_is_needed(collected, anna, sven, now):
    household = collected.case.households.get()
    actions.add_member(household, anna, "co_applicant", since=MARCH, by=sven, now=now)
    with pytest.raises(AidRefused, match="Riksnormen för 2026 saknar beloppet för sammanboende"):
        actions.calculate_month(collected, [], [], by=sven, now=now)


def test_an_amount_counts_when_another_has_confirmed_it(collected, anna, sven, rut, ola, now):
    household = collected.case.households.get()
    actions.add_member(household, anna, "co_applicant", since=MARCH, by=sven, now=now)
    for key, kronor in (("norm.adult.couple", 7110), ("norm.common.2", 1410)):
        row = actions.enter_amount(
            key, kronor, valid_from=date(2026, 1, 1), source="Förordning 2025:1", by=ola, now=now
        )
        with pytest.raises(AidRefused):
            actions.calculate_month(collected, [], [], by=sven, now=now)
        with pytest.raises(AidRefused, match="någon annan"):
            actions.confirm_amount(row, by=ola, now=now)
        actions.confirm_amount(row, by=rut, now=now)
    assert actions.calculate_month(collected, [], [], by=sven, now=now).norm == 8520


def test_a_partial_answer_blocks_the_system_and_a_worker_must_have_seen_it(march, mira, sven, now):
    actions.ask_sources(march, by=sven, now=now, port=Fake(behaves={"SO": "timeout", "CSN": "error"}))
    statuses = {row.source: row.status for row in SourceAnswer.objects.all()}
    assert (statuses["SO"], statuses["CSN"], statuses["FK"]) == ("timeout", "error", "empty")
    assert open_types(march) == ["MISSING_SSBTEK", "MISSING_SSBTEK"]
    counted = actions.calculate_month(
        march, COSTS, [Income("wage", Decimal(2000), str(mira.pk))], by=sven, now=now
    )
    with pytest.raises(StepRefused, match="Se varningarna först"):
        actions.approve_calculation(counted, by=sven, now=now)
    with pytest.raises(StepRefused, match="A-kassorna: har inte svarat i tid"):
        cases.take_step(march.case, "calculate", by=system(march.municipality_id, (5,)), now=now)


def test_the_question_is_about_the_month_before_and_the_month_with_the_whole_number(march, mira, sven, now):
    class Listening(Fake):
        def ask(self, question):
            heard.append(question)
            return super().ask(question)

    heard = []
    actions.ask_sources(march, by=sven, now=now, port=Listening(behaves={"AF": "empty"}))
    assert heard[0].number == mira.numbers.get().value.value
    assert (heard[0].first, heard[0].last) == (date(2026, 2, 1), date(2026, 3, 31))
    assert heard[0].number not in repr(heard[0])


def test_a_late_source_is_asked_again_and_only_that_one(march, sven, now):
    fake = Fake(behaves={"SO": "late"})
    actions.ask_sources(march, by=sven, now=now, port=fake)
    assert open_types(march) == ["MISSING_SSBTEK"]
    again = actions.ask_sources(march, by=sven, now=now, port=fake)
    assert [row.source for row in again] == ["SO"]
    assert open_types(march) == []
    assert AidWarning.objects.get().state == "closed"


def test_an_income_nobody_told_of_is_a_warning_that_closes_when_it_is_counted(march, mira, sven, now):
    knows = Fake(rows={"FK": (Row("sickness_benefit", Decimal(4200), date(2026, 2, 25), "Sjukpenning"),)})
    actions.ask_sources(march, by=sven, now=now, port=knows)
    assert open_types(march) == ["UNHANDLED_INCOME"]
    wage = Income("wage", Decimal(2000), str(mira.pk))
    counted = actions.calculate_month(march, COSTS, [wage], by=sven, now=now)
    assert open_types(march) == ["UNHANDLED_INCOME"]
    benefit = Income("sickness_benefit", Decimal(4200), str(mira.pk))
    counted = actions.calculate_month(march, COSTS, [wage, benefit], by=sven, now=now)
    assert open_types(march) == []
    assert counted.aid == 5220 + 6800 - 6200
    actions.calculate_month(march, COSTS, [wage], by=sven, now=now)
    assert open_types(march) == []  # what was closed is never opened again


def test_a_warning_is_seen_with_a_reason_and_by_whom(march, sven, karin, now):
    actions.ask_sources(march, by=sven, now=now, port=Fake(behaves={"SO": "timeout"}))
    warning = AidWarning.objects.get()
    with pytest.raises(Refused):
        actions.acknowledge_warning(warning, reason="Det är bra så.", by=karin, now=now)
    with pytest.raises(AidRefused):
        actions.acknowledge_warning(warning, reason=" ", by=sven, now=now)
    seen = actions.acknowledge_warning(warning, reason="Mira visade beslut från a-kassan.", by=sven, now=now)
    assert (seen.state, seen.acknowledged_by_name) == ("acknowledged", sven.name)


def test_a_rent_above_the_guidance_is_capped_and_warned_about(march, mira, sven, rut, ola, now):
    cap = actions.enter_amount(
        "cap.housing.1", 6000, valid_from=date(2026, 1, 1), source="Nämndens riktlinje", by=ola, now=now
    )
    actions.confirm_amount(cap, by=rut, now=now)
    actions.ask_sources(march, by=sven, now=now, port=Fake(behaves={"AF": "empty"}))
    counted = actions.calculate_month(march, COSTS, [], by=sven, now=now)
    assert counted.lines.get(kind="housing").approved == 6000
    assert open_types(march) == ["EXPENSE_CAPPED"]


def test_april_is_applied_for_while_march_is_being_paid_and_begins_by_itself(
    approved, mira_online, next_rows, helena, now
):
    april = actions.apply_for_month(
        approved.case, APRIL, next_rows, by=mira_online, now=now + timedelta(days=20)
    )
    assert april.kind == "renewal"
    assert Case.objects.get(pk=approved.case_id).state == "decided"
    assert paid(approved, helena, now + timedelta(days=21)).state == "investigating"


def test_april_sees_what_has_changed_since_march(approved, mira_online, helena, mira, now):
    paid(approved, helena, now)
    rows = [
        AppliedDraft("cost", "housing", Decimal(6900)),
        AppliedDraft("income", "wage", Decimal(5000), mira.pk),
    ]
    april = actions.apply_for_month(
        approved.case, APRIL, rows, by=mira_online, now=now + timedelta(days=25), household_changed=True
    )
    assert open_types(april) == ["HOUSEHOLD_CHANGE", "HOUSING_COST_CHANGE", "INCOME_CHANGE"]
    assert Case.objects.get(pk=approved.case_id).state == "investigating"


def test_the_same_month_again_is_linked_and_never_two(march, mira_online, next_rows, now):
    first = actions.apply_for_month(march.case, MARCH, next_rows, by=mira_online, now=now)
    assert (first.kind, first.state, first.linked_to) == ("supplement", "linked", march)
    assert MonthApplication.objects.filter(state="open").count() == 1
    assert open_types(march) == ["DUPLICATE_APPLICATION"]


def test_a_second_first_application_is_linked_to_the_open_case(march, mira_online, now):
    draft = cases.begin_application("livelihood_support", by=mira_online, now=now)
    cases.save_answers(draft, march.application.answers, by=mira_online, now=now)
    second = cases.send_application(draft.pk, by=mira_online, now=now)
    begin_first_month(Event("application.received", second.municipality_id, second.pk, now))
    linked = MonthApplication.objects.get(application=second)
    assert (linked.case_id, linked.linked_to_id) == (march.case_id, march.pk)


def test_a_month_long_past_cannot_be_applied_for(march, mira_online, now):
    with pytest.raises(AidRefused):
        actions.apply_for_month(march.case, date(2025, 10, 1), [], by=mira_online, now=now)
    with pytest.raises(AidRefused):
        actions.apply_for_month(march.case, date(2026, 5, 1), [], by=mira_online, now=now)


def test_bertil_cannot_apply_in_miras_case(march, citizen, bertil, next_rows, now):
    with pytest.raises(Refused):
        actions.apply_for_month(march.case, APRIL, next_rows, by=citizen(bertil), now=now)


def test_a_refusal_is_communicated_has_reasons_and_gives_nothing_to_pay(collected, mira, sven, now):
    wage = Income("wage", Decimal(15000), str(mira.pk))
    counted = actions.calculate_month(collected, COSTS, [wage], by=sven, now=now)
    for warning in AidWarning.objects.filter(state="open"):
        actions.acknowledge_warning(warning, reason="Lönen är ny.", by=sven, now=now)
    actions.approve_calculation(counted, by=sven, now=now)
    reasons = "Inkomsten är högre än behovet."
    with pytest.raises(StepRefused, match="inte kommunicerat"):
        actions.decide_month(collected, reasons=reasons, by=sven, now=now)
    cases.waive_communication(collected.case, reason="Mira har själv lämnat uppgiften.", by=sven, now=now)
    with pytest.raises(StepRefused, match="motivering"):
        actions.decide_month(collected, by=sven, now=now)
    decision = actions.decide_month(collected, reasons=reasons, by=sven, now=now)
    assert decision.outcome == "rejected"
    assert decision.lines.get().appeal_text
    assert Case.objects.get(pk=collected.case_id).state == "awaiting_month"
    assert not SupportMonth.objects.get().granted


def test_the_incentive_is_counted_by_granted_months(collected, mira, sven, registrar, now):
    case = collected.case
    for month in (date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1),
                  date(2026, 2, 1)):  # fmt: skip
        SupportMonth.objects.create(
            municipality_id=case.municipality_id, case=case, person=mira, month=month, granted=True, at=now,
            by_name="Livlina", by_role="system",
        )  # fmt: skip
    wage = Income("wage", Decimal(2000), str(mira.pk))
    counted = actions.calculate_month(collected, COSTS, [wage], by=sven, now=now)
    line = counted.lines.get(kind="wage")
    assert (line.applied, line.approved, line.incentive) == (2000, 1500, 500)
    assert counted.aid == 10520


def test_after_three_months_the_case_rests_and_closes_with_its_reason(approved, helena, now):
    for document in Document.objects.filter(case=approved.case):
        cases.mark_sent(document, by=helena, now=now)
    paid(approved, helena, now)
    assert rest_and_close(approved.municipality_id, now + timedelta(days=115)) == 0
    assert rest_and_close(approved.municipality_id, now + timedelta(days=122)) == 1
    case = Case.objects.get(pk=approved.case_id)
    assert case.state == "closed"
    assert CaseFact.objects.get(case=case, name="aid_ended_reason").value == "no_application"
    assert Closure.objects.get(case=case).note == "Ingen ansökan på tre månader."


def test_a_case_with_something_open_rests_and_waits_for_sven(approved, helena, now):
    paid(approved, helena, now)
    rest_and_close(approved.municipality_id, now + timedelta(days=122))
    assert Case.objects.get(pk=approved.case_id).state == "inactive"


def test_johan_in_the_elder_unit_reaches_nothing(march, johan, gunnar, mona, now):
    for stranger in (johan, gunnar, mona):
        with pytest.raises(Refused):
            actions.ask_sources(march, by=stranger, now=now)
        with pytest.raises(Refused):
            actions.calculate_month(march, COSTS, [], by=stranger, now=now)


@pytest.mark.parametrize(
    ("earlier", "kind"),
    [
        ([], "new"),
        ([Earlier(APRIL, True, date(2026, 3, 28))], "supplement"),
        ([Earlier(APRIL, False, date(2026, 3, 28))], "renewal"),
        ([Earlier(MARCH, False, date(2026, 1, 2))], "renewal"),
        ([Earlier(date(2026, 1, 1), False, date(2026, 1, 1))], "new"),
    ],
)
def test_the_kind_follows_the_month_and_ninety_days(earlier, kind):
    assert kind_of(APRIL, earlier, on=date(2026, 4, 2)) == kind


def test_a_case_closed_thirty_days_ago_is_continued():
    assert continues_closed(date(2026, 3, 3), on=date(2026, 4, 2))
    assert not continues_closed(date(2026, 3, 2), on=date(2026, 4, 2))
    assert not continues_closed(None, on=date(2026, 4, 2))
