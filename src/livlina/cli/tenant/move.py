"""Moves one municipality from the cluster it is in to another: a verified copy, read-only meanwhile, and a way back.

1. *Hold*: from now on the source's database refuses the application's writes for this municipality (`core.secure`);
   what is under way is waited for, its waiting jobs are set aside.
2. *Copy*: every row, in one transaction of the target, which is held too.
3. *Compare*: count and digest of every table, both ends; a difference undoes the copy and frees the source.
4. *Verify*: chains of the journal, drawn by lot, are computed anew in the target.
5. *Open*: the source is sealed ("has moved"), what was read meanwhile is added to the target's record, the target opens.

The source's rows stay, sealed, until `confirm`. Until something is written in the target, `back` undoes it all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from livlina.cli.surroundings import Problem
from livlina.cli.tenant.rows import (
    OF_USERS,
    RENUMBERED,
    SETTINGS,
    Connection,
    Mark,
    Table,
    mark,
    table,
    tables,
    users,
)

AUDIT = "core_auditevent"
PATIENCE = 60.0
"""Seconds that what was under way when the hold came may take."""
ASIDE = "2999-01-01"
Say = Callable[[str], None]


@dataclass
class Moved:
    """What a move did. `read_only` is seconds from the first refused write to the first accepted one."""

    municipality: int
    rows: int = 0
    users: int = 0
    tables: int = 0
    jobs: int = 0
    read_only: float = 0.0
    copy: float = 0.0
    compare: float = 0.0
    verify: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)


def connect(dsn: str) -> Connection:
    """Return a connection of the owner's, in autocommit, that writes values the same way at both ends."""
    connection = psycopg.connect(dsn, autocommit=True, connect_timeout=10)
    connection.execute(SETTINGS)
    return connection


def move(
    source: Connection, target: Connection, slug: str, verify: Callable[[int], list[str]], say: Say
) -> Moved:
    """Move the municipality; `verify(municipality)` returns what is wrong with its chains in the target.

    Raises Problem; then the source is free again and nothing of the municipality is in the target.
    """
    municipality = _ready(source, target, slug)
    done, began = Moved(municipality), time.monotonic()
    _hold(source, municipality, "moving", _named(target))
    try:
        _wait_for_others(source)
        _set_jobs_aside(source, municipality)
        say("Read-only from now on; what was under way is done. Copying …")
        _copy(source, target, done)
        target.execute("ANALYZE")  # without figures of the new rows every page would read whole tables
        say(
            f"  {done.rows:,} rows of {done.tables} tables alike at both ends. Verifying the journal's chains …"
        )
        at = time.monotonic()
        if wrong := verify(municipality):
            raise Problem(f"The chains do not hold in the target: {wrong[0]}. Nothing was moved.")
        done.verify = time.monotonic() - at
    except BaseException:
        _empty(target, municipality, done.people)
        release(source, municipality)
        raise
    _hold(source, municipality, "moved", _named(target))
    _wait_for_others(source)
    _add_audit(source, target, municipality)
    done.jobs = _move_jobs(source, target, municipality)
    source.execute("DELETE FROM core_session WHERE municipality_id = %s", [municipality])
    target.execute("DELETE FROM core_hold WHERE municipality_id = %s", [municipality])
    done.read_only = time.monotonic() - began
    return done


def back(source: Connection, target: Connection, slug: str) -> int:
    """Undo a move: free the source and empty the target, if nothing has been written there. Raises Problem."""
    municipality = identify(source, slug)
    if _state(source, municipality) != "moved":
        raise Problem(f"{slug} has not been moved from here.")
    _hold(target, municipality, "moving", _named(source))
    _wait_for_others(target)
    own = [one for one in tables(source) if one.name not in (AUDIT, "core_session")]
    written = [
        one.name for one in own if mark(source, one, [municipality]) != mark(target, one, [municipality])
    ]
    if written:
        target.execute("DELETE FROM core_hold WHERE municipality_id = %s", [municipality])
        raise Problem(
            f"Something has been written in the target since ({', '.join(written[:5])}). Confirm the move here first,"
            " then move the municipality back as any other."
        )
    _add_audit(target, source, municipality)
    _empty(target, municipality)
    release(source, municipality)
    return municipality


def confirm(source: Connection, slug: str) -> int:
    """Remove the sealed rows of a municipality that has moved; return how many. Its users stay. Raises Problem."""
    municipality = identify(source, slug)
    if _state(source, municipality) != "moved":
        raise Problem(f"{slug} has not been moved from here: nothing is removed.")
    return _empty(source, municipality)


def release(connection: Connection, municipality: int) -> None:
    """Let the application write again, and its jobs run."""
    connection.execute("DELETE FROM core_hold WHERE municipality_id = %s", [municipality])
    connection.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' AND scheduled_at = %s"
        " AND args->>'municipality_id' = %s",
        [ASIDE, str(municipality)],
    )


