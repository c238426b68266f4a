"""The demo's street of locks: what the file says, and that a lock goes on where its log in the database ends."""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from livlina.cli import children
from livlina.cli.demo_field import Field, _flash, plan
from livlina.cli.simulate.doors import from_file
from livlina.provider.doors.protocol.log import FIRST, Entry, Log
from livlina.provider.doors.protocol.phone import Key
from livlina.provider.doors.street import CONFIG, FLASH, written

NUMBER = 4_711_001


def test_a_simulated_lock_goes_on_where_its_log_in_the_database_ends(tmp_path: Path) -> None:
    log = Log()
    kept = [log.append(Entry(NUMBER, 0, FIRST, at, "opened")).raw for at in (1_775_000_000, 1_775_000_100)]
    (tmp_path / FLASH).mkdir()
    (tmp_path / FLASH / str(NUMBER)).write_bytes(_flash(NUMBER, kept))
    row = (NUMBER, "Norra", 3, "Astrid Lindqvist, ytterdörren")
    (tmp_path / CONFIG).write_text(written("asvalla", Key.known(7).public.hex(), [row]), encoding="utf-8")
    said: list[str] = []
    door = from_file(tmp_path / CONFIG, tmp_path / FLASH, 0, said.append).find(NUMBER)
    assert door is not None
    memory = door.lock.memory
    assert (memory.epoch, memory.area, door.label) == (3, "Norra", "Astrid Lindqvist, ytterdörren")
    after = memory.log.append(Entry(NUMBER, 0, FIRST, 1_775_000_200, "opened"))
    assert (after.number, after.previous) == (3, Entry.parse(kept[1]).digest)
    assert memory.log.waiting(10) == [after]


def test_the_street_is_written_from_the_demos_own_database(
    tmp_path: Path, own_database: str, opened_door: Any, astrids_door: Any
) -> None:
    field = plan(tmp_path)
    field.write(make_conninfo(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=own_database))
    door = from_file(tmp_path / CONFIG, tmp_path / FLASH, 0, lambda words: None).find(astrids_door.number)
    assert door is not None
    assert door.label == "Astrid Lindqvist, ytterdörren"
    assert door.lock.memory.issuers == opened_door.real.memory.issuers
    assert door.lock.memory.log.head == opened_door.real.memory.log.head


def test_the_street_is_started_when_there_are_locks_and_the_phones_server_is_on_again(tmp_path: Path) -> None:
    (tmp_path / "field-down").touch()
    field = plan(tmp_path, reset=True)
    assert not (tmp_path / "field-down").exists()
    assert field.environment["LIVLINA_LOCK_BRIDGE"] == f"http://127.0.0.1:{field.port}"
    family = children.Family(tmp_path, {})
    field.add(family, "http://127.0.0.1:8000")
    assert not family.children
    Field(tmp_path, field.port, locks=2).add(family, "http://127.0.0.1:8000")
    assert [child.name for child in family.children] == ["locks"]
