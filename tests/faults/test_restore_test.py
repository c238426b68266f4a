"""The reserve is proved: what comes back is counted, verified, signed in to and read. What is wrong is found and said."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from livlina.cli.backups.follow import Follower
from livlina.cli.backups.prove import Result, prove
from livlina.cli.backups.source import Source
from livlina.cli.backups.store import Store, new_key
from livlina.config.settings import database as settings_of
from livlina.core import clock, tenancy
from livlina.core.access import system
from livlina.core.databases import APP, OWNER, SUPER, Server, ensure_database, ensure_roles
from livlina.core.ids import test_number as number_for_tests
from livlina.core.models import Municipality
from livlina.core.postgres import Cluster
from livlina.registers.journal import actions as journal
from livlina.registers.people import actions as people
from tests import database
from tests.faults.helpers import until
from tests.people import ALL, staff

DATABASE = "livlina"
pytestmark = pytest.mark.skipif(not shutil.which("age"), reason="age, which encrypts backups, is missing")


@dataclass
class Town:
    """A municipality on a database of its own, which is followed into a store."""

    folder: Path
    server: Server
    store: Store
    follower: Follower

    def sent(self) -> None:
        """Take a note of the counts, and send until the newest of the log lies in the store."""
        self.follower.done.clear()
        with self.follower.source.connect() as beside:
            row = beside.execute("SELECT pg_walfile_name(pg_logical_emit_message(true, '', ''))").fetchone()
            beside.execute("SELECT pg_switch_wal()")  # so that the piece is whole, and not only begun
        assert row

        def there() -> bool:
            self.follower.step(datetime.now(UTC))
            return row[0] in self.store.segments() and ".partial" not in self.store.segments()[row[0]].name

        until(there, "the newest piece of the log lies in the store")

    def tried(self, store: Store | None = None, *, visit: bool = True) -> Result:
        """The restore test."""
        area = self.folder / "scratch"
        return prove(store or self.store, area, environment={}, durable=False, visit=visit)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """Astrid has a journal with two notes; a base copy is taken, and the log since."""
    folder = Path(mkdtemp(prefix="lv-"))
    folder.chmod(0o711)  # as root, the database's own account must be able to pass through
    cluster = Cluster(folder / "postgres", durable=False, say=lambda _: None)
    before = dict(connection.settings_dict)
    try:
        server = cluster.start()
        ensure_roles(server)
        ensure_database(server, DATABASE)
        with django_db_blocker.unblock():
            database.plant(server, DATABASE)
            connection.close()
            connection.settings_dict.update(settings_of(server.url(APP, DATABASE)))
            live_in()
            connection.close()
        key = folder / "key.txt"
        store = Store(folder / "backups", new_key(key), key)
        source = Source(server.dsn(SUPER, DATABASE), OWNER, APP, cluster.binaries)
        town = Town(folder, server, store, Follower(source, store, folder / "spool", folder / "state"))
        town.follower.step(datetime.now(UTC))
        until(lambda: store.bases() and not town.follower._base_runs(), "a base copy")
        town.sent()
        town.sent()  # so that a piece lies after the base copy and before the newest: the one that is lost
        yield town
        town.follower.stop()
    finally:
        connection.settings_dict.update(before)
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def live_in() -> None:
    """Karin opens a file for Astrid and writes two notes."""
    asvalla, now = Municipality.objects.get(slug="asvalla"), clock.now()
    by = system(asvalla.pk, ALL)
    with tenancy.acting(asvalla.pk, ALL):
        karin = staff(asvalla, "Karin Ekdal", "case_worker", "Biståndsenheten")
        number = number_for_tests(date(1938, 4, 12), "female", 0)
        astrid = people.register_person(
            given_names="Astrid", family_name="Lindqvist", number=number, by=by, now=now
        )
        assert karin.unit_id
        people.grant_reach(astrid, karin.unit_id, source="test:faults", reason="test", by=by, now=now)
        file = journal.open_file(astrid, by=karin, now=now - timedelta(days=60))
        for text in ("Astrid ringde om duschen.", "Anna tackade för hjälpen."):
            content = journal.Content(text=text, event_at=now - timedelta(hours=1), kind="phone")
            journal.write_note(file.pk, content, client_id=uuid4(), by=karin, now=now)


def test_the_reserve_starts_and_somebody_signs_in_and_reads_and_what_is_wrong_is_found(town: Town) -> None:
    found = town.tried()
    assert found.why == []
    assert found.outcome == "works"
    assert found.signed_in_at is not None
    assert (found.chains_verified, found.chains_broken) == (1, 0)
    assert found.counts["journal_note"] == [2, 2]
    assert found.newest_age is not None
    assert found.newest_age < 120
    assert "startades, loggades in i och lästes" in found.words
    assert json.loads(json.dumps(found.record()))["outcome"] == "works"
    assert not (town.folder / "scratch").exists()
    what_cannot_be_brought_back_is_said_in_words(town)
    a_lost_row_and_a_note_rewritten_past_every_lock_are_found(town)


def what_cannot_be_brought_back_is_said_in_words(town: Town) -> None:
    """Three controls, each on a copy of the store."""
    spoilt: tuple[tuple[Callable[[Store], Any], str], ...] = (
        (lambda store: shutil.rmtree(store.folder / "base"), "ingen kopia"),
        (lambda store: next(store.folder.rglob("base.tar.gz.age")).write_bytes(b"x"), "skadad"),
        (_lose, "En bit av loggen saknas"),
    )
    for place, (spoil, words) in enumerate(spoilt):
        copy = town.folder / f"copy{place}"
        shutil.copytree(town.store.folder, copy)
        store = Store(copy, town.store.recipient, town.store.identity)
        spoil(store)
        found = town.tried(store)
        assert found.outcome == "fails", words
        assert words in found.words


def a_lost_row_and_a_note_rewritten_past_every_lock_are_found(town: Town) -> None:
    """The control, last of all in the town: it leaves the copies spoilt."""
    with town.follower.source.connect() as intruder:
        intruder.execute("SET session_replication_role = replica")  # past every trigger
        intruder.execute("UPDATE journal_note SET text = 'Astrid ringde inte.' WHERE text LIKE 'Astrid%'")
    town.sent()
    for path in sorted((town.store.folder / "notes").glob("*.json")):
        note = json.loads(path.read_text())
        note["counts"]["core_auditevent"] += 1  # as if a row had been lost since
        path.write_text(json.dumps(note))
    found = town.tried(visit=False)
    assert found.outcome == "fails"
    assert found.chains_broken == 1
    assert "Journalens kedja håller inte för en person" in found.words
    assert "Det saknas rader i en tabell" in found.words


def _lose(store: Store) -> None:
    store.log_after(store.newest())[sorted(store.log_after(store.newest()))[-2]].unlink()
