"""The officer's pages, as an officer meets them."""

from datetime import date

import pytest
from django.urls import reverse

from livlina.authority.cases import actions, queries
from livlina.authority.cases.models import Appeal, Application, Case, CaseFact, Decision, Document, FormDraft

LINES = {
    "line-TOTAL_FORMS": "3", "line-INITIAL_FORMS": "0",
    "line-0-service": "personal_care", "line-0-granted": "yes", "line-0-quantity": "7,5",
    "line-0-valid_from": "2026-03-09", "line-0-valid_to": "2027-03-08",
    "line-1-service": "company", "line-1-granted": "no", "line-1-quantity": "8", "line-1-reasons": "Familjen hjälper.",
    "reasons": "Behovet av sällskap tillgodoses.", "follow_up_on": "2026-09-09",
}  # fmt: skip


@pytest.fixture
def karins(client_of, karin):
    """Karin's browser."""
    return client_of(karin)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_case_page_shows_who_where_and_what_now(karins, partly_granted):
    page = text(karins.get(reverse("cases:case", args=[partly_granted.case_id])))
    for words in (
        "Astrid Lindqvist", "2026-000001", "Beslutad", "Beställ insatserna", "Delavslag",
        "Beviljas: Personlig omsorg, 12 timmar per månad", "Ansökan 2026-000001, 2026-03-02",
        "Beslutet är inte verkställt inom tre månader", "<svg",
    ):  # fmt: skip
        assert words in page
    assert "Fatta beslut</a>" not in page


def test_a_step_that_is_not_the_roles_is_not_offered(client_of, johan, assigned_case):
    page = text(client_of(johan).get(reverse("cases:case", args=[assigned_case.pk])))
    assert "Inled utredning" in page
    assert "Ta emot överklagande" not in page


def test_the_work_list_leads_to_the_case(karins, assigned_case):
    page = text(karins.get(reverse("cases:list")))
    assert "Mina ärenden" in page
    assert reverse("cases:case", args=[assigned_case.pk]) in page
    found = karins.post(reverse("cases:find"), {"number": assigned_case.number})
    assert found["Location"] == reverse("cases:case", args=[assigned_case.pk])
    assert karins.post(reverse("cases:find"), {"number": "2026-999999"}).status_code == 404


def test_reception_registers_a_letter_and_gets_the_number_to_give(
    client_of, sofia, karin, bertil, now, monkeypatch
):
    browser = client_of(sofia)
    address = reverse("cases:register", args=[bertil.pk])
    empty = browser.post(address, {"help_in_own_words": "Behöver larm"})
    assert empty.status_code == 422
    assert "Behöver larm" in text(empty)
    done = browser.post(
        address,
        {
            "process_code": "social_alarm",
            "found_on": "2026-03-02",
            "how": "post",
            "help_in_own_words": "Behöver larm",
        },
        follow=True,
    )
    application = Application.objects.get()
    assert application.received_on == date(2026, 2, 27)
    assert application.receipt_number in text(done)


def test_the_manager_gives_the_case_to_karin(client_of, maria, karin, astrids_case):
    address = reverse("cases:assign", args=[astrids_case.pk])
    browser = client_of(maria)
    assert "Välj" in text(browser.post(address, {})) or browser.post(address, {}).status_code == 422
    browser.post(address, {"worker": karin.user_id})
    assert Case.objects.get().responsible_id == karin.user_id


def test_what_is_typed_in_the_investigation_is_kept_and_then_recorded(karins, karin, assigned_case, now):
    actions.open_investigation(assigned_case, by=karin, now=now)
    address = reverse("cases:investigation", args=[assigned_case.pk])
    draft = reverse("cases:draft", args=[assigned_case.pk])
    saved = karins.post(
        draft, {"version": "0", "person_view": "Vill bo kvar", "life_area_needs-d510-need": "3"}
    )
    assert saved.json()["version"] == 1
    again = karins.post(draft, {"version": "0", "person_view": "Annat"})
    assert again.status_code == 409
    assert "Vill bo kvar" in again.json()["theirs"]
    page = text(karins.get(address))
    assert "Vill bo kvar" in page
    assert '<option value="3" selected>' in page
    karins.post(address, {"person_view": "Vill bo kvar", "child_in_home": "no", "living_with": "alone"})
    assert not FormDraft.objects.exists()
    facts = queries.case_page(karin, assigned_case.pk, now).facts
    assert facts["person_view"].shown == "Vill bo kvar"
    assert facts["living_with"].source == "application"  # unchanged: the application said it first
    assert CaseFact.objects.filter(name="living_with").count() == 1


