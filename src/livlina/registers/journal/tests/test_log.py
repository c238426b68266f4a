"""The log over the chains: every entry has one place, the tree only grows, destruction leaves every proof valid."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.core import tenancy
from livlina.registers.journal import actions, jobs
from livlina.registers.journal.log import keys, sequencer, store, verify
from livlina.registers.journal.models import (
    ChainHead,
    Correction,
    Dissent,
    Log,
    LogCheckpoint,
    LogGap,
    LogTile,
    Note,
)
from livlina.registers.journal.tests.test_chain import as_owner
from livlina.witness import merkle, notes

MINUTE = timedelta(minutes=1)


def log_of(asvalla) -> Log:
    log = store.current(asvalla.pk)
    assert log is not None
    return log


def proved(log: Log, row) -> bool:
    """Whether the row's place can be proved against the newest checkpoint, by what anybody can compute."""
    newest = LogCheckpoint.objects.filter(log=log).latest("size")
    checkpoint = notes.Checkpoint.read(notes.Note.read(newest.note).text)
    path = store.inclusion(log, row.log_index, checkpoint.size)
    return merkle.includes(
        row.log_index, checkpoint.size, merkle.leaf_hash(bytes(row.hash)), path, checkpoint.root
    )


@pytest.fixture
def written(karin, ali, astrids_file, home_care_file, write, now) -> list[Note]:
    """Fourteen entries in two books: notes, a correction with its new note, a dissent."""
    rows = [write(karin, astrids_file, f"Anteckning {number}") for number in range(8)]
    rows += [write(ali, home_care_file, f"Besök {number}") for number in range(3)]
    actions.correct(rows[0].pk, "struck_wrong_text", "Fel uppgift", new_text="Hon orkar.", by=karin, now=now)
    actions.add_dissent(rows[1].pk, "Så var det inte.", "Astrid", by=karin, now=now)
    return rows


def test_every_entry_of_every_kind_and_book_gets_a_place_of_its_own(written, asvalla, now):
    assert jobs.sequence(asvalla.pk, now) == 14
    places = [row.log_index for kind in (Note, Correction, Dissent) for row in kind.objects.all()]
    assert sorted(places) == list(range(14))
    assert jobs.sequence(asvalla.pk, now) == 0, "nobody gets two"
    report = verify.verify_log(log_of(asvalla), {}, now)
    assert (report.breaks, report.leaves, report.compared) == ([], 14, 14)


def test_each_entry_is_proved_under_a_checkpoint_signed_with_the_logs_own_key(written, asvalla, now):
    jobs.sequence(asvalla.pk, now)
    log = log_of(asvalla)
    note = notes.Note.read(LogCheckpoint.objects.get().note)
    assert note.signed_by(keys.signer(log, now).key) == 0
    assert notes.Checkpoint.read(note.text).origin == log.origin
    assert "asvalla/journal/1" in log.origin
    assert all(proved(log, row) for row in [*Note.objects.all(), *Correction.objects.all()])


def test_a_checkpoint_is_signed_after_ten_entries_or_a_minute_with_any(
    karin, asvalla, astrids_file, write, now
):
    def signed(at: datetime) -> list[int]:
        jobs.sequence(asvalla.pk, at)
        return list(LogCheckpoint.objects.order_by("size").values_list("size", flat=True))

    write(karin, astrids_file, "Ett")
    assert signed(now) == []
    assert signed(now + MINUTE) == [1]
    assert signed(now + 9 * MINUTE) == [1], "nothing new, nothing to sign"
    for number in range(10):
        write(karin, astrids_file, f"Två {number}")
    assert signed(now + 9 * MINUTE) == [1, 11]


