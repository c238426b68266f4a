"""What was read on the shadow: written to a file there, since its database takes nothing, and taken home afterwards.

One line for each reading, appended under a lock and on the disk before the page is shown; each holds the hash of the one
before it, so that a line taken out is seen. The file is read into the log of the main system by `livlina shadow bring-home`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from livlina.core.ids7 import uuid7

if TYPE_CHECKING:
    from livlina.core.models.audit import AuditEvent

FILE = "readings.jsonl"
START = "0" * 64
_TAIL = 65_536  # bytes: no line is longer


class Broken(Exception):
    """The file of readings is not as it was written: a line is missing, changed or torn."""


def keep(events: Iterable[AuditEvent]) -> None:
    """Append readings, and return when they are on the disk. Raises OSError: then nothing may be shown."""
    append(_of(event) for event in events)


def keep_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], same: dict[str, Any]) -> set[UUID]:
    """Append readings as `core.bulk.insert` names them, and return their ids."""
    told = [{"id": uuid7()} | same | dict(zip(columns, row, strict=True)) for row in rows]
    append(told)
    return {row["id"] for row in told}


def append(rows: Iterable[dict[str, Any]], folder: Path | None = None) -> None:
    """Append rows to the file of the shadow's folder, each with the hash of what stands before it."""
    path = (folder or Path(settings.STATE_DIR)) / FILE
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before, lines = _last(file), []
        for row in rows:
            body = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
            before = _hash(before, body)
            lines.append(json.dumps({"h": before, "row": body}) + "\n")
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Return the rows of a file, the first first. Raises Broken at the first line that does not follow."""
    before = START
    with path.open("rb") as file:
        for line in file:
            try:
                told = json.loads(line)
                body, said = told["row"], told["h"]
            except (ValueError, KeyError, TypeError) as fault:
                raise Broken(Broken.__doc__) from fault
            before = _hash(before, body)
            if before != said:
                raise Broken(Broken.__doc__)
            yield json.loads(body)


def bring_home(rows: Iterable[dict[str, Any]], municipality_id: int) -> int:
    """Write readings of a municipality into its log, each once however often it is told, and return how many were new.

    In a transaction of the municipality's, on the main system.
    """
    from livlina.core.models.audit import AuditEvent

    own = [_event(row) for row in rows if row["municipality_id"] == municipality_id]
    known = set(AuditEvent.objects.filter(pk__in=[event.pk for event in own]).values_list("pk", flat=True))
    new = [event for event in own if event.pk not in known]
    AuditEvent.objects.bulk_create(new)
    return len(new)


def _event(row: dict[str, Any]) -> AuditEvent:
    from livlina.core.models.audit import AuditEvent

    detail = row.get("detail") or {}
    return AuditEvent(
        **row
        | {
            "id": UUID(row["id"]),
            "at": datetime.fromisoformat(row["at"]),
            "detail": detail | {"shadow": True},
        }
    )


def _of(event: AuditEvent) -> dict[str, Any]:
    return {field.attname: getattr(event, field.attname) for field in event._meta.concrete_fields}


def _hash(before: str, body: str) -> str:
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def _last(file: Any) -> str:
    """The hash the last whole line ends with. A line torn by a crash is ended where it stands, and seen when read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    lines = file.read().splitlines()
    return str(json.loads(lines[-1])["h"]) if lines else START
