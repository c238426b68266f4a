"""A request under LSS, from registered to ordered: the personal circle decided for itself, and who may see any of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from livlina.authority.assistance.models import AssistanceDecision
from livlina.authority.assistance.tests.fixtures import lss_case
from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import DecisionDraft, LineDraft, StepRefused
from livlina.authority.cases.models import Case, Decision
from livlina.core.access import Refused
from livlina.core.tenancy import acting
from livlina.registers.orders.models import OrderVersion
from livlina.registers.people.tests.fixtures import register

REQUEST = {"lss_requested_by": "self"}
INVESTIGATION = {
    "question_at_issue": "Ledsagarservice i vardagen och vid en resa.",
    "sources_used": "Hembesök. Läkarutlåtande.",
    "person_view": "Vill komma ut mer.",
    "lss_circle": "3",
    "lss_circle_reasons": "Varaktig och stor synnedsättning med betydande svårigheter.",
    "lss_met_otherwise": "Nej.",
    "assessment": "Behov av ledsagning i vardagen finns.",
    "lss_good_conditions": "Ja.",
    "goals": "Oskar tränar varje vecka.",
    "proposed_decision": "24 timmar i månaden beviljas. Resan avslås.",
}
FIRST, LAST = date(2026, 4, 1), date(2028, 3, 31)
CIRCLE = LineDraft("lss_circle_3", True, Decimal(1), FIRST, LAST, "Synnedsättningen är varaktig och stor.")
GRANTED = LineDraft("lss_companion", True, Decimal(24), FIRST, LAST)
REJECTED = LineDraft(
    "lss_companion_travel", False, Decimal(60), reasons="Behövs inte för goda levnadsvillkor."
)


def draft(*lines):
    """A decision with these lines."""
    return DecisionDraft(lines=lines, reasons="Resan behövs inte.", follow_up_on=date(2027, 3, 15))


@pytest.fixture
def request_case(oskar, karin, maria, now):
    """Oskar has asked for a companion; Karin has the case."""
    return lss_case(oskar, "lss_companion", worker=karin, manager=maria, now=now)


def investigated(case, by, now, **facts):
    """The investigation is opened, written and answered."""
    actions.record_facts(case, REQUEST, by=by, now=now)
    actions.open_investigation(case, by=by, now=now)
    actions.record_facts(case, INVESTIGATION | facts, by=by, now=now)
    case.refresh_from_db()
    actions.communicate(case, what="Resan avslås.", how="letter", answer_by=date(2026, 3, 16), by=by, now=now)
    return actions.answer(case, "Jag vill resa.", by=by, now=now)


@pytest.fixture
def ready_request(request_case, karin, delegation, now):
    """The request is ready to be decided."""
    return investigated(request_case, karin, now)


@pytest.fixture
def decided_request(ready_request, karin, now) -> Decision:
    """The personal circle and 24 hours granted, the journey rejected."""
    return actions.decide(ready_request, draft(CIRCLE, GRANTED, REJECTED), by=karin, now=now)


def test_the_personal_circle_is_a_line_beside_one_granted_and_one_rejected(decided_request):
    lines = {line.service: (line.granted, bool(line.appeal_text)) for line in decided_request.lines.all()}
    assert decided_request.outcome == "partly_granted"
    assert lines == {
        "lss_circle_3": (True, False),
        "lss_companion": (True, False),
        "lss_companion_travel": (False, True),
    }
    assert decided_request.law_text.startswith("9 § 3 lagen (1993:387)")
    laws = dict(decided_request.lines.values_list("service", "law_key"))
    assert (laws["lss_circle_3"], laws["lss_companion"]) == ("lss_1", "lss_9_3")


def test_the_letter_says_that_the_decision_applies_at_once_and_offers_a_plan(decided_request):
    letter = decided_request.case.documents.get(kind="decision_partly")
    assert letter.template == "disability/lss_companion/2025-07-01/letters/decision_partly.html"
    assert letter.data["facts"]["lss_circle_reasons"]


def test_without_a_line_on_the_circle_nothing_is_decided(ready_request, karin, now):
    with pytest.raises(StepRefused, match="egen rad"):
        actions.decide(ready_request, draft(GRANTED, REJECTED), by=karin, now=now)


def test_the_line_must_be_the_circle_that_was_assessed(ready_request, karin, now):
    wrong = LineDraft("lss_circle_1", True, Decimal(1), FIRST, LAST, "Fel")
    with pytest.raises(StepRefused, match="stämmer inte"):
        actions.decide(ready_request, draft(wrong, GRANTED, REJECTED), by=karin, now=now)


def test_outside_the_circle_no_service_is_granted(ready_request, karin, now):
    outside = LineDraft("lss_circle_3", False, Decimal(1), reasons="Inte varaktig.")
    with pytest.raises(StepRefused, match="inte tillhör personkretsen"):
        actions.decide(ready_request, draft(outside, GRANTED), by=karin, now=now)


def test_the_circle_alone_grants_nothing_to_carry_out(ready_request, karin, now):
    rejected = LineDraft("lss_companion", False, Decimal(24), reasons="Tillgodoses på annat sätt.")
    decision = actions.decide(ready_request, draft(CIRCLE, rejected), by=karin, now=now)
    assert not decision.case.deadlines.filter(
        name__in=("not_executed", "special_fee_risk"), state="running"
    ).exists()
    with pytest.raises(StepRefused, match="Ingen insats är beviljad"):
        actions.place_orders(decision.case, {}, by=karin, now=now)


def test_the_clocks_of_carrying_out_run_from_a_granted_service(decided_request):
    days = dict(decided_request.case.deadlines.filter(state="running").values_list("name", "strict_date"))
    assert (days["not_executed"], days["special_fee_risk"]) == (date(2026, 6, 2), date(2026, 9, 2))


def test_nothing_is_ordered_before_a_plan_is_offered_and_the_circle_stays_with_the_authority(
    decided_request, karin, now
):
    case = decided_request.case
    with pytest.raises(StepRefused, match="individuell plan"):
        actions.place_orders(case, {}, by=karin, now=now)
    actions.take_step(
        case, "offer_plan", by=karin, now=now, answers={"lss_plan_offered_on": now.date(), "lss_plan_wanted": "wanted"}
    )  # fmt: skip
    actions.place_orders(case, {}, by=karin, now=now)
    order = OrderVersion.objects.get(source_id=case.pk, compartment=1)
    assert "Personkrets" not in str(order.facts)
    assert "Ledsagarservice" in str(order.facts)


@pytest.mark.parametrize(
    ("born", "facts", "why"),
    [
        (date(1990, 1, 1), {"lss_requested_by": "other"}, "egen begäran"),
        (date(2014, 1, 1), {"lss_requested_by": "self"}, "Vårdnadshavaren begär"),
        (date(2010, 1, 1), {"lss_requested_by": "guardian"}, "fyllt 15 år"),
        (date(2014, 1, 1), {"lss_requested_by": "guardian"}, ""),
        (
            date(2010, 1, 1),
            {
                "lss_requested_by": "guardian",
                "lss_cannot_take_stand": "yes",
                "lss_cannot_take_stand_why": "Läkare.",
            },
            "",
        ),
        (date(1990, 1, 1), {"lss_requested_by": "trustee"}, ""),
    ],
)
def test_only_who_may_ask_begins_an_investigation(registrar, karin, maria, now, born, facts, why):
    person = register(registrar, now, "Kim", "Ask", born, serial=7)
    case = lss_case(person, "lss_companion", worker=karin, manager=maria, now=now)
    actions.record_facts(case, facts, by=karin, now=now)
    if not why:
        assert actions.open_investigation(case, by=karin, now=now).case.state == "investigating"
        return
    with pytest.raises(StepRefused, match=why):
        actions.open_investigation(case, by=karin, now=now)


@pytest.mark.parametrize(
    ("code", "born", "facts", "service", "why"),
    [
        (
            "lss_daily_activity",
            date(1990, 1, 1),
            {"activity_no_job": "yes"},
            "lss_daily_activity",
            "personkrets 1 och 2",
        ),
        (
            "lss_counselling",
            date(1990, 1, 1),
            {"counselling_handed_over": "no"},
            "lss_counselling",
            "regionens ansvar",
        ),
        (
            "lss_short_term_minding",
            date(2013, 6, 1),
            {"minding_alone": "Ja"},
            "lss_minding_holidays",
            "över 12 år",
        ),
        ("lss_personal_assistance", date(1959, 1, 1), {}, "lss_assistance_basic", "efter 66 års ålder"),
    ],
)
def test_what_the_law_gives_only_to_some_is_refused_the_others(
    registrar, karin, maria, delegation, now, code, born, facts, service, why
):
    person = register(registrar, now, "Kim", "Ask", born, serial=8)
    case = lss_case(person, code, worker=karin, manager=maria, now=now)
    by = "guardian" if born.year > 2011 else "self"
    actions.record_facts(case, {"lss_requested_by": by}, by=karin, now=now)
    actions.open_investigation(case, by=karin, now=now)
    needed = {"basic_hours_per_week": "10", "other_hours_per_week": "1", "parental_deduction": "no"}
    more = facts | (needed if code == "lss_personal_assistance" else {})
    if code == "lss_counselling":
        more |= {"counselling_profession": ["psychologist"]}
    actions.record_facts(case, INVESTIGATION | more, by=karin, now=now)
    case.refresh_from_db()
    actions.finish_investigation(case, by=karin, now=now)
    line = LineDraft(service, True, Decimal(5), FIRST, LAST)
    with pytest.raises(StepRefused, match=why):
        actions.decide(case, draft(CIRCLE, line), by=karin, now=now)


def test_another_branch_and_another_municipality_see_nothing_of_it(decided_request, fatima, sara, asvalla):
    for stranger in (fatima, sara):
        with pytest.raises(Refused):
            queries.case_page(stranger, decided_request.case_id, decided_request.at)
    with acting(asvalla.pk, fatima.compartments):
        assert not Case.objects.filter(pk=decided_request.case_id).exists()
        assert not Decision.objects.exists()


def test_a_case_worker_of_another_branch_decides_nothing(ready_request, fatima, now):
    with pytest.raises(Refused):
        actions.decide(ready_request, draft(CIRCLE, GRANTED, REJECTED), by=fatima, now=now)


def test_forsakringskassans_decision_becomes_what_time_is_reported_on(elins_case, karin, now):
    actions.take_step(
        elins_case, "notify_fk", by=karin, now=now,
        answers={"lass_ground": "Mer än 20 timmar.", "lass_consents": "yes", "lass_notified_on": now.date()},
    )  # fmt: skip
    said = {
        "lass_decided_on": "2026-02-27", "lass_reference": "FK-9", "lass_hours_per_week": "66,5",
        "lass_accounting_months": "6", "lass_valid_from": "2026-03-01", "lass_valid_to": "2028-02-29",
        "lass_arranger": "municipality",
    }  # fmt: skip
    with pytest.raises(StepRefused, match="högst sex månader"):
        actions.take_step(
            elins_case,
            "record_fk_decision",
            by=karin,
            now=now,
            answers=said | {"lass_accounting_months": "7"},
        )
    actions.take_step(elins_case, "record_fk_decision", by=karin, now=now, answers=said)
    decision = AssistanceDecision.objects.get(case=elins_case)
    assert (decision.hours_per_week, decision.accounting_months, decision.valid_to) == (
        Decimal("66.5"), 6, date(2028, 2, 29),
    )  # fmt: skip
    later = now + timedelta(days=30)
    actions.take_step(elins_case, "end_lass", by=karin, now=later, answers={"ends_on": "2026-03-31"})
    decision.refresh_from_db()
    assert decision.valid_to == date(2026, 3, 31)


def test_an_advance_notice_lapses_six_months_after_the_services_are_there(
    oskar, karin, maria, delegation, now
):
    case = lss_case(oskar, "lss_advance_notice", worker=karin, manager=maria, now=now)
    actions.record_facts(case, REQUEST, by=karin, now=now)
    actions.open_investigation(case, by=karin, now=now)
    actions.record_facts(case, INVESTIGATION | {"notice_lives_here": "no"}, by=karin, now=now)
    case.refresh_from_db()
    actions.finish_investigation(case, by=karin, now=now)
    lines = (CIRCLE, LineDraft("lss_notice_services", True, Decimal(2), FIRST, LAST))
    actions.decide(case, DecisionDraft(lines=lines, follow_up_on=date(2026, 9, 1)), by=karin, now=now)
    actions.take_step(case, "prepare", by=karin, now=now)
    actions.take_step(
        case, "make_available", by=karin, now=now, answers={"notice_available_on": "2026-03-02"}
    )
    clock = case.deadlines.get(name="advance_notice_holds")
    assert (clock.lapses, clock.strict_date) == (True, date(2026, 9, 2))
    with pytest.raises(StepRefused, match="gäller till och med den 2026-09-02"):
        actions.take_step(case, "lapse_notice", by=karin, now=now + timedelta(days=184))
    actions.take_step(case, "lapse_notice", by=karin, now=now + timedelta(days=185))
