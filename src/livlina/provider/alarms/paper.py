"""The list of everyone with an alarm, as it is kept outside the server: plain HTML for a device, PDF for a printer.

Each team's is written every quarter of an hour into `crisis-lists/<municipality>` of the state directory, under its
name, so that whoever looks after that machine can have them copied or printed. A file is written whole and then given its
name, and says when it was made; a team that has no alarms left leaves none behind.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import slugify

from livlina.core.paper import pdf
from livlina.provider.alarms.queries.ringing import Call

EVERY = timedelta(minutes=15)
KINDS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


def html(team: str, calls: list[Call], *, now: datetime) -> str:
    """Return the list as one HTML page that needs nothing else. The same rows at the same moment give the same page."""
    return render_to_string("alarms/crisis_print.html", {"team": team, "calls": calls, "made_at": now})


def write(municipality: str, team: str, page: str, *, now: datetime, root: Path | None = None) -> None:
    """Write one team's list, made at `now`. The HTML first: it is quickest."""
    folder = _folder(municipality, root)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _put(folder / f"{_name(team)}.html", page.encode(), now)
    _put(folder / f"{_name(team)}.pdf", pdf(page), now)


def due(municipality: str, teams: Iterable[str], *, now: datetime, root: Path | None = None) -> list[str]:
    """Return the teams whose list is older than a quarter of an hour, or not there: the oldest first."""
    made = {team: last(municipality, team, root=root) for team in teams}
    never = datetime.min.replace(tzinfo=UTC)
    old = {team: at or never for team, at in made.items() if at is None or now - at >= EVERY}
    return sorted(old, key=lambda team: (old[team], team))


def keep_only(municipality: str, teams: Iterable[str], *, root: Path | None = None) -> None:
    """Remove the lists of every other team of the municipality."""
    kept, folder = {_name(team) for team in teams}, _folder(municipality, root)
    for file in folder.iterdir() if folder.exists() else ():
        if file.stem not in kept:
            file.unlink()


def last(municipality: str, team: str, *, root: Path | None = None) -> datetime | None:
    """When a team's list was last written, or None."""
    try:
        written = (_folder(municipality, root) / f"{_name(team)}.pdf").stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(written, UTC)


def _folder(municipality: str, root: Path | None) -> Path:
    return (root or Path(settings.STATE_DIR)) / "crisis-lists" / municipality


def _name(team: str) -> str:
    """The team's name as a file is called, with a mark that keeps two names apart that look alike without their dots."""
    return f"{slugify(team)}-{crc32(team.encode()) % 10_000:04}"


def _put(file: Path, content: bytes, now: datetime) -> None:
    part = file.with_name(f"{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.utime(part, (now.timestamp(), now.timestamp()))
    part.replace(file)
