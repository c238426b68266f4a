"""Moving a municipality between two real databases: whole, compared, read-only meanwhile, and a way back."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError
from psycopg import conninfo, sql

from livlina.cli.surroundings import Problem
from livlina.cli.tenant import _verified, move, rows, table
from livlina.core.models import AuditEvent, Municipality, Unit
from livlina.core.tenancy import acting
from livlina.registers.journal.models import File, Note
from livlina.registers.people.models import Person
from tests import database
from tests.people import ALL, session_key

pytestmark = pytest.mark.django_db


def dsn(name: str) -> str:
    return conninfo.make_conninfo(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=name)


@pytest.fixture
def ends(own_database: str) -> Iterator[tuple[Any, Any]]:
    """The owner's connections to the database of the test, and to an empty one of the same version."""
    other = f"{own_database}_b"
    database.copy(other)
    source, target = move.connect(dsn(own_database)), move.connect(dsn(other))
    target.execute("DELETE FROM core_municipality WHERE slug = 'asvalla'")
    try:
        yield source, target
    finally:
        source.close()
        target.close()
        with database.owner() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(other)))


@pytest.fixture
def lived(
    asvalla: Municipality, karin: Any, astrid: Person, astrids_file: File, write: Callable, now: Any
) -> int:
    """Åsvalla with Astrid, three notes, Karin signed in, and a job that waits."""
    for words in ("Första samtalet.", "Andra samtalet.", "Tredje samtalet, med – tecken: åäö 😀."):
        with acting(asvalla.pk, ALL):
            write(karin, astrids_file, words)
    session_key(karin)
    return asvalla.pk


def verified(number: int) -> list[str]:
    """Nothing is wrong (the real verification runs in the first test)."""
    return []


def said(words: str) -> None:
    """Say nothing."""


def counted(connection: Any, name: str, municipality: int) -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE municipality_id = %s").format(sql.Identifier(name))
    return int(connection.execute(query, [municipality]).fetchone()[0])


def test_a_municipality_is_moved_whole_is_read_meanwhile_and_its_chains_hold_there(
    ends, lived, karin, astrids_file, client_of
) -> None:
    source, target = ends
    move._hold(source, lived, "moving", "elsewhere")
    browser, page = client_of(karin), f"/officer/journal/files/{astrids_file.pk}"
    assert browser.get(page).status_code == 200
    answer = browser.post(f"{page}/draft", {"text": "Något viktigt"})
    assert answer.status_code == 503
    assert "Just nu går det bara att läsa" in answer.content.decode()
    move.release(source, lived)

    units = rows.table(source, "core_unit", "municipality_id")
    before = rows.mark(source, units, [lived])
    source.execute("UPDATE core_unit SET name = name || '.' WHERE municipality_id = %s", [lived])
    assert before != rows.mark(source, units, [lived])  # one changed letter
    jobs = source.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'").fetchone()[0]
    there = target.info.dbname
    done = move.move(source, target, "asvalla", lambda number: _verified(dsn(there), "asvalla"), said)
    assert counted(target, "journal_note", lived) == 3
    assert done.rows > 10
    assert done.jobs == jobs
    assert target.execute("SELECT count(*) FROM core_session").fetchone() == (2,)
    assert target.execute("SELECT count(*) FROM core_hold").fetchone() == (0,)
    assert 0 < done.read_only < 60
    app = os.environ["LIVLINA_DATABASE_URL"]
    with closing(psycopg.connect(app, dbname=there)) as as_app, as_app.transaction():
        as_app.execute("SELECT set_config('livlina.municipality', %s, true)", [str(lived)])
        as_app.execute("UPDATE core_unit SET name = name")  # open there
    with pytest.raises(DatabaseError, match="being moved"), acting(lived, ALL):
        Unit.objects.create(municipality_id=lived, name="Ny enhet", side="authority")
    with pytest.raises(DatabaseError, match="being moved"), acting(lived, ALL):
        AuditEvent.objects.create(municipality_id=lived, at="2026-03-02T08:00Z", verb="x", outcome="read")
    assert Municipality.objects.filter(hold=None).values_list("slug", flat=True).get() == "sjohaga"


