"""The log: synced before it is told, never changed, and whole again by itself when the disk is."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import spool as spool_module
from livlina.alarmd import writer as writer_module
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.spool import CannotStore, Row, Spool
from livlina.alarmd.tests.receiving import until

PRESS = Record("", "alarm", 0.0, unit="4711", facts={"dty": 3, "crd": ["gsm:"]})


@contextmanager
def opened(path: Path, **more: Any) -> Iterator[Spool]:
    spool = Spool(path, "a", **more)
    try:
        yield spool
    finally:
        spool.close()


def told(path: Path, tale: Callable[[Spool], Awaitable[Any]], **more: Any) -> Any:
    """Run what happens to a log, from its opening to its closing."""

    async def whole() -> Any:
        with opened(path, **more) as spool:
            return await tale(spool)

    return asyncio.run(whole())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While another holds the database no write comes through."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def fill(spool: Spool) -> list[Record]:
    """Store until it is refused; returns what was stored."""
    kept: list[Record] = []
    with contextlib.suppress(CannotStore):
        while len(kept) < 1000:
            kept.append(await spool.keep(PRESS, b"x" * 4000))
    return kept


def test_an_alarm_is_still_there_after_a_restart_with_what_came_off_the_wire(tmp_path: Path) -> None:
    first = told(tmp_path / "log.db", lambda spool: spool.keep(PRESS, b"MESSAGE \xff", "udp 1.2.3.4:5060"))

    with opened(tmp_path / "log.db") as spool:
        assert spool.since(0) == [first]
        assert spool.find(first.id) == Row(first, b"MESSAGE \xff", "udp 1.2.3.4:5060")
        assert (first.number, spool.last(), [one.alarm for one in spool.open_alarms()]) == (1, 1, [first])


def test_what_is_not_synced_is_shown_to_nobody(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        with locked(spool.path):
            waiting = asyncio.ensure_future(spool.keep(PRESS))
            await asyncio.sleep(0)  # it asks
            await until(lambda: spool.writer.jobs.empty())
            assert (spool.since(0), spool.last(), spool.open_alarms(), waiting.done()) == ([], 0, [], False)
        kept = await waiting
        assert spool.since(0) == [kept]

    told(tmp_path / "log.db", tale)


def test_the_same_event_twice_is_one_record(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        one = Record("7d1c", "alarm", 5.0, unit="4711")
        twice = await asyncio.gather(spool.put(Row(one)), spool.put(Row(one)), spool.put(Row(PRESS)))
        again, new = await spool.put(Row(one))
        assert [record.number for record in spool.since(0)] == [1, 2]
        assert sorted(is_new for _, is_new in twice) == [False, True, True]
        assert (again.record, new) == (spool.since(0)[0], False)

    told(tmp_path / "log.db", tale)


def test_many_at_once_share_one_sync_and_come_in_order(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        with locked(spool.path):
            waiting = [asyncio.ensure_future(spool.keep(PRESS)) for _ in range(300)]
            await asyncio.sleep(0)  # all ask
        numbers = [(await one).number for one in waiting]
        assert numbers == list(range(1, 301))
        assert len(spool.sync_seconds) <= 3
        assert [record.number for record in spool.since(150, 3)] == [151, 152, 153]

    told(tmp_path / "log.db", tale)


def test_nothing_in_the_log_can_be_changed_or_removed_before_all_have_confirmed(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        await spool.keep(PRESS)
        spool.put_cursor("main", 1)
        await spool.probe()
        with closing(sqlite3.connect(spool.path)) as db:
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                db.execute("UPDATE log SET body = ''")
            with pytest.raises(sqlite3.IntegrityError, match="has not confirmed"):
                db.execute("DELETE FROM log")

    told(tmp_path / "log.db", tale, followers=("main", "peer"))


def test_only_old_confirmed_records_of_closed_alarms_are_pruned(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        drafts = [
            Record("old", "fault", 10.0),
            Record("open", "alarm", 10.0, unit="4711"),
            Record("press", "alarm", 10.0, unit="4711", of="open"),
            Record("young", "fault", 100.0),
            Record("unconfirmed", "fault", 10.0),
            Record("newest", "fault", 10.0),
        ]
        for draft in drafts:
            await spool.keep(draft)
        spool.put_cursor("main", 4)
        spool.prune(before=50.0)
        await spool.probe()
        with closing(sqlite3.connect(spool.path)) as db:
            left = [row[0] for row in db.execute("SELECT id FROM log ORDER BY number")]
        assert left == ["open", "press", "young", "unconfirmed", "newest"]

    told(tmp_path / "log.db", tale)


def test_presses_and_deeds_gather_at_the_open_alarm_until_it_is_closed(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        alarm = await spool.keep(PRESS)
        press = await spool.keep(Record("", "alarm", 0.0, unit="4711", of=alarm.id))
        spool.put_news([{"number": 7, "id": alarm.id, "state": "shown", "by": "Ali", "at": 5.0}])
        facts = {"did": "accepted", "alarm": alarm.id, "by": "Petra"}
        await spool.keep(Record("", "deed", 6.0, facts=facts))
        (found,) = spool.open_alarms()
        assert (found.alarm, found.presses) == (alarm, (press,))
        assert [(deed.state, deed.by, deed.here) for deed in found.deeds] == [
            ("shown", "Ali", False),
            ("accepted", "Petra", True),
        ]
        assert spool.open_of("4711") == spool.open_alarm(alarm.id) == found

    told(tmp_path / "log.db", tale)

    async def later(spool: Spool) -> None:
        (found,) = spool.open_alarms()
        assert ({deed.state for deed in found.deeds}, len(found.presses)) == ({"shown", "accepted"}, 1)
        await spool.keep(Record("", "deed", 9.0, facts={"did": "closed", "alarm": found.alarm.id}))
        assert (spool.open_alarms(), spool.open_of("4711")) == ([], None)

    told(tmp_path / "log.db", later)
    with opened(tmp_path / "log.db") as spool:
        assert (spool.open_alarms(), spool.news_number()) == ([], 7)


def test_an_alarm_closed_in_the_main_system_is_not_opened_by_a_copy_that_comes_late(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        spool.put_news([{"number": 1, "id": "abc", "state": "closed", "by": "", "at": 1.0}])
        await spool.put(Row(Record("abc", "alarm", 1.0, unit="4711"), origin="b"))
        assert spool.open_alarms() == []

    told(tmp_path / "log.db", tale)
    with opened(tmp_path / "log.db") as spool:
        assert spool.open_alarms() == []


def test_small_tables_are_there_at_once_and_after_a_restart(tmp_path: Path) -> None:
    unit = Unit("4711", interval=60, contacts=("Anna, dotter, 070-1740605",), pendants=("01",))

    async def tale(spool: Spool) -> None:
        spool.put_units("v7", [unit])
        spool.put_seen({"4711": 12.5})
        spool.put_setting("codes", [{"name": "Petra"}])
        spool.put_cursor("main", 3)
        alarm = await spool.keep(PRESS)
        spool.mark_solo(alarm.number)
        assert spool.since(0)[0].solo

    told(tmp_path / "log.db", tale)
    with opened(tmp_path / "log.db") as spool:
        assert (spool.units(), spool.units_version, spool.seen()) == ({"4711": unit}, "v7", {"4711": 12.5})
        assert (spool.setting("codes"), spool.setting("none")) == ([{"name": "Petra"}], None)
        assert (spool.cursor("main"), spool.since(0)[0].solo) == (3, True)


def test_a_small_write_that_is_wrong_keeps_no_alarm_from_being_stored(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        spool.writer.jobs.put(("wrong", lambda db: db.execute("INSERT INTO cursors VALUES (NULL, NULL)")))
        assert (await spool.keep(PRESS)).number == 1

    told(tmp_path / "log.db", tale)


def test_a_full_log_refuses_and_takes_again_when_there_is_room_without_a_restart(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> list[Record]:
        raw = b"x" * 4000
        kept = await fill(spool)
        assert "full" in spool.fault
        assert [record.id for record in spool.since(0, 500)] == [record.id for record in kept]
        with pytest.raises(CannotStore):
            await spool.keep(PRESS, raw)
        spool.writer.quota *= 2
        kept.append(await spool.keep(PRESS, raw))
        assert spool.fault == ""
        assert kept[-1].number == len(kept)
        return kept

    kept = told(tmp_path / "log.db", tale, quota=1 << 20)
    with opened(tmp_path / "log.db") as spool:
        assert {record.id for record in kept} <= {record.id for record in spool.since(0, 500)}


def test_relief_is_asked_before_anything_is_refused(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        asked: list[int] = []

        def relief() -> int:
            asked.append(spool.last())
            return 1 << 20 if len(asked) == 1 else 0

        spool.writer.relief = relief
        kept = await fill(spool)
        assert len(asked) == 2
        assert len(kept) > asked[0] + 200

    told(tmp_path / "log.db", tale, quota=1 << 20)


def test_what_could_not_be_stored_is_still_an_open_alarm_and_becomes_one_record(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        draft = Record("abc", "alarm", 1.0, unit="4711")
        spool.hold(Row(draft, b"raw"))
        assert [one.alarm for one in spool.open_alarms()] == [draft]
        spool.hold(Row(Record("deed", "deed", 2.0, facts={"did": "accepted", "alarm": "abc", "by": "Petra"})))
        for row in spool.held():
            await spool.put(row)
        (found,) = spool.open_alarms()
        assert (found.alarm.number, [deed.state for deed in found.deeds], spool.held()) == (
            1,
            ["accepted"],
            [],
        )

    told(tmp_path / "log.db", tale)


def test_a_log_that_cannot_be_opened_refuses_and_recovers_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.write_text("a file where the folder should be")

    async def tale(spool: Spool) -> None:
        assert spool.fault
        with pytest.raises(CannotStore):
            await spool.keep(PRESS)
        assert (spool.since(0), spool.find_or_none("x") if hasattr(spool, "find_or_none") else None) == (
            [],
            None,
        )
        folder.unlink()
        assert (await spool.keep(PRESS)).number == 1
        assert spool.fault == ""

    told(folder / "log.db", tale)


def test_a_damaged_log_is_set_aside_and_numbers_go_on_above_those_in_it(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(b"this was a database once" * 400)

    kept = told(path, lambda spool: spool.keep(PRESS))

    assert list(tmp_path.glob("log.db.damaged-*"))
    assert kept.number > 1_700_000_000
    with opened(path) as spool:
        assert spool.since(0) == [kept]


def test_numbers_continue_above_what_a_follower_already_knows(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        spool.continue_after(4711)
        assert (await spool.keep(PRESS)).number == 4712
        assert [record.number for record in spool.since(0)] == [4712]

    told(tmp_path / "log.db", tale)


def test_the_wal_is_moved_to_the_database_now_and_then_while_alarms_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "CHECKPOINT", 5)

    async def tale(spool: Spool) -> None:
        for _ in range(40):
            await spool.keep(PRESS, b"x" * 4000)
        assert spool.path.stat().st_size > 30 * 4000
        assert (
            Path(f"{spool.path}-wal").stat().st_size < 100 * 4000
        )  # 200 pages and more, were it never moved

    told(tmp_path / "log.db", tale)


def test_memory_is_bounded_and_the_log_still_has_it_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "TAIL", 5)
    monkeypatch.setattr(spool_module, "OPEN", 3)

    async def tale(spool: Spool) -> None:
        kept = [await spool.keep(PRESS) for _ in range(20)]
        assert spool.since(0, 100) == kept
        assert [one.alarm for one in spool.open_alarms()] == kept[-3:]

    told(tmp_path / "log.db", tale)


def test_a_log_that_cannot_be_read_just_now_says_so_and_is_read_again(tmp_path: Path) -> None:
    async def tale(spool: Spool) -> None:
        kept = await spool.keep(PRESS)
        assert spool.find(kept.id)
        assert spool._reader
        spool._reader.close()
        with pytest.raises(CannotStore, match="cannot be read"):
            spool.find(kept.id)
        assert spool.find(kept.id)

    told(tmp_path / "log.db", tale)


def test_what_is_held_twice_is_held_once_and_not_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "OPEN", 2)

    async def tale(spool: Spool) -> None:
        for name in ("first", "first", "second", "third"):
            spool.hold(Row(Record(name, "alarm", 1.0, unit="4711")))
        assert [row.record.id for row in spool.held()] == ["first", "second"]

    told(tmp_path / "log.db", tale)


def test_an_alarm_that_was_alone_long_ago_is_marked_though_it_is_no_longer_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "TAIL", 2)

    async def tale(spool: Spool) -> None:
        kept = [await spool.keep(PRESS) for _ in range(10)]
        spool.mark_solo(kept[0].number)
        await until(lambda: spool.since(0)[0].solo)
        assert [record.solo for record in spool.since(0)].count(True) == 1

    told(tmp_path / "log.db", tale)


def test_without_a_disk_nothing_can_be_read_and_it_ends_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("in the way")

    async def tale(spool: Spool) -> None:
        assert "folder" in spool.fault
        with pytest.raises(CannotStore, match="cannot be read"):
            spool.find("abc")

    told(tmp_path / "folder" / "log.db", tale)


def test_more_than_one_transaction_takes_waits_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "BATCH", 3)

    async def tale(spool: Spool) -> None:
        with locked(spool.path):
            waiting = [asyncio.ensure_future(spool.keep(PRESS))]
            for _ in range(5):  # each turn hands over a list of its own
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                waiting.append(asyncio.ensure_future(spool.keep(PRESS)))
            await asyncio.sleep(0)
        kept = await asyncio.gather(*waiting)
        assert [record.number for record in kept] == [1, 2, 3, 4, 5, 6]
        assert len(spool.sync_seconds) >= 2

    told(tmp_path / "log.db", tale)
