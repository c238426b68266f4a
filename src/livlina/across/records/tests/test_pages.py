"""The pages, as people use them."""

import re
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

import livlina
from livlina.across.records import actions
from livlina.across.records.models import (
    DestructionCertificate,
    DisclosureRequest,
    KeepMark,
    ReceivedDocument,
    RetentionItem,
    RetentionRun,
)
from livlina.registers.journal.models import Note

ROOM = Path(__file__).resolve().parents[1]
PDF = b"%PDF-1.7\n%%EOF\n"


def key():
    return {"submission_key": str(uuid4())}


def filled(**said):
    return {
        "title": "Läkarintyg", "kind": "certificate", "from_whom": "Vårdcentralen", "received_on": "2026-03-01",
        "received_how": "post", "secrecy": "health",
    } | key() | said  # fmt: skip


def upload(content=PDF, name="intyg.pdf"):
    return SimpleUploadedFile(name, content)


def test_karin_puts_in_a_certificate_and_opens_it_as_a_download(assigned_case, karin, client_of):
    browser = client_of(karin)
    address = f"/officer/records/cases/{assigned_case.pk}"
    answer = browser.post(f"{address}/add", filled(document=upload()))
    assert answer["Location"] == address
    page = browser.get(address).content.decode()
    assert "Läkarintyg" in page
    (document,) = ReceivedDocument.objects.all()
    opened = browser.get(f"/officer/records/documents/{document.pk}")
    assert opened.content == PDF
    assert opened["Content-Disposition"] == 'attachment; filename="intyg.pdf"'
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in opened["Content-Security-Policy"]


