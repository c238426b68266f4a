"""Rows by COPY: from plain tuples to the table, through one writer thread, so that making and storing overlap.

A table is described by its model. Columns that a row does not name get the model's default, so a room may add a
column with a default without this package knowing. Nothing the database checks is passed by: constraints, foreign
keys and triggers all stand while the rows go in.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from queue import Queue
from threading import Thread
from typing import Any, Protocol, cast
from uuid import UUID

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import models

BATCH = 4_000
"""Rows of one table that are sent together."""

_dump = json.JSONEncoder(ensure_ascii=False).encode
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _escaped(text: str) -> str:
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:  # rare, and translate is slow
        return text.translate(_ESCAPES)
    return text


def _text(value: Any) -> str:
    return r"\N" if value is None else _escaped(str(value))


def _moment(value: datetime | date | None) -> str:
    return r"\N" if value is None else value.isoformat()


def _truth(value: bool | None) -> str:
    return r"\N" if value is None else "t" if value else "f"


def _plain(value: int | UUID | Decimal | str | None) -> str:
    return r"\N" if value is None else str(value)


def _bytes(value: bytes | None) -> str:
    return r"\N" if value is None else rf"\\x{value.hex()}"


def _json(value: Any) -> str:
    return r"\N" if value is None else _escaped(_dump(value))


def _array(value: Sequence[Any] | None) -> str:
    if value is None:
        return r"\N"
    quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
    return ("{" + ",".join(f'"{one}"' for one in quoted) + "}").translate(_ESCAPES)


_ENCODERS: tuple[tuple[type[models.Field], Callable[[Any], str]], ...] = (
    (ArrayField, _array),
    (models.JSONField, _json),
    (models.BinaryField, _bytes),
    (models.BooleanField, _truth),
    (models.DateField, _moment),  # and DateTimeField, which is one
    (models.CharField, _text),
    (models.TextField, _text),
)


class NoValue(Exception):
    """A row leaves out a column that has no default."""


class Sink(Protocol):
    """Where rows go."""

    def send(self, table: str, columns: Sequence[str], lines: list[str]) -> None:
        """Take encoded rows of one table."""

    def commit(self) -> None:
        """Make what was sent permanent."""


class Table:
    """Rows of one model on their way: `add` them by the columns named here, `flush` what is left."""

    def __init__(self, sink: Sink, model: type[models.Model], *columns: str, **fixed: Any) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        fixed = {**{name: _default(field) for name, field in fields.items() if name not in columns}, **fixed}
        missing = [name for name, value in fixed.items() if value is NoValue]
        if missing or not set(columns) <= set(fields):
            unknown = set(columns) - set(fields)
            raise NoValue(
                f"{model._meta.label}: no value for {missing}, no such column as {sorted(unknown)}."
            )
        self.sink, self.name, self.lines = sink, model._meta.db_table, cast(list[str], [])
        self.columns = [cast(str, fields[name].column) for name in (*columns, *fixed)]
        self._encode = [_encoder(fields[name]) for name in columns]
        tail = "".join(f"\t{_encoder(fields[name])(value)}" for name, value in fixed.items())
        self._tail = tail + "\n"

    def add(self, *row: Any) -> None:
        """Add one row; its values stand in the order the columns were named."""
        self.lines.append(
            "\t".join([encode(value) for encode, value in zip(self._encode, row, strict=True)]) + self._tail
        )

    def flush(self) -> None:
        """Send what was added."""
        if self.lines:
            self.sink.send(self.name, self.columns, self.lines)
            self.lines = []


class Tables:
    """Tables that are filled together and sent in the order they were made: a row's parent goes before it."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.all = sink, cast(list[Table], [])

    def of(self, model: type[models.Model], *columns: str, **fixed: Any) -> Table:
        """Make a table of this group."""
        self.all.append(Table(self.sink, model, *columns, **fixed))
        return self.all[-1]

    @property
    def full(self) -> bool:
        """Whether one table has a batch."""
        return any(len(table.lines) >= BATCH for table in self.all)

    def relieve(self) -> None:
        """Send everything when one table has a batch."""
        if self.full:
            self.close()

    def close(self) -> None:
        """Send everything."""
        for table in self.all:
            table.flush()
        self.sink.commit()


class Database:
    """The sink that is a database: one connection and one thread of its own, so that rows are made meanwhile."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._waiting: Queue[tuple[str, str, list[str]] | None] = Queue(maxsize=12)
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._write, name="demo-copy", daemon=True)
        self._thread.start()

    def send(self, table: str, columns: Sequence[str], lines: list[str]) -> None:
        """Hand rows to the writer; waits when it is far behind."""
        named = ", ".join(f'"{column}"' for column in columns)
        self._put(("copy", f'COPY "{table}" ({named}) FROM STDIN', lines))

    def commit(self) -> None:
        """Let the writer commit what came before."""
        self._put(("commit", "", []))

    def close(self) -> None:
        """Wait until everything is stored. Raises what the database refused."""
        self._put(None)
        self._thread.join()
        if self._fault:
            raise self._fault

    def abandon(self) -> None:
        """Stop after what is under way; nothing more is stored."""
        self._fault = self._fault or RuntimeError("The loading was given up.")
        self._waiting.put(None)
        self._thread.join()

    def _put(self, what: tuple[str, str, list[str]] | None) -> None:
        if self._fault:
            raise self._fault
        self._waiting.put(what)

    def _write(self) -> None:
        while (job := self._waiting.get()) is not None:
            if self._fault:
                continue  # drained, so that whoever sends is never stuck
            try:
                verb, statement, lines = job
                if verb == "commit":
                    self.connection.commit()
                    continue
                with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write("".join(lines))
            except BaseException as fault:
                self._fault = fault


class Digest:
    """The sink that only remembers: the same rows give the same digest. `rows` counts them by table."""

    def __init__(self) -> None:
        self._sha, self.rows = hashlib.sha256(), cast(dict[str, int], {})

    def send(self, table: str, columns: Sequence[str], lines: list[str]) -> None:
        """Remember the rows."""
        self.rows[table] = self.rows.get(table, 0) + len(lines)
        self._sha.update(table.encode())
        self._sha.update("".join(lines).encode())

    def commit(self) -> None:
        """Nothing to make permanent."""

    @property
    def value(self) -> str:
        """What was sent so far, as one number."""
        return self._sha.hexdigest()


def _encoder(field: models.Field) -> Callable[[Any], str]:
    return next((encode for kind, encode in _ENCODERS if isinstance(field, kind)), _plain)


def _default(field: models.Field) -> Any:
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    return "" if field.blank and field.empty_strings_allowed else NoValue
