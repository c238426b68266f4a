"""The board's secretary: matters for the meeting, what is delegated, who gets new cases; and cases begun of one's own."""

from datetime import date

import pytest
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import NotBegun, StepRefused
from livlina.authority.cases.models import Case, CaseEvent, DelegationRule, IntakeUnit
from livlina.authority.cases.queries import board
from livlina.core import clock
from livlina.core.access import Refused
from livlina.core.calendar import Channel
from livlina.core.models import AuditEvent

OWN = {"how": Channel.PHONE, "ground": "own", "why": "Grannen ringde om fallet."}


@pytest.fixture(autouse=True)
def that_monday(monkeypatch, now) -> None:
    """The pages are opened on a Monday in March."""
    monkeypatch.setattr(clock, "now", lambda: now)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_what_nobody_may_decide_on_delegation_is_on_the_board_s_list(investigated_case, karin, eva, now):
    actions.finish_investigation(investigated_case, by=karin, now=now)
    (row,) = board.board_matters(eva, now)
    assert (row.case, row.presenter) == (investigated_case, "Karin Ekdal")
    assert row.why == "Ingen har beslutanderätten på delegation"


def test_what_is_delegated_is_not_there_until_karin_hands_it_over_and_presents_it(
    ready_case, karin, johan, eva, client_of, now
):
    assert board.board_matters(eva, now) == []
    with pytest.raises(StepRefused, match="varför nämnden"):
        actions.refer_to_board(ready_case, why=" ", by=karin, now=now)
    client_of(karin).post(reverse("cases:refer", args=[ready_case.pk]), {"why": "Mer än 120 timmar."})
    (row,) = board.board_matters(eva, now)
    assert row.presenter == "Karin Ekdal, biståndshandläggare"
    page = text(client_of(eva).get(reverse("cases:board")))
    assert ready_case.number in page
    assert "Astrid" not in page
    paper = client_of(eva).get(reverse("cases:board_pdf"))
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["karin", "maria", "sara", "petra", "anders", "kerstin"])
def test_only_the_secretary_opens_the_board_s_list_and_the_rules(request, client_of, name):
    browser = client_of(request.getfixturevalue(name))
    for page in ("board", "board_pdf", "delegation_rules"):
        assert browser.get(reverse(f"cases:{page}")).status_code == 404, page


def test_a_matter_that_is_not_ready_is_not_handed_to_the_board(assigned_case, karin, client_of):
    answer = client_of(karin).get(reverse("cases:refer", args=[assigned_case.pk]))
    assert answer.status_code == 409


