"""How old the shadow says it is, and what was read there (the whole of it, killed for real: tests/faults/test_shadow.py)."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from livlina.across.continuity.shadow import age, seal
from livlina.core import audit, readings
from livlina.core.access import Actor
from livlina.core.models.audit import AuditEvent
from livlina.registers.people.models import Person


def test_new_is_not_said_when_nobody_measures_any_more(now: datetime) -> None:
    stopped = age.Age(now, True, now)
    assert age.large(stopped, now + timedelta(minutes=1)) == "Läskopia: uppgifterna är 1 minut gamla"


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
