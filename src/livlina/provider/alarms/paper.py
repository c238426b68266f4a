"""The list of everyone with an alarm, as it is kept outside the server: plain HTML for a device, PDF for a printer.

Each team's is written every 15 minutes into `crisis-lists` of the state directory, so that whoever looks after that
machine can have them copied or printed; a file is written whole and then given its name, and says when it was made.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from livlina.provider.alarms.queries.ringing import Call

KINDS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@dataclass(frozen=True)
class Made:
    """When a team's list was last written, and where."""

    at: datetime
    folder: str


def html(team: str, calls: list[Call], *, now: datetime) -> str:
    """Return the list as one HTML page that needs nothing else. The same rows at the same moment give the same page."""
    return render_to_string("alarms/crisis_print.html", {"team": team, "calls": calls, "made_at": now})


def pdf(page: str) -> bytes:
    """Return the page as PDF. The same page gives the same bytes. About 1 s for 100 persons."""
    from weasyprint import HTML  # importing it takes a second of every start
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):
        """The list holds text alone."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            raise ValueError("A list fetches nothing.")

    return bytes(HTML(string=page, url_fetcher=Nothing()).write_pdf(pdf_tags=True) or b"")


def write(team_id: UUID, content: str, *, root: Path | None = None) -> list[Path]:
    """Write a team's list as HTML and PDF, each whole or not at all; the HTML first, since it is quickest."""
    folder = _folder(root)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        _put(folder / f"{team_id}.html", content.encode()),
        _put(folder / f"{team_id}.pdf", pdf(content)),
    ]


def last(team_id: UUID) -> Made | None:
    """When a team's list was last written."""
    file = _folder() / f"{team_id}.pdf"
    try:
        return Made(datetime.fromtimestamp(file.stat().st_mtime, UTC), str(file.parent.name))
    except OSError:
        return None


def _folder(root: Path | None = None) -> Path:
    return (root or Path(settings.STATE_DIR)) / "crisis-lists"


def _put(file: Path, content: bytes) -> Path:
    part = file.with_name(f"{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    return file
