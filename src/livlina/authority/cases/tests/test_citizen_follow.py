"""Following a case, answering, reading the decision and appealing, as Astrid and Anna meet it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import mark_sent, record_service
from livlina.authority.cases.models import Appeal, Case, CaseFact, Communication, Document, ServiceOfNotice
from livlina.authority.cases.tests.fixtures import ANSWERS
from livlina.authority.cases.tests.test_citizen_apply import (  # noqa: F401
    at_nine,
    bertil_online,
    end_annas_mandate,
    key,
    text_of,
)
from livlina.core import tenancy
from livlina.core.access import Actor, system
from livlina.core.ids import test_number as number_of
from livlina.core.models import AuditEvent, User
from livlina.registers.people.actions import register_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna_browser(client_of, anna_online, at_nine):  # noqa: F811
    """Anna, signed in."""
    return client_of(anna_online)


@pytest.fixture
def astrid_browser(client_of, astrid_online, at_nine):  # noqa: F811
    """Astrid, signed in."""
    return client_of(astrid_online)


def case_address(case, name="case"):
    return reverse(f"cases_citizen:{name}", args=[case.pk])


def decision_address(decision, name="decision"):
    return reverse(f"cases_citizen:{name}", args=[decision.case_id, decision.pk])


def stand_at(monkeypatch, moment):
    from livlina.core import clock

    monkeypatch.setattr(clock, "now", lambda: moment)


def test_astrid_sees_the_case_her_daughter_began(astrid_browser, astrids_case):
    shown = text_of(astrid_browser.get(reverse("cases_citizen:list")))
    assert f"Hemtjänst {astrids_case.number}" in shown
    assert "Ansökan har kommit in" in shown


def test_anna_sees_whom_the_case_is_about(anna_browser, astrids_case):
    assert "Ärendet gäller Astrid Lindqvist" in text_of(anna_browser.get(reverse("cases_citizen:list")))
    assert "Ärendet gäller Astrid Lindqvist" in text_of(anna_browser.get(case_address(astrids_case)))


def test_who_has_no_case_is_told_so(client_of, bertil_online, at_nine):  # noqa: F811
    assert "Du har inga ärenden" in text_of(client_of(bertil_online).get(reverse("cases_citizen:list")))


def test_the_case_says_what_comes_next_and_by_which_day(astrid_browser, assigned_case):
    shown = text_of(astrid_browser.get(case_address(assigned_case)))
    assert "Handläggaren hör av sig" in shown
    assert "Du får beslut senast 2 juni 2026." in shown
    assert "Handläggare: Karin Ekdal, Biståndsenheten" in shown


def test_a_late_case_says_that_it_is_late(astrid_browser, assigned_case, monkeypatch):
    stand_at(monkeypatch, datetime(2026, 6, 20, 8, tzinfo=UTC))
    shown = text_of(astrid_browser.get(case_address(assigned_case)))
    assert "Beslutet skulle ha kommit senast 2 juni 2026." in shown
    assert "begära att ärendet avgörs" not in shown


def test_after_six_months_one_is_told_of_the_right_to_a_decision(astrid_browser, assigned_case, monkeypatch):
    stand_at(monkeypatch, datetime(2026, 9, 3, 8, tzinfo=UTC))
    assert "begära att ärendet avgörs" in text_of(astrid_browser.get(case_address(assigned_case)))


def test_a_waiting_case_says_for_whom_it_waits(astrid_browser, assigned_case, karin, now):
    actions.open_investigation(assigned_case, by=karin, now=now)
    actions.suspend(assigned_case, waiting_for="medical", review_on=date(2026, 3, 20), by=karin, now=now)
    shown = text_of(astrid_browser.get(case_address(assigned_case)))
    assert "Vi väntar på uppgifter från en läkare" in shown


def test_the_case_shows_nothing_of_the_investigation(astrid_browser, investigated_case):
    shown = text_of(astrid_browser.get(case_address(investigated_case)))
    assert "Utredningen började" in shown
    assert "Tillgodoses" not in shown.title()
    assert "Orkar inte städa." not in shown.replace("Städa orkar hon inte.", "")


def test_every_step_of_what_citizens_begin_has_words_for_them_or_is_kept_silent():
    from livlina.authority.cases import engine
    from livlina.authority.cases.views.citizen import words

    for process in engine.load().all():
        begun = process.forms.get("application")
        if begun is None or begun.audience != "citizen":
            continue  # of the rest nothing is told here
        assert {step.name for step in process.steps} <= set(words.STEPS) | words.SILENT
        main = [state for state in process.states.values() if state.flow == "main"]
        assert {state.name for state in main} <= set(words.NEXT)


@pytest.fixture
def communicated(investigated_case, karin, now):
    """Karin has sent what the decision will rest on."""
    actions.communicate(
        investigated_case, what="Vi föreslår att social samvaro avslås.", how="e_service",
        answer_by=date(2026, 3, 16), by=karin, now=now,
    )  # fmt: skip
    return Case.objects.get(pk=investigated_case.pk)


def test_astrid_reads_what_the_decision_will_rest_on_and_answers(astrid_browser, communicated):
    shown = text_of(astrid_browser.get(case_address(communicated)))
    assert "lämna synpunkter senast 16 mars 2026" in shown
    address = case_address(communicated, "answer")
    form = astrid_browser.get(address)
    assert "Vi föreslår att social samvaro avslås." in text_of(form)
    sent = {"submission_key": key(form), "text": "Jag är ensam om dagarna.\nVar dag."}
    answered = astrid_browser.post(address, sent)
    assert answered["Location"] == case_address(communicated)
    assert "Dina synpunkter har kommit in" in text_of(astrid_browser.get(answered["Location"]))
    assert Communication.objects.get().answer == "Jag är ensam om dagarna.\nVar dag."


def test_an_empty_answer_is_refused_in_words(astrid_browser, communicated):
    address = case_address(communicated, "answer")
    refused = astrid_browser.post(address, {"text": "  "})
    assert refused.status_code == 422
    assert "Skriv dina synpunkter." in text_of(refused)


def test_an_answer_that_comes_when_the_case_has_gone_on_keeps_its_text(
    astrid_browser, communicated, karin, now
):
    address = case_address(communicated, "answer")
    form = astrid_browser.get(address)
    actions.investigate_more(communicated, by=karin, now=now)
    refused = astrid_browser.post(address, {"submission_key": key(form), "text": "Jag är ensam."})
    assert refused.status_code == 422
    assert "Ärendet har gått vidare" in text_of(refused)
    assert "Jag är ensam." in text_of(refused)


def test_with_nothing_to_answer_the_address_leads_to_the_case(astrid_browser, assigned_case):
    answered = astrid_browser.get(case_address(assigned_case, "answer"))
    assert answered["Location"] == case_address(assigned_case)


def test_the_decision_says_in_plain_words_what_is_granted_rejected_and_why(astrid_browser, partly_granted):
    shown = text_of(astrid_browser.get(decision_address(partly_granted)))
    assert "En del av ansökan är beviljad, en del är avslagen" in shown
    assert "Det här är beviljat Personlig omsorg , 12 timmar per månad" in shown.replace(
        "omsorg,", "omsorg ,"
    )
    assert "Det här är avslaget Social samvaro" in shown
    assert "Behovet av sällskap tillgodoses genom familjen." in shown
    assert "inom tre veckor från den dag du fick del av beslutet" in shown


def test_reading_a_decision_is_recorded_but_is_no_service_of_notice(astrid_browser, partly_granted):
    astrid_browser.get(decision_address(partly_granted))
    assert AuditEvent.objects.filter(
        object_type="cases.decision", object_id=str(partly_granted.pk), outcome="read"
    ).exists()
    assert not ServiceOfNotice.objects.exists()


@pytest.fixture
def served_on_ninth(partly_granted, karin, now):
    """Astrid got the decision on the ninth of March: three weeks end on the thirtieth."""
    record_service(
        partly_granted, how="receipt", sent_on=date(2026, 3, 2), served_on=date(2026, 3, 9), by=karin, now=now
    )
    return partly_granted


def test_with_a_known_day_the_last_day_to_appeal_is_said(astrid_browser, served_on_ninth):
    assert "senast 30 mars 2026" in text_of(astrid_browser.get(decision_address(served_on_ninth)))


def appeal(browser, decision, wish="Jag vill ha sällskap två gånger i veckan.", reasons="Jag är ensam."):
    address = decision_address(decision, "appeal")
    form = browser.get(address)
    return browser.post(address, {"submission_key": key(form), "wish": wish, "reasons": reasons})


def test_astrid_appeals_in_one_step_and_reads_what_she_sent(astrid_browser, partly_granted):
    answered = appeal(astrid_browser, partly_granted)
    assert answered["Location"] == decision_address(partly_granted, "appealed")
    shown = text_of(astrid_browser.get(answered["Location"]))
    assert "Jag vill ha sällskap två gånger i veckan." in shown
    assert "Vi prövar om beslutet ska ändras." in shown
    assert Appeal.objects.get().state == "appeal_received"
    assert CaseFact.objects.get(name="appeal_reasons").value == "Jag är ensam."


def test_anna_appeals_for_her_mother_and_it_says_so(anna_browser, partly_granted):
    assert "Ärendet gäller Astrid Lindqvist" in text_of(
        anna_browser.get(decision_address(partly_granted, "appeal"))
    )
    appeal(anna_browser, partly_granted)
    assert Appeal.objects.get().received_from == "Anna Lindqvist Berg"


def test_an_appeal_without_a_wish_is_refused_and_the_reasons_stay(astrid_browser, partly_granted):
    refused = appeal(astrid_browser, partly_granted, wish=" ")
    assert refused.status_code == 422
    assert "Skriv vilken ändring du vill ha." in text_of(refused)
    assert "Jag är ensam." in text_of(refused)


def test_a_double_click_is_one_appeal(astrid_browser, partly_granted):
    address = decision_address(partly_granted, "appeal")
    posted = {"submission_key": key(astrid_browser.get(address)), "wish": "Jag vill ha sällskap."}
    first, again = astrid_browser.post(address, posted), astrid_browser.post(address, posted)
    assert first["Location"] == again["Location"]
    assert CaseFact.objects.filter(name="appeal_wish").count() == 1


def test_a_second_appeal_from_another_tab_keeps_its_text(astrid_browser, partly_granted):
    address = decision_address(partly_granted, "appeal")
    appeal(astrid_browser, partly_granted)
    refused = astrid_browser.post(address, {"wish": "Jag vill också ha promenader."})
    assert refused.status_code == 422
    assert "Beslutet är redan överklagat." in text_of(refused)
    assert "Jag vill också ha promenader." in text_of(refused)


def test_a_late_appeal_is_taken_in_and_told_what_that_means(astrid_browser, served_on_ninth, monkeypatch):
    stand_at(monkeypatch, datetime(2026, 4, 10, 8, tzinfo=UTC))
    assert "Sista dag att överklaga var 30 mars 2026" in text_of(
        astrid_browser.get(decision_address(served_on_ninth))
    )
    answered = appeal(astrid_browser, served_on_ninth)
    shown = text_of(astrid_browser.get(answered["Location"]))
    assert "Vi prövar om överklagandet kom in för sent." in shown
    assert Appeal.objects.get().received_on == date(2026, 4, 10)


def test_a_letter_is_read_when_it_is_sent_and_not_before(astrid_browser, partly_granted, karin, now):
    letter = Document.objects.filter(decision=partly_granted).latest("at")
    address = reverse("cases_citizen:letter", args=[letter.pk])
    assert astrid_browser.get(address).status_code == 404
    mark_sent(letter, by=karin, now=now)
    got = astrid_browser.get(address)
    assert got["Content-Type"] == "application/pdf"
    assert got.content == bytes(letter.pdf)
    assert str(letter.pk) in astrid_browser.get(decision_address(partly_granted)).content.decode()


def addresses_of(decision):
    """Every address of a case with a decision."""
    case = decision.case
    letter = Document.objects.filter(case=case).latest("at")
    return [
        case_address(case), case_address(case, "answer"), decision_address(decision),
        decision_address(decision, "appeal"), decision_address(decision, "appealed"),
        reverse("cases_citizen:letter", args=[letter.pk]),
    ]  # fmt: skip


def test_a_stranger_finds_none_of_it(client_of, bertil_online, at_nine, partly_granted):  # noqa: F811
    for address in addresses_of(partly_granted):
        assert client_of(bertil_online).get(address).status_code == 404, address
        assert client_of(bertil_online).post(address, {"text": "Hej", "wish": "Hej"}).status_code in (
            404,
            405,
        )


def test_when_the_mandate_has_ended_anna_finds_none_of_it(anna_browser, partly_granted, registrar, now):
    end_annas_mandate(registrar, now)
    for address in addresses_of(partly_granted):
        assert anna_browser.get(address).status_code == 404, address


def test_staff_have_no_business_on_the_citizens_pages(client_of, karin, partly_granted, at_nine):  # noqa: F811
    assert client_of(karin).get(decision_address(partly_granted)).status_code == 404


def test_a_decision_of_another_case_is_not_found_under_this_one(
    astrid_browser, partly_granted, astrid_online, now
):
    draft = actions.begin_application("social_alarm", by=astrid_online, now=now + timedelta(minutes=1))
    other = reverse("cases_citizen:decision", args=[draft.pk, partly_granted.pk])
    assert astrid_browser.get(other).status_code == 404


@pytest.fixture
def neighbour(sjohaga, now):
    """Gun in Sjöhaga, signed in to her own municipality's e-service."""
    with tenancy.acting(sjohaga.pk, (1, 2, 3)):
        gun = register_person(
            given_names="Gun", family_name="Åberg", number=number_of(date(1950, 5, 5), "female", 3),
            by=system(sjohaga.pk, (1, 2, 3)), now=now,
        )  # fmt: skip
    user = User.objects.create_user("gun@test.livlina.example", gun.name, kind="citizen")
    return Actor(
        "citizen", sjohaga.pk, "citizen", gun.name, user_id=user.pk, person_id=gun.pk, compartments=(1,)
    )


def test_another_municipalitys_citizen_finds_none_of_it(client_of, neighbour, partly_granted, at_nine):  # noqa: F811
    browser = client_of(neighbour)
    assert browser.get(reverse("cases_citizen:list")).status_code == 200
    for address in addresses_of(partly_granted):
        assert browser.get(address).status_code == 404, address


def test_a_longer_list_of_cases_costs_no_more_statements(
    astrid_browser, astrids_case, astrid_online, statements, now
):
    address = reverse("cases_citizen:list")
    astrid_browser.get(address)
    with statements() as one:
        astrid_browser.get(address)
    for _ in range(3):
        draft = actions.begin_application("home_care", by=astrid_online, now=now)
        actions.save_answers(draft, ANSWERS, by=astrid_online, now=now)
        actions.send_application(draft.pk, by=astrid_online, now=now)
    with statements() as four:
        shown = astrid_browser.get(address)
    assert shown.content.decode().count("Kom in 2 mars 2026") == 4
    assert len(four) == len(one)
