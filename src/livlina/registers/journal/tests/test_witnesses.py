"""Two real witnesses, each a process with a folder of its own, as they would stand in two other municipalities."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from livlina.core import outbox, tenancy
from livlina.registers.journal import jobs, queries
from livlina.registers.journal.log import keys, sequencer, store, witnesses
from livlina.registers.journal.models import LogCosignature, LogWitness
from livlina.registers.journal.tests.test_chain import as_owner
from livlina.status import parts
from livlina.witness.book import Book

MINUTE = timedelta(minutes=1)


@dataclass
class Outside:
    """One witness: its folder, its process, where it answers."""

    name: str
    book: Book
    process: subprocess.Popen[str]
    url: str

    def stop(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate()


def begin(folder: Path, name: str, port: int = 0) -> Outside:
    """Start a witness; the address is what it says itself."""
    book = Book(folder)
    book.begin(f"{name}.example/witness")
    words = ["-m", "livlina", "witness", "run", "--folder", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout
    said = process.stdout.readline()
    assert "listens on" in said, said + process.stdout.read()
    return Outside(name, book, process, said.split()[-1].rstrip("/"))


@pytest.fixture(scope="module")
def outside(tmp_path_factory) -> Iterator[list[Outside]]:
    """Sjöhaga's and Norrby's witnesses."""
    found = [begin(tmp_path_factory.mktemp(name), name) for name in ("sjohaga", "norrby")]
    yield found
    for one in found:
        one.stop()


@pytest.fixture
def told(outside, asvalla, settings, tmp_path, monkeypatch, now) -> list[tuple[str, str]]:
    """The installation knows both witnesses, and they know Åsvalla's log. What is announced."""
    settings.STATE_DIR = tmp_path
    settings.ORIGIN = (
        f"https://{tmp_path.name}.example"  # a log of this test's own: the witnesses remember the others'
    )
    settings.WITNESSES = [
        {"name": one.name, "url": one.url, "key": str(one.book.signer().key)} for one in outside
    ]
    with tenancy.acting(asvalla.pk, (1, 2, 3)):
        log = sequencer.begin(asvalla.pk, now)
        for one in outside:
            one.book.know(keys.signer(log, now).key)
    said: list[tuple[str, str]] = []

    def announce(name, obj, *, now) -> None:
        if name.startswith("journal.witness"):
            said.append((name, obj.refused_why))

    monkeypatch.setattr(outbox, "announce", announce)
    return said


@pytest.fixture
def fill(karin, asvalla, astrids_file, write):
    """Write notes, give them their places, and let the witnesses be told: `fill(10, at)` -> how many answered well."""

    def more(count: int, at) -> int:
        with tenancy.acting(asvalla.pk, (1, 2, 3)):
            for number in range(count):
                write(karin, astrids_file, f"Anteckning {number} {at}")
            jobs.sequence(asvalla.pk, at)
        return jobs.tell_witnesses(asvalla.pk, at)

    return more


def test_each_checkpoint_is_cosigned_by_both_and_the_page_can_tell(told, fill, asvalla, now):
    assert fill(10, now) == 2
    assert fill(10, now + MINUTE) == 2
    assert jobs.tell_witnesses(asvalla.pk, now + MINUTE) == 0, "nothing new to tell"
    state = queries.log_state(asvalla.pk, now + MINUTE)
    assert state is not None
    assert (state.size, state.signed, state.cosigned) == (20, 20, 20)
    assert [one.wrong for one in state.witnesses] == ["", ""]
    assert jobs.tell_witnesses(asvalla.pk, now + 12 * MINUTE) == 2, (
        "asked again, so that it is known to be the newest still"
    )
    assert LogCosignature.objects.count() == 6
    assert jobs.verify_log(asvalla.pk, now + 12 * MINUTE) == 0
    assert told == []


def test_a_witness_that_is_silent_is_told_once_after_half_an_hour_and_the_other_goes_on(
    told, fill, outside, asvalla, settings, tmp_path, now
):
    fill(10, now)
    settings.WITNESSES[1]["url"] = "http://127.0.0.1:9"  # nobody is there
    assert fill(10, now + MINUTE) == 1
    assert jobs.tell_witnesses(asvalla.pk, now + MINUTE) == 0, "it is left alone for a while"
    jobs.tell_witnesses(asvalla.pk, now + 20 * MINUTE)
    assert told == []
    for at in (40, 41):
        jobs.tell_witnesses(asvalla.pk, now + at * MINUTE)
    assert told == [("journal.witness_silent", "")]
    assert queries.witness_words(asvalla.pk, now + 41 * MINUTE) == "norrby: Vittnet svarar inte."
    assert not parts.read(tmp_path)["witness"].works
    settings.WITNESSES[1]["url"] = outside[1].url
    assert jobs.tell_witnesses(asvalla.pk, now + 42 * MINUTE) >= 1
    assert LogWitness.objects.get(witness__startswith="norrby").told_at is None
    assert parts.read(tmp_path)["witness"].works