def test_a_program_is_refused_on_the_page_and_what_was_typed_stays(assigned_case, karin, client_of):
    sent = filled(document=upload(b"MZ" + b"\x00" * 99, "intyg.pdf"), from_whom="Vårdcentralen i Åsvalla")
    answer = client_of(karin).post(f"/officer/records/cases/{assigned_case.pk}/add", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Filen är ett program" in page
    assert "Vårdcentralen i Åsvalla" in page


def test_reception_puts_in_a_letter_and_comes_back_to_its_own_page(assigned_case, sofia, client_of):
    answer = client_of(sofia).post(
        f"/officer/records/cases/{assigned_case.pk}/add", filled(document=upload())
    )
    assert answer["Location"] == "/officer/cases/find"


def test_a_letter_without_a_case_lies_in_the_file(astrids_file, karin, client_of):
    browser = client_of(karin)
    answer = browser.post(f"/officer/records/files/{astrids_file.pk}/add", filled(document=upload()))
    assert answer["Location"] == f"/officer/records/person/{astrids_file.person_id}"
    assert "Utan ärende" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("who", ["fatima", "sven", "petra", "ola"])
def test_a_stranger_sees_a_missing_page(request, assigned_case, karin, now, client_of, who):
    told = actions.Received("letter", "Brev", "Anna", date(2026, 3, 1), "post", "social", "brev.pdf", PDF)
    document = actions.receive(assigned_case, told, by=karin, now=now)
    browser = client_of(request.getfixturevalue(who))
    assert browser.get(f"/officer/records/documents/{document.pk}").status_code == 404
    assert browser.get(f"/officer/records/cases/{assigned_case.pk}").status_code == 404


def test_a_request_by_telephone_is_answered_from_beginning_to_end(
    assigned_case, astrid, astrids_file, karin, maria, write, client_of
):
    note = write(karin, astrids_file, "Grannen Ulla Ek ringde.")
    browser, manager = client_of(karin), client_of(maria)
    asked = {
        "compartment": "1", "asker_kind": "relative", "asker_name": "Anna Lindqvist Berg", "asked_on": "2026-03-02",
        "asked_how": "phone", "what": "Journalen för mars", "party": "",
    }  # fmt: skip
    answer = browser.post(f"/officer/records/person/{astrid.pk}/request", asked | key())
    address = answer["Location"]
    assert "Inte prövad" in browser.get(address).content.decode()
    item = f"{address}/journal-note/{note.pk}"
    assert "Grannen Ulla Ek ringde." in browser.get(item).content.decode()
    assert browser.post(item, {"verdict": "whole", "ground": "own"} | key()).status_code == 422
    judged = {
        "verdict": "masked", "ground": "consent", "refusal": "harm", "masked": "Ulla Ek",
        "harm_test": "Grannen kan lida men om det blir känt att hon ringde.",
    }  # fmt: skip
    assert browser.post(item, judged | key()).status_code == 302
    early = browser.post(f"{address}/hand-out", {"to_name": "Anna", "how": "handed"} | key())
    assert early.status_code == 422
    assert "beslutas skriftligt" in early.content.decode()
    assert manager.post(f"{address}/decide", {"reasons": "Uppgiften rör grannen."} | key()).status_code == 302
    assert (
        browser.post(f"{address}/hand-out", {"to_name": "Anna", "how": "handed"} | key()).status_code == 302
    )
    page = browser.get(address).content.decode()
    assert "Delvis" in page or "delvis" in page
    assert "SHA-256" in page
    assert (
        DisclosureRequest.objects.get().reference in browser.get("/officer/records/requests").content.decode()
    )


def test_the_archivist_and_the_manager_take_a_list_from_proposal_to_certificate(
    runes_file, eva, maria, client_of
):
    archivist, manager = client_of(eva), client_of(maria)
    address = archivist.post("/officer/records/retention/propose", {"compartment": "1"} | key())["Location"]
    assert "1 mogen" in archivist.get(address).content.decode()
    archivist.post(f"{address}/freeze", key())
    assert "Godkänn listan" not in archivist.get(address).content.decode()
    assert archivist.post(f"{address}/approve", key()).status_code == 404
    assert "Rune" not in archivist.get(address).content.decode()
    manager.post(f"{address}/approve", key())
    archivist.post(f"{address}/destroy", key())
    assert Note.objects.filter(person=runes_file.person).count() == 2, "not before export and receipt"
    archivist.post(f"{address}/export", key())
    archivist.post(f"{address}/receipt", {"number": ""} | key())
    archivist.post(f"{address}/destroy", key())
    assert not DestructionCertificate.objects.exists(), "not without the receipt's number"
    archivist.post(f"{address}/receipt", {"number": "EA-77"} | key())
    archivist.post(f"{address}/destroy", key())
    assert DestructionCertificate.objects.get().receipt_number == "EA-77"
    page = archivist.get("/officer/records/retention").content.decode()
    assert "EA-77" in page


def test_the_manager_takes_a_file_off_the_list(runes_file, eva, maria, now, client_of):
    (item,) = actions.freeze(actions.propose(1, by=eva, now=now), by=eva, now=now)
    answer = client_of(maria).post(
        f"/officer/records/retention/items/{item.pk}/spare", {"reason": "Tvist"} | key()
    )
    assert answer.status_code == 302
    assert "Tvist" in client_of(eva).get(answer["Location"]).content.decode()


def test_the_other_branchs_manager_sees_no_list(runes_file, eva, gunnar, now, client_of):
    run = actions.propose(1, by=eva, now=now)
    browser = client_of(gunnar)
    assert browser.get(f"/officer/records/retention/{run.pk}").status_code == 404
    assert browser.post(f"/officer/records/retention/{run.pk}/approve", key()).status_code == 404
    assert str(run.pk) not in browser.get("/officer/records/retention").content.decode()


def test_a_file_is_marked_from_the_persons_page(astrid, astrids_file, maria, reach, client_of):
    reach(maria, astrid)
    browser = client_of(maria)
    assert "Bevara akten" in browser.get(f"/officer/records/person/{astrid.pk}").content.decode()
    sent = {"kind": "lawsuit", "compartment": "1", "why": "Mål i förvaltningsrätten"}
    assert browser.post(f"/officer/records/person/{astrid.pk}/keep", sent | key()).status_code == 302
    assert KeepMark.objects.get().why == "Mål i förvaltningsrätten"


def test_a_fault_in_one_file_does_not_stop_the_others(born, old_file, eva, maria, now, client_of):
    first, second = (old_file(born(date(1950, 3, day), f"R{day}")) for day in (7, 8))
    run = actions.propose(1, by=eva, now=now)
    items = actions.freeze(run, by=eva, now=now)
    actions.approve(run, by=maria, now=now)
    browser, address = client_of(eva), f"/officer/records/retention/{run.pk}"
    browser.post(f"{address}/export", key())
    browser.post(f"{address}/receipt", {"number": "EA-1"} | key())
    actions.keep(first.person, 1, "adoption", "Adoptionsärende 1960", by=maria, now=now)
    browser.post(f"{address}/destroy", key())
    assert len(items) == 2
    assert Note.objects.filter(person=first.person).count() == 2
    assert not Note.objects.filter(person=second.person).exists()
    assert RetentionItem.objects.get().person_id == first.person_id


def test_a_run_is_permanent(eva, now):
    run = actions.propose(1, by=eva, now=now)
    with pytest.raises(DatabaseError, match="permission denied"):
        RetentionRun._base_manager.filter(pk=run.pk)._raw_delete("default")


def test_every_word_the_citizen_meets_has_its_english():
    house = Path(livlina.__file__).resolve().parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
    own = ROOM / "locale" / "en" / "LC_MESSAGES"
    known = {}
    for path in (house, own / "django.po"):
        with path.open("rb") as file:
            known |= {message.id: message.string for message in read_po(file) if message.id}
    with (own / "django.mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    pages = [path.read_text(encoding="utf-8") for path in (ROOM / "templates/records/citizen").glob("*.html")]
    words = {word for page in pages for word in re.findall(r'\{% translate "([^"]+)"', page)}
    source = (ROOM / "views" / "citizen.py").read_text(encoding="utf-8")
    words |= set(re.findall(r'_\("([^"]+)"\)', source)) | set(re.findall(r': \("([^"]+)", "', source))
    assert {word for word in words if not known.get(word)} == set()
    assert all(known[word] == text for word, text in compiled.items())


def test_the_citizens_pages_are_in_english_for_whoever_reads_english(astrid_online, client_of):
    browser = client_of(astrid_online)
    browser.cookies["django_language"] = "en"
    page = browser.get("/citizen/my-file/ask/").content.decode()
    assert "Ask for your file" in page
    assert "Older people and disability" in page