def identify(connection: Connection, slug: str) -> int:
    """Return the number of a municipality by its short name. Raises Problem."""
    row = connection.execute("SELECT id FROM core_municipality WHERE slug = %s", [slug]).fetchone()
    if row is None:
        raise Problem(f"There is no municipality called {slug} here.")
    return int(row[0])


def _ready(source: Connection, target: Connection, slug: str) -> int:
    """Return the municipality's number if it can be moved. Raises Problem in words."""
    municipality = identify(source, slug)
    if state := _state(source, municipality):
        raise Problem(f"{slug} is held here already ({state}). See `livlina tenant list`.")
    applied = "SELECT array_agg(app || '.' || name ORDER BY app, name) FROM django_migrations"
    if source.execute(applied).fetchone() != target.execute(applied).fetchone():
        raise Problem("The two databases are not of the same version. Upgrade the older one first.")
    taken = target.execute(
        "SELECT slug FROM core_municipality WHERE id = %s OR slug = %s", [municipality, slug]
    ).fetchone()
    if taken:
        raise Problem(
            f"The target already has {taken[0]} under that number or name. A municipality is in one cluster."
        )
    others = "SELECT id, email FROM core_user WHERE id = ANY(%s)"
    keys = users(source, municipality, tables(source))
    here = dict(source.execute(others, [keys]).fetchall())
    for key, email in target.execute(
        "SELECT id, email FROM core_user WHERE id = ANY(%s) OR email = ANY(%s)", [keys, list(here.values())]
    ):
        if here.get(key) != email:
            raise Problem(
                f"User number {key} is somebody else in the target. Give each cluster a number of its own"
                " (`livlina tenant number`) before people are added to it."
            )
    return municipality


def _copy(source: Connection, target: Connection, done: Moved) -> None:
    """Copy every row in one transaction of the target, compared before it is committed. Raises Problem."""
    municipality, began = done.municipality, time.monotonic()
    with source.transaction(), target.transaction():
        source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        own = tables(source)
        done.tables = len(own)
        people = _unknown(target, users(source, municipality, own))
        done.people, done.users = people, len(people)
        _pass(source, target, table(source, "core_municipality", "id"), [municipality])
        _hold(target, municipality, "moving", _named(source))
        for name, column in OF_USERS.items():
            _pass(source, target, table(source, name, column), people)
        for name in RENUMBERED:
            _pass(source, target, _unnumbered(table(source, name, "user_id")), people)
        with _no_triggers(target, own):
            for one in own:
                _pass(source, target, one, [municipality])
        done.copy = time.monotonic() - began
        _compare(source, target, own, people, done)
        done.compare = time.monotonic() - began - done.copy


def _unknown(target: Connection, people: list[int]) -> list[int]:
    """Return those of the users who have no account in the target: one who works in both keeps the one there."""
    known = target.execute("SELECT id FROM core_user WHERE id = ANY(%s)", [people]).fetchall()
    return sorted(set(people) - {key for (key,) in known})


def _compare(
    source: Connection, target: Connection, own: list[Table], people: list[int], done: Moved
) -> None:
    """Compare count and digest of each table at both ends. Raises Problem with what differs."""
    keyed = [(one, [done.municipality]) for one in own]
    keyed += [(table(source, name, column), people) for name, column in OF_USERS.items()]
    for one, keys in keyed:
        here, there = mark(source, one, keys), mark(target, one, keys)
        if here != there:
            raise Problem(
                f"{one.name} differs after the copy: {here.rows} rows here, {there.rows} there, or another content."
                " Nothing was moved."
            )
        done.rows += here.rows
        done.marks[one.name] = here


def _pass(
    source: Connection, target: Connection, one: Table, keys: list[int], *, new_only: bool = False
) -> None:
    """Send the rows from one end to the other. `new_only`: leave those the target has already."""
    name, listed = sql.Identifier(one.name), one.listed()
    into = sql.Identifier("moving") if new_only else name
    if new_only:
        target.execute(sql.SQL("CREATE TEMPORARY TABLE moving (LIKE {}) ON COMMIT DROP").format(name))
    out = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(listed, name, one.where(keys))
    with (
        source.cursor().copy(out) as reading,
        target.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(into, listed)) as writing,
    ):
        for data in reading:
            writing.write(data)
    if new_only:
        target.execute(
            sql.SQL("INSERT INTO {n} ({l}) SELECT {l} FROM moving ON CONFLICT (id) DO NOTHING").format(
                n=name, l=listed
            )
        )
        target.execute("DROP TABLE moving")


