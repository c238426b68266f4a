"""The pages: what is left, what is missing in red words, and one page to send and prove, also at night on a phone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from livlina.authority.cases.models import Deadline
from livlina.authority.court import actions
from livlina.authority.court.models import Proof, Submission, UrgentDecision
from livlina.authority.court.tests.fixtures import DECIDED
from livlina.core import clock
from livlina.core.models import AuditEvent


@pytest.fixture
def tonight(jonas, court_units, mona, duty, kerstin, eva):
    """Jonas was taken into care an hour ago by the wall clock, which the pages read."""
    wall = clock.now() - timedelta(hours=1)
    case = actions.open_case("lvm", jonas, by=mona, now=wall)
    told = {**DECIDED, "immediate_decided_on": clock.day_of(wall).isoformat()}
    del told["care_ground"]
    return actions.decide_now(case, told, by=mona, now=wall)


def key():
    return {"submission_key": str(uuid4())}


def test_the_list_says_how_long_is_left_and_what_is_missing(client_of, duty, tonight):
    page = client_of(duty).get("/officer/court").content.decode()
    assert "Underställ omhändertagandet dagen efter beslutet: Jonas Vik" in page
    assert "kvar, till och med" in page
    assert "Inget är skickat" in page
    assert AuditEvent.objects.filter(verb="court.list").exists()


def test_the_duty_officer_sends_and_proves_on_one_page(client_of, duty, tonight):
    browser = client_of(duty)
    deadline = Deadline.objects.get(case=tonight, name="submit_in_time")
    page = browser.get(f"/officer/court/clocks/{deadline.pk}").content.decode()
    assert "Inget är skickat till rätten ännu." in page
    begun = browser.post(f"/officer/court/cases/{tonight.pk}/begin/submit_decision", key())
    found = Submission.objects.get()
    address = f"/officer/court/submissions/{found.pk}"
    assert begun["Location"] == address
    assert browser.get(f"/officer/court/clocks/{deadline.pk}")["Location"] == address
    sent = {"send-court": "Förvaltningsrätten i Linköping", "send-how": "fax"}
    browser.post(f"{address}/send", sent | key())
    page = browser.get(address).content.decode()
    assert "Skickat, bevis saknas" in page
    wall = clock.local(clock.now())
    proof = {
        "prove-kind": "fax_journal", "prove-receipt_number": "", "prove-reached_on": f"{wall:%Y-%m-%d}",
        "prove-reached_time": f"{wall:%H.%M}",
        "prove-document": SimpleUploadedFile("fax.pdf", b"%PDF-1.4 journal", "application/pdf"),
    }  # fmt: skip
    done = browser.post(f"{address}/prove", proof | key(), follow=True).content.decode()
    assert "Fristen är stoppad." in done
    tonight.refresh_from_db()
    assert tonight.state == "submitted"
    receipt = browser.get(f"/officer/court/proofs/{Proof.objects.get().pk}")
    assert receipt.status_code == 404  # nothing may lapse any more: the case is its worker's again
    assert not Deadline.objects.filter(case=tonight, lapses=True, state="running").exists()


def test_the_worker_opens_the_stored_receipt_as_a_file(client_of, fatima, faxed, prove_it, now):
    prove_it(faxed, fatima, document=b"%PDF-1.4 kvittens", document_name="kvittens.pdf")
    answer = client_of(fatima).get(f"/officer/court/proofs/{Proof.objects.get().pk}")
    assert answer.content == b"%PDF-1.4 kvittens"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_proof_without_anything_to_show_is_refused_and_keeps_what_was_written(client_of, fatima, faxed):
    proof = {"prove-kind": "signature", "prove-reached_on": "2026-03-02", "prove-reached_time": "9.61"}
    answer = client_of(fatima).post(f"/officer/court/submissions/{faxed.pk}/prove", proof | key())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv klockslaget så här: 03.12." in page
    proof["prove-reached_time"] = "9.30"
    page = (
        client_of(fatima).post(f"/officer/court/submissions/{faxed.pk}/prove", proof | key()).content.decode()
    )
    assert "Skriv kvittensens nummer, eller bifoga kvittensen." in page
    assert "9.30" in page


def test_what_an_application_must_hold_and_lacks_stands_on_its_page(
    client_of, elsas_case, fatima, gunnar, now
):
    from livlina.authority.cases.actions import assign_case
    from livlina.core.models import User

    case = assign_case(elsas_case, User.objects.get(pk=fatima.user_id), by=gunnar, now=now)
    one = actions.draft(case, "apply_to_court", by=fatima, now=now)
    page = client_of(fatima).get(f"/officer/court/submissions/{one.pk}").content.decode()
    assert "De omständigheter som gör att vård behövs" in page
    assert "Vårdplan: målet med vården" in page


@pytest.mark.parametrize(
    "path", ["", "/submissions/{faxed}", "/cases/{case}", "/cases/{case}/decide", "/clocks/{clock}"]
)
def test_a_stranger_finds_nothing(client_of, karin, sofia, mona, sara, faxed, path):
    deadline = Deadline.objects.get(case=faxed.case, name="submit_in_time")
    address = "/officer/court" + path.format(faxed=faxed.pk, case=faxed.case_id, clock=deadline.pk)
    for stranger in (karin, sofia, sara):
        assert client_of(stranger).get(address).status_code == 404
    answer = client_of(mona).get(address)  # another branch that has compulsory care of its own
    assert answer.status_code == (404 if path else 200)
    assert "Elsa" not in answer.content.decode()


def test_the_chair_decides_when_asked_and_finds_nothing_otherwise(client_of, elsas_case, kerstin, duty):
    address = f"/officer/court/cases/{elsas_case.pk}/decide"
    chair, night = client_of(kerstin), client_of(duty)
    assert chair.get(address).status_code == 404
    assert (
        "Ring också."
        in night.post(f"/officer/court/cases/{elsas_case.pk}/ask-chair", key(), follow=True).content.decode()
    )
    assert 'value="Kerstin Holm"' in chair.get(address).content.decode()
    told = DECIDED | {"immediate_decided_on": clock.today().isoformat()}
    assert chair.post(address, told | key()).status_code == 302
    elsas_case.refresh_from_db()
    assert elsas_case.state == "taken"
    assert UrgentDecision.objects.get().decided_by == "chair"


def test_an_official_who_writes_their_own_name_is_told_who_may_decide(client_of, elsas_case, duty):
    told = DECIDED | {"immediate_decided_on": clock.today().isoformat(), "immediate_decider": duty.name}
    answer = client_of(duty).post(f"/officer/court/cases/{elsas_case.pk}/decide", told | key())
    assert answer.status_code == 422
    assert "Du kan inte själv besluta." in answer.content.decode()


def test_the_secretary_reports_a_decision_and_the_list_names_no_person(client_of, elsa_taken, eva, kerstin):
    page = client_of(eva).get("/officer/court/reports").content.decode()
    assert elsa_taken.number in page
    assert "Elsa" not in page
    decision = UrgentDecision.objects.get()
    told = {f"{decision.pk}-meeting_on": "2026-03-01"}
    answer = client_of(eva).post(f"/officer/court/reports/{decision.pk}/report", told | key())
    assert "efter beslutet" in answer.content.decode()
    told = {f"{decision.pk}-meeting_on": "2026-03-11"}
    page = client_of(eva).post(f"/officer/court/reports/{decision.pk}/report", told | key(), follow=True)
    assert "Inget beslut väntar" in page.content.decode()
    assert "Anmält" not in client_of(kerstin).get("/officer/court/reports").content.decode()


def test_a_hearing_is_written_down_and_cancelled(client_of, elsa_taken, fatima):
    browser = client_of(fatima)
    told = {"on": "2026-12-10", "at": "9.30", "place": "Brigadgatan 3", "court_case_number": "2210-26"}
    page = browser.post(
        f"/officer/court/cases/{elsa_taken.pk}/hearing", told | key(), follow=True
    ).content.decode()
    assert "2026-12-10 09:30" in page
    hearing = elsa_taken.hearings.get()
    page = browser.post(f"/officer/court/hearings/{hearing.pk}/cancel", key(), follow=True).content.decode()
    assert "Inställd" in page


def test_a_case_is_opened_for_a_person_of_ones_own_branch_only(
    client_of, fatima, mona, jonas, elsas_case, elsa
):
    page = client_of(fatima).get(f"/officer/court/person/{elsa.pk}").content.decode()
    assert elsas_case.number in page
    assert "Vård enligt LVU" in page
    assert "Vård enligt LVM" not in page
    told = {"process_code": "lvm", "received_on": clock.today().isoformat()}
    refused = client_of(fatima).post(f"/officer/court/person/{elsa.pk}", told | key())
    assert refused.status_code == 422
    told["process_code"] = "shelter_child"
    made = client_of(fatima).post(f"/officer/court/person/{elsa.pk}", told | key(), follow=True)
    assert "Barn i skyddat boende" in made.content.decode()
    assert "Beslut som inte kan vänta" in made.content.decode()


def test_the_duty_officer_writes_down_that_the_time_ran_out(client_of, tonight, duty, now):
    deadline = Deadline.objects.filter(case=tonight, name="submit_in_time")
    past = clock.today() - timedelta(days=2)
    deadline.update(strict_date=past, legal_date=past)
    address = f"/officer/court/cases/{tonight.pk}/steps/note_lapse"
    told = {"lapsed_on": past.isoformat(), "lapse_account": "Faxen var avstängd. Jonas är underrättad."}
    assert "Fristen har gått ut" in client_of(duty).get("/officer/court").content.decode()
    assert client_of(duty).post(address, told | key()).status_code == 302
    tonight.refresh_from_db()
    assert tonight.state == "lapsed"


def test_the_page_of_the_case_leads_to_its_way_through_the_court(client_of, fatima, elsa_taken):
    page = client_of(fatima).get(f"/officer/cases/{elsa_taken.pk}").content.decode()
    assert f'href="/officer/court/cases/{elsa_taken.pk}">Ärendet i rätten</a>' in page
    assert f'href="/officer/records/cases/{elsa_taken.pk}">Inkomna handlingar</a>' in page
    assert "Placeringen</a>" not in page
