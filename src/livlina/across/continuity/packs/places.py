"""Where packs lie: in several folders, each a copy that works by itself. A file is written whole and then given its name.

`<place>/<municipality>/<unit>.html` is the newest, `tidigare/` holds the four before it, and `manifest.json` says what is
there, with checksums, signed with the municipality's key. A place that cannot be written stops no other.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.utils.text import slugify

from livlina.core import keys

EARLIER = "tidigare"
KEPT = 4
PURPOSE = "packs"


@dataclass(frozen=True)
class Kept:
    """A pack as a manifest tells of it."""

    unit_id: str
    unit: str
    file: str
    at: datetime
    sha256: str
    size: int
    persons: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """Return it as the manifest writes it."""
        return vars(self) | {"at": self.at.isoformat(), "persons": list(self.persons)}


def places() -> list[Path]:
    """The folders that packs are written to (LIVLINA_PACK_PLACES; without it, one in the state folder)."""
    return [Path(one) for one in settings.PACK_PLACES] or [Path(settings.STATE_DIR) / "packs"]


def file_name(unit: str) -> str:
    """A unit's name as a file is called, with a mark that keeps two names apart that look alike without their dots."""
    return f"{slugify(unit)}-{crc32(unit.encode()) % 10_000:04}.html"


def read(place: Path, municipality: str) -> dict[str, Kept]:
    """Return what a place's manifest says, by unit id; nothing when there is none that can be read."""
    try:
        body = json.loads((place / municipality / "manifest.json").read_text(encoding="utf-8"))["body"]
        rows = [
            Kept(**{**row, "at": datetime.fromisoformat(row["at"]), "persons": tuple(row["persons"])})
            for row in body["packs"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {row.unit_id: row for row in rows}


def newest(municipality: str) -> dict[str, Kept]:
    """Return the newest pack of each unit, wherever it lies."""
    found: dict[str, Kept] = {}
    for place in places():
        for key, row in read(place, municipality).items():
            if key not in found or found[key].at < row.at:
                found[key] = row
    return found


def content(municipality: str, row: Kept) -> bytes | None:
    """Return a pack's file from the first place that has it as its manifest says, or None."""
    for place in places():
        with contextlib.suppress(OSError):
            page = (place / municipality / row.file).read_bytes()
            if sha256(page).hexdigest() == row.sha256:
                return page
    return None


def write(
    place: Path, municipality: str, made: Iterable[tuple[Kept, bytes]], *, pair: keys.Pair, only: set[str]
) -> None:
    """Write packs to a place and then its manifest; units not in `only` (ids) have none any more. Raises OSError."""
    folder = place / municipality
    (folder / EARLIER).mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {key: row for key, row in read(place, municipality).items() if key in only}
    for row, page in made:
        _set_aside(folder, row.file)
        _put(folder / row.file, page)
        os.utime(folder / row.file, (row.at.timestamp(), row.at.timestamp()))
        kept[row.unit_id] = row
    _put(folder / "manifest.json", signed(sorted(kept.values(), key=lambda row: row.unit), pair))
    _prune(folder, {row.file for row in kept.values()})


def signed(rows: Iterable[Kept], pair: keys.Pair) -> bytes:
    """Return a manifest of these packs."""
    body = {"v": 1, "packs": [row.told() for row in rows]}
    told = {
        "body": body,
        "key": pair.name,
        "public": pair.public.hex(),
        "signature": pair.sign(_plain(body)).hex(),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def faults(place: Path, municipality: str, known: set[bytes]) -> list[str]:
    """Return what is wrong with a place, a sentence each. `known`: the public keys a manifest may be signed with."""
    folder = place / municipality
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        public, body = bytes.fromhex(told["public"]), told["body"]
        true = public in known and keys.verifies(public, bytes.fromhex(told["signature"]), _plain(body))
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{folder} has no manifest that can be read."]
    found = [] if true else [f"{folder} has a manifest that is not signed by this municipality."]
    for row in read(place, municipality).values():
        try:
            whole = sha256((folder / row.file).read_bytes()).hexdigest() == row.sha256
        except OSError:
            whole = False
        if not whole:
            found.append(f"{folder / row.file} is missing or not as it was written.")
    return found


def _plain(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _set_aside(folder: Path, name: str) -> None:
    """Keep what was newest among the earlier ones, and no more of those than a few."""
    with contextlib.suppress(FileNotFoundError):
        there = folder / name
        stamp = datetime.fromtimestamp(there.stat().st_mtime, UTC)
        aside = folder / EARLIER / f"{there.stem}-{stamp:%Y%m%dT%H%M%S}Z.html"
        aside.unlink(missing_ok=True)
        os.link(there, aside)  # the newest never leaves its name
    for old in _earlier(folder, name)[:-KEPT]:
        old.unlink(missing_ok=True)


def _earlier(folder: Path, name: str) -> list[Path]:
    stem = re.escape(Path(name).stem)
    return sorted(
        one
        for one in (folder / EARLIER).iterdir()
        if re.fullmatch(rf"{stem}-\d{{8}}T\d{{6}}Z\.html", one.name)
    )


def _prune(folder: Path, files: set[str]) -> None:
    for one in folder.glob("*.html"):
        if one.name not in files:
            one.unlink(missing_ok=True)
            for old in _earlier(folder, one.name):
                old.unlink(missing_ok=True)


def _put(file: Path, content: bytes) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
