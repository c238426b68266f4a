"""The WAL does not grow without end: neither by signs of life, which touch many pages, nor by kills in quick succession."""

import asyncio
from pathlib import Path

import pytest

from livlina.alarmd import writer
from livlina.alarmd.record import Record
from livlina.alarmd.spool import Spool


async def lived(path: Path, rounds: int) -> int:
    """Let two thousand units be heard, time after time; bytes of WAL at the most."""
    spool, most = Spool(path, "a"), 0
    for now in range(rounds):
        spool.put_seen({str(unit): float(now) for unit in range(2000)})
        await spool.keep(Record("", "test", 1.0))
        most = max(most, Path(f"{path}-wal").stat().st_size)
    spool.close()
    return most


def test_signs_of_life_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WAL", 1 << 18)
    assert asyncio.run(lived(tmp_path / "log.db", 40)) < 1 << 20
    monkeypatch.setattr(writer, "WAL", 1 << 40)
    assert asyncio.run(lived(tmp_path / "other.db", 40)) > 1 << 20, "as it was: only rows were counted"
