"""What was written comes back: to the moment one asks for, or not at all and with the reason in words."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace

import psycopg
import pytest

from livlina.cli.backup import refuse_same_storage, store_of_settings
from livlina.cli.backups.bring import Restored, bring
from livlina.cli.backups.follow import Follower
from livlina.cli.backups.source import Source, end
from livlina.cli.backups.store import KEEP, Base, Store, new_key, segment_of
from livlina.cli.surroundings import Problem
from livlina.core.databases import APP, OWNER, SUPER, ensure_database, ensure_roles
from livlina.core.postgres import Cluster, PostgresError
from livlina.status import parts
from tests.faults.helpers import until

pytestmark = pytest.mark.skipif(
    not shutil.which("age"), reason="age, which encrypts backups, is not installed"
)


def say(text: str) -> None:
    """Tests are quiet."""


class House:
    """A small PostgreSQL with a table of diary lines, followed into a store."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)
        self.folder = folder
        self.cluster = Cluster(folder / "postgres", durable=False, say=say)
        server = self.cluster.start()
        ensure_roles(server)
        ensure_database(server, "livlina")
        key = folder / "key.txt"
        self.store = Store(folder / "backups", new_key(key), key)
        self.source = Source(server.dsn(SUPER, "livlina"), OWNER, APP, self.cluster.binaries)
        self.follower = Follower(self.source, self.store, folder / "spool", folder / "state")
        with self.source.connect() as connection:
            connection.execute("CREATE TABLE diary (line text, at timestamptz DEFAULT clock_timestamp())")
            connection.execute("GRANT SELECT ON diary TO livlina_owner")

    def write(self, line: str) -> datetime:
        """Write a line, and return when it was written."""
        with self.source.connect() as connection:
            row = connection.execute("INSERT INTO diary VALUES (%s) RETURNING at", [line]).fetchone()
            connection.execute("SELECT pg_switch_wal()")
        assert row
        return row[0]

    def sent(self) -> None:
        """Send until the newest that was written lies in the store."""
        with self.source.connect() as beside:
            row = beside.execute("SELECT pg_walfile_name(pg_logical_emit_message(true, '', ''))").fetchone()
            beside.execute("SELECT pg_switch_wal()")  # so that the piece is whole, and not only begun
        assert row

        def there() -> bool:
            self.follower.step(datetime.now(UTC))
            return row[0] in self.store.segments() and ".partial" not in self.store.segments()[row[0]].name

        until(there, "the newest piece of the log lies in the store")


def lines(store: Store, area: Path, moment: datetime | None = None) -> tuple[list[str], Restored]:
    """Restore to the moment, and read the diary."""
    base = store.newest(moment)
    with (
        bring(store, area, base=base, until=moment, durable=False) as (server, found),
        server.connect() as connection,
    ):
        rows = connection.execute("SELECT line FROM diary ORDER BY at").fetchall()
    return [line for (line,) in rows], found


@pytest.fixture(scope="module")
def house() -> Iterator[SimpleNamespace]:
    """A house that the tests of the module share: what they do to it, the others must be able to bear."""
    with lived_in() as house:
        yield house


@pytest.fixture
def other_house() -> Iterator[SimpleNamespace]:
    """A house to do with as one likes."""
    with lived_in() as house:
        yield house


@contextmanager
def lived_in() -> Iterator[SimpleNamespace]:
    """Three lines: before the base copy, after it, and one that should not have been written."""
    folder = Path(mkdtemp(prefix="lv-"))
    folder.chmod(0o711)  # as root, the server's own account must be able to pass through
    house = House(folder)
    try:
        house.write("före kopian")
        house.follower.step(datetime.now(UTC))
        until(lambda: not house.follower._base_runs() and house.store.bases(), "a base copy")
        good = house.write("efter kopian")
        house.write("borde inte ha skrivits")
        house.sent()
        yield SimpleNamespace(house=house, store=house.store, good=good, folder=folder)
    finally:
        house.follower.stop()
        house.cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_everything_that_was_sent_comes_back(house: SimpleNamespace, tmp_path: Path) -> None:
    found, restored = lines(house.store, house.folder / "all")
    assert found[:3] == ["före kopian", "efter kopian", "borde inte ha skrivits"]
    assert abs(restored.newest_at - house.good) < timedelta(minutes=1)


def test_one_comes_back_to_the_minute_before_what_should_not_have_been_done(house: SimpleNamespace) -> None:
    found, restored = lines(house.store, house.folder / "to", house.good + timedelta(milliseconds=1))
    assert found == ["före kopian", "efter kopian"]
    assert restored.newest_at <= house.good + timedelta(milliseconds=1)


def test_what_lies_in_the_store_can_be_read_by_nobody_without_the_key(house: SimpleNamespace) -> None:
    for file in (house.folder / "backups").rglob("*.age"):
        assert file.read_bytes().startswith(b"age-encryption.org/v1")
    other = house.folder / "other.txt"
    new_key(other)
    stranger = Store(house.store.folder, house.store.recipient, other)
    with pytest.raises(Problem, match="cannot be read"):
        lines(stranger, house.folder / "stranger")


