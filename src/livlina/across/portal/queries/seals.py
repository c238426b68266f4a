"""Sealed keys: where they lie, when each was last looked at, and what was opened and is not looked into."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, QuerySet, Subquery

from livlina.across.portal.models import SealedKey, SealOpening, SealTest
from livlina.core.access import Actor, allowed

TESTED_EVERY = timedelta(days=31)
PLACES = 2
"""A fire in one house must not take every envelope."""


@dataclass(frozen=True)
class Envelope:
    """One key with its state: `due_at` when it must be looked at next, `whole` what the last look found."""

    key: SealedKey
    tested_at: datetime | None
    whole: bool | None

    @property
    def alive(self) -> bool:
        """Whether it opens."""
        return self.key.made_at is not None and self.key.ended_at is None

    @property
    def due_at(self) -> datetime | None:
        """When the envelope must be looked at next."""
        seen = self.tested_at or self.key.made_at
        return seen + TESTED_EVERY if seen and self.alive else None


def envelopes(actor: Actor) -> list[Envelope]:
    """Return every key, the newest first. One statement."""
    return [
        Envelope(row, row.tested_at, row.whole)
        for row in _keys(allowed(actor, "portal.seals", SealedKey.objects.all()))
    ]


def envelope(key: SealedKey) -> Envelope:
    """Return one key with its state. One statement."""
    row = _keys(SealedKey.objects.filter(pk=key.pk)).get()
    return Envelope(row, row.tested_at, row.whole)


def too_few_places(rows: list[Envelope]) -> bool:
    """Whether the keys that open lie at fewer than two places."""
    return len({one.key.place.casefold() for one in rows if one.alive}) < PLACES


def overdue(municipality_id: int, now: datetime) -> list[Envelope]:
    """Return the keys that should have been looked at before `now`, or were found broken. One statement."""
    rows = SealedKey.objects.filter(municipality_id=municipality_id, ended_at=None).exclude(made_at=None)
    found = [Envelope(row, row.tested_at, row.whole) for row in _keys(rows)]
    return [one for one in found if one.whole is False or (one.due_at and one.due_at < now)]


def not_reviewed(municipality_id: int) -> QuerySet[SealOpening]:
    """Return the broken seals that nobody has looked into."""
    rows = SealOpening.objects.filter(municipality_id=municipality_id, reviewed_at=None)
    return rows.select_related("key").order_by("at")


def _keys(rows: QuerySet[SealedKey]) -> QuerySet:
    last = SealTest.objects.filter(key=OuterRef("pk")).order_by("-at").values("whole")[:1]
    return rows.annotate(tested_at=Max("tests__at"), whole=Subquery(last)).order_by("-number")
