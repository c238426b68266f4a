"""A child's letters made for guardians and counsel too: each weighed by the worker, and read for its reader."""

from datetime import date, timedelta

import pytest

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused, copies, letters, redaction
from livlina.authority.cases.actions.copies import Counsel
from livlina.authority.cases.actions.parties import add_party, end_party
from livlina.authority.cases.models import CaseParty, Document
from livlina.core.access import Refused, may
from livlina.core.ids import test_number
from livlina.core.ids7 import uuid7
from livlina.registers.people import actions as people

STREET = "Ängsvägen 3"


@pytest.fixture(autouse=True)
def _quiet_letters(monkeypatch):
    """The bytes of a letter are another test's: here its text is read."""
    monkeypatch.setattr(letters, "render_pdf", lambda said, title: said.encode())
    monkeypatch.setattr(copies, "render_pdf", lambda said, title: said.encode())


def parent(given: str, sex: str, serial: int, by, now, **home):
    number = test_number(date(1985, 5, 5), sex, serial)
    found = people.register_person(given_names=given, family_name="Blom", number=number, by=by, now=now)
    people.change_details(found, by=by, now=now, **home)
    return found


@pytest.fixture
def mia(registrar, now):
    """Nora's mother."""
    return parent("Mia", "female", 1, registrar, now, street=STREET, postcode="99145", city="Lövhult")


@pytest.fixture
def leif(registrar, now):
    """Nora's father, who lives elsewhere."""
    return parent("Leif", "male", 2, registrar, now, street="Storgatan 9", postcode="99101", city="Åsvalla")


@pytest.fixture
def guarded(placement_case, mia, leif, fatima, now):
    """Nora's case, with both her guardians written in."""
    for one in (mia, leif):
        add_party(placement_case, one, "guardian", by=fatima, now=now)
    return placement_case


@pytest.fixture
def decision_letter(guarded, decided_placement) -> Document:
    """The decision on Nora's placement, to Nora."""
    return Document.objects.select_related("case__person").get(case=guarded, kind="decision_granted")


def text(letter: Document) -> str:
    return bytes(letter.pdf).decode()


def test_a_guardian_gets_a_letter_of_their_own_and_noras_stays_as_it_was(decision_letter, mia, fatima, now):
    before = (decision_letter.sha256, text(decision_letter))
    made = copies.copy_letter(decision_letter, mia, by=fatima, now=now)
    said = text(made)
    assert "Mia Blom" in said
    assert STREET in said
    assert "Till dig som är vårdnadshavare för Nora Blom" in said
    assert "Beslutet gäller Nora Blom" in said
    assert "2 mars 2026" in said
    decision_letter.refresh_from_db()
    assert (decision_letter.sha256, text(decision_letter)) == before
    assert copies.copy_letter(decision_letter, mia, by=fatima, now=now).pk == made.pk
    assert list(copies.copies_of(decision_letter)) == [made]
    assert letters.mark_sent(made, by=fatima, now=now).sent_at == now


def test_only_guardians_in_the_case_and_only_by_its_own_workers(
    decision_letter, mia, bertil, karin, fatima, now
):
    with pytest.raises(StepRefused, match="inte inskriven"):
        copies.copy_letter(decision_letter, bertil, by=fatima, now=now)
    with pytest.raises(Refused):
        copies.copy_letter(decision_letter, mia, by=karin, now=now)
    end_party(CaseParty.objects.get(person=mia), by=fatima, now=now)
    with pytest.raises(StepRefused, match="inte inskriven"):
        copies.copy_letter(decision_letter, mia, by=fatima, now=now)


def test_a_copy_is_not_copied_and_a_withdrawn_letter_neither(decision_letter, mia, leif, fatima, now):
    made = copies.copy_letter(decision_letter, mia, by=fatima, now=now)
    with pytest.raises(StepRefused, match="gällande brev"):
        copies.copy_letter(made, leif, by=fatima, now=now)
    Document.objects.filter(pk=decision_letter.pk).update(withdrawn_at=now)
    decision_letter.refresh_from_db()
    with pytest.raises(StepRefused, match="gällande brev"):
        copies.copy_letter(decision_letter, leif, by=fatima, now=now)


def communicated(case, fatima, now) -> Document:
    """A letter that says where the mother lives."""
    facts = {
        "assessment": f"Nora kan inte bo kvar på {STREET}.",
        "proposed_decision": "Placering.",
        "answer_by": "2026-03-20",
    }
    found = Document.objects.get(case=case, kind="decision_granted")
    found.pk, found._state.adding = None, True
    found.id = Document._meta.pk.get_default()
    found.template = "children/2025-07-01/letters/communication.html"
    found.kind, found.title, found.data = "communication", "Yttrande", found.data | {"facts": facts}
    found.save(force_insert=True)
    return Document.objects.select_related("case__person").get(pk=found.pk)


def test_where_one_guardian_lives_does_not_reach_the_other_by_a_slip(
    decision_letter, guarded, mia, leif, fatima, now
):
    letter = communicated(guarded, fatima, now)
    assert copies.copy_letter(letter, mia, by=fatima, now=now)
    with pytest.raises(redaction.Withheld, match="annan part") as stopped:
        copies.copy_letter(letter, leif, by=fatima, now=now)
    assert STREET not in str(stopped.value)
    redaction.confirm_disclosure(guarded, leif, mia, reason="Han hämtar Nora där.", by=fatima, now=now)
    assert copies.copy_letter(letter, leif, by=fatima, now=now)


