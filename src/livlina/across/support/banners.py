"""Known faults on the pages they touch: remembered in each process for a few seconds, so that no page asks the database."""

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from livlina.across.support.models import KnownFault

REMEMBERED = 15.0
"""Seconds. So long after it is published a fault may still be missing from another process's pages."""


@dataclass(frozen=True)
class Banner:
    """One known fault, for the layout."""

    title: str
    workaround: str
    pages: tuple[str, ...]

    def touches(self, route: str) -> bool:
        """Whether it belongs on the page of a route."""
        return not self.pages or route.startswith(self.pages)


_known: dict[int, tuple[float, tuple[Banner, ...]]] = {}


def shown(request: HttpRequest) -> list[Banner]:
    """Return what the layout shows on the page of a request."""
    actor: Any = getattr(request, "actor", None)
    match: Any = getattr(request, "resolver_match", None)
    if actor is None or match is None:
        return []
    return [one for one in _of(actor.municipality_id) if one.touches(match.view_name or "")]


def forget(municipality_id: int) -> None:
    """Ask the database at the next page."""
    _known[municipality_id] = (0.0, ())


def _of(municipality_id: int) -> tuple[Banner, ...]:
    until, found = _known.get(municipality_id, (0.0, ()))
    moment = time.monotonic()
    if moment >= until:
        rows = KnownFault.objects.filter(municipality_id=municipality_id, ended_at=None).order_by(
            "-published_at"
        )
        found = tuple(Banner(row.title, row.workaround, tuple(row.pages)) for row in rows[:3])
        _known[municipality_id] = (moment + REMEMBERED, found)
    return found
