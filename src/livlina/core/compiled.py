"""A query built once and run many times.

Building a page's statement with the ORM takes several times as long as the database takes to answer it. Here it
is built once for each role and shape, access rule and all, with marks in place of what differs from one run to
the next; afterwards only the marks are exchanged. Values still travel as parameters, never as text.

    def _newest(actor, person_id):
        return allowed(actor, "journal.read_notes", Note.objects.filter(person_id=person_id))[:14]

    notes = compiled.run(_newest, actor, person_id)
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from livlina.core.access import Actor, allowed, refusal
from livlina.core.clock import today

M = TypeVar("M", bound=Model)


_OF_ACTOR = {
    "municipality_id": -1_000_001,
    "user_id": -1_000_002,
    "unit_id": UUID(int=1_000_003),
    "person_id": UUID(int=1_000_004),
}
_LETTERS = 0xE000  # private letters of Unicode: nobody's text holds them
_MARKS: dict[type, Callable[[int], Any]] = {
    str: lambda place: chr(_LETTERS + place),
    UUID: lambda place: UUID(int=2_000_000 + place),
    int: lambda place: -2_000_000 - place,
    date: lambda place: date(1, 1, 1) + timedelta(days=place),
    datetime: lambda place: datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=place),
}


class NotInParameters(Exception):
    """The built statement depends on a value in another way than as a parameter, so it cannot be kept."""


class _Marked:
    """An actor of which a query may use what can be exchanged, and nothing else."""

    def __init__(self, role: str, outage: bool, held: tuple[bool, ...]) -> None:
        self.role, self.outage = role, outage
        for (name, mark), has in zip(_OF_ACTOR.items(), held, strict=True):
            setattr(self, name, mark if has else None)

    def __getattr__(self, name: str) -> Any:
        raise NotInParameters(f"actor.{name}")


@dataclass(frozen=True)
class _Kept:
    """A statement with marks, and what makes rows of its answer."""

    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]


def run(build: Callable[..., "QuerySet[M, Any]"], actor: Actor, *values: Any, **shape: Hashable) -> list[M]:
    """Return the rows of `build(actor, *values, **shape)`.

    `build` is a function of a module. It may use each value only as a parameter (of a text also as a part of one,
    but not of a LIKE), and of the actor only role, outage, municipality, user, unit and person; `shape` it may use as it
    likes. What it asks the clock is the day. Raises NotInParameters when a value shapes the statement.
    """
    held = tuple(getattr(actor, name) is not None for name in _OF_ACTOR)
    kinds = tuple(type(value) for value in values)
    kept = _kept(build, (actor.role, actor.outage), held, kinds, tuple(sorted(shape.items())), today())
    if kept is None:
        return []
    exchanged: dict[Any, Any] = {mark: getattr(actor, name) for name, mark in _OF_ACTOR.items()}
    letters = {}
    for place, value in enumerate(values):
        if isinstance(value, str):
            letters[_LETTERS + place] = value
        elif value is not None:
            exchanged[_MARKS[kinds[place]](place)] = value
    params = tuple(_filled(param, exchanged, letters) for param in kept.params)
    return list(_ready(kept, params))


def fetch(actor: Actor, verb: str, rows: Callable[[Actor], "QuerySet[M]"], key: UUID) -> M:
    """Return the row of `rows(actor)` with this id, as `access.fetch` does, built once. Raises Refused."""
    found = run(_permitted, actor, key, verb=verb, rows=rows)
    if not found:
        raise refusal(actor, verb)(verb, obj=f"{rows(actor).model._meta.label_lower}:{key}")
    return found[0]


def _permitted(
    actor: Actor, key: UUID, *, verb: str, rows: Callable[[Actor], "QuerySet[M]"]
) -> "QuerySet[M]":
    return allowed(actor, verb, rows(actor)).filter(pk=key)


def _filled(param: Any, exchanged: dict[Any, Any], letters: dict[int, str]) -> Any:
    if isinstance(param, str):
        return param.translate(letters) if letters else param
    return exchanged.get(param, param) if isinstance(param, Hashable) else param


@lru_cache(maxsize=512)
def _kept(
    build: Callable[..., "QuerySet[Any, Any]"],
    role: tuple[str, bool],
    held: tuple[bool, ...],
    kinds: tuple[type, ...],
    shape: tuple[tuple[str, Any], ...],
    day: date,  # the access rules go by the day
) -> _Kept | None:
    """Build the statement; None when it can give nothing, such as for a role that may not ask."""
    marks = [None if kind is type(None) else _MARKS[kind](place) for place, kind in enumerate(kinds)]
    rows = build(_Marked(*role, held), *marks, **dict(shape))
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    if not all(_can_be_exchanged(mark, params) for mark in marks):
        raise NotInParameters(f"{build.__module__}.{build.__qualname__}")
    return _Kept(rows, compiler, sql, tuple(params))


def _can_be_exchanged(mark: Any, params: tuple[Any, ...]) -> bool:
    """Whether the mark is among the parameters; of a text in no pattern, whose own signs would not be escaped."""
    if isinstance(mark, str):
        holding = [param for param in params if isinstance(param, str) and mark in param]
        return bool(holding) and not any("%" in param for param in holding)
    return mark is None or any(param == mark for param in params if isinstance(param, Hashable))


def _ready(kept: _Kept, params: tuple[Any, ...]) -> QuerySet[Any, Any]:
    """A query set that sends the kept statement with these parameters."""
    compiler = _twin(kept.compiler)
    compiler.connection = connections[kept.rows.db]  # this thread's
    compiler.as_sql = lambda *_, **__: (kept.sql, params)
    rows = _twin(kept.rows)
    rows.query = _twin(kept.rows.query)
    rows.query.get_compiler = lambda *_, **__: compiler
    return cast("QuerySet[Any, Any]", rows)


def _twin(one: Any) -> Any:
    """An object with the same attributes. (To `copy` a query set would be to send it.)"""
    other = object.__new__(type(one))
    other.__dict__.update(one.__dict__)
    return other
