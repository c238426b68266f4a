"""A query built once and run many times.

Building the search with the ORM takes ten times as long as the database takes to answer it. Here it is built
once for each role and shape, with marks in place of what differs from one search to the next, access rule and
all; then only the marks are exchanged. Values still travel as parameters, never as text of the statement.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from livlina.core.access import Actor
from livlina.core.clock import today
from livlina.core.ids import IdentityNumber
from livlina.registers.people.models import Person

Build = Callable[[Actor, list[Any]], QuerySet[Person]]

_MARKED = Actor("staff", -1_000_001, "", "", user_id=-1_000_002, unit_id=UUID(int=1_000_003))
_FIRST_MARK = 0xE000  # private letters of Unicode: nobody's name holds them


@lru_cache(maxsize=128)
def _compiled(build: Build, role: str, day: object, kinds: tuple[type, ...]) -> tuple[str, tuple[Any, ...]]:
    """The statement and its parameters with marks. `day` is there because the access rule goes by the day."""
    marks = [_mark(place, kind) for place, kind in enumerate(kinds)]
    return build(replace(_MARKED, role=role), marks).query.sql_with_params()


def _mark(place: int, kind: type) -> Any:
    return UUID(int=2_000_000 + place) if kind is UUID else chr(_FIRST_MARK + place)


def run(build: Build, actor: Actor, values: Sequence[str | UUID]) -> list[Person]:
    """Return the persons `build(actor, values)` gives, each with its `number` made an IdentityNumber again.

    `build` must use each text as a whole or as part of a text, each id as a whole, and of the actor only role,
    municipality, user and unit.
    """
    sql, params = _compiled(build, actor.role, today(), tuple(type(value) for value in values))
    whole: dict[Any, Any] = {
        _MARKED.municipality_id: actor.municipality_id,
        _MARKED.user_id: actor.user_id,
        _MARKED.unit_id: actor.unit_id,
    }
    letters: dict[int, str] = {}
    for place, value in enumerate(values):
        if isinstance(value, UUID):
            whole[_mark(place, UUID)] = value
        else:
            letters[_FIRST_MARK + place] = value
    filled = [
        param.translate(letters) if isinstance(param, str) else whole.get(param, param) for param in params
    ]
    found = list(Person.objects.raw(sql, filled))
    for person in found:
        number: str | None = person.number  # type: ignore[attr-defined]
        person.number = IdentityNumber.stored(number) if number else None  # type: ignore[attr-defined]
    return found
