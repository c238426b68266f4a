"""The version before works on this version's tables while a cluster is upgraded: widen first, narrow later.

`previous.json` describes the tables that the version before was written for. It is committed, since a clone in CI may be
shallow and hold no earlier commit. When a version is released, write it anew (`livlina upgrade`) and empty ACCEPTED.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from livlina.core.schema import breaks, describe

PREVIOUS = json.loads((Path(__file__).parent / "previous.json").read_text(encoding="utf-8"))

SEQUENCED = (
    "only the sequencer sets the number in the log; the old code leaves it empty, and empty is no duplicate"
)
ACCEPTED: dict[str, str] = {
    "journal_correction:correction_logged_once": SEQUENCED,
    "journal_dissent:dissent_logged_once": SEQUENCED,
    "journal_note:note_logged_once": SEQUENCED,
}
"""What the old code meets and bears, by its name, and why it does. Removed when the next description is written."""


@pytest.fixture
def tables(own_database: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to a database that this version has migrated; nothing done in it stays."""
    url = os.environ["LIVLINA_OWNER_DATABASE_URL"]
    with psycopg.connect(url, dbname=own_database) as connection:
        yield connection
        connection.rollback()


DEEDS = {
    "ALTER TABLE journal_note DROP COLUMN event_at CASCADE": "journal_note.event_at",
    "ALTER TABLE core_unit RENAME COLUMN name TO title": "core_unit.name",
    "ALTER TABLE core_unit ALTER COLUMN name TYPE varchar(20)": "core_unit.name",
    "ALTER TABLE core_unit ALTER COLUMN ended_on SET NOT NULL": "core_unit.ended_on",
    "ALTER TABLE core_unit ADD COLUMN kind text NOT NULL": "core_unit.kind",
    "ALTER TABLE core_unit ADD CONSTRAINT short CHECK (length(name) < 90)": "core_unit:short",
    "CREATE UNIQUE INDEX once ON core_user (name)": "core_user:once",
    "DROP TABLE portal_passwordlink": "portal_passwordlink",
    "DROP FUNCTION livlina_enter(text, timestamptz, date)": "livlina_enter(wanted text, at_time timestamp with time zone,"
    " on_day date)",
}
HARMLESS = (
    "ALTER TABLE core_unit ADD COLUMN kind text",
    "ALTER TABLE core_unit ADD COLUMN kind text NOT NULL DEFAULT ''",
    "ALTER TABLE core_unit ALTER COLUMN name TYPE varchar(200)",
    "ALTER TABLE core_unit DROP CONSTRAINT unit_name_once",
    "CREATE TABLE something_new (id int NOT NULL)",
)


@pytest.mark.django_db
def test_the_version_before_can_work_on_these_tables_and_narrowing_them_is_found(tables: Any) -> None:
    here = describe(tables)
    found = breaks(PREVIOUS, here)
    wrong = [f"{name}: {why}" for name, why in sorted(found.items()) if name not in ACCEPTED]
    assert not wrong, "The version before would fail on:\n" + "\n".join(wrong)
    assert sorted(set(ACCEPTED) - set(found)) == [], "accepted, and not so any more"

    def after(deed: str) -> dict[str, str]:
        with tables.transaction(force_rollback=True):
            tables.execute(deed)
            return breaks(here, describe(tables))

    assert [deed for deed, name in DEEDS.items() if name not in after(deed)] == []
    assert {deed: after(deed) for deed in HARMLESS} == {deed: {} for deed in HARMLESS}
