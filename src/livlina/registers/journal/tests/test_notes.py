"""Writing in the journal: what a note keeps, what stops it, and why twice is once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.core.access import Refused
from livlina.core.ids7 import uuid7
from livlina.core.models import Assignment, AuditEvent, PermanentRow, User
from livlina.registers.journal import actions, faults, queries
from livlina.registers.journal.actions import Content
from livlina.registers.journal.content import tidy
from livlina.registers.journal.models import Note

TEXT = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), min_size=1, max_size=200
).filter(str.strip)

EXAMPLE = count(1)
"""Each drawn example has an hour of its own, or it would meet the notes of the one before."""


def visit(now, text="Hembesök hos Astrid.", hours=2.0, **given) -> Content:
    return Content(now - timedelta(hours=hours), "home_visit", text, **given)


def test_a_note_keeps_when_it_happened_when_it_was_written_and_who_the_author_was_then(
    karin, astrids_file, write, now
):
    note = write(karin, astrids_file, hours=3)
    note.refresh_from_db()
    assert (note.event_at, note.authored_at) == (now - timedelta(hours=3), now)
    assert note.author == "Karin Ekdal, Biståndshandläggare, Biståndsenheten"
    assert (note.law, note.compartment) == ("SoL", 1)


def test_an_author_who_changes_title_changes_no_old_note(karin, astrids_file, write):
    note = write(karin, astrids_file)
    Assignment.objects.filter(pk=karin.assignment_id).update(title="Enhetschef")
    User.objects.filter(pk=karin.user_id).update(name="Karin Nygift")
    note.refresh_from_db()
    assert note.author.startswith("Karin Ekdal, Biståndshandläggare")


def test_what_has_not_happened_yet_cannot_be_noted(karin, astrids_file, write, now):
    with pytest.raises(faults.InTheFuture):
        write(karin, astrids_file, hours=-1)
    assert not Note.objects.exists()


def test_what_happened_long_ago_needs_a_reason(karin, astrids_file, write):
    with pytest.raises(faults.LateWithoutReason):
        write(karin, astrids_file, hours=24 * 31)
    note = write(karin, astrids_file, hours=24 * 31, late_reason="Uppgiften kom med posten i dag")
    assert note.late_reason == "Uppgiften kom med posten i dag"


def test_thirty_days_back_needs_no_reason(karin, astrids_file, write):
    assert write(karin, astrids_file, hours=24 * 30).late_reason == ""


def test_a_note_in_a_closed_file_says_why_it_comes_afterwards(karin, astrids_file, write, now):
    actions.close_file(astrids_file, by=karin, now=now)
    with pytest.raises(faults.FileClosed):
        write(karin, astrids_file)
    assert write(karin, astrids_file, late_reason="Skrevs på papper under driftstoppet")


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"text": "  \n "}, faults.Empty),
        ({"text": "a\x00b"}, faults.Unreadable),
        ({"text": "a\ud800b"}, faults.Unreadable),
        ({"law": "HSL"}, faults.LawOutsideBook),
    ],
)
def test_a_note_that_cannot_stand_is_stopped_with_a_sentence(karin, astrids_file, write, given, fault):
    with pytest.raises(fault) as stopped:
        write(karin, astrids_file, **given)
    assert stopped.value.swedish.endswith(".")
    assert not Note.objects.exists()


def test_a_nursing_note_stands_under_the_health_law(lena, nursing_file, write):
    assert write(lena, nursing_file, "Omläggning av sår på vänster underben.").law == "HSL"


def test_a_double_click_gives_the_same_note(karin, astrids_file, now):
    key = uuid7()
    first = actions.write_note(astrids_file.pk, visit(now), client_id=key, by=karin, now=now)
    second = actions.write_note(
        astrids_file.pk, visit(now), client_id=key, by=karin, now=now + timedelta(hours=3)
    )
    assert (first.outcome, second.outcome) == ("new", "same")
    assert first.note.pk == second.note.pk
    assert second.note.authored_at == now
    assert Note.objects.count() == 1


def test_the_same_text_from_two_tabs_within_a_minute_is_one_note(karin, astrids_file, now):
    first = actions.write_note(astrids_file.pk, visit(now), client_id=uuid7(), by=karin, now=now)
    second = actions.write_note(
        astrids_file.pk, visit(now), client_id=uuid7(), by=karin, now=now + timedelta(seconds=59)
    )
    assert (second.outcome, second.note.pk) == ("same", first.note.pk)


def test_the_same_text_after_a_minute_is_another_note(karin, astrids_file, now):
    actions.write_note(astrids_file.pk, visit(now), client_id=uuid7(), by=karin, now=now)
    later = actions.write_note(
        astrids_file.pk, visit(now), client_id=uuid7(), by=karin, now=now + timedelta(seconds=61)
    )
    assert later.outcome == "new"


def test_the_same_text_by_a_colleague_is_another_note(karin, johan, astrids_file, now):
    for author in (karin, johan):
        written = actions.write_note(astrids_file.pk, visit(now), client_id=uuid7(), by=author, now=now)
        assert written.outcome == "new"


def test_the_same_key_with_another_text_is_kept_beside_as_a_variant(karin, astrids_file, now):
    key = uuid7()
    first = actions.write_note(astrids_file.pk, visit(now), client_id=key, by=karin, now=now)
    other = actions.write_note(
        astrids_file.pk, visit(now, "Hembesök hos Astrid. Dottern var med."), client_id=key, by=karin, now=now
    )
    assert other.outcome == "variant"
    assert other.note.variant_of_id == first.note.pk
    assert [note.pk for note in queries.variants(karin, astrids_file)] == [other.note.pk]
    again = actions.write_note(
        astrids_file.pk, visit(now, "Hembesök hos Astrid. Dottern var med."), client_id=key, by=karin, now=now
    )
    assert (again.outcome, again.note.pk) == ("same", other.note.pk)


def test_line_breaks_and_composed_letters_of_another_device_make_no_other_note(karin, astrids_file, now):
    key = uuid7()
    first = actions.write_note(astrids_file.pk, visit(now, "Åt\nlunch"), client_id=key, by=karin, now=now)
    same = actions.write_note(
        astrids_file.pk, visit(now, " A\u030at\r\nlunch "), client_id=key, by=karin, now=now
    )
    assert same.note.pk == first.note.pk


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(st.tuples(st.integers(0, 3), TEXT), min_size=1, max_size=8), repeats=st.integers(1, 3))
def test_whatever_is_sent_however_often_each_key_and_text_is_there_once(
    karin, astrids_file, now, sent, repeats
):
    """The oracle of the field simulation: nothing lost, nothing doubled."""
    keys = [uuid7() for _ in range(4)]
    noted: dict[tuple, object] = {}
    start = at = now + timedelta(hours=next(EXAMPLE))
    for turn in range(repeats):
        for key, text in sent:
            at += timedelta(minutes=2)
            content = visit(start, text)
            written = actions.write_note(astrids_file.pk, content, client_id=keys[key], by=karin, now=at)
            expected = noted.setdefault((key, tidy(text)), written.note.pk)
            assert written.note.pk == expected
            assert turn == 0 or written.outcome == "same"
    kept = Note.objects.filter(client_id__in=keys)
    assert kept.count() == len(noted)
    assert {(keys.index(n.client_id), n.text) for n in kept} == set(noted)


def test_a_note_can_be_neither_changed_nor_removed(karin, astrids_file, write):
    note = write(karin, astrids_file)
    note.text = "Något annat"
    for change in (note.save, note.delete, Note.objects.all().delete, Note._base_manager.all().delete):
        with pytest.raises(PermanentRow):
            change()
    with pytest.raises(PermanentRow):
        Note.objects.update(text="Något annat")
    for sql in (
        "UPDATE journal_note SET text = 'x'",
        "DELETE FROM journal_note",
        "TRUNCATE journal_note CASCADE",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    note.refresh_from_db()
    assert note.text.startswith("Hembesök")


def test_a_note_cannot_be_put_in_another_persons_file_or_another_book(karin, astrids_file, bertil, write):
    note = write(karin, astrids_file)
    for wrong in ({"person_id": bertil.pk}, {"compartment": 2}):
        values = {field.attname: getattr(note, field.attname) for field in Note._meta.local_fields} | {
            "id": uuid7(),
            "client_id": uuid7(),
            **wrong,
        }
        with pytest.raises(DatabaseError, match="belongs to the person and book"), transaction.atomic():
            Note(**values).save(force_insert=True)


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"about_type": "cases.case"}, {"law": "HSL"}, {"signed_by": 1}, {"cites_author": "X"}],
)
def test_impossible_notes_are_refused_by_the_database(karin, astrids_file, write, wrong):
    note = write(karin, astrids_file)
    values = {field.attname: getattr(note, field.attname) for field in Note._meta.local_fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Note(**values | {"id": uuid7(), "client_id": uuid7()} | wrong).save(force_insert=True)


def test_every_writing_is_recorded_without_its_text(karin, astrids_file, write):
    note = write(karin, astrids_file)
    event = AuditEvent.objects.get(verb="journal.write")
    assert (event.object_id, event.person_id, event.detail) == (
        str(note.pk),
        note.person_id,
        {"outcome": "new"},
    )


def test_a_note_costs_four_statements(karin, astrids_file, now, statements: Callable):
    with statements() as sent:
        actions.write_note(astrids_file.pk, visit(now), client_id=uuid7(), by=karin, now=now)
    assert len(sent) == 4


def test_a_unit_begins_one_file_however_often_it_is_asked(karin, johan, astrids_file, astrid, now):
    assert actions.open_file(astrid, by=johan, now=now) == astrids_file


def test_a_closed_file_is_not_opened_again_a_new_one_begins(karin, astrids_file, astrid, now):
    actions.close_file(astrids_file, by=karin, now=now)
    later = actions.open_file(astrid, by=karin, now=now + timedelta(days=1))
    assert later != astrids_file
    with pytest.raises(Refused):
        actions.close_file(later, by=_stranger(karin), now=now)


def _stranger(actor):
    return replace(actor, unit_id=uuid7())
