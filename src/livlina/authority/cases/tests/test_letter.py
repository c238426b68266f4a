"""Letters: made once, kept byte for byte, readable and archival."""

import hashlib
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions.words import unit_of
from livlina.authority.cases.models import Document
from livlina.core.access import Refused
from livlina.core.models import PermanentRow


@pytest.fixture
def letter(partly_granted):
    """The letter of Astrid's decision."""
    return Document.objects.get(decision=partly_granted)


def said(document):
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(document.pdf))).pages).split()
    )


def test_the_letter_says_what_was_decided_by_whom_and_how_to_appeal(letter):
    text = said(letter)
    for words in (
        "Du får en del av det du har ansökt om",
        "Beviljas: Personlig omsorg, 12 timmar per månad",
        "Avslås: Social samvaro, 8 timmar per månad",
        "Beslutet är fattat av Karin Ekdal, Biståndshandläggare",
        "Så här överklagar du",
        "Ärendenummer 2026-000001",
        "Astrid Margareta Lindqvist",
        "Björkvägen 12",
    ):
        assert words in text


def test_the_letter_is_stored_once_and_read_back_byte_for_byte(letter, karin, astrid_online, now):
    before = bytes(letter.pdf)
    actions.mark_sent(letter, by=karin, now=now)
    for reader in (karin, astrid_online):
        again = queries.my_letter(reader, letter.pk, now)
        assert bytes(again.pdf) == before
        assert hashlib.sha256(bytes(again.pdf)).hexdigest() == letter.sha256
    with pytest.raises(PermanentRow):
        Document.objects.filter(pk=letter.pk).update(pdf=b"")


def test_the_letter_is_tagged_swedish_and_made_for_the_archive(letter):
    catalog = PdfReader(BytesIO(bytes(letter.pdf))).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "sv"
    meta = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in meta.replace('pdfaid:part="3"', "<pdfaid:part>3</pdfaid:part>")
    assert "conformance" in meta


def test_the_data_the_letter_was_made_from_is_kept_beside_it(letter):
    assert letter.data["case"]["number"] == "2026-000001"
    assert letter.data["decision"]["decided_on"] == "2026-03-02"
    assert len(letter.template_version) == 64


def test_a_letter_not_yet_sent_is_not_for_the_citizen(letter, astrid_online, now):
    with pytest.raises(Refused):
        queries.my_letter(astrid_online, letter.pk, now)


def test_sent_twice_is_sent_once(letter, karin, now):
    from datetime import timedelta

    actions.mark_sent(letter, by=karin, now=now)
    again = actions.mark_sent(letter, by=karin, now=now + timedelta(hours=1))
    assert again.sent_at == now


def test_what_someone_wrote_is_text_in_the_letter_and_fetches_nothing(ready_case, karin, now):
    from datetime import date

    from livlina.authority.cases.actions import DecisionDraft
    from livlina.authority.cases.tests.fixtures import LINES

    reasons = "<img src='http://127.0.0.1:9/x'> Se <b>bedömningen</b>."
    decision = actions.decide(
        ready_case,
        DecisionDraft(lines=LINES, reasons=reasons, follow_up_on=date(2026, 9, 9)),
        by=karin,
        now=now,
    )
    assert "<img src='http://127.0.0.1:9/x'>" in said(Document.objects.get(decision=decision))


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        ("1", "timmar per månad", "timme per månad"),
        ("2", "timmar per månad", "timmar per månad"),
        ("1.5", "gånger per vecka", "gånger per vecka"),
        ("1", "antal", "st"),
        ("1", "dygn", "dygn"),
    ],
)
def test_one_of_something_is_said_in_the_singular(quantity: str, unit: str, said: str) -> None:
    assert unit_of(Decimal(quantity), unit) == said
