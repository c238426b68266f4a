"""The whole file on paper: in order, with contents and page numbers, struck text struck, sealed text sealed."""

import time
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from livlina.across.records import actions
from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.models import AuditEvent
from livlina.registers.journal import actions as journal
from livlina.registers.journal.codes import CorrectionKind


def said(printed) -> str:
    pages = PdfReader(BytesIO(printed.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_file_holds_case_decision_facts_letters_and_notes_with_page_numbers(
    partly_granted, astrids_file, astrid, karin, write, now
):
    write(karin, astrids_file, "Hembesök. Astrid vill klara sig själv.")
    printed = actions.print_akt(astrid, 1, "Begärd av förvaltningsrätten", by=karin, now=now)
    text = said(printed)
    for words in (
        "Astrid Margareta Lindqvist", "Innehåll", "Beslut", "Delavslag", "Personlig omsorg", "Behovet tillgodoses",
        "Uppgifter och varifrån de kommer", "Utgående handlingar", "Händelser", "Hembesök. Astrid vill klara sig",
        "Skäl: Begärd av förvaltningsrätten", "26 kap. 1 §", "1 (",
    ):  # fmt: skip
        assert words in text, words
    catalog = PdfReader(BytesIO(printed.content)).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfaid" in catalog["/Metadata"].get_data().decode()
    (event,) = AuditEvent.objects.filter(verb="records.print")
    assert (event.reason, event.review, event.person_id) == (
        "Begärd av förvaltningsrätten",
        "print",
        astrid.pk,
    )


def test_struck_text_stands_struck_with_its_correction_and_sealed_text_is_a_stub(
    astrids_file, bertils_file, astrid, bertil, karin, maria, write, now
):
    struck = write(karin, astrids_file, "Astrid bor i Malmö.")
    moved = write(karin, astrids_file, "Bertil berättade om sin bror i Norge.", hours=2)
    journal.correct(struck.pk, CorrectionKind.STRUCK, "Fel ort", by=karin, now=now)
    journal.move_note(moved.pk, bertil, "Fel akt", by=maria, now=now)
    text = said(actions.print_akt(astrid, 1, "Granskning", by=karin, now=now))
    assert "Astrid bor i Malmö." in text
    assert "Fel ort" in text
    assert "Norge" not in text
    assert "Texten är förseglad" in text


def test_another_branch_prints_nothing_of_it(astrids_file, astrid, karin, fatima, write, now, client_of):
    write(karin, astrids_file)
    for branch in (1, 4):
        with (
            tenancy.acting(fatima.municipality_id, fatima.compartments, fatima.user_id),
            pytest.raises(Refused),
        ):
            actions.print_akt(astrid, branch, "Nyfiken", by=fatima, now=now)
    assert client_of(fatima).get(f"/officer/records/person/{astrid.pk}/1/print").status_code in (404, 200)
    answer = client_of(fatima).post(f"/officer/records/person/{astrid.pk}/1/print", {"reason": "Nyfiken"})
    assert answer.status_code == 404


def test_a_print_without_a_reason_is_no_print(astrids_file, astrid, karin, write, client_of):
    write(karin, astrids_file)
    browser = client_of(karin)
    assert browser.post(f"/officer/records/person/{astrid.pk}/1/print", {"reason": ""}).status_code == 422
    answer = browser.post(f"/officer/records/person/{astrid.pk}/1/print", {"reason": "Till domstol"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(verb="records.print").count() == 1


def test_five_hundred_notes_are_printed_in_reasonable_time(astrids_file, astrid, karin, write, now):
    for number in range(500):
        write(karin, astrids_file, f"Anteckning {number}. " + "Astrid mår bra och dottern Anna var på besök. " * 6,
              hours=number + 1, late_reason="Flyttad från äldre system")  # fmt: skip
    begun = time.perf_counter()
    printed = actions.print_akt(astrid, 1, "Hela akten", by=karin, now=now + timedelta(minutes=1))
    took = time.perf_counter() - begun
    pages = len(PdfReader(BytesIO(printed.content)).pages)
    assert pages > 50
    assert took < 60, f"{took:.1f} s for {pages} pages"
