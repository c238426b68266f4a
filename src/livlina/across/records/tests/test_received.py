"""Documents that come in: once, as they came, only where they belong, and never something that can run."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.across.records import actions, queries
from livlina.across.records.actions import FileRefused, Received
from livlina.across.records.models import ReceivedDocument
from livlina.core.access import Refused
from livlina.core.models import AuditEvent, PermanentRow

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"


def certificate(**said):
    told = {
        "kind": "certificate", "title": "Läkarintyg", "from_whom": "Vårdcentralen i Åsvalla",
        "received_on": date(2026, 2, 27), "received_how": "post", "secrecy": "health", "filename": "intyg.pdf",
        "content": PDF,
    }  # fmt: skip
    return Received(**(told | said))


def test_karin_takes_in_a_certificate_and_reads_the_same_bytes_again(assigned_case, karin, now):
    document = actions.receive(assigned_case, certificate(), by=karin, now=now)
    again = actions.read_received(document.pk, by=karin, now=now)
    assert bytes(again.content) == PDF
    assert again.sha256 == hashlib.sha256(PDF).hexdigest()
    assert again.compartment == assigned_case.compartment
    assert AuditEvent.objects.filter(verb="records.read", outcome="read").count() == 1


def test_the_same_certificate_taken_in_twice_is_one(assigned_case, karin, now):
    first = actions.receive(assigned_case, certificate(), by=karin, now=now)
    assert actions.receive(assigned_case, certificate(), by=karin, now=now + timedelta(minutes=1)) == first
    assert [row.title for row in queries.received_in(karin, assigned_case.pk)] == ["Läkarintyg"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tom"),
        (b"MZ\x90\x00" + b"\x00" * 50, "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"<html><script>alert(1)</script></html>", "Webbsidor"),
        (b"  <SVG onload=alert(1)>", "Webbsidor"),
        (b"%PDF-1.7 << /OpenAction << /S /JavaScript >> >>", "program"),
        (b"PK\x03\x04broken", "skadad"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1word", "äldre Officeformat"),
        (b"\xff\xfe\x00\x01binary\x80\x81", "känns inte igen"),
        (PDF + b"0" * 15_000_001, "större än"),
    ],
)
def test_what_can_run_or_cannot_be_read_is_refused_in_words(assigned_case, karin, now, content, words):
    with pytest.raises(FileRefused, match=words):
        actions.receive(assigned_case, certificate(content=content), by=karin, now=now)


def test_a_program_that_calls_itself_a_picture_is_still_a_program(assigned_case, karin, now):
    with pytest.raises(FileRefused, match="program"):
        actions.receive(
            assigned_case, certificate(filename="bild.png", content=b"MZ" + b"\x00" * 99), by=karin, now=now
        )


def test_a_name_that_would_climb_out_of_its_folder_is_made_harmless(assigned_case, karin, now):
    document = actions.receive(
        assigned_case, certificate(filename='../../etc/"intyg\r\n.exe.pdf'), by=karin, now=now
    )
    assert document.filename == "intyg exe.pdf"


def test_a_document_cannot_have_come_tomorrow(assigned_case, karin, now):
    with pytest.raises(FileRefused, match="framtiden"):
        actions.receive(assigned_case, certificate(received_on=date(2026, 3, 3)), by=karin, now=now)


@pytest.mark.parametrize("who", ["petra", "ali", "lena", "anders", "ola", "sara", "fatima", "sven"])
def test_nobody_outside_the_unit_reads_it(request, assigned_case, karin, now, who):
    document = actions.receive(assigned_case, certificate(), by=karin, now=now)
    stranger = request.getfixturevalue(who)
    with pytest.raises(Refused):
        actions.read_received(document.pk, by=stranger, now=now)


def test_reception_takes_in_and_does_not_read(assigned_case, sofia, now):
    document = actions.receive(assigned_case, certificate(), by=sofia, now=now)
    with pytest.raises(Refused):
        actions.read_received(document.pk, by=sofia, now=now)


def test_a_document_is_never_changed_nor_removed(assigned_case, karin, now):
    document = actions.receive(assigned_case, certificate(), by=karin, now=now)
    with pytest.raises(PermanentRow):
        document.delete()
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM records_receiveddocument")
    assert ReceivedDocument.objects.filter(pk=document.pk).exists()
