"""Interim decisions, and what a favourable decision promises: changed to the harm of someone only on a ground of law."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from livlina.authority.cases import actions
from livlina.authority.cases.actions import DecisionDraft, StepRefused
from livlina.authority.cases.actions.words import amount
from livlina.authority.cases.models import Appeal, Deadline, Decision, Document
from livlina.authority.cases.tests.fixtures import LINES
from livlina.core.access import Refused

LAST = date(2026, 6, 1)
INTERIM = DecisionDraft(
    lines=(replace(LINES[0], valid_to=LAST),), reasons="Hon kan inte vänta på utredningen."
)
PARTLY = DecisionDraft(lines=LINES, reasons="Familjen hjälper till.", follow_up_on=date(2026, 9, 9))
LESS = DecisionDraft(
    lines=(replace(LINES[0], quantity=Decimal(6)),), outcome="changed", reasons="Behovet är mindre.",
    heard="answered", heard_words="Astrid håller inte med.",
)  # fmt: skip


@pytest.fixture
def endings(eva, now) -> None:
    """The manager may end and revoke."""
    for outcome in ("ended", "revoked"):
        actions.add_delegation_rule(
            outcome=outcome, role="unit_manager", point="3.4", valid_from=date(2026, 1, 1), by=eva, now=now
        )


def test_an_interim_decision_helps_at_once_and_leaves_the_case_where_it_was(
    investigated_case, karin, delegation, now
):
    taken = actions.decide_interim(investigated_case, INTERIM, by=karin, now=now)
    investigated_case.refresh_from_db()
    assert (taken.interim, taken.valid_to, investigated_case.state) == (True, LAST, "investigating")
    assert "dock längst till och med 2026-06-01" in taken.reasons
    assert Document.objects.get(decision=taken).title == "Interimistiskt beslut"


def test_the_final_decision_ends_the_interim_one(investigated_case, karin, delegation, now):
    interim = actions.decide_interim(investigated_case, INTERIM, by=karin, now=now)
    actions.communicate(
        investigated_case, what="Samvaro avslås.", how="letter", answer_by=date(2026, 3, 9), by=karin, now=now
    )
    later = now + timedelta(days=10)
    actions.go_on_without_answer(investigated_case, by=karin, now=later)
    final = actions.decide(investigated_case, PARTLY, by=karin, now=later)
    interim.refresh_from_db()
    assert (interim.ended_on, interim.ended_by) == (date(2026, 3, 12), final)
    clocks = Deadline.objects.filter(case=investigated_case, name="decision_ends", state="running")
    assert [clock.anchor_date for clock in clocks] == [date(2027, 3, 8)]
    with pytest.raises(StepRefused, match="innan ärendet är slutligt avgjort"):
        actions.decide_interim(investigated_case, INTERIM, by=karin, now=later)


def test_an_interim_decision_has_a_last_day_and_a_delegation(investigated_case, karin, delegation, now):
    forever = replace(INTERIM, lines=(replace(LINES[0], valid_to=None),))
    with pytest.raises(StepRefused, match="ska ha en sista dag"):
        actions.decide_interim(investigated_case, forever, by=karin, now=now)
    much = replace(INTERIM, lines=(replace(INTERIM.lines[0], quantity=Decimal(60)),))
    with pytest.raises(StepRefused, match="Lämna över beslutet till enhetschef"):
        actions.decide_interim(investigated_case, much, by=karin, now=now)


def test_what_is_granted_is_not_taken_back_without_a_ground(partly_granted, karin, now):
    with pytest.raises(StepRefused) as refused:
        actions.change_decision(partly_granted, LESS, by=karin, now=now)
    assert "beslut 1: personlig omsorg, 12 timmar per månad till och med 2027-03-08" in str(refused.value)
    assert "37 § förvaltningslagen" in str(refused.value)
    with pytest.raises(StepRefused, match="Beslut 1 har inget förbehåll"):
        actions.change_decision(partly_granted, replace(LESS, harm_ground="reservation"), by=karin, now=now)
    assert Decision.objects.count() == 1


def test_with_a_ground_it_is_changed_by_a_decision_that_says_how_to_appeal(partly_granted, karin, now):
    taken = actions.change_decision(partly_granted, replace(LESS, harm_ground="misled"), by=karin, now=now)
    assert (taken.harm_ground, taken.relation, taken.previous) == ("misled", "changes", partly_granted)
    assert taken.against
    assert "tre veckor" in taken.appeal_text
    assert taken.heard_words == "Astrid håller inte med."
    assert Appeal.objects.filter(decision=taken).exists()
    assert Document.objects.get(decision=taken).kind == "decision_changed"
    with pytest.raises(StepRefused, match="redan följt av beslut 2"):
        actions.change_decision(partly_granted, replace(LESS, harm_ground="safety"), by=karin, now=now)


def test_more_than_before_needs_no_ground_and_nobodys_comment(partly_granted, karin, now):
    more = DecisionDraft(
        lines=(replace(LINES[0], quantity=Decimal(20)),), outcome="changed", reasons="Hon behöver mer."
    )
    taken = actions.change_decision(partly_granted, more, by=karin, now=now)
    assert (taken.against, taken.harm_ground) == (False, "")


def test_harm_without_hearing_the_party_is_refused(partly_granted, karin, now):
    unheard = replace(LESS, harm_ground="misled", heard="", heard_words="")
    with pytest.raises(StepRefused, match="fått yttra sig"):
        actions.change_decision(partly_granted, unheard, by=karin, now=now)


def test_a_reservation_in_the_decision_lets_it_end_early(ready_case, karin, maria, endings, now):
    reserved = replace(PARTLY, reserved_for="needs")
    first = actions.decide(ready_case, reserved, by=karin, now=now)
    assert first.reservation == "Om behoven minskar eller upphör"
    ending = replace(
        LESS,
        lines=(replace(LINES[0], valid_to=date(2026, 4, 30)),),
        outcome="ended",
        harm_ground="reservation",
    )
    with pytest.raises(StepRefused, match="Lämna över beslutet till enhetschef"):
        actions.change_decision(first, ending, by=karin, now=now)
    taken = actions.change_decision(first, ending, by=maria, now=now)
    said = Document.objects.get(decision=taken).data["decision"]["lines"][0]
    assert said["outcome_label"] == "Upphör efter 2026-04-30"


def test_also_a_later_decision_in_the_case_may_not_quietly_give_less(partly_granted, karin, now):
    less = DecisionDraft(
        lines=(replace(LINES[0], quantity=Decimal(8)),), reasons="Mindre.", follow_up_on=date(2026, 9, 9)
    )
    from livlina.authority.cases.actions.favour import demand_ground

    with pytest.raises(StepRefused, match="Välj grund"):
        demand_ground(partly_granted.case, less, date(2026, 3, 2))
    rejected_more = replace(less, lines=(replace(LINES[2], service="personal_care"),))
    demand_ground(
        partly_granted.case, rejected_more, date(2026, 3, 2)
    )  # only more was asked for, and refused


@pytest.mark.parametrize("name", ["sara", "fatima", "petra", "sofia", "anders"])
def test_strangers_change_nothing(request, name, partly_granted, now):
    stranger = request.getfixturevalue(name)
    with pytest.raises(Refused):
        actions.change_decision(partly_granted, replace(LESS, harm_ground="misled"), by=stranger, now=now)
    with pytest.raises(Refused):
        actions.correct_decision(partly_granted, PARTLY, reason="Fel", by=stranger, now=now)


def test_a_slip_is_corrected_when_the_party_could_comment_and_told_in_a_letter(partly_granted, karin, now):
    right = replace(PARTLY, lines=(replace(LINES[0], quantity=Decimal(21)), *LINES[1:]))
    with pytest.raises(actions.CorrectionRefused, match="fått yttra sig"):
        actions.correct_decision(partly_granted, right, reason="12 skulle vara 21", by=karin, now=now)
    heard = replace(right, heard="needless", heard_words="Rättelsen är bara till fördel.")
    row = actions.correct_decision(partly_granted, heard, reason="12 skulle vara 21", by=karin, now=now)
    assert row.heard == "needless"
    assert Document.objects.get(decision=row).title == "Rättelse av beslut"
    assert row.reasons.startswith("Rättelse enligt 36 § förvaltningslagen av beslut 1: 12 skulle vara 21")


def test_a_request_to_decide_may_be_refused_by_a_decision_that_can_be_appealed(
    investigated_case, karin, delegation, now
):
    late = datetime(2026, 9, 7, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
    with pytest.raises(StepRefused, match="ingen begäran"):
        actions.refuse_request(investigated_case, reasons="Läkarintyget väntas in.", by=karin, now=late)
    actions.request_decision(investigated_case, came_in=date(2026, 9, 7), by=karin, now=late)
    with pytest.raises(StepRefused, match="varför ärendet inte kan avgöras"):
        actions.refuse_request(investigated_case, reasons=" ", by=karin, now=late)
    row = actions.refuse_request(
        investigated_case, reasons="Läkarintyget kommer först i oktober.", by=karin, now=late
    )
    investigated_case.refresh_from_db()
    assert (row.subject, row.law_key, row.against) == ("request", "fl_12", True)
    assert investigated_case.state == "investigating"
    assert Appeal.objects.get(decision=row).state == "appeal_window"
    assert not Deadline.objects.filter(name="decision_on_request", state="running").exists()
    letter = Document.objects.get(decision=row)
    assert letter.title == "Beslut om begäran att ärendet avgörs"


def test_thousands_stand_apart_and_never_break():
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert amount(Decimal("85000.00")) == f"85{thin}000"
    assert (amount(Decimal("7.50")), amount(Decimal(12))) == ("7,5", "12")
    assert amount(Decimal("1234567.5")) == f"1{thin}234{thin}567,5"
