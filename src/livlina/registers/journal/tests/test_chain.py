"""The chain: each entry holds the one before, and what someone changes behind the locks is found."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from livlina.core import outbox, tenancy
from livlina.core.ids7 import uuid7
from livlina.registers.journal import actions, jobs, queries
from livlina.registers.journal.actions import Content
from livlina.registers.journal.chain import digest_of, hash_of, pack
from livlina.registers.journal.models import ChainHead, Correction, Dissent, Note

TEXT = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), min_size=1, max_size=120
).filter(str.strip)
PARTS = st.lists(st.none() | st.text(st.characters(blacklist_categories=["Cs"])), max_size=5)


def test_the_first_note_begins_the_chain_and_the_next_holds_on_to_it(karin, astrids_file, write):
    first, second = write(karin, astrids_file, "Ett"), write(karin, astrids_file, "Två")
    assert (first.seq, second.seq) == (1, 2)
    assert (bytes(first.prev_hash), bytes(second.prev_hash)) == (b"", bytes(first.hash))
    head = ChainHead.objects.get(person_id=first.person_id, compartment=1)
    assert (head.seq, bytes(head.hash)) == (2, bytes(second.hash))


def test_each_book_has_a_chain_of_its_own(karin, ali, astrid, astrids_file, home_care_file, write):
    write(karin, astrids_file)
    write(karin, astrids_file, "En till")
    assert write(ali, home_care_file, "Astrid åt ingen lunch.").seq == 1
    assert {head.compartment: head.seq for head in ChainHead.objects.filter(person=astrid)} == {1: 2, 2: 1}


def test_corrections_and_dissents_are_links_of_the_same_chain(karin, astrid, astrids_file, write, now):
    note = write(karin, astrids_file)
    actions.add_dissent(note.pk, "Jag orkar visst.", "Astrid Lindqvist", by=karin, now=now)
    actions.correct(note.pk, "struck_wrong_text", "Fel uppgift", new_text="Hon orkar.", by=karin, now=now)
    report = queries.verify_chain(astrid.pk)
    assert report.whole
    assert (report.notes, report.entries) == (2, 4)


def test_whatever_is_sent_the_database_gives_place_and_hash(karin, astrids_file, write):
    note = write(karin, astrids_file)
    values = {field.attname: getattr(note, field.attname) for field in Note._meta.local_fields}
    own = {
        "id": uuid7(),
        "client_id": uuid7(),
        "seq": 77,
        "hash": b"mitt",
        "prev_hash": b"eget",
        "digest": b"x",
    }
    Note(**values | own).save(force_insert=True)
    assert Note.objects.get(pk=own["id"]).seq == 2
    assert queries.verify_chain(note.person_id).whole


@profile(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXT, min_size=1, max_size=5),
    source=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=40),
    areas=st.lists(st.sampled_from(["d1", "d5", "safety"]), max_size=3, unique=True),
    micros=st.integers(0, 10**12),
)
def test_python_and_the_database_write_the_same_bytes(karin, astrids_file, now, texts, source, areas, micros):
    for text in texts:
        content = Content(
            now - timedelta(microseconds=micros),
            "meeting",
            text,
            source_person=source,
            life_areas=tuple(areas),
        )
        written = actions.write_note(astrids_file.pk, content, client_id=uuid7(), by=karin, now=now)
        note = Note.objects.get(pk=written.note.pk)
        assert digest_of(note) == bytes(note.digest)
        assert hash_of(note) == bytes(note.hash)
    assert queries.verify_chain(astrids_file.person_id).whole


@given(one=PARTS, other=PARTS)
def test_no_two_lists_are_packed_alike(one, other):
    assert (pack(one) == pack(other)) == (one == other)


@pytest.mark.parametrize("length", [1, 40])
def test_a_chain_is_verified_in_four_statements_whatever_its_length(
    karin, astrid, astrids_file, write, statements: Callable, length
):
    for number in range(length):
        write(karin, astrids_file, f"Anteckning {number}")
    with statements() as sent:
        assert queries.verify_chain(astrid.pk).notes == length
    assert len(sent) == 4


TAMPERINGS = {
    "a changed word": ("UPDATE journal_note SET text = 'Hon klarar sig själv.' WHERE seq = 2", "Innehållet"),
    "a changed author": ("UPDATE journal_note SET author_name = 'Johan Brink' WHERE seq = 2", "Uppgifterna"),
    "a changed time of writing": (
        "UPDATE journal_note SET authored_at = authored_at + interval '1 day' WHERE seq = 2",
        "Uppgifterna",
    ),
    "a changed time of the event": (
        "UPDATE journal_note SET event_at = event_at - interval '1 day' WHERE seq = 2",
        "Innehållet",
    ),
    "a removed note": ("DELETE FROM journal_note WHERE seq = 2", "Anteckning 2 saknas"),
    "the last one removed": ("DELETE FROM journal_dissent", "saknas sist"),
    "a removed correction": ("DELETE FROM journal_correction", "Anteckning 4 saknas"),
    "two that changed places": (
        "UPDATE journal_note SET seq = CASE seq WHEN 1 THEN 3 WHEN 3 THEN 1 ELSE seq END",
        "följer inte",
    ),
    "a chain that is cut and sewn": (
        "DELETE FROM journal_note WHERE seq = 1; UPDATE journal_note SET seq = seq - 1, prev_hash = '' WHERE seq = 2",
        "Uppgifterna",
    ),
    "a strike that was lifted": ("UPDATE journal_note SET struck_at = NULL", "Märkningen"),
    "a removed head": ("DELETE FROM journal_chainhead", "slut saknas"),
}


@contextmanager
def as_owner() -> Iterator[None]:
    """Be the owner of the tables, whom no policy and no privilege stops, until the block ends."""
    owner, mine = conninfo_to_dict(os.environ["LIVLINA_OWNER_DATABASE_URL"]), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"USER": owner["user"], "PASSWORD": owner["password"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= mine


def tamper(sql: str) -> None:
    """Change rows behind the locks."""
    with connection.cursor() as cursor:
        for table in ("note", "correction", "dissent"):
            cursor.execute(f"ALTER TABLE journal_{table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_note DROP CONSTRAINT note_place_once")
        cursor.execute(sql)


@pytest.fixture
def five_entries(own_database, karin, astrids_file, write, now) -> None:
    """Three notes, a correction and a dissent, committed."""
    notes = [write(karin, astrids_file, f"Anteckning {number}") for number in (1, 2, 3)]
    actions.correct(notes[2].pk, "struck_wrong_text", "Fel", by=karin, now=now)
    actions.add_dissent(notes[0].pk, "Så var det inte.", "Astrid", by=karin, now=now)


def test_the_owner_of_the_database_cannot_tamper_unseen(five_entries, astrid):
    unseen = []
    with as_owner():
        assert queries.verify_chain(astrid.pk).whole, "the control: untouched, it is whole"
        for name, (sql, words) in TAMPERINGS.items():
            with transaction.atomic():
                tamper(sql)
                breaks = queries.verify_chain(astrid.pk).breaks
                transaction.set_rollback(True)
            if not any(words in found.words for found in breaks):
                unseen.append((name, breaks))
        assert queries.verify_chain(astrid.pk).whole, "the control again: nothing of it was kept"
    assert unseen == []


def test_a_chain_made_anew_by_the_owner_is_not_seen_here_and_is_why_there_is_a_log(five_entries, astrid):
    """What this chain cannot show alone, told as a test so that nobody believes it does."""
    with as_owner(), transaction.atomic():
        tamper("UPDATE journal_note SET text = 'Hon klarar sig.' WHERE seq = 1")
        before = b""
        rows = sorted(
            [*Note.objects.all(), *Correction.objects.all(), *Dissent.objects.all()],
            key=lambda entry: entry.seq,
        )
        for entry in rows:
            entry.digest, entry.prev_hash = digest_of(entry), before
            before = entry.hash = hash_of(entry)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {entry._meta.db_table} SET digest = %s, prev_hash = %s, hash = %s WHERE id = %s",
                    [entry.digest, entry.prev_hash, entry.hash, entry.pk],
                )
        ChainHead.objects.update(hash=before)
        assert queries.verify_chain(astrid.pk).whole
        transaction.set_rollback(True)


def test_every_night_finds_what_broke(five_entries, asvalla, astrid, now, monkeypatch):
    said = []
    monkeypatch.setattr(outbox, "announce", lambda name, obj, **_: said.append((name, obj.compartment)))
    with as_owner(), transaction.atomic():
        assert jobs.verify_chains(asvalla.pk, now) == 0
        tamper("UPDATE journal_note SET text = 'x' WHERE seq = 1")
        assert jobs.verify_chains(asvalla.pk, now) == 1
        transaction.set_rollback(True)
    assert said == [("journal.chain_broken", 1)]


def test_a_verification_with_the_reading_of_one_book_is_not_disturbed_by_the_wall(
    karin, ali, asvalla, astrid, astrids_file, home_care_file, write
):
    write(karin, astrids_file)
    write(ali, home_care_file, "Astrid åt ingen lunch.")
    with tenancy.acting(asvalla.pk, (2,)):
        report = queries.verify_chain(astrid.pk)
    assert report.whole
    assert report.notes == 1


def test_people_are_taken_in_turn_so_that_all_are_verified_within_four_weeks(
    karin, astrid, astrids_file, write, now, monkeypatch
):
    write(karin, astrids_file)
    looked: list[object] = []
    monkeypatch.setattr(
        jobs, "verify_chain", lambda person: looked.append(person) or queries.verify_chain(person)
    )
    for day in range(jobs.ROUND):
        jobs.verify_chains(karin.municipality_id, now + timedelta(days=60 + day))
    assert looked == [astrid.pk]


def test_a_person_without_a_journal_has_a_whole_one(astrid):
    assert queries.verify_chain(astrid.pk).whole
