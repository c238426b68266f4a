"""Bostadsanpassningsbidrag and färdtjänst as Karin works them: money within what was granted, and no clock of SoL 34:1."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import DecisionDraft, LineDraft, StepRefused, steps
from livlina.authority.cases.models import Case, Deadline, Decision, Document
from livlina.core.access import Refused, may
from livlina.core.calendar import Channel
from livlina.core.models import User
from livlina.registers.orders.models import Order

HOME = {
    "question_at_issue": "Byte av badkar mot dusch.",
    "sources_used": "Hembesök den 20 februari.",
    "person_view": "Astrid vill kunna duscha själv.",
    "disability_lasting": "lasting",
    "expert_kind": "occupational_therapist",
    "expert_on": "2026-02-25",
    "expert_statement": "Kan inte kliva över badkarskanten.",
    "tenure": "rented",
    "owner_consent": "given",
    "consent_checked_on": "2026-02-20",
    "measures": "Dusch med halkfritt golv.",
    "measures_needed": "Behovet kan inte tillgodoses med hjälpmedel.",
    "offer_from": "Åsvalla Bygg",
    "offer_amount": "85000",
    "reasonable_cost": "85000",
    "assessment": "Åtgärderna är nödvändiga.",
    "proposed_decision": "85 000 kronor beviljas.",
}
GRANT = DecisionDraft(lines=(LineDraft("adaptation_grant", True, Decimal(85000), date(2026, 3, 2)),))


def take(case: Case, step: str, by, now: datetime, **answers):
    return steps.take_step(Case.objects.get(pk=case.pk), step, by=by, now=now, answers=answers)


def begun(code: str, person, karin, now: datetime) -> Case:
    """Karin takes down an application by telephone, takes the case and begins to investigate."""
    sent = actions.register_application(
        code, person, {}, found_on=now.date(), how=Channel.PHONE, by=karin, now=now
    )
    case = actions.assign_case(sent.cases.get(), User.objects.get(pk=karin.user_id), by=karin, now=now)
    return actions.open_investigation(case, by=karin, now=now).case


@pytest.fixture
def ready(astrid, karin, eva, delegation, now) -> Case:
    """All is investigated, and the board has delegated grants of up to 100 000 kronor."""
    actions.add_delegation_rule(
        outcome="granted", role="case_worker", point="7.1", process_code="housing_adaptation",
        max_quantity=Decimal(100000), valid_from=date(2026, 1, 1), by=eva, now=now,
    )  # fmt: skip
    actions.add_delegation_rule(
        outcome="revoked", role="unit_manager", point="7.2", process_code="housing_adaptation",
        valid_from=date(2026, 1, 1), by=eva, now=now,
    )  # fmt: skip
    case = begun("housing_adaptation", astrid, karin, now)
    actions.record_facts(case, HOME, by=karin, now=now, form="investigation")
    return actions.finish_investigation(case, by=karin, now=now).case


@pytest.fixture
def paid(ready, karin, now) -> Case:
    """Granted 85 000 kronor; the work cost 81 500, and that is paid."""
    actions.decide(ready, GRANT, by=karin, now=now)
    take(ready, "order_works", karin, now, works_ordered_on="2026-03-02", taken_over_by_owner="no")
    take(ready, "account_for_works", karin, now, works_done_on="2026-03-02", cost_accounted="81500")
    return take(ready, "pay_grant", karin, now, paid_amount="81500", paid_on="2026-03-02").case


def test_no_more_is_paid_than_was_granted_or_spent(ready, karin, now) -> None:
    actions.decide(ready, GRANT, by=karin, now=now)
    take(ready, "order_works", karin, now, works_ordered_on="2026-03-02", taken_over_by_owner="no")
    take(ready, "account_for_works", karin, now, works_done_on="2026-03-02", cost_accounted="90000")
    with pytest.raises(StepRefused, match="beviljade beloppet, 85\N{NARROW NO-BREAK SPACE}000 kronor"):
        take(ready, "pay_grant", karin, now, paid_amount="90000", paid_on="2026-03-02")
    take(ready, "pay_grant", karin, now, paid_amount="85000", paid_on="2026-03-02")
    letter = Document.objects.get(kind="paid_out")
    assert letter.data["facts"]["paid_amount"] == "85000 kronor"


def test_the_accounted_cost_is_the_limit_when_it_is_lower(paid, karin, now) -> None:
    case = Case.objects.get(pk=paid.pk)
    assert case.state == "paid"
    take(
        case,
        "reconsider",
        karin,
        now,
        reconsider_ground="wrong_facts",
        reconsider_text="ROT.",
        claim_amount="1",
    )
    assert Case.objects.get(pk=paid.pk).state == "investigating"


def test_money_wrongly_paid_is_claimed_back_by_a_decision_that_can_be_appealed(
    paid, karin, maria, now
) -> None:
    take(paid, "reconsider", karin, now, reconsider_ground="wrong_facts", reconsider_text="ROT-avdrag.",
         claim_amount="99000")  # fmt: skip
    actions.communicate(
        Case.objects.get(pk=paid.pk), what="12 000 kronor krävs tillbaka.", how="letter",
        answer_by=date(2026, 3, 16), by=karin, now=now,
    )  # fmt: skip
    later = now + timedelta(days=15)
    take(paid, "answer_time_out", karin, later)
    line = LineDraft("adaptation_grant", False, Decimal(12000), reasons="Kostnaden var redan ersatt.")
    draft = DecisionDraft(
        lines=(line,), outcome="revoked", reasons="Kostnaden var redan ersatt.", harm_ground="misled"
    )
    case = Case.objects.get(pk=paid.pk)
    with pytest.raises(StepRefused, match="Lämna över beslutet till enhetschef"):
        actions.decide(case, draft, by=karin, now=later)
    decision = actions.decide(case, draft, by=maria, now=later)
    assert decision.appeals.get().state == "appeal_window"
    assert "förvaltningsrätten" in decision.lines.get().appeal_text
    with pytest.raises(StepRefused, match="utbetalda beloppet, 81\N{NARROW NO-BREAK SPACE}500 kronor"):
        take(paid, "claim_back", maria, later, repay_by="2026-04-16")
    actions.record_facts(case, {"claim_amount": "12000"}, by=maria, now=later)
    take(paid, "claim_back", maria, later, repay_by="2026-04-16")
    assert Deadline.objects.get(case=paid, name="repaid_in_time").legal_date == date(2026, 4, 16)
    take(paid, "record_repayment", karin, later, repaid_on="2026-03-17")
    closed = actions.close_case(
        Case.objects.get(pk=paid.pk), reason="goal_met", note="Delen är återbetald.", by=karin, now=later,
        choices={item.key: {"choice": item.options[0][0], "reason": "Klart."} for item in
                 queries.open_items(Case.objects.get(pk=paid.pk))},
    )  # fmt: skip
    assert closed.case.closed_at is not None


def test_nothing_of_the_own_acts_counts_as_a_decision_not_executed(paid, astrid, karin, now) -> None:
    assert not Deadline.objects.filter(name__in=("not_executed", "not_resumed")).exists()
    assert not Order.objects.exists()


def test_a_journey_is_decided_before_its_day(astrid, karin, now) -> None:
    sent = actions.register_application(
        "national_mobility_service", astrid, {"journey_on": "2026-04-20"}, found_on=now.date(),
        how=Channel.PHONE, by=karin, now=now,
    )  # fmt: skip
    case = sent.cases.get()
    actions.assign_case(case, User.objects.get(pk=karin.user_id), by=karin, now=now)
    assert Deadline.objects.get(case=case, name="decide_before_journey").strict_date == date(2026, 4, 20)


def test_another_branch_and_another_unit_see_nothing_of_it(ready, fatima, sven, petra, as_staff) -> None:
    other = as_staff("Ines Falk", "case_worker", "Anhörigstödet")
    for stranger in (fatima, sven, petra, other):
        assert not may(stranger, "cases.read", ready), stranger.name
    with pytest.raises(Refused):
        queries.case_page(fatima, ready.pk, datetime.now().astimezone())


@pytest.mark.parametrize(
    "code", ["mobility_service", "national_mobility_service", "housing_adaptation", "day_activity",
             "meal_delivery", "companionship", "respite", "residential_care"],
)  # fmt: skip
def test_every_page_of_a_case_under_investigation_opens(code, astrid, karin, client_of, now) -> None:
    case = begun(code, astrid, karin, now)
    karins = client_of(karin)
    assert karins.get(reverse("cases:case", args=[case.pk])).status_code == 200
    assert karins.get(reverse("cases:investigation", args=[case.pk])).status_code == 200
    for step in ("suspend", "communicate", "finish_investigation", "write_off"):
        assert karins.get(reverse("cases:step", args=[case.pk, step])).status_code == 200, step
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("code", "fact"),
    [
        ("mobility_service", "disability_own_words"),
        ("residential_care", "help_in_own_words"),
        ("social_alarm", "alarm_in_own_words"),
    ],
)
def test_what_is_said_on_the_telephone_is_kept_whatever_it_is_about(
    code, fact, astrid, karin, client_of, now, monkeypatch
) -> None:
    monkeypatch.setattr("livlina.core.clock.now", lambda: now)
    said = {
        "process_code": code,
        "found_on": "2026-03-02",
        "how": "phone",
        "help_in_own_words": "Jag ramlar ofta.",
    }
    client_of(karin).post(reverse("cases:register", args=[astrid.pk]), said)
    assert Case.objects.get().application.answers[fact] == "Jag ramlar ofta."
