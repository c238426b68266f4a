"""The disk fills: what is thrown overboard, what is told, and how all is as before without a restart."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd.guard import Ballast, Guard
from livlina.alarmd.record import Record
from livlina.alarmd.spool import CannotStore, Spool

MEGABYTE = 1 << 20
FAULT = Record("", "fault", 1.0, unit="4711")


class Told(list[str]):
    """What the guard puts in the log, by its code."""

    async def __call__(self, code: str, value: object) -> None:
        self.append(code)


def guarded(folder: Path, ballast: int = MEGABYTE, quota: int = MEGABYTE) -> tuple[Spool, Guard, Told]:
    told = Told()
    spool = Spool(folder / "log.db", "a", quota=quota)
    return spool, Guard(spool, Ballast(folder / "ballast", ballast), told, keep_days=1), told


def test_ballast_takes_real_room_and_gives_it_back_at_once(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", MEGABYTE)
    assert (ballast.held, ballast.fill(), ballast.held) == (False, True, True)
    assert ballast.path.stat().st_blocks * 512 >= MEGABYTE
    assert (ballast.release(), ballast.held, ballast.release()) == (MEGABYTE, False, 0)


def test_ballast_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 1 << 60)
    assert (ballast.fill(), list(tmp_path.iterdir())) == (False, [])
    assert not Ballast(tmp_path / "none", 0).fill()


async def fill(spool: Spool) -> int:
    """Store until it is refused; returns how many were stored."""
    for count in range(2000):
        try:
            await spool.keep(FAULT, b"x" * 4000)
        except CannotStore:
            return count
    raise AssertionError("It was never full.")


def test_a_full_log_eats_the_ballast_tells_of_it_prunes_and_takes_it_aboard_again(tmp_path: Path) -> None:
    async def tale() -> None:
        spool, guard, told = guarded(tmp_path)
        await guard.look()
        assert (guard.ballast.held, told) == (True, [])
        stored = await fill(spool)
        assert stored > 300  # the quota holds some 200
        assert not guard.ballast.held
        await guard.look()
        assert told == ["ballast_released", "cannot_store"]
        spool.put_cursor("main", spool.last())
        for _ in range(3):
            await guard.look()
        assert (spool.fault, told[2:]) == ("", ["stores_again"])
        assert (await spool.keep(FAULT)).number == stored + 1
        spool.close()

    asyncio.run(tale())


def test_the_ballast_comes_aboard_again_when_there_is_room(tmp_path: Path) -> None:
    async def tale() -> None:
        spool, guard, told = guarded(tmp_path)
        await guard.look()
        guard.ballast.release()
        guard.ballast.size = 1 << 60
        await guard.look()
        guard.ballast.size = MEGABYTE
        await guard.look()
        assert (told, guard.ballast.held) == (["ballast_released", "ballast_restored"], True)
        spool.close()

    asyncio.run(tale())


def test_when_others_fill_the_disk_the_ballast_is_given_up_before_a_write_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tale() -> None:
        spool, guard, told = guarded(tmp_path)
        await guard.look()
        guard.low = 1 << 60
        await guard.look()
        assert told == ["ballast_released"]
        assert not guard.ballast.held
        spool.close()

    asyncio.run(tale())


def test_a_damaged_log_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"this was a database once" * 400)

    async def tale() -> None:
        spool, guard, told = guarded(tmp_path, ballast=0)
        await spool.keep(FAULT)
        await guard.look()
        await guard.look()
        assert told == ["log_damaged"]
        assert guard.room().share > 0
        spool.close()

    asyncio.run(tale())


def test_a_folder_that_is_gone_has_no_room(tmp_path: Path) -> None:
    spool, guard, _ = guarded(tmp_path / "site")
    spool.close()
    spool.path = tmp_path / "gone" / "log.db"
    room: Any = guard.room()
    assert (room.free, room.share, room.log) == (0, 0.0, 0)


def test_a_ballast_that_cannot_be_removed_gives_no_room(tmp_path: Path) -> None:
    (tmp_path / "ballast").mkdir()  # no file, so it cannot be unlinked
    ballast = Ballast(tmp_path / "ballast", 1)
    assert ballast.held
    assert ballast.release() == 0
