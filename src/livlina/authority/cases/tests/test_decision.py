"""Decisions: under delegation, with reasons and how to appeal when they go against the party, and one at a time."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import DecisionDraft, LineDraft, StepRefused
from livlina.authority.cases.models import Appeal, Decision, DecisionLine, Document
from livlina.authority.cases.tests.fixtures import LINES
from livlina.core.access import Refused
from livlina.core.models import PermanentRow, User

FOLLOW_UP = date(2026, 9, 9)
GRANTED = DecisionDraft(lines=LINES[:2], follow_up_on=FOLLOW_UP)
PARTLY = DecisionDraft(
    lines=LINES, reasons="Familjen tillgodoser behovet av sällskap.", follow_up_on=FOLLOW_UP
)


def test_granted_in_part_is_granted_and_rejected_lines_under_one_decision(partly_granted):
    assert partly_granted.outcome == "partly_granted"
    assert partly_granted.against
    granted = {line.service: line.granted for line in partly_granted.lines.all()}
    assert granted == {"personal_care": True, "cleaning": True, "company": False}


def test_only_the_rejected_line_says_how_to_appeal(partly_granted):
    for line in partly_granted.lines.all():
        assert bool(line.appeal_text) is not line.granted
    rejected = partly_granted.lines.get(granted=False)
    assert "socialnämnden i Åsvalla kommun" in rejected.appeal_text
    assert "tre veckor från den dag då du fick del av beslutet" in rejected.appeal_text


def test_each_line_keeps_the_words_of_its_law(partly_granted):
    line = partly_granted.lines.get(service="cleaning")
    assert (line.law_key, line.law_text) == ("sol_11_1", "11 kap. 1 § socialtjänstlagen (2025:400)")
    assert (line.quantity, line.unit) == (Decimal(4), "timmar per månad")


def test_the_decision_keeps_who_took_it_and_on_which_delegation(partly_granted):
    assert (partly_granted.by_name, partly_granted.by_title) == ("Karin Ekdal", "Biståndshandläggare")
    assert partly_granted.delegation_text == "Delegation, punkt 3.1 (KL 6 kap. 37 §)"


def test_the_three_months_run_from_the_decision(partly_granted):
    clock = partly_granted.case.deadlines.get(name="not_executed")
    assert (clock.anchor_date, clock.strict_date, clock.state) == (
        date(2026, 3, 2),
        date(2026, 6, 2),
        "running",
    )


def test_more_hours_than_delegated_go_to_the_manager(ready_case, karin, maria, now):
    much = replace(GRANTED, lines=(replace(LINES[0], quantity=Decimal(60)),))
    with pytest.raises(StepRefused) as refused:
        actions.decide(ready_case, much, by=karin, now=now)
    assert "personlig omsorg 60 timmar per månad är mer än 40 (punkt 3.1)" in str(refused.value)
    assert "Lämna över beslutet till enhetschef." in str(refused.value)
    assert actions.decide(ready_case, much, by=maria, now=now).outcome == "granted"


def test_longer_than_delegated_is_refused(ready_case, karin, now):
    forever = replace(GRANTED, lines=(replace(LINES[0], valid_to=None),))
    with pytest.raises(StepRefused, match="högst 24 månader"):
        actions.decide(ready_case, forever, by=karin, now=now)


def test_without_any_rule_the_board_decides(investigated_case, karin, eva, now):
    actions.waive_communication(investigated_case, reason="Allt beviljas som det är sökt.", by=karin, now=now)
    actions.finish_investigation(investigated_case, by=karin, now=now)
    with pytest.raises(StepRefused, match="Lämna över beslutet till nämnden"):
        actions.decide(investigated_case, GRANTED, by=karin, now=now)
    taken = actions.decide(investigated_case, GRANTED, by=eva, now=now)
    assert (taken.delegation, taken.delegation_text) == (None, "Beslutat av nämnden")


def test_a_rule_that_has_ended_gives_no_right(ready_case, karin, eva, now):
    for rule in queries.delegation_rules(eva, date(2026, 3, 2)):
        actions.end_delegation_rule(rule, last_day=date(2026, 3, 1), by=eva, now=now)
    with pytest.raises(StepRefused, match="ingen delegation"):
        actions.decide(ready_case, GRANTED, by=karin, now=now)


def test_against_the_party_without_reasons_is_refused(ready_case, karin, now):
    with pytest.raises(StepRefused, match="motivering"):
        actions.decide(ready_case, replace(PARTLY, reasons=" "), by=karin, now=now)


def test_against_the_party_before_the_answer_time_is_over_is_refused(
    investigated_case, karin, delegation, now
):
    actions.communicate(
        investigated_case,
        what="Sällskap avslås.",
        how="letter",
        answer_by=date(2026, 3, 16),
        by=karin,
        now=now,
    )
    with pytest.raises(StepRefused, match="till och med den 2026-03-16"):
        actions.go_on_without_answer(investigated_case, by=karin, now=now)
    later = now + timedelta(days=15)
    actions.go_on_without_answer(investigated_case, by=karin, now=later)
    assert actions.decide(investigated_case, PARTLY, by=karin, now=later).against


def test_a_rejection_that_was_never_communicated_is_refused(investigated_case, karin, delegation, now):
    actions.finish_investigation(investigated_case, by=karin, now=now)
    with pytest.raises(StepRefused, match="inte kommunicerat"):
        actions.decide(investigated_case, PARTLY, by=karin, now=now)


def test_a_granted_decision_says_when_it_is_followed_up(ready_case, karin, now):
    with pytest.raises(StepRefused, match="följas upp"):
        actions.decide(ready_case, replace(GRANTED, follow_up_on=None), by=karin, now=now)


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who(ready_case, karin, johan, now):
    seen_by_johan = type(ready_case).objects.get(pk=ready_case.pk)
    actions.decide(ready_case, GRANTED, by=karin, now=now)
    with pytest.raises(StepRefused) as refused:
        actions.decide(seen_by_johan, PARTLY, by=johan, now=now + timedelta(minutes=2))
    assert "Karin Ekdal hann före: ”Fatta beslut” klockan 09.00." in refused.value.reasons
    assert Decision.objects.count() == 1


def test_a_refused_decision_leaves_nothing_behind(ready_case, karin, now):
    facts = ready_case.facts.count()
    with pytest.raises(StepRefused):
        actions.decide(ready_case, replace(PARTLY, reasons=""), by=karin, now=now)
    assert ready_case.facts.count() == facts
    assert not Decision.objects.exists()


def test_a_decision_is_never_changed(partly_granted):
    with pytest.raises(PermanentRow):
        Decision.objects.filter(pk=partly_granted.pk).update(reasons="Annat")
    with pytest.raises(PermanentRow):
        DecisionLine.objects.filter(decision=partly_granted).delete()


def test_the_database_refuses_a_rejected_line_without_how_to_appeal(partly_granted, karin, now):
    line = partly_granted.lines.get(granted=False)
    copy = DecisionLine(**{f.attname: getattr(line, f.attname) for f in line._meta.concrete_fields})
    copy.pk, copy.position, copy.appeal_text, copy._state.adding = None, 9, "", True
    copy.pk = DecisionLine._meta.pk.get_default()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_slip_of_the_pen_is_corrected_by_a_new_row(partly_granted, karin, now):
    right = replace(PARTLY, lines=(replace(LINES[0], quantity=Decimal(21)), *LINES[1:]), heard="silent")
    corrected = actions.correct_decision(
        partly_granted, right, reason="12 skulle vara 21 timmar, enligt bedömningen", by=karin, now=now
    )
    assert (corrected.previous, corrected.relation, corrected.number) == (partly_granted, "corrects", 2)
    assert partly_granted.lines.get(service="personal_care").quantity == 12


def test_a_correction_does_not_change_the_outcome(partly_granted, karin, now):
    with pytest.raises(actions.CorrectionRefused, match="Ompröva"):
        actions.correct_decision(partly_granted, GRANTED, reason="Allt skulle beviljas", by=karin, now=now)


def test_the_delegation_list_reports_to_the_board_without_names(partly_granted, eva, now):
    rows = queries.delegation_list(eva, date(2026, 3, 1), date(2026, 3, 31), now)
    assert [(row.case_number, row.outcome_label) for row in rows] == [("2026-000001", "Delavslag")]
    assert rows[0].services == "Personlig omsorg, Städning, Social samvaro"
    assert queries.delegation_list(eva, date(2026, 4, 1), date(2026, 4, 30), now) == []


def test_only_the_boards_secretary_delegates(karin, now):
    with pytest.raises(Refused):
        actions.add_delegation_rule(
            outcome="granted", role="case_worker", point="1", valid_from=date(2026, 1, 1), by=karin, now=now
        )


def test_a_decision_opens_a_window_to_appeal(partly_granted):
    appeal = Appeal.objects.get(decision=partly_granted)
    assert (appeal.state, appeal.last_day) == ("appeal_window", None)


def test_a_new_worker_may_decide_after_a_hand_over(ready_case, johan, maria, now):
    case = actions.assign_case(ready_case, User.objects.get(pk=johan.user_id), by=maria, now=now)
    assert case.responsible.name == "Johan Brink"
    assert actions.decide(case, GRANTED, by=johan, now=now).by_name == "Johan Brink"


def test_a_decision_without_lines_says_nothing_and_is_refused(ready_case, karin, now):
    with pytest.raises(StepRefused, match="minst en rad"):
        actions.decide(ready_case, DecisionDraft(outcome="granted"), by=karin, now=now)


def test_the_letter_of_the_decision_waits_to_be_sent(partly_granted):
    letter = Document.objects.get(decision=partly_granted)
    assert (letter.kind, letter.sent_at) == ("decision_partly", None)


def test_a_line_of_its_own_shape_adds_up():
    draft = DecisionDraft(lines=[LineDraft("company", False, Decimal(1))])
    assert (draft.result, draft.against, draft.period) == ("rejected", True, None)