def test_eva_adds_a_rule_sees_whom_it_lets_and_ends_it(client_of, eva):
    browser, address = client_of(eva), reverse("cases:delegation_rules")
    wrong = browser.post(address, {"outcome": "granted", "role": "case_worker", "max_quantity": "många"})
    assert wrong.status_code == 422
    assert "Skriv punkten" in text(wrong)
    typed = {
        "point": "3.1", "outcome": "granted", "role": "case_worker", "process_code": "home_care", "service": "",
        "max_quantity": "40", "max_months": "12", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert browser.post(address, typed).status_code == 302
    asked = (
        "?try-process_code=home_care&try-outcome=granted&try-service=cleaning&try-quantity={}&try-months=12"
    )
    page = text(browser.get(address + asked.format(30)))
    assert "<b>Handläggare</b>: <span" in page
    assert "punkt 3.1" in page
    assert "Delegationen räcker inte" in text(browser.get(address + asked.format(50)))
    rule = DelegationRule.objects.get()
    end = reverse("cases:end_delegation_rule", args=[rule.pk])
    assert browser.post(end, {"last_day": "2025-12-31"}).status_code == 422
    assert browser.post(end, {"last_day": "2026-02-28"}).status_code == 302
    assert "3.1" in text(browser.get(address + "?ended"))
    assert "Inga regler" in text(browser.get(address))


def test_eva_chooses_who_gets_new_cases(client_of, eva, karin, fatima, maria, as_staff):
    as_staff("Per Ny", "case_worker", "Larmenheten", compartments=(1,))
    browser = client_of(eva)
    page = text(browser.get(reverse("cases:intake")))
    assert "Trygghetslarm" in page
    assert "Barn och unga" in page
    address = reverse("cases:intake_of", args=["social_alarm"])
    page = text(browser.get(address))
    assert "Larmenheten" in page
    assert "Barn och unga</label>" not in page
    unit = next(
        unit for unit in board.units_for(eva, "social_alarm", date(2026, 3, 2)) if unit.name == "Larmenheten"
    )
    assert browser.post(address, {"unit": str(unit.pk)}).status_code == 302
    assert IntakeUnit.objects.get(process_code="social_alarm").unit == unit


def test_maria_arranges_only_her_own_branch(client_of, maria, fatima, now):
    browser = client_of(maria)
    page = text(browser.get(reverse("cases:intake")))
    assert "Orosanmälan" not in page
    assert browser.get(reverse("cases:intake_of", args=["child_application"])).status_code == 404
    unit = board.units_for(maria, "home_care", date(2026, 3, 2))
    assert board.units_for(maria, "child_application", date(2026, 3, 2)) == []
    with pytest.raises(Refused):
        actions.set_intake_unit(
            unit[0] if unit else None, process_code="child_application", by=maria, now=now
        )


def test_karin_opens_a_case_nobody_applied_for(client_of, karin, astrid):
    browser, address = client_of(karin), reverse("cases:begin", args=[astrid.pk])
    assert reverse("cases:begin", args=[astrid.pk]) in text(
        browser.get(reverse("cases:person", args=[astrid.pk]))
    )
    page = text(browser.get(address))
    assert "Hemtjänst" in page
    assert "Placering" not in page  # another branch
    assert browser.post(address, {}).status_code == 422
    done = browser.post(
        address,
        {"process_code": "home_care", "received_on": "2026-03-01", "how": "phone", "ground": "own", "why": "Fallit hemma."},
    )  # fmt: skip
    case = Case.objects.get()
    assert done["Location"] == reverse("cases:case", args=[case.pk])
    assert (case.received_on, case.application, case.state) == (date(2026, 3, 1), None, "received")
    event = CaseEvent.objects.get(case=case, step="begin_case")
    assert event.label == "Ärende öppnat. Nämndens eget initiativ: Fallit hemma."
    assert AuditEvent.objects.filter(verb="cases.begin", detail__ground="own").exists()


def test_only_who_began_a_case_may_ask_that_it_be_decided(karin, astrid, now):
    case = actions.begin_on_own_motion(
        "home_care", astrid, received_on=date(2026, 3, 2), by=karin, now=now, **OWN
    )
    assert not case.deadlines.filter(law_key="fl_12", state="running").exists()
    with pytest.raises(StepRefused, match="som själv har inlett ärendet"):
        actions.request_decision(case, came_in=date(2026, 3, 2), by=karin, now=now)


def test_eva_opens_a_decision_by_its_case_s_number_to_change_it_for_the_board(
    client_of, eva, karin, partly_granted
):
    browser, address = client_of(eva), reverse("cases:board_change")
    found = browser.post(address, {"number": partly_granted.case.number})
    assert found["Location"] == reverse("cases:change", args=[partly_granted.pk])
    assert "Ändra beslut 1" in text(browser.get(found["Location"]))
    lines = {
        "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0", "line-0-service": "personal_care",
        "line-0-granted": "no", "line-0-quantity": "12",
    }  # fmt: skip
    typed = lines | {
        "outcome": "revoked", "reasons": "Uppgifterna var falska.", "harm_ground": "misled", "heard": "silent",
        "presented_by": "Karin Ekdal", "do": "sign",
    }  # fmt: skip
    assert "är fattat" in text(browser.post(found["Location"], typed, follow=True))
    taken = partly_granted.case.decisions.get(number=2)
    assert (taken.outcome, taken.delegation_text, taken.presented_by) == (
        "revoked",
        "Beslutat av nämnden",
        "Karin Ekdal",
    )
    assert browser.post(address, {"number": "2026-999999"})["Location"] == reverse("cases:board")


def test_a_case_may_go_on_in_another(assigned_case, karin, astrid, now):
    case = actions.begin_on_own_motion(
        "social_alarm", astrid, received_on=date(2026, 3, 2), how=Channel.VISIT, ground="continues",
        why="Behov av larm framkom.", continues=assigned_case, by=karin, now=now,
    )  # fmt: skip
    assert case.continues == assigned_case


def test_a_case_is_not_begun_without_a_ground_nor_about_somebody_else(
    assigned_case, karin, astrid, bertil, now
):
    day = date(2026, 3, 2)
    with pytest.raises(NotBegun, match="Skriv varför"):
        actions.begin_on_own_motion(
            "home_care", astrid, received_on=day, by=karin, now=now, **(OWN | {"why": ""})
        )
    with pytest.raises(NotBegun, match="gäller en annan person"):
        actions.begin_on_own_motion(
            "home_care", bertil, received_on=day, by=karin, now=now, continues=assigned_case,
            **(OWN | {"ground": "continues"}),
        )  # fmt: skip
    with pytest.raises(NotBegun, match="efter i dag"):
        actions.begin_on_own_motion(
            "home_care", astrid, received_on=date(2026, 3, 3), by=karin, now=now, **OWN
        )


def test_fatima_begins_a_placement_and_karin_may_not(fatima, karin, astrid, bertil, asvalla, now):
    with pytest.raises(Refused):
        actions.begin_on_own_motion(
            "child_placement", astrid, received_on=date(2026, 3, 2), by=karin, now=now, **OWN
        )
    with pytest.raises(Refused):  # a concern report has a page of its own
        actions.begin_on_own_motion(
            "child_concern", astrid, received_on=date(2026, 3, 2), by=fatima, now=now, **OWN
        )


@pytest.mark.parametrize("name", ["sara", "petra", "anders", "sofia", "eva"])
def test_others_begin_no_case(request, client_of, name, astrid):
    browser = client_of(request.getfixturevalue(name))
    assert browser.get(reverse("cases:begin", args=[astrid.pk])).status_code == 404
    assert not Case.objects.exists()


def test_the_register_page_stands_for_who_has_processes_without_an_application(
    client_of, fatima, ulf, astrid
):
    for actor in (fatima, ulf):
        assert client_of(actor).get(reverse("cases:register", args=[astrid.pk])).status_code == 200