def test_a_guardian_in_hiding_is_never_confirmed_away(decision_letter, guarded, mia, leif, fatima, now):
    letter = communicated(guarded, fatima, now)
    people.set_protection(mia, "secrecy_marked", by=fatima, now=now)
    with pytest.raises(redaction.Withheld, match="skyddade personuppgifter"):
        copies.copy_letter(letter, leif, by=fatima, now=now)
    to_mia = copies.copy_letter(decision_letter, type(mia).objects.get(pk=mia.pk), by=fatima, now=now)
    assert STREET not in text(to_mia)


def test_counsel_gets_it_at_the_office_and_the_father_sees_nothing_of_noras(
    decision_letter, nora, leif, citizen, fatima, now
):
    office = Counsel("Advokat Signe Ahl", "Box 12\n991 00 Åsvalla")
    made = copies.copy_letter(decision_letter, nora, counsel=office, by=fatima, now=now)
    assert made.recipient_name == "Advokat Signe Ahl, för Nora Blom"
    assert "Box 12" in text(made)
    assert "biträde eller ombud för Nora Blom" in text(made)
    letters.mark_sent(made, by=fatima, now=now)
    assert not may(citizen(leif), "cases.letter", made)
    with pytest.raises(StepRefused, match="namn och adress"):
        copies.copy_letter(decision_letter, nora, counsel=Counsel("", ""), by=fatima, now=now)


def test_what_says_where_the_child_is_is_left_out_for_a_guardian_and_said_to_be(
    decision_letter, guarded, mia, fatima, now
):
    letter = Document.objects.get(pk=decision_letter.pk)
    letter.data["facts"]["child_school"] = "Ekskolan"
    assert copies.left_out(letter, mia)
    data = copies._data(letter, guarded, mia, None, now.date())
    assert "Ekskolan" not in str(data)
    assert "utelämnade" in data["reader"]["why"]


def test_on_the_page_the_worker_sees_who_speaks_and_makes_both(
    decision_letter, mia, leif, client_of, fatima, karin
):
    browser, address = client_of(fatima), f"/officer/cases/letters/{decision_letter.pk}/more"
    page = browser.get(address).content.decode()
    assert "är under 15 år. Vårdnadshavarna för hens talan" in page
    case_page = browser.get(f"/officer/cases/{decision_letter.case_id}").content.decode()
    assert address in case_page
    assert browser.post(address, {"do": "guardians"}).status_code == 422
    sent = {"submission_key": str(uuid7()), "do": "guardians", "to": [str(mia.pk), str(leif.pk)]}
    assert browser.post(address, sent).status_code == 302
    page = browser.get(address).content.decode()
    assert "Till Leif Blom (pdf)" in page
    sent = {
        "submission_key": str(uuid7()),
        "do": "counsel",
        "principal": str(leif.pk),
        "name": "Advokat Ek",
        "address": "Box 1",
    }
    assert browser.post(address, sent).status_code == 302
    assert copies.copies_of(decision_letter).count() == 3
    assert browser.get(f"/officer/cases/{decision_letter.case_id}").content.decode().count(f"{address}") == 1
    assert client_of(karin).get(address).status_code == 404


def test_one_who_is_fifteen_speaks_for_themselves(decision_letter, nora, client_of, registrar, fatima, now):
    people.change_details(nora, by=registrar, now=now, birth_date=date(2010, 1, 1))
    page = client_of(fatima).get(f"/officer/cases/letters/{decision_letter.pk}/more").content.decode()
    assert "har fyllt 15 år och för själv sin talan" in page


def test_each_party_has_its_own_time_to_appeal_and_the_last_one_holds(
    decision_letter, guarded, mia, leif, bertil, fatima, client_of, now
):
    decision = decision_letter.decision
    appeal = decision.appeals.get()

    def served(day: int, party=None):
        on = date(2026, 3, day)
        cases.record_service(
            decision, how="letter", sent_on=date(2026, 3, 2), served_on=on, party=party, by=fatima,
            now=now + timedelta(days=20),
        )  # fmt: skip
        appeal.refresh_from_db()
        return appeal.last_day

    assert served(4) == date(2026, 3, 25)
    assert served(11, mia) == date(2026, 4, 1)
    assert served(6, leif) == date(2026, 4, 1)  # he got it earlier: her time still runs
    assert served(5, mia) == date(2026, 3, 27)  # put right: she got it on the 5th, and now his is the last
    with pytest.raises(StepRefused, match="inte inskriven"):
        served(6, bertil)
    page = client_of(fatima).get(f"/officer/cases/decisions/{decision.pk}/service").content.decode()
    assert "Leif Blom, vårdnadshavare" in page
    sent = {"party": str(leif.pk), "how": "letter", "sent_on": "2026-03-02", "served_on": "2026-03-09"}
    answer = client_of(fatima).post(f"/officer/cases/decisions/{decision.pk}/service", sent)
    assert answer.status_code == 302
    appeal.refresh_from_db()
    assert appeal.last_day == date(2026, 3, 30)
