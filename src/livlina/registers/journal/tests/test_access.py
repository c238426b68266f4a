"""Who reads what: a table of roles against books, the wall between the books in raw SQL, and reading outside."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.core import tenancy
from livlina.core.access import RULES, Refused, may
from livlina.core.models import AuditEvent
from livlina.registers.journal import actions, faults, queries
from livlina.registers.journal.models import Draft, File, Note
from livlina.registers.people import actions as people

STAFF = [
    "karin", "johan", "maria", "sofia", "eva", "duty", "petra", "ali", "lena", "erik", "anders", "ola", "sara",
]  # fmt: skip
READS = {
    "astrids_file": {"karin", "johan", "maria"},
    "home_care_file": {"petra", "ali"},
    "nursing_file": {"lena"},
}
WRITES = READS


@pytest.mark.parametrize("file", READS)
@pytest.mark.parametrize("who", STAFF)
def test_the_table_of_who_reads_and_writes_which_book(request, file, who):
    found, actor = request.getfixturevalue(file), request.getfixturevalue(who)
    assert may(actor, "journal.read", found) == (who in READS[file])
    assert may(actor, "journal.write", found) == (who in WRITES[file])


@pytest.mark.parametrize("who", STAFF)
def test_a_file_of_a_person_the_unit_has_nothing_to_do_with_is_read_by_nobody(
    request, bertils_file, bertil, registrar, now, who
):
    actor = request.getfixturevalue(who)
    people.end_reach(bertil, source=f"test:{bertils_file.unit_id}", by=registrar, now=now)
    assert not may(actor, "journal.read", bertils_file)
    with pytest.raises(Refused):
        actions.read_file(bertils_file.pk, by=actor, now=now)


def test_another_provider_with_the_same_person_reads_its_own_file_only(
    erik, ali, astrid, home_care_file, reach, now
):
    reach(erik, astrid)
    own = actions.open_file(astrid, by=erik, now=now)
    assert may(erik, "journal.read", own)
    assert not may(erik, "journal.read", home_care_file)
    assert queries.files_of(erik, astrid.pk) == [own]


def test_a_protected_persons_journal_is_for_the_named_few(karin, johan, astrid, astrids_file, write, now):
    people.set_protection(astrid, "secrecy_marked", by=karin, now=now)
    write(karin, astrids_file)
    assert may(karin, "journal.read", astrids_file)
    assert not may(johan, "journal.read", astrids_file)
    assert queries.latest(johan, astrid) == []
    actions.read_file(astrids_file.pk, by=karin, now=now)
    assert AuditEvent.objects.get(verb="journal.read").review == "protected"


def test_the_latest_notes_are_those_of_the_books_one_reads(
    karin, ali, lena, erik, astrid, astrids_file, home_care_file, nursing_file, write
):
    write(karin, astrids_file, "Utredning")
    write(ali, home_care_file, "Insats")
    write(lena, nursing_file, "Sår")
    seen = {
        actor.name: [row.text for row in queries.latest(actor, astrid)] for actor in (karin, ali, lena, erik)
    }
    assert seen == {
        "Karin Ekdal": ["Utredning"],
        "Ali Hassan": ["Insats"],
        "Lena Falk": ["Sår"],
        "Erik Sand": [],
    }


def test_reading_is_recorded(karin, astrids_file, now):
    actions.read_file(astrids_file.pk, by=karin, now=now)
    event = AuditEvent.objects.get(verb="journal.read")
    assert (event.outcome, event.person_id, event.review) == ("read", astrids_file.person_id, "")


def test_reading_outside_a_relation_needs_a_reason_and_is_marked_for_review(
    duty, karin, astrids_file, write, now
):
    write(karin, astrids_file)
    with pytest.raises(faults.NoReason):
        actions.read_outside(astrids_file.person_id, "  ", by=duty, now=now)
    (file,) = actions.read_outside(astrids_file.person_id, "Larm i natt", by=duty, now=now)
    assert len(queries.notes_of(duty, file, emergency=True).rows) == 1
    event = AuditEvent.objects.get(verb="journal.emergency")
    assert (event.review, event.reason, event.person_id) == ("outside", "Larm i natt", astrids_file.person_id)


@pytest.mark.parametrize("who", ["sofia", "eva", "petra", "ali", "erik", "anders", "ola"])
def test_others_do_not_read_outside_a_relation_whatever_their_reason(request, astrids_file, now, who):
    with pytest.raises(Refused):
        actions.read_outside(astrids_file.person_id, "Behövs", by=request.getfixturevalue(who), now=now)


def test_reading_outside_stays_within_ones_book_and_municipality(duty, sara, home_care_file, now):
    assert actions.read_outside(home_care_file.person_id, "Larm i natt", by=duty, now=now) == []
    with tenancy.acting(sara.municipality_id, sara.compartments):
        assert actions.read_outside(home_care_file.person_id, "Fel kommun", by=sara, now=now) == []


def test_the_officer_on_duty_writes_in_a_file_of_the_duty_unit(duty, karin, astrid, astrids_file, write, now):
    file = actions.open_file(astrid, by=duty, now=now - timedelta(hours=2))
    write(duty, file, "Ringde 02:10, ambulans skickad.")
    assert [row.text for row in queries.latest(karin, astrid)] == ["Ringde 02:10, ambulans skickad."]


BOOKS = {1: "Utredning", 2: "Insats", 3: "Sår"}


@pytest.mark.parametrize("book", BOOKS)
def test_raw_sql_in_one_book_sees_nothing_of_the_others(
    asvalla, karin, ali, lena, astrids_file, home_care_file, nursing_file, write, now, book
):
    for actor, file in ((karin, astrids_file), (ali, home_care_file), (lena, nursing_file)):
        note = write(actor, file, BOOKS[file.compartment])
        actions.save_draft(
            file.pk, "note", f"Utkast {file.compartment}", {}, version=0, tab=note.pk, by=actor, now=now
        )
        actions.add_dissent(note.pk, "Nej", "Astrid", by=actor, now=now)
        actions.correct(note.pk, "struck_wrong_text", "Fel", by=actor, now=now)
    with tenancy.acting(asvalla.pk, (book,)), connection.cursor() as cursor:
        for table in ("file", "note", "correction", "dissent", "draft", "chainhead"):
            cursor.execute(f"SELECT DISTINCT compartment FROM journal_{table}")
            assert cursor.fetchall() == [(book,)], table
        cursor.execute("UPDATE journal_file SET closed_at = now() WHERE compartment <> %s", [book])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM journal_draft WHERE compartment <> %s", [book])
        assert cursor.rowcount == 0
    assert Draft.objects.count() == 3


def test_raw_sql_cannot_write_past_the_wall(asvalla, karin, astrids_file, write):
    note = write(karin, astrids_file)
    values = {field.attname: getattr(note, field.attname) for field in Note._meta.local_fields}
    for compartments in ((2,), (3,), ()):
        with (
            tenancy.acting(asvalla.pk, compartments),
            pytest.raises(DatabaseError),
            transaction.atomic(),
        ):
            Note(**values | {"id": astrids_file.pk, "text": "Instucken"}).save(force_insert=True)
    assert Note.objects.count() == 1


def test_the_neighbouring_municipality_sees_nothing(sjohaga, karin, astrids_file, write):
    write(karin, astrids_file)
    with tenancy.acting(sjohaga.pk, (1, 2, 3)):
        assert not Note.objects.exists()
        assert not File.objects.exists()


def test_there_is_no_verb_for_removing():
    verbs = {verb for verb in RULES if verb.startswith("journal.")}
    assert not [
        verb for verb in verbs if any(word in verb for word in ("delete", "remove", "destroy", "erase"))
    ]
