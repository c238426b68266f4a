"""The six ways to put a note right, and the person's own view. What was written stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent
from livlina.registers.journal import actions, faults, queries
from livlina.registers.journal.models import Correction, Note

SECRET = "Astrid berättar om sin son."


@pytest.fixture
def note(karin, astrids_file, write) -> Note:
    return write(karin, astrids_file, SECRET, source_person="Anna Lindqvist Berg", hours=30)


def shown(actor, person) -> list[str]:
    return [row.text for row in queries.latest(actor, person)]


def test_wrong_text_is_struck_stays_readable_and_says_who_when_and_why(karin, astrid, note, now):
    actions.correct(note.pk, "struck_wrong_text", "Hon har ingen son", by=karin, now=now)
    (row,) = queries.latest(karin, astrid)
    assert row.text == SECRET
    assert row.struck.reason == "Hon har ingen son"
    assert row.struck.author.startswith("Karin Ekdal")
    assert row.struck.authored_at == now


def test_the_right_text_becomes_a_note_that_replaces_the_struck_one(karin, astrid, note, now):
    correction = actions.correct(
        note.pk,
        "struck_wrong_text",
        "Hon har ingen son",
        new_text="Astrid berättar om sin dotter.",
        by=karin,
        now=now,
    )
    assert correction.replacement.text == "Astrid berättar om sin dotter."
    assert correction.replacement.event_at == note.event_at
    assert set(shown(karin, astrid)) == {SECRET, "Astrid berättar om sin dotter."}


def test_a_supplement_stands_beside_and_strikes_nothing(karin, astrid, note, now):
    actions.correct(note.pk, "supplement", "Glömde", new_text="Sonen bor i Sjöhaga.", by=karin, now=now)
    assert all(row.struck is None for row in queries.latest(karin, astrid))
    with pytest.raises(faults.NeedsNewText):
        actions.correct(note.pk, "supplement", "Glömde", by=karin, now=now)


def test_a_supplement_sent_twice_is_one(karin, note, now):
    for _ in range(2):
        actions.correct(note.pk, "supplement", "Glömde", new_text="Sonen bor i Sjöhaga.", by=karin, now=now)
    assert Correction.objects.count() == 1


def test_a_wrong_date_moves_the_note_in_the_timeline_and_both_dates_stay(
    karin, astrid, astrids_file, note, write, now
):
    later = write(karin, astrids_file, "Telefonsamtal med dottern.", hours=5)
    right = now - timedelta(hours=2)
    actions.correct(note.pk, "wrong_date", "Fel dag", event_at=right, by=karin, now=now)
    first, second = queries.latest(karin, astrid)
    assert (first.note.pk, second.note.pk) == (note.pk, later.pk)
    assert (first.note.event_at, first.note.placed_at) == (note.event_at, right)
    assert first.note.authored_at == note.authored_at


def test_a_date_is_not_corrected_into_the_future(karin, note, now):
    with pytest.raises(faults.InTheFuture):
        actions.correct(note.pk, "wrong_date", "Fel", event_at=now + timedelta(minutes=1), by=karin, now=now)
    with pytest.raises(faults.NeedsDate):
        actions.correct(note.pk, "wrong_date", "Fel", by=karin, now=now)


def test_a_wrong_law_is_put_right_within_the_book(karin, astrid, note, now):
    actions.correct(note.pk, "wrong_law", "Insatsen är enligt LSS", law="LSS", by=karin, now=now)
    (row,) = queries.latest(karin, astrid)
    assert (row.law, row.note.law) == ("LSS", "SoL")
    with pytest.raises(faults.LawOutsideBook):
        actions.correct(note.pk, "wrong_law", "Fel bok", law="HSL", by=karin, now=now)


def test_of_two_equal_notes_the_later_is_the_duplicate_and_both_stay(
    karin, astrid, astrids_file, note, write, now
):
    twin = write(karin, astrids_file, SECRET, hours=30, at=now + timedelta(hours=1))
    with pytest.raises(faults.NotTheEarlier):
        actions.correct(note.pk, "duplicate", "Dubbelt", original_id=twin.pk, by=karin, now=now)
    actions.correct(twin.pk, "duplicate", "Dubbelt", original_id=note.pk, by=karin, now=now)
    assert Note.objects.count() == 2
    assert {row.note.pk: row.struck is not None for row in queries.latest(karin, astrid)} == {
        note.pk: False,
        twin.pk: True,
    }


def test_what_is_struck_is_not_struck_again(karin, note, now):
    actions.correct(note.pk, "struck_wrong_text", "Fel", by=karin, now=now)
    with pytest.raises(faults.AlreadyStruck):
        actions.correct(note.pk, "duplicate", "Fel", by=karin, now=now)


def test_a_correction_says_why(karin, note, now):
    with pytest.raises(faults.NoReason):
        actions.correct(note.pk, "struck_wrong_text", " \n", by=karin, now=now)


def test_a_case_worker_cannot_move_a_note_only_ask_for_it(karin, note, bertil, now):
    with pytest.raises(faults.MovedByManager):
        actions.correct(note.pk, "wrong_person", "Fel person", by=karin, now=now)
    with pytest.raises(Refused):
        actions.move_note(note.pk, bertil, "Fel person", by=karin, now=now)


@pytest.mark.parametrize("who", ["maria", "anders"])
def test_a_note_on_the_wrong_person_is_moved_by_the_manager_or_support(
    request, karin, astrid, bertil, reach, note, now, who
):
    mover = request.getfixturevalue(who)
    reach(karin, bertil)
    with tenancy.acting(mover.municipality_id, mover.compartments, mover.user_id):
        correction = actions.move_note(note.pk, bertil, "Skrevs i fel akt", by=mover, now=now)
    (stub,) = queries.latest(karin, astrid)
    assert (stub.sealed, stub.text) == (True, "")
    assert stub.struck.author.startswith(mover.name)
    (moved,) = queries.latest(karin, bertil)
    assert moved.text == SECRET
    assert moved.note.pk == correction.replacement_id
    assert (moved.note.event_at, moved.note.cites_at) == (note.event_at, note.authored_at)
    assert moved.note.cites_author == "Karin Ekdal, Biståndshandläggare, Biståndsenheten"
    assert moved.note.author_name == mover.name
    assert queries.verify_chain(astrid.pk).whole
    assert queries.verify_chain(bertil.pk).whole


def test_a_moved_text_is_found_neither_by_search_nor_in_the_rows_that_are_fetched(
    karin, maria, astrid, astrids_file, bertil, note, now, statements: Callable
):
    actions.move_note(note.pk, bertil, "Skrevs i fel akt", by=maria, now=now)
    assert queries.search(karin, astrids_file, "sin son") == []
    with statements() as sent:
        (stub,) = queries.notes_of(karin, astrids_file).rows
    assert "text" not in stub.note.__dict__
    assert len(sent) == 1


def test_both_trails_of_a_move_are_logged(karin, maria, astrid, bertil, note, now):
    actions.move_note(note.pk, bertil, "Skrevs i fel akt", by=maria, now=now)
    moves = AuditEvent.objects.filter(verb="journal.move")
    assert {event.person_id for event in moves} == {astrid.pk, bertil.pk}
    assert SECRET not in str([event.detail for event in moves])


def test_a_struck_note_on_the_wrong_person_can_still_be_moved_but_only_once(karin, maria, bertil, note, now):
    actions.correct(note.pk, "struck_wrong_text", "Fel", by=karin, now=now)
    actions.move_note(note.pk, bertil, "Fel person dessutom", by=maria, now=now)
    with pytest.raises(faults.AlreadyStruck):
        actions.move_note(note.pk, bertil, "Igen", by=maria, now=now)


def test_a_note_is_not_moved_to_the_person_it_stands_on(maria, karin, astrid, note, now):
    with pytest.raises(faults.SamePerson):
        actions.move_note(note.pk, astrid, "Fel person", by=maria, now=now)


def test_a_manager_of_another_unit_moves_nothing(note, erik, bertil, now):
    with pytest.raises(Refused):
        actions.move_note(note.pk, bertil, "Fel person", by=erik, now=now)


def test_a_sealed_text_opens_to_the_manager_with_a_reason_and_is_marked_for_review(
    karin, maria, bertil, note, now
):
    actions.move_note(note.pk, bertil, "Fel akt", by=maria, now=now)
    with pytest.raises(Refused):
        actions.unseal(note.pk, "Nyfiken", by=karin, now=now)
    with pytest.raises(faults.NoReason):
        actions.unseal(note.pk, "", by=maria, now=now)
    assert actions.unseal(note.pk, "Begäran om utlämnande", by=maria, now=now).text == SECRET
    event = AuditEvent.objects.get(verb="journal.unseal")
    assert (event.review, event.reason) == ("sealed", "Begäran om utlämnande")


def test_only_what_is_sealed_is_unsealed(maria, karin, note, now):
    with pytest.raises(faults.NotSealed):
        actions.unseal(note.pk, "Nyfiken", by=maria, now=now)


def test_a_corrected_or_moved_nursing_note_stays_in_the_health_book(lena, nursing_file, bertil, write, now):
    note = write(lena, nursing_file, "Sår omlagt.")
    correction = actions.move_note(note.pk, bertil, "Fel patient", by=lena, now=now)
    assert (correction.replacement.compartment, correction.replacement.law) == (3, "HSL")


def test_the_persons_own_view_stands_with_the_note_and_changes_nothing(karin, astrid, note, now):
    actions.add_dissent(note.pk, "Jag har aldrig sagt så.", "Astrid Lindqvist", by=karin, now=now)
    (row,) = queries.latest(karin, astrid)
    assert (row.text, row.dissents[0].text) == (SECRET, "Jag har aldrig sagt så.")
    assert row.dissents[0].said_by == "Astrid Lindqvist"
    with pytest.raises(faults.Empty):
        actions.add_dissent(note.pk, " ", "Astrid", by=karin, now=now)


def test_a_nurse_signs_her_own_note_once(lena, nursing_file, write, now):
    note = write(lena, nursing_file, "Sår omlagt.")
    signed = actions.sign_note(note.pk, by=lena, now=now)
    note.refresh_from_db()
    assert (note.signed_at, note.signed_by) == (now, lena.user_id)
    assert signed.signed_name.startswith("Lena Falk")
    with pytest.raises(faults.AlreadySigned):
        actions.sign_note(note.pk, by=lena, now=now)


def test_a_social_note_is_not_signed(karin, note, now):
    with pytest.raises(Refused):
        actions.sign_note(note.pk, by=karin, now=now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"kind": "wrong_date"},
        {"kind": "wrong_law"},
        {"kind": "wrong_person"},
        {"kind": "supplement"},
        {"sealed": True},
        {"corrected_law": "LSS"},
    ],
)
def test_impossible_corrections_are_refused_by_the_database(karin, note, now, wrong):
    values = {
        "municipality_id": note.municipality_id, "note": note, "person_id": note.person_id, "compartment": 1,
        "author_id": 0, "author_name": "X", "authored_at": now, "kind": "struck_wrong_text", "reason": "Fel",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(**values | wrong, id=uuid7())