def test_a_wrong_date_in_the_investigation_is_said_at_its_field_and_kept(karins, karin, assigned_case, now):
    actions.open_investigation(assigned_case, by=karin, now=now)
    answer = karins.post(
        reverse("cases:investigation", args=[assigned_case.pk]),
        {"home_visit_on": "31/2", "assessment": "Lång text"},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert 'value="31/2"' in page
    assert "Lång text" in page
    assert "Fel: " in page


def test_steps_without_their_facts_say_which(karins, karin, assigned_case, now):
    actions.open_investigation(assigned_case, by=karin, now=now)
    answer = karins.post(reverse("cases:step", args=[assigned_case.pk, "finish_investigation"]), {})
    assert answer.status_code == 422
    assert "”Bedömning” är inte ifyllt." in text(answer)


def test_a_step_somebody_has_taken_is_told(karins, partly_granted):
    answer = karins.get(reverse("cases:decide", args=[partly_granted.case_id]))
    assert answer.status_code == 409
    assert "Senast hände: Fatta beslut, Karin Ekdal" in text(answer)


def test_the_letter_is_read_before_the_decision_is_signed(karins, ready_case):
    address = reverse("cases:decide", args=[ready_case.pk])
    check = karins.post(address, LINES | {"do": "check"})
    assert "Beviljas:</strong> Personlig omsorg, 7,5 timmar per månad" in text(check)
    assert not Decision.objects.exists()
    assert not Document.objects.filter(kind="decision_partly").exists()
    done = karins.post(address, LINES | {"do": "sign"})
    assert done.status_code == 302
    decision = Decision.objects.get()
    assert decision.lines.get(service="personal_care").quantity == 7.5
    letter = karins.get(reverse("cases:letter", args=[decision.documents.get().pk]))
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")


def test_a_decision_against_without_reasons_keeps_its_lines(karins, ready_case):
    answer = karins.post(
        reverse("cases:decide", args=[ready_case.pk]), LINES | {"reasons": "", "do": "check"}
    )
    assert answer.status_code == 422
    assert "behöver en motivering" in text(answer)
    assert 'value="7,5"' in text(answer)


def test_signing_twice_is_one_decision(karins, ready_case):
    key = "0196f0a0-0000-7000-8000-000000000001"
    address = reverse("cases:decide", args=[ready_case.pk])
    first = karins.post(address, LINES | {"do": "sign", "submission_key": key})
    second = karins.post(address, LINES | {"do": "sign", "submission_key": key})
    assert first["Location"] == second["Location"]
    assert Decision.objects.count() == 1


def test_a_letter_is_marked_as_sent(karins, partly_granted):
    letter = partly_granted.documents.get()
    karins.post(reverse("cases:letter_sent", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.sent_at is not None


def test_service_appeal_review_and_forwarding_on_their_pages(karins, partly_granted):
    karins.post(
        reverse("cases:service", args=[partly_granted.pk]),
        {"how": "handed", "sent_on": "2026-03-02", "served_on": "2026-03-02"},
    )
    karins.post(
        reverse("cases:receive_appeal", args=[partly_granted.pk]),
        {"found_on": "2026-03-03", "how": "visit", "wish": "Sällskap varje vecka"},
    )
    appeal = Appeal.objects.get()
    address = reverse("cases:appeal", args=[appeal.pk])
    page = text(karins.get(address))
    assert "i rätt tid" in page
    assert "Sällskap varje vecka" in page
    karins.post(reverse("cases:appeal_act", args=[appeal.pk, "review_appeal"]), {})
    refused = karins.post(
        reverse("cases:appeal_act", args=[appeal.pk, "forward"]), {"court": "Förvaltningsrätten"}
    )
    assert refused.status_code == 422
    done = karins.post(
        reverse("cases:appeal_act", args=[appeal.pk, "forward"]),
        {"court": "Förvaltningsrätten", "review": "Inget nytt."},
    )
    assert done.status_code == 302
    appeal.refresh_from_db()
    assert appeal.state == "appeal_forwarded"
    assert "Domstolens avgörande" in text(karins.get(address))


def test_writing_off_asks_what_becomes_of_each_open_thing(karins, ready_case):
    address = reverse("cases:close", args=[ready_case.pk]) + "?write_off=1"
    page = text(karins.get(address))
    assert "Brev som inte är skickat: Bekräftelse på ansökan" in page
    answer = karins.post(address, {"reason": "withdrawn"})
    assert answer.status_code == 422
    assert "Välj vad som ska hända med" in text(answer)
    choices = {f"choice:{item.key}": "withdraw" for item in queries.open_items(ready_case)}
    assert karins.post(address, {"reason": "withdrawn", **choices}).status_code == 302
    ready_case.refresh_from_db()
    assert ready_case.state == "written_off"


def test_the_delegation_list_is_for_the_board(client_of, eva, karin, partly_granted):
    page = text(client_of(eva).get(reverse("cases:delegation_list") + "?first=2026-03-01&last=2026-12-31"))
    assert "Delavslag" in page
    assert "2026-000001" in page
    assert "Astrid" not in page
    assert client_of(karin).get(reverse("cases:delegation_list")).status_code == 404


def test_the_persons_cases_lie_on_a_tab_of_the_person(karins, assigned_case, astrid):
    page = text(karins.get(reverse("cases:person", args=[astrid.pk])))
    assert "2026-000001" in page
    assert "Hemtjänst" in page


def test_every_event_is_on_the_timeline(karins, assigned_case):
    page = text(karins.get(reverse("cases:timeline", args=[assigned_case.pk])))
    assert "Ansökan inkommen" in page
    assert "Fördela ärendet" in page


def test_reception_registers_an_appeal_by_the_cases_number_without_opening_the_case(
    client_of, sofia, partly_granted
):
    browser = client_of(sofia)
    page = text(browser.post(reverse("cases:find"), {"number": partly_granted.case.number}))
    assert "Registrera överklagande av beslut 1" in page
    assert "Astrid" not in page
    answer = browser.post(
        reverse("cases:receive_appeal", args=[partly_granted.pk]),
        {"found_on": "2026-03-03", "how": "post", "wish": "Mer hjälp"},
        follow=True,
    )
    assert "2026-000001 är registrerat" in text(answer)
    assert Appeal.objects.get().received_on == date(2026, 3, 2)
    assert browser.get(reverse("cases:case", args=[partly_granted.case_id])).status_code == 404
