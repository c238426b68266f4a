"""Many rows in one statement, for jobs that would otherwise send several statements for each row.

`bulk_create` makes an object of every row, which for three hundred thousand of them costs more than the database
does; here columns go over as arrays. Row-level security, foreign keys and triggers hold as for any other insert.
Only rows are written: whoever calls says in the audit, and to the outbox, what was done.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Field, JSONField, Model

from livlina.core import readings
from livlina.core.ids7 import uuid7

# ruff: noqa: S608 - the text put into statements is names of our own tables and columns


def insert(
    model: type[Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    once: bool = False,
    **same: Any,
) -> set[UUID]:
    """Insert rows given by attribute names (`case_id`), with `same` in every row, and return their ids.

    What neither names takes the model's default, the id too. `once`: a row that breaks a unique constraint is left
    out, and its id is not among those returned.
    """
    if not rows:
        return set()
    if settings.SHADOW and model._meta.label == "core.AuditEvent":  # its database takes nothing
        return readings.keep_rows(columns, rows, same)
    arrays = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    arrays.setdefault("id", [uuid7() for _ in rows])
    names, values, given, params = [], [], [], []
    for field in model._meta.concrete_fields:
        name = _quoted(field.column)
        names.append(name)
        if field.attname in arrays:
            given.append((name, field, arrays[field.attname]))
            values.append(f"u.{name}{_cast(field)}")
        else:
            values.append(f"%s::{field.db_type(connection)}")
            params.append(_ready(field, same.get(field.attname, field.get_default())))
    params += [[_ready(field, value) for value in column] for _, field, column in given]
    statement = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(names)}) SELECT {', '.join(values)}"
        f" FROM unnest({', '.join(f'%s::{_element(field)}[]' for _, field, _ in given)})"
        f" AS u ({', '.join(name for name, _, _ in given)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement + (" ON CONFLICT DO NOTHING RETURNING id" if once else ""), params)
        return {key for (key,) in cursor.fetchall()} if once else set(arrays["id"])


def put(model: type[Model], column: str, values: Mapping[UUID, Any]) -> None:
    """Set one column of many rows, each to its own value. The rows are known to be there."""
    if not values:
        return
    field = next(field for field in model._meta.concrete_fields if field.attname == column)
    statement = (
        f"UPDATE {_quoted(model._meta.db_table)} SET {_quoted(field.column)} = u.value{_cast(field)}"
        f" FROM unnest(%s::uuid[], %s::{_element(field)}[]) AS u (id, value)"
        f" WHERE {_quoted(model._meta.db_table)}.id = u.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values), [_ready(field, value) for value in values.values()]])


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _ready(field: "Field[Any, Any]", value: Any) -> Any:
    return json.dumps(value, cls=field.encoder) if isinstance(field, JSONField) else value


def _element(field: "Field[Any, Any]") -> str:
    """The type of a column as an element: text goes over whole, so that one too long is refused and not cut off."""
    kind = str(field.db_type(connection))
    return "text" if kind.startswith("varchar") or isinstance(field, JSONField) else kind


def _cast(field: "Field[Any, Any]") -> str:
    return "::jsonb" if isinstance(field, JSONField) else ""
