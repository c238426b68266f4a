"""What belongs to one municipality, table by table, and a mark of it that changes when any row does.

Tables are found in the database, not listed: all that have a column `municipality_id`, and the few that hang on its
users. A table that is neither, and is not known to belong to the cluster itself, stops the move: better that somebody
looks than that a new table is left behind in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from livlina.cli.surroundings import Problem

Connection = psycopg.Connection[Any]

OF_USERS = {"core_user": "id", "mfa_authenticator": "user_id"}
"""Rows that are copied for the users whom rows of the municipality name: table to column."""
RENUMBERED = ("portal_signinevent",)
"""Rows of its users whose own number means nothing, and is made anew."""
OF_CLUSTER = frozenset(
    {
        "auth_group", "auth_group_permissions", "auth_permission", "continuity_drill", "continuity_drillsignature",
        "continuity_restoretest", "core_hold", "core_recurringrun", "django_content_type", "django_migrations",
        "livlina_purpose", "portal_providerhealth", "procrastinate_events", "procrastinate_jobs",
        "procrastinate_periodic_defers", "procrastinate_workers",
    }
)  # fmt: skip
"""Tables of the cluster itself: nothing of theirs is moved but the municipality's waiting jobs."""
EMPTY = ("account_", "socialaccount_", "support_supplier")
"""Tables of libraries in which nothing is ever stored; one that holds a row stops the move."""
SETTINGS = "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 3; SET bytea_output = 'hex'"
"""So that both ends write the same value in the same letters."""


@dataclass(frozen=True)
class Table:
    """One table, its columns in order of name, and which of its rows are the municipality's."""

    name: str
    columns: tuple[str, ...]
    column: str

    def where(self, keys: Iterable[int]) -> sql.Composed:
        """The condition that picks the rows whose column is one of `keys`."""
        return sql.SQL("{} = ANY({})").format(sql.Identifier(self.column), sql.Literal(list(keys)))

    def listed(self) -> sql.Composed:
        """The columns, for a statement."""
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))


@dataclass(frozen=True)
class Mark:
    """How many rows, and two sums over a digest of each: rows lost, doubled, changed or exchanged alter it."""

    rows: int
    high: int
    low: int


def tables(connection: Connection) -> list[Table]:
    """Return the tables with rows of municipalities. Raises Problem for a table nobody has said how to move."""
    found = connection.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c JOIN pg_attribute a ON"
        " a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' WHERE c.relkind = 'r'"
        " AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY c.relname"
    ).fetchall()
    own = [
        Table(name, tuple(columns), "municipality_id")
        for name, columns in found
        if "municipality_id" in columns
    ]
    known = {one.name for one in own} | OF_CLUSTER | {*OF_USERS, *RENUMBERED, "core_municipality"}
    for name, _ in found:
        if name in known:
            continue
        held = connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name))).fetchone()
        if held or not name.startswith(EMPTY):
            raise Problem(
                f"The table {name} is no municipality's and no cluster's: say in cli/tenant/rows.py how it moves."
            )
    return [one for one in own if one.name != "core_hold"]


def table(connection: Connection, name: str, column: str) -> Table:
    """Return one table by name."""
    rows = connection.execute(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attname",
        [name],
    ).fetchall()
    return Table(name, tuple(column_name for (column_name,) in rows), column)


def users(connection: Connection, municipality: int, own: Iterable[Table]) -> list[int]:
    """Return the users whom rows of the municipality name by a foreign key."""
    found: set[int] = set()
    for one in own:
        keys = connection.execute(
            "SELECT a.attname::text FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid"
            " AND a.attnum = ANY(k.conkey) WHERE k.contype = 'f' AND k.confrelid = 'core_user'::regclass"
            " AND k.conrelid = %s::regclass",
            [one.name],
        ).fetchall()
        for (column,) in keys:
            rows = connection.execute(
                sql.SQL("SELECT DISTINCT {c} FROM {t} WHERE {w} AND {c} IS NOT NULL").format(
                    c=sql.Identifier(column), t=sql.Identifier(one.name), w=one.where([municipality])
                )
            )
            found.update(key for (key,) in rows)
    return sorted(found)


def mark(connection: Connection, one: Table, keys: Iterable[int]) -> Mark:
    """Return the mark of the rows of a table whose column is one of `keys`."""
    rows = sql.SQL("SELECT md5(ROW({})::text) AS h FROM {} WHERE {}").format(
        one.listed(), sql.Identifier(one.name), one.where(keys)
    )
    summed = sql.SQL(
        "SELECT count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0)::text,"
        " coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0)::text FROM ({}) r"
    ).format(rows)
    count, high, low = connection.execute(summed).fetchone() or (0, "0", "0")
    return Mark(count, int(high), int(low))