@pytest.fixture
def copy(house: SimpleNamespace, tmp_path: Path) -> Store:
    """The same store, to be spoiled."""
    shutil.copytree(house.store.folder, tmp_path / "copy")
    return Store(tmp_path / "copy", house.store.recipient, house.store.identity)


def test_a_damaged_copy_is_found_before_anything_is_started(
    house: SimpleNamespace, copy: Store, tmp_path: Path
) -> None:
    file = next(copy.folder.rglob("base.tar.gz.age"))
    file.write_bytes(file.read_bytes()[:-40_000] + os.urandom(40_000))
    with pytest.raises(Problem, match="damaged"):
        lines(copy, tmp_path / "area")


def test_a_gap_in_the_log_is_never_taken_for_its_end(
    house: SimpleNamespace, copy: Store, tmp_path: Path
) -> None:
    names = sorted(copy.log_after(copy.newest()))
    copy.segments()[names[-2]].unlink()
    with pytest.raises(Problem, match="missing"):
        lines(copy, tmp_path / "area")


def test_a_moment_before_the_gap_can_still_be_reached_and_one_after_it_is_refused(
    house: SimpleNamespace, copy: Store, tmp_path: Path
) -> None:
    base = copy.newest(house.good)
    names = sorted(copy.log_after(base))
    later = house.house.write("efter luckan")
    for name in names[-1:]:
        copy.segments()[name].unlink()
    moment = house.good + timedelta(milliseconds=1)
    assert lines(copy, house.folder / "before-gap", moment)[0] == ["före kopian", "efter kopian"]
    with pytest.raises(PostgresError, match="before configured recovery target"):
        lines(copy, house.folder / "after-gap", later)


def _idle(owner: psycopg.Connection) -> bool:
    row = owner.execute("SELECT active FROM pg_replication_slots").fetchone()
    return row == (False,)


def _chain_anew(house: House, old: Base) -> bool:
    """Go on as the follower does, whatever it is told, until there is another base copy than the old."""
    house.follower.done.pop("base", None)
    with suppress(Problem):
        house.follower.step(datetime.now(UTC))
        house.write("under tiden")
    return house.store.newest().start != old.start and not house.follower._base_runs()


def test_when_postgresql_let_go_of_log_a_new_copy_begins_a_new_chain(other_house: SimpleNamespace) -> None:
    follower, now = other_house.house.follower, datetime.now(UTC)
    follower.step(now)
    end(follower.receiver)
    with other_house.house.source.connect() as owner:
        until(lambda: _idle(owner), "the slot is let go of")
        other_house.house.source.drop_slot()  # as PostgreSQL does itself with one that keeps too much
        for _ in range(4):
            owner.execute("SELECT pg_logical_emit_message(true, '', ''), pg_switch_wal()")
        owner.execute("CHECKPOINT")
        owner.execute("CHECKPOINT")
    old = other_house.store.newest()
    until(lambda: _chain_anew(other_house.house, old), "a new base copy")
    other_house.house.write("efter den nya kopian")
    other_house.house.sent()
    other_house.house.write("sist")
    other_house.house.sent()
    found, _ = lines(other_house.store, other_house.folder / "new-chain")
    assert found[-1] == "sist"


def test_the_status_page_hears_how_old_the_backups_are(house: SimpleNamespace) -> None:
    house.house.follower.tell(datetime.now(UTC))
    told = parts.read(house.folder / "state")["backups"]
    assert told.works
    assert "sekunder gammal" in told.words
    house.house.follower.tell(datetime.now(UTC) + timedelta(hours=27))
    late = parts.read(house.folder / "state")["backups"]
    assert not late.works
    assert "27 timmar gammal" in late.words


def test_old_copies_leave_but_never_the_last_two(copy: Store) -> None:
    base = copy.newest()
    for one in copy.bases()[:-1]:
        shutil.rmtree(copy.folder / "base" / one.label)
    for label in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z"):
        copy.describe(type(base)(**{**base.__dict__, "label": label, "ended": "2026-01-03T00:00:00+00:00"}))
    gone = copy.forget(datetime(2026, 1, 3, tzinfo=UTC) + KEEP + timedelta(days=1))
    assert gone == ["20260101T000000Z", "20260102T000000Z"]
    assert [one.label for one in copy.bases()] == ["20260103T000000Z", base.label]


def test_backups_on_the_data_s_own_storage_are_refused_and_so_is_a_key_among_them(
    house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIVLINA_TEST", raising=False)
    with pytest.raises(Problem, match="same storage"):
        refuse_same_storage(house.store, house.house.source)
    monkeypatch.setenv("LIVLINA_TEST", "1")
    refuse_same_storage(house.store, house.house.source)
    monkeypatch.setenv("LIVLINA_BACKUP_DIR", str(house.store.folder))
    monkeypatch.setenv("LIVLINA_BACKUP_IDENTITY", str(house.store.folder / "key.txt"))
    with pytest.raises(Problem, match="among the backups"):
        store_of_settings()


def test_a_place_in_the_log_names_its_piece() -> None:
    assert segment_of(2, "1/FF000028") == "0000000200000001000000FF"
