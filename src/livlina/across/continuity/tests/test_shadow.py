"""How old the shadow says it is, and what was read there (the whole of it, killed for real: tests/faults/test_shadow.py)."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from livlina.across.continuity.shadow import age, seal
from livlina.cli.shadow import Watch
from livlina.core import audit, readings
from livlina.core.access import Actor
from livlina.core.models.audit import AuditEvent
from livlina.core.standby import Fresh
from livlina.registers.people.models import Person
from livlina.status import parts


class Copy:
    """A copy that says what it is told to."""

    def __init__(self, *said: Fresh) -> None:
        self.said = list(said)

    def fresh(self) -> Fresh:
        return self.said.pop(0)


def watch(tmp_path: Path, *said: Fresh) -> Watch:
    """The shadow's watch over such a copy, having asked it as often as it has something to say."""
    made = Watch(tmp_path, tmp_path / "main", Copy(*said))  # type: ignore[arg-type]
    for _ in said:
        made.next = 0
        made.tick()
    return made


def test_a_quiet_night_is_not_old_and_a_dead_main_system_grows_old(tmp_path: Path, now: datetime) -> None:
    watch(
        tmp_path, Fresh(now - timedelta(hours=3), True), Fresh(now, True)
    )  # heard from, though nobody has written
    quiet = age.read(tmp_path)
    assert quiet is not None
    assert age.large(age.Age(quiet.fresh_at, True, now), now) == "Läskopia: uppgifterna är nya"

    watch(tmp_path, Fresh(now - timedelta(hours=3), False))  # what was known before a restart still holds
    dead = age.read(tmp_path)
    assert dead is not None
    assert dead.fresh_at == now
    later = now + timedelta(hours=2, minutes=5)
    assert age.large(dead, later) == "Läskopia: uppgifterna är 2 timmar och 5 minuter gamla"
    assert age.large(None, now) == "Det är inte känt hur gamla uppgifterna är"


def test_new_is_not_said_when_nobody_measures_any_more(now: datetime) -> None:
    stopped = age.Age(now, True, now)
    assert age.large(stopped, now + timedelta(minutes=1)) == "Läskopia: uppgifterna är 1 minut gamla"


def test_the_status_page_is_told_of_a_copy_that_follows_and_of_one_that_does_not(
    tmp_path: Path, now: datetime
) -> None:
    follows = watch(tmp_path)
    follows.fresh_at = now
    follows.write(True, True, now + timedelta(seconds=5))
    assert parts.read(tmp_path / "main")["shadow"].words == "Läskopian följer med och går att läsa i."
    follows.write(False, False, now + timedelta(hours=1))
    told = parts.read(tmp_path / "main")["shadow"]
    assert (told.works, told.words) == (False, "Läskopian svarar inte.")


def test_a_reading_on_the_shadow_is_on_its_disk_and_a_line_changed_or_torn_is_seen(
    karin: Actor, astrid: Person, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.SHADOW, settings.STATE_DIR = True, tmp_path
    for verb in ("journal.read_notes", "people.read"):
        audit.read(karin, verb, now=now, person_id=astrid.pk)
    settings.SHADOW = False

    assert not AuditEvent.objects.filter(person_id=astrid.pk, outcome="read").exists()
    path = tmp_path / readings.FILE
    rows = list(readings.read(path))
    assert [row["verb"] for row in rows] == ["journal.read_notes", "people.read"]
    assert readings.bring_home(rows, karin.municipality_id) == 2
    assert readings.bring_home(rows, karin.municipality_id) == 0
    home = AuditEvent.objects.get(verb="people.read", person_id=astrid.pk, user_id=karin.user_id)
    assert (home.at, home.detail, home.actor_name) == (now, {"shadow": True}, "Karin Ekdal")

    lines = path.read_text().splitlines(keepends=True)
    for damaged in (lines[1:], [lines[0].replace("journal", "journey"), lines[1]], [lines[0], lines[1][:40]]):
        path.write_text("".join(damaged))
        with pytest.raises(readings.Broken):
            list(readings.read(path))


def test_the_sealed_code_is_kept_as_a_digest_and_read_however_it_is_typed(tmp_path: Path) -> None:
    assert not seal.fits(tmp_path, "")
    seal.make_seal(tmp_path, "0123456789ABCDEFGHJK")
    assert seal.fits(tmp_path, "o123 4567-89ab cdef ghjk")
    assert not seal.fits(tmp_path, "0123456789ABCDEFGHJ0")
    assert "ABCDEF" not in json.dumps((tmp_path / seal.SEAL).read_text())
