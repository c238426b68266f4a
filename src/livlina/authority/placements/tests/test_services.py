"""A service for a child after an investigation: decided with consents, ordered, and ended when consent is withdrawn."""

from datetime import date
from decimal import Decimal

import pytest

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.actions.execution import orders_of
from livlina.authority.cases.models import Case, Deadline

CONSENTS = {"guardians_consent": "all", "young_consent": "under_15", "consent_documented": "Handling 3"}


@pytest.fixture
def services_case(investigated_child, fatima, eva, now) -> Case:
    """Nora's investigation ended in a service; case workers may grant it."""
    said = {"conclusion_reasons": "Familjen behöver stöd."}
    cases.take_step(investigated_child, "conclude_with_services", by=fatima, now=now, answers=said)
    cases.add_delegation_rule(
        outcome="granted", role="case_worker", point="7.3", process_code="child_services",
        valid_from=date(2026, 1, 1), by=eva, now=now,
    )  # fmt: skip
    return Case.objects.get(process_code="child_services")


def granted(case, by, now):
    line = cases.LineDraft("family_treatment", True, Decimal(3), date(2026, 3, 2), date(2026, 8, 31))
    draft = cases.DecisionDraft(lines=(line,), goals="Trygga kvällar.", follow_up_on=date(2026, 6, 1))
    return cases.decide(case, draft, by=by, now=now)


def test_a_service_is_granted_with_consents_and_ordered_without_a_word_of_the_report(
    services_case, fatima, now
):
    with pytest.raises(StepRefused, match="Samtyckena"):
        granted(services_case, fatima, now)
    cases.take_step(services_case, "note_consents", by=fatima, now=now, answers=CONSENTS)
    decision = granted(services_case, fatima, now)
    assert (decision.compartment, decision.lines.get().service_label) == (4, "Familjebehandling")
    assert Deadline.objects.get(case=services_case, name="not_executed").strict_date == date(2026, 6, 2)
    cases.place_orders(services_case, {"service_instructions": "Tre timmar i veckan."}, by=fatima, now=now)
    (state,) = orders_of(services_case)
    sent = " ".join(str(letter.facts) for letter in state.order.versions.all())
    assert "Tre timmar i veckan." in sent
    assert "slagen" not in sent
    assert "Nora vill inte gå hem" not in sent


def test_a_guardian_who_does_not_consent_stops_the_service(services_case, fatima, now):
    said = CONSENTS | {"guardians_consent": "refused"}
    cases.take_step(services_case, "note_consents", by=fatima, now=now, answers=said)
    with pytest.raises(StepRefused, match="LVU"):
        granted(services_case, fatima, now)


def test_one_who_has_turned_fifteen_consents_themselves(services_case, nora, registrar, fatima, now):
    from livlina.registers.people.actions import change_details

    change_details(nora, by=registrar, now=now, birth_date=date(2011, 1, 1))
    cases.take_step(services_case, "note_consents", by=fatima, now=now, answers=CONSENTS)
    with pytest.raises(StepRefused, match="15 år"):
        granted(services_case, fatima, now)


def test_when_consent_is_withdrawn_the_manager_judges_whether_the_child_needs_protection(
    services_case, fatima, now
):
    from livlina.registers.watches.models import Watch

    cases.take_step(services_case, "note_consents", by=fatima, now=now, answers=CONSENTS)
    granted(services_case, fatima, now)
    cases.place_orders(services_case, {"service_instructions": "Tre timmar i veckan."}, by=fatima, now=now)
    done = cases.take_step(
        services_case, "withdraw_consent", by=fatima, now=now, answers={"ends_on": "2026-03-02"}
    )
    assert done.case.state == "ending"
    assert Watch.objects.filter(type="cases.need_without_consent", closed_at=None).exists()


def test_a_childs_decision_is_changed_on_its_page_and_the_letter_says_so(
    services_case, fatima, eva, client_of, now
):
    from livlina.authority.cases.models import Decision, Document

    cases.take_step(services_case, "note_consents", by=fatima, now=now, answers=CONSENTS)
    first = granted(services_case, fatima, now)
    cases.add_delegation_rule(
        outcome="changed", role="case_worker", point="7.4", process_code="child_services",
        valid_from=date(2026, 1, 1), by=eva, now=now,
    )  # fmt: skip
    page = client_of(fatima).get(f"/officer/cases/decisions/{first.pk}/change")
    assert page.status_code == 200
    line = cases.LineDraft("family_treatment", True, Decimal(5), date(2026, 3, 2), date(2026, 8, 31))
    more = cases.DecisionDraft(lines=(line,), outcome="changed", reasons="Familjen behöver mer stöd.")
    taken = cases.change_decision(first, more, by=fatima, now=now)
    letter = Document.objects.get(decision=taken)
    assert (letter.kind, letter.title) == ("decision_changed", "Beslut om ändring")
    assert Decision.objects.filter(case=services_case).count() == 2


def test_a_changed_decision_rests_on_consents_that_still_hold(services_case, fatima, eva, now):
    cases.take_step(services_case, "note_consents", by=fatima, now=now, answers=CONSENTS)
    first = granted(services_case, fatima, now)
    refused = CONSENTS | {"guardians_consent": "refused"}
    cases.place_orders(services_case, {"service_instructions": "Tre timmar."}, by=fatima, now=now)
    cases.record_facts(services_case, refused, by=fatima, now=now)
    line = cases.LineDraft("family_treatment", True, Decimal(5), date(2026, 3, 2), date(2026, 8, 31))
    more = cases.DecisionDraft(lines=(line,), outcome="changed", reasons="Familjen behöver mer stöd.")
    with pytest.raises(StepRefused, match="LVU"):
        cases.change_decision(first, more, by=fatima, now=now)