def test_a_row_lost_on_the_way_is_caught_and_nothing_has_happened(ends, lived, monkeypatch) -> None:
    source, target = ends
    honest = move._pass

    def careless(source: Any, target: Any, one: rows.Table, keys: list[int], **also: Any) -> None:
        honest(source, target, one, keys, **also)
        if one.name == "journal_note":
            target.execute("SELECT set_config('livlina.destroying', 'test', true)")
            target.execute("DELETE FROM journal_note WHERE seq = 2")

    monkeypatch.setattr(move, "_pass", careless)
    with pytest.raises(Problem, match="journal_note differs after the copy: 3 rows here, 2 there"):
        move.move(source, target, "asvalla", verified, said)
    assert target.execute("SELECT count(*) FROM core_municipality WHERE slug = 'asvalla'").fetchone() == (0,)
    with acting(lived, ALL):
        Unit.objects.create(municipality_id=lived, name="Ny enhet", side="authority")


def test_whatever_stops_it_is_told_and_leaves_the_source_free(
    ends, lived, karin, own_database, monkeypatch
) -> None:
    source, target = ends

    def stopped(match: str, verify: Callable = verified) -> None:
        with pytest.raises(Problem, match=match):
            move.move(source, target, "asvalla", verify, said)
        assert source.execute("SELECT count(*) FROM core_hold").fetchone() == (0,)
        assert counted(target, "journal_note", lived) == 0

    stopped("A chain is broken", lambda number: ["A chain is broken"])
    monkeypatch.setattr(move, "PATIENCE", 0.2)
    with closing(psycopg.connect(os.environ["LIVLINA_DATABASE_URL"], dbname=own_database)) as writer:
        writer.execute("SELECT set_config('livlina.municipality', %s, true)", [str(lived)])
        writer.execute("UPDATE core_unit SET name = name")  # began before the hold, and might yet commit
        stopped("has been open")
    target.execute(
        "INSERT INTO core_user (id, email, name, kind, is_active, language, appearance, single_keys, password)"
        " VALUES (%s, 'nagon@annan.example', 'Någon Annan', 'staff', true, 'sv', 'auto', true, '!')",
        [karin.user_id],
    )
    stopped("somebody else in the target")
    source.execute("CREATE TABLE forgotten (id int)")
    stopped("The table forgotten")


def test_it_comes_back_while_nothing_is_written_there_and_not_after(ends, lived) -> None:
    source, target = ends
    move.move(source, target, "asvalla", verified, said)
    move.back(source, target, "asvalla")
    assert counted(target, "journal_note", lived) == 0
    with acting(lived, ALL):
        assert Note.objects.count() == 3
        Unit.objects.create(municipality_id=lived, name="Ny enhet", side="authority")
    move.move(source, target, "asvalla", verified, said)
    target.execute("UPDATE core_unit SET name = 'Annat namn' WHERE name = 'Ny enhet'")
    with pytest.raises(Problem, match="written in the target since"):
        move.back(source, target, "asvalla")
    assert move.confirm(source, "asvalla") > 10
    assert counted(source, "journal_note", lived) == 0
    assert counted(target, "journal_note", lived) == 3


def test_the_routing_table_is_a_line_per_host_and_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "tenants.map"
    assert table.route(path, "asvalla.livlina.example", "norr") == ""
    table.route(path, "sjohaga.livlina.example", "norr")
    assert table.route(path, "asvalla.livlina.example", "syd") == "norr"
    assert path.read_text() == "asvalla.livlina.example syd\nsjohaga.livlina.example norr\n"
    for wrong in ("asvalla syd norr", "asvalla", "a.example syd\na.example norr"):
        path.write_text(wrong)
        with pytest.raises(Problem):
            table.read(path)
    with pytest.raises(Problem):
        table.route(tmp_path / "other", "Åsvalla", "norr")