class _no_triggers:  # noqa: N801 - used as a statement
    """Let rows come in as they are: triggers that number and chain new rows must not touch them.

    By `session_replication_role` where the role may set it; else by switching the triggers of those tables off until
    the copy is committed, which makes other municipalities of the target wait to write in them so long.
    """

    def __init__(self, target: Connection, own: list[Table]) -> None:
        self.target, self.names = target, [one.name for one in own]
        self.off: list[str] = []

    def __enter__(self) -> None:
        try:
            with self.target.transaction():
                self.target.execute("SET LOCAL session_replication_role = replica")
        except psycopg.errors.InsufficientPrivilege:
            rows = self.target.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 5 = 5"
                " AND tgrelid::regclass::text = ANY(%s)",
                [self.names],
            )
            self.off = [name for (name,) in rows]
            self._switch("DISABLE")

    def __exit__(self, *fault: object) -> None:
        if fault[0] is None:
            self.target.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # every reference is checked, now that all is there
            self._switch("ENABLE")
            if not self.off:
                self.target.execute("SET LOCAL session_replication_role = origin")

    def _switch(self, way: str) -> None:
        for name in self.off:
            self.target.execute(
                sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(name), sql.SQL(way))
            )


def _empty(connection: Connection, municipality: int, people: list[int] | None = None) -> int:
    """Remove every row of the municipality, and the municipality; return how many. As destruction by law, by the owner.

    `people`: accounts that came with it and are nobody else's; else accounts stay, since others may work there too.
    """
    removed = 0
    with connection.transaction():
        connection.execute("SELECT set_config('livlina.destroying', 'moved', true)")
        for one in tables(connection):
            removed += connection.execute(
                sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(one.name), one.where([municipality]))
            ).rowcount
        connection.execute("DELETE FROM core_hold WHERE municipality_id = %s", [municipality])
        connection.execute("DELETE FROM core_municipality WHERE id = %s", [municipality])
        if people:
            connection.execute("DELETE FROM mfa_authenticator WHERE user_id = ANY(%s)", [people])
            connection.execute("DELETE FROM portal_signinevent WHERE user_id = ANY(%s)", [people])
            connection.execute("DELETE FROM core_user WHERE id = ANY(%s)", [people])
    return removed


def _hold(connection: Connection, municipality: int, state: str, other: str) -> None:
    connection.execute(
        "INSERT INTO core_hold (municipality_id, state, since, other) VALUES (%s, %s, now(), %s)"
        " ON CONFLICT (municipality_id) DO UPDATE SET state = excluded.state, other = excluded.other",
        [municipality, state, other],
    )


def _state(connection: Connection, municipality: int) -> str:
    row = connection.execute(
        "SELECT state FROM core_hold WHERE municipality_id = %s", [municipality]
    ).fetchone()
    return str(row[0]) if row else ""


def _wait_for_others(connection: Connection) -> None:
    """Wait for every transaction that began before now: it may have written before it could see the hold. Raises Problem.

    Asked of the locks that every transaction holds on itself: those are shown to everyone, times of others are not.
    """
    open_now = (
        "SELECT l.pid, l.virtualxid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype ="
        " 'virtualxid' AND l.granted AND l.pid <> pg_backend_pid() AND a.datname = current_database()"
    )
    older, end = set(connection.execute(open_now).fetchall()), time.monotonic() + PATIENCE
    while older & set(connection.execute(open_now).fetchall()):
        if time.monotonic() > end:
            raise Problem(
                f"A transaction has been open for more than {PATIENCE:g} s. Try again when it is done."
            )
        time.sleep(0.05)


def _set_jobs_aside(source: Connection, municipality: int) -> None:
    """Let no waiting job of the municipality begin: its writes would be refused until it gave up."""
    source.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE status = 'todo' AND args->>'municipality_id' = %s",
        [ASIDE, str(municipality)],
    )


def _move_jobs(source: Connection, target: Connection, municipality: int) -> int:
    """Hand the waiting jobs over to the target's workers; return how many."""
    which = "WHERE status = 'todo' AND args->>'municipality_id' = %s"
    columns = "queue_name, task_name, priority, lock, args"
    waiting = source.execute(
        f"SELECT queue_name, task_name, priority, lock, args::text FROM procrastinate_jobs {which} ORDER BY id",  # noqa: S608
        [str(municipality)],
    ).fetchall()
    with target.transaction():
        for job in waiting:
            target.execute(
                f"INSERT INTO procrastinate_jobs ({columns}) VALUES (%s, %s, %s, %s, %s::jsonb)",  # noqa: S608
                job,
            )
    source.execute(f"UPDATE procrastinate_jobs SET status = 'cancelled' {which}", [str(municipality)])  # noqa: S608
    return len(waiting)


def _add_audit(source: Connection, target: Connection, municipality: int) -> None:
    """Add what was read while the copy was made: reading goes on, and is recorded."""
    with target.transaction(), source.transaction():
        _pass(source, target, table(source, AUDIT, "municipality_id"), [municipality], new_only=True)


def _unnumbered(one: Table) -> Table:
    return Table(one.name, tuple(name for name in one.columns if name != "id"), one.column)


def _named(connection: Connection) -> str:
    """The database in words for a list: never its password."""
    info = connection.info
    return f"{info.host}:{info.port}/{info.dbname}"[:120]