def test_an_inclusion_proof_and_a_consistency_proof_are_one_question_each(written, asvalla, now, statements):
    sequencer.sequence(asvalla.pk, now, at_once=9)
    log = log_of(asvalla)
    before = store.root_at(log, 9)
    sequencer.sequence(asvalla.pk, now)
    for ask in (lambda: store.inclusion(log, 3, 14), lambda: store.consistency(log, 9, 14)):
        with statements() as sent:
            ask()
        assert len(sent) == 1
    assert merkle.extends(9, 14, before, store.root_at(log, 14), store.consistency(log, 9, 14))


def test_the_application_can_neither_shrink_nor_change_nor_forge_in_the_log(written, asvalla, now):
    jobs.sequence(asvalla.pk, now)
    tile = LogTile.objects.get(level=0)
    for wrong in (bytes(tile.hashes)[:-32], b"\x00" * len(tile.hashes), b""):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            LogTile.objects.filter(pk=tile.pk).update(hashes=wrong)
    for statement in (
        "DELETE FROM journal_logtile",
        "DELETE FROM journal_logcheckpoint",
        "DELETE FROM journal_log",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    gap = LogGap(municipality=asvalla, log=log_of(asvalla), gone=3, gone_hash=b"x", at=now, hash=b"y")
    with pytest.raises(DatabaseError, match="by destruction alone"), transaction.atomic():
        gap.save()


def test_two_sequencers_at_once_give_no_place_twice_and_none_is_passed_by(
    own_database, asvalla, written, now
):
    """While one has given places and not yet committed, another finds the lock taken."""
    got: list[int] = []

    def other() -> None:
        with tenancy.acting(asvalla.pk, (1, 2, 3)):
            got.append(jobs.sequence(asvalla.pk, now))
        connection.close()

    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        assert sequencer.sequence(asvalla.pk, now, at_once=5) == 5
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    other()
    assert got == [0, 9]
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        assert verify.verify_log(log_of(asvalla), {}, now).whole


def test_a_journal_older_than_its_log_is_gone_through_in_peace_but_nothing_is_passed_by(
    own_database, written, asvalla, now
):
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        later = now + timedelta(days=1)
        assert sequencer.sequence(asvalla.pk, later, at_once=5) == 5
        log = log_of(asvalla)
        assert verify.verify_log(log, {}, later).whole, "the rest is on its way"
        stands = verify.verify_log(log, {}, later + 11 * MINUTE)
        assert any("har inte fått någon plats" in found for found in stands.breaks), (
            "the sequencer stands still"
        )
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        for table in ("note", "correction"):
            cursor.execute(f"ALTER TABLE journal_{table} DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE journal_note SET authored_at = authored_at - interval '1 hour' WHERE log_index = 0"
        )
        cursor.execute("UPDATE journal_note SET log_index = NULL WHERE log_index = 0")
        passed = verify.verify_log(log, {}, later).breaks
        transaction.set_rollback(True)
    assert any("har inte fått någon plats" in found for found in passed)


TAMPERINGS = {
    "a row changed and hashed anew": ("UPDATE journal_note SET hash = sha256('x') WHERE log_index = 3",
                                      "Post 3 i loggen är ändrad"),
    "a row removed": ("DELETE FROM journal_note WHERE log_index = 3", "Post 3 i loggen saknas"),
    "two rows in one place": ("UPDATE journal_correction SET log_index = 3", "finns två gånger"),
    "a place beyond the end": ("UPDATE journal_note SET log_index = 900 WHERE log_index = 3", "säger sig stå i loggen"),
    "a place taken away": ("UPDATE journal_note SET log_index = NULL WHERE log_index = 3", "har inte fått någon plats"),
    "a leaf changed": ("UPDATE journal_logtile SET hashes = set_byte(hashes, 100, 7)", "kontrollpunkten"),
    "the end of the tree cut off": ("UPDATE journal_logtile SET hashes = substr(hashes, 1, 320)", "säger sig stå i loggen"),
    "half a hash": ("UPDATE journal_logtile SET hashes = substr(hashes, 1, 300)", "trasig"),
    "another's checkpoint": ("UPDATE journal_logcheckpoint SET note = replace(note, 'asvalla', 'sjohaga')",
                             "inte loggens egen"),
    "no checkpoint at all": ("DELETE FROM journal_logcheckpoint", "inte signerat"),
}  # fmt: skip


def test_whatever_the_owner_does_to_rows_tree_or_signatures_is_found(own_database, written, asvalla, now):
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        jobs.sequence(asvalla.pk, now)
    unseen = []
    with as_owner():
        for name, (sql, words) in TAMPERINGS.items():
            with transaction.atomic(), connection.cursor() as cursor:
                for table in ("note", "correction", "dissent", "logtile", "logcheckpoint"):
                    cursor.execute(f"ALTER TABLE journal_{table} DISABLE TRIGGER USER")
                cursor.execute(sql)
                breaks = verify.verify_log(log_of(asvalla), {}, now + 11 * MINUTE).breaks
                transaction.set_rollback(True)
            if not any(words in found for found in breaks):
                unseen.append((name, breaks))
        with tenancy.acting(asvalla.pk, (1, 2, 3)):
            assert verify.verify_log(log_of(asvalla), {}, now).whole, "the control: nothing of it was kept"
    assert unseen == []


def destroy(cursor) -> None:
    """What destruction by law does to the rows of a chain, with the right it has (records_destroy)."""
    cursor.execute("SELECT set_config('livlina.destroying', 'test', true)")
    for table in ("dissent", "correction", "note"):
        cursor.execute(f"DELETE FROM journal_{table} WHERE compartment = 1")
    cursor.execute("DELETE FROM journal_chainhead WHERE compartment = 1")
    cursor.execute("SELECT set_config('livlina.destroying', '', true)")


def test_destruction_by_law_leaves_every_proof_valid_also_after_a_restore_from_an_older_backup(
    own_database, written, asvalla, now
):
    """First restored (a witness outside remembers more, and a new log begins for a reason), then destroyed for good."""
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        sequencer.sequence(asvalla.pk, now, at_once=10)
        log, older = log_of(asvalla), store.root_at(log_of(asvalla), 10)
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        destroy(cursor)
        sequencer.sequence(asvalla.pk, now)
        size = store.size_of(log)
        seen, between = (
            notes.Checkpoint(log.origin, size, store.root_at(log, size)),
            store.consistency(log, 10, size),
        )
        transaction.set_rollback(True)  # the restore: everything is as it was when ten had their places
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        assert Note.objects.filter(compartment=1).exists(), (
            "the backup still has the text: it is destroyed again"
        )
        assert merkle.extends(10, seen.size, older, seen.root, between)
        (told,) = verify.verify_log(log, {"Sjöhaga": seen}, now).breaks
        assert f"Sjöhaga har sett {seen.size - 10} poster som inte finns kvar" in told
        log = sequencer.renew(asvalla.pk, "Återställd från säkerhetskopia", now)
        assert log.origin.endswith("/journal/2")
        assert jobs.sequence(asvalla.pk, now) == 14
        assert verify.verify_log(log, {}, now).whole
        kept = list(Note.objects.filter(compartment=1))
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        destroy(cursor)
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        assert not Note.objects.filter(compartment=1).exists()
        assert jobs.sequence(asvalla.pk, now + MINUTE) == 11, "what was destroyed is itself an entry"
        assert all(proved(log, row) for row in kept), "to whoever kept what was handed out"
        report = verify.verify_log(log, {}, now + MINUTE)
        assert (report.breaks, report.gaps, report.leaves) == ([], 11, 25)


def test_the_nightly_check_takes_a_part_of_the_old_and_all_of_the_new(written, asvalla, now):
    jobs.sequence(asvalla.pk, now)
    assert jobs.verify_log(asvalla.pk, now) == 0
    assert verify.verify_log(log_of(asvalla), {}, now, turn=(5, 28)).compared == 14
    assert ChainHead.objects.count() == 2
