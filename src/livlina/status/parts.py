"""How the parts of the house tell the status page how they are: one small JSON file each, replaced in one step.

The writer may be any process (a job of the worker, a command, another machine's copy); the reader is the status
process, which must work when all of them are dead. So there is no database here, and a part that falls silent is
seen by its age: each part has its own largest allowed age (`probes.py`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path("status") / "parts"
LARGEST = 64_000  # bytes of one part's file
LONGEST = 500  # characters of its words
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Part:
    """What one part said last."""

    name: str
    works: bool
    words: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def write(
    state: Path, name: str, works: bool, words: str, *, at: datetime | None = None, **data: object
) -> bool:
    """Say how the part `name` is, in a Swedish sentence for everyone: never a person, never an address.

    `at` is when it was so (aware; now if left out) and `data` what the manager's page wants besides: anything
    JSON can hold. Returns False when the file could not be written (a full or dead disk): the work that tells
    must not fail for that, and silence is seen by the age. Raises ValueError on a name that is no plain word.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"The name of a part is a plain word of small letters, not {name!r}.")
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    told = {"at": moment.isoformat(), "works": works, "words": words[:LONGEST], "data": data}
    return replace(state / FOLDER / f"{name}.json", json.dumps(told, ensure_ascii=False))


def read(state: Path) -> dict[str, Part]:
    """Return what every part said last, by name. A file that cannot be understood is as if it were not there."""
    found = {}
    with contextlib.suppress(OSError):
        for path in sorted((state / FOLDER).glob("*.json")):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                found[path.stem] = _part(path)
    return found


def replace(path: Path, text: str, *, width: int = 0) -> bool:
    """Put `text` in the place of the file in one step, so that no reader sees half; False when it cannot be done.

    With `width` (bytes) it is padded with spaces to so much, and on a disk without room for a new file the old one is
    written over in its place, since its blocks are ours already.
    """
    data = text.encode()
    data += b" " * (width - len(data))
    new = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        return _over(path, data, width)
    return True


def _over(path: Path, data: bytes, width: int) -> bool:
    try:
        if not 0 < len(data) <= width == path.stat().st_size:
            return False
        with open(path, "r+b") as file:
            os.pwrite(file.fileno(), data, 0)
    except OSError:
        return False
    return True


def _part(path: Path) -> Part:
    if path.stat().st_size > LARGEST or not _NAME.fullmatch(path.stem):
        raise ValueError("This is no part's file.")
    told = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None:
        raise ValueError("The time says no zone.")
    return Part(path.stem, told["works"] is True, str(told["words"])[:LONGEST], at, dict(told["data"]))
