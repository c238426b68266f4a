"""From investigation to what follows: who may, how long, and what goes along."""

from datetime import UTC, date, datetime

import pytest

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.actions.facts import current_facts
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.placements.tests.fixtures import INVESTIGATED


def test_an_investigation_runs_four_months_and_is_extended_by_the_manager_to_a_later_day(
    noras_case, fatima, gunnar, now
):
    assert Deadline.objects.get(case=noras_case, name="investigation_in_time").strict_date == date(2026, 7, 2)
    said = {"extended_to": "2026-06-01", "extension_reasons": "Polisutredningen är inte klar."}
    with pytest.raises(StepRefused, match="behörighet"):
        cases.take_step(noras_case, "extend_investigation", by=fatima, now=now, answers=said)
    with pytest.raises(StepRefused, match="2026-07-02"):
        cases.take_step(noras_case, "extend_investigation", by=gunnar, now=now, answers=said)
    said["extended_to"] = "2026-08-14"
    cases.take_step(noras_case, "extend_investigation", by=gunnar, now=now, answers=said)
    running = dict(
        Deadline.objects.filter(case=noras_case, state="running").values_list("name", "strict_date")
    )
    assert running == {"extension_ends": date(2026, 8, 14)}


def test_all_three_sides_of_the_childs_life_are_written(noras_case, fatima, now):
    less = {name: value for name, value in INVESTIGATED.items() if name not in ("parenting", "child_view")}
    with pytest.raises(StepRefused) as refused:
        cases.take_step(noras_case, "finish_investigation", by=fatima, now=now, answers=less)
    assert "Föräldrarnas förmåga" in str(refused.value)
    assert "Barnets egen berättelse" in str(refused.value)


def test_one_without_the_degree_neither_investigates_nor_concludes(investigated_child, hussein, now):
    with pytest.raises(StepRefused, match="socionomexamen"):
        cases.take_step(
            investigated_child,
            "conclude_with_placement",
            by=hussein,
            now=now,
            answers={"conclusion_reasons": "Klart."},
        )


def test_closing_without_a_service_is_a_decision_on_delegation(investigated_child, fatima, eva, now):
    said = {"conclusion_reasons": "Familjen har fått det stöd som behövs."}
    with pytest.raises(StepRefused, match="delegation"):
        cases.take_step(investigated_child, "conclude_and_follow_up", by=fatima, now=now, answers=said)
    cases.add_delegation_rule(
        outcome="closed_no_action", role="case_worker", point="7.1", process_code="child_concern",
        valid_from=date(2026, 1, 1), by=eva, now=now,
    )  # fmt: skip
    case = cases.take_step(
        investigated_child, "conclude_and_follow_up", by=fatima, now=now, answers=said
    ).case
    decision = case.decisions.get()
    assert (decision.outcome, decision.delegation_text) == ("closed_no_action", "Delegation, punkt 7.1")
    clock = Deadline.objects.get(case=case, state="running")
    assert (clock.name, clock.strict_date) == ("follow_up_ends", date(2026, 5, 2))


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("conclude_with_services", "child_services"),
        ("conclude_with_placement", "child_placement"),
        ("conclude_with_lvu", "lvu"),
    ],
)
def test_what_follows_is_a_case_of_its_own_with_the_same_worker_and_what_is_known(
    investigated_child, fatima, now, step, code
):
    said = {"conclusion_reasons": "Stöd behövs."}
    cases.take_step(investigated_child, step, by=fatima, now=now, answers=said)
    investigated_child.refresh_from_db()
    follows = Case.objects.get(process_code=code)
    assert not investigated_child.is_open
    assert (follows.continues, follows.responsible_id) == (investigated_child, fatima.user_id)
    assert (follows.person, follows.compartment) == (investigated_child.person, 4)
    facts = current_facts(follows)
    assert facts["assessment"] == INVESTIGATED["assessment"]
    assert "concern_about" not in facts


def test_a_second_report_is_attached_to_the_investigation_that_runs(noras_case, sofia, fatima, nora, now):
    from livlina.authority.cases.actions import reports
    from livlina.authority.placements.tests.fixtures import CONCERN
    from livlina.core.calendar import Channel

    _, (second,) = reports.register_report(
        CONCERN, [reports.ReportedChild(person=nora)], found_on=date(2026, 3, 2), how=Channel.PHONE,
        by=sofia, now=now,
    )  # fmt: skip
    said = {"protection_assessed_on": "2026-03-02", "protection_assessment": "Hon är hos mormor."}
    cases.take_step(second, "assess_protection", by=fatima, now=now, answers=said)
    said = {"running_case": "2026-999999", "prelim_assessment": "Samma oro."}
    with pytest.raises(StepRefused, match="inte en pågående utredning"):
        cases.take_step(second, "attach", by=fatima, now=now, answers=said)
    said["running_case"] = noras_case.number
    assert cases.take_step(second, "attach", by=fatima, now=now, answers=said).case.state == "attached"


def test_a_child_in_danger_is_placed_while_the_investigation_runs(noras_case, fatima, now):
    later = datetime(2026, 3, 3, 8, tzinfo=UTC)
    cases.take_step(noras_case, "place_meanwhile", by=fatima, now=later)
    noras_case.refresh_from_db()
    assert noras_case.state == "investigating"
    assert Case.objects.get(process_code="child_placement").continues == noras_case
    with pytest.raises(StepRefused, match="redan"):
        cases.take_step(noras_case, "place_meanwhile", by=fatima, now=later)
