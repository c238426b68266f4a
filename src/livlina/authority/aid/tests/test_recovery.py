"""Återkrav: a case of its own, a claim that cannot be appealed, and every krona accounted for."""

from datetime import date
from decimal import Decimal

import pytest

from livlina.authority.aid import actions
from livlina.authority.aid.actions import AidRefused
from livlina.authority.aid.models import MonthApplication, Recovery
from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import DecisionDraft, LineDraft, StepRefused
from livlina.authority.cases.models import Appeal, Case, Document
from livlina.core.access import Refused
from livlina.core.models import User

INVESTIGATION = {
    "question_at_issue": "Lön i mars.", "sources_used": "Skatteverket.", "recovery_ground": "wrong_information",
    "recovery_reasons": "Mira lämnade inte uppgift om lönen.", "recovery_forgiven": "Inga skäl har kommit fram.",
}  # fmt: skip


@pytest.fixture
def claim(granted_march, march, sven, rut, now) -> Recovery:
    """4 000 kronor of March may have been paid wrongly."""
    march.refresh_from_db()
    recovery = actions.begin_recovery(march, Decimal(4000), by=sven, now=now)
    cases.assign_case(recovery.case, User.objects.get(pk=sven.user_id), by=rut, now=now)
    cases.open_investigation(recovery.case, by=sven, now=now)
    cases.record_facts(recovery.case, INVESTIGATION, by=sven, now=now, form="investigation")
    cases.finish_investigation(recovery.case, by=sven, now=now)
    return recovery


def draft(kronor):
    return DecisionDraft(
        lines=(LineDraft("aid_recovery", True, Decimal(kronor), date(2026, 3, 2)),),
        reasons="Lönen var inte redovisad.",
    )


@pytest.fixture
def decided(claim, sven, now) -> Recovery:
    """Mira was heard, and Sven has decided to claim 4 000 kronor."""
    cases.waive_communication(claim.case, reason="Mira har yttrat sig vid besöket.", by=sven, now=now)
    cases.decide(claim.case, draft(4000), by=sven, now=now)
    cases.take_step(claim.case, "collect", by=sven, now=now)
    claim.refresh_from_db()
    return claim


def test_the_claim_is_a_case_of_its_own_begun_once(claim, march, sven, now):
    assert claim.case_id != march.case_id
    assert claim.case.compartment == 5
    assert actions.begin_recovery(march, Decimal(100), by=sven, now=now) == claim


def test_nothing_is_claimed_before_the_person_was_heard_nor_more_than_was_tried(claim, sven, now):
    with pytest.raises(StepRefused, match="inte kommunicerat"):
        cases.decide(claim.case, draft(4000), by=sven, now=now)
    cases.waive_communication(claim.case, reason="Mira har yttrat sig vid besöket.", by=sven, now=now)
    with pytest.raises(StepRefused, match="Mer kan inte krävas tillbaka"):
        cases.decide(claim.case, draft(4001), by=sven, now=now)


def test_the_claim_says_that_it_is_the_court_that_tries_it(decided):
    assert decided.claimed == 4000
    assert not Appeal.objects.filter(case=decided.case).exists()
    assert Document.objects.filter(case=decided.case, kind="recovery_claim").exists()


def test_what_is_repaid_and_forgiven_settles_the_claim_to_the_krona(decided, sven, now):
    actions.record_entry(decided, "repaid", Decimal(2500), on=date(2026, 4, 1), by=sven, now=now)
    with pytest.raises(AidRefused, match="1500"):
        actions.record_entry(decided, "repaid", Decimal(1501), on=date(2026, 5, 1), by=sven, now=now)
    with pytest.raises(StepRefused, match="1\u00a0500 kronor är inte betalda"):
        cases.take_step(decided.case, "settle", by=sven, now=now)
    with pytest.raises(AidRefused, match="skälet"):
        actions.record_entry(decided, "forgiven", Decimal(1500), on=date(2026, 5, 1), by=sven, now=now)
    actions.record_entry(
        decided, "forgiven", Decimal(1500), on=date(2026, 5, 1), note="Sjukdom.", by=sven, now=now
    )
    assert Case.objects.get(pk=decided.case_id).state == "settled"


def test_setting_off_needs_an_agreement_in_writing(decided, sven, now):
    with pytest.raises(AidRefused):
        actions.record_entry(decided, "agreed_offset", Decimal(500), on=date(2026, 4, 1), by=sven, now=now)


def test_a_month_that_is_not_decided_has_nothing_to_claim_back(march, sven, karin, now):
    with pytest.raises(AidRefused):
        actions.begin_recovery(march, Decimal(100), by=sven, now=now)
    with pytest.raises(Refused):
        actions.begin_recovery(march, Decimal(100), by=karin, now=now)
    assert MonthApplication.objects.count() == 1