def test_a_witness_whose_machine_lost_its_power_remembers(told, fill, outside, asvalla, settings, now):
    fill(10, now)
    port = int(outside[0].url.rpartition(":")[2])
    outside[0].stop()
    assert fill(10, now + MINUTE) == 1
    outside[0] = begin(outside[0].book.folder, outside[0].name, port)
    assert fill(10, now + 5 * MINUTE) == 2


def test_a_witness_that_hangs_holds_up_one_municipality_once_and_not_all_of_them(
    told, fill, asvalla, settings, monkeypatch, now
):
    """The jobs that let alarms go further wait behind this one."""
    monkeypatch.setattr(witnesses, "PATIENCE", 0.1)
    monkeypatch.setattr(witnesses, "SLOW", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        settings.WITNESSES[1]["url"] = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        assert fill(10, now) == 1
        began = time.monotonic()
        tasks = witnesses.due(asvalla.pk, now + MINUTE) * 50
        assert len(tasks) == 50
        assert {task.status for task in witnesses.send(tasks)} == {0}
        assert time.monotonic() - began < 1


def test_our_own_memory_of_a_witness_may_be_behind_and_is_mended(told, fill, asvalla, now):
    fill(10, now)
    LogWitness.objects.update(size=0)
    assert fill(10, now + MINUTE) == 0
    assert jobs.tell_witnesses(asvalla.pk, now + MINUTE) == 2
    assert told == []


def rewritten(cursor, statement: str) -> None:
    for table in ("note", "logtile", "logcheckpoint", "logcosignature", "logwitness"):
        cursor.execute(f"ALTER TABLE journal_{table} DISABLE TRIGGER USER")
    cursor.execute(statement)


CHANGES = {
    "shorter": "UPDATE journal_logtile SET hashes = substr(hashes, 1, 352); DELETE FROM journal_logwitness;"
    " DELETE FROM journal_logcosignature; DELETE FROM journal_logcheckpoint",
    "other_root": "UPDATE journal_logtile SET hashes = set_byte(hashes, 40, 7); DELETE FROM journal_logcosignature;"
    " DELETE FROM journal_logcheckpoint",
    "rewritten": "UPDATE journal_logtile SET hashes = set_byte(hashes, 40, 7) || decode(repeat('ab', 320), 'hex');"
    " DELETE FROM journal_logcosignature; DELETE FROM journal_logcheckpoint",
}


def test_whoever_has_the_database_and_the_key_and_rewrites_is_told_by_both_witnesses(
    own_database, told, fill, asvalla, now
):
    """The tree is changed, everything that was signed is removed, and the log signs anew with its own key."""
    assert fill(20, now) == 2
    with as_owner():
        for why, statement in CHANGES.items():
            told.clear()
            with transaction.atomic(), connection.cursor() as cursor:
                rewritten(cursor, statement)
                log = store.current(asvalla.pk)
                assert log is not None
                sequencer.sign(log, store.size_of(log), now + MINUTE)
                for minute in (1, 2, 3):
                    assert jobs.tell_witnesses(asvalla.pk, now + minute * MINUTE) == 0
                assert sorted(told) == [("journal.witness_refused", why)] * 2, "both, and once"
                words = queries.witness_words(asvalla.pk, now + 3 * MINUTE)
                assert words == f"sjohaga: {witnesses.REFUSALS[why]}"
                broken = jobs.verify_log(asvalla.pk, now + 3 * MINUTE)
                assert broken >= 2, "nor is it unseen at night, though all of it is signed"
                transaction.set_rollback(True)


def test_the_check_page_tells_what_others_have_seen(told, fill, karin, astrids_file, client_of, now):
    fill(10, now)
    settled = client_of(karin).get(f"/officer/journal/files/{astrids_file.pk}/check").content.decode()
    words = " ".join(settled.split())
    assert "Av personens 10 poster i kommunens logg har vittnen i andra kommuner sett 10." in words
    assert "Intygade 2026-03-02 09:00" in words
    assert "norrby" in words
    assert "Journalen är hel" in words
    LogWitness.objects.filter(witness__startswith="norrby").update(refused_why="rewritten", refused_at=now)
    refused = client_of(karin).get(f"/officer/journal/files/{astrids_file.pk}/check").content.decode()
    assert "Journalen är hel" not in refused
    assert "norrby: Loggen börjar inte längre med det som vittnet har sett" in refused
