"""Packs are made: read in a transaction, laid out and sealed outside it, written to every place, said in the log."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import structlog
from django.conf import settings

from livlina.across.continuity.packs import content, paper, places, screen, sealing
from livlina.across.continuity.packs.places import Kept
from livlina.core import audit, clock, keys
from livlina.core.access import system
from livlina.core.jobs import part
from livlina.core.models import Municipality, Unit
from livlina.status import parts

log = structlog.get_logger(__name__)
EVERY = timedelta(minutes=13)
"""A pack older than this is made anew; looked for each minute, so that none is older than a quarter of an hour."""
OLD = timedelta(minutes=15)
"""Older than this it is told on the status page."""
TOO_OLD = timedelta(minutes=30)
"""Older than this it is a watch at the unit, and announced."""
LIMIT = timedelta(minutes=1)


@dataclass
class Made:
    """What came of making packs."""

    packs: list[Kept] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Units whose pack could not be made."""
    unwritten: list[Path] = field(default_factory=list)
    """Places that could not be written."""


def make(
    municipality_id: int, now: datetime, *, every: timedelta = timedelta(0), seconds: float = 600.0,
    clock_now: Callable[[], datetime] | None = None,
) -> Made:  # fmt: skip
    """Make the packs of a municipality that are older than `every`, the oldest first, for at most `seconds`.

    A unit that fails stops no other. Each pack says when it was read, by `clock_now` (else `now`).
    """
    with part(municipality_id, LIMIT):
        municipality = Municipality.objects.get(pk=municipality_id)
        units = content.units(now)
        pair = keys.current(municipality_id, places.PURPOSE, now)
    last = places.newest(municipality.slug)
    ages = {unit.pk: now - last[str(unit.pk)].at if str(unit.pk) in last else timedelta.max for unit in units}
    due = sorted(
        (unit for unit in units if ages[unit.pk] >= every), key=lambda unit: ages[unit.pk], reverse=True
    )
    begun, made, pages = time.monotonic(), Made(), []
    for unit in due:
        try:
            pages.append(_one(unit, municipality.name, clock_now() if clock_now else now))
        except Exception:
            log.exception("pack_not_made", unit=str(unit.pk))
            made.failed.append(unit.name)
        if time.monotonic() - begun > seconds:
            break
    if pages or set(last) - {str(unit.pk) for unit in units}:
        _write(municipality.slug, pages, pair, {str(unit.pk) for unit in units}, made)
    return made


def _one(unit: Unit, municipality: str, now: datetime) -> tuple[Kept, bytes]:
    by = system(unit.municipality_id)
    with part(unit.municipality_id, LIMIT):
        pack = content.of_unit(unit, municipality, now=now)
        lock = sealing.lock_of(unit, now)
        audit.wrote(
            by, "continuity.pack", now=now, obj=unit, detail={"persons": len(pack.persons), "key": lock.name}
        )
    page = screen.html(pack, paper.pdf(pack), lock, unit.pk).encode()
    name, digest = places.file_name(unit.name), sha256(page).hexdigest()
    return Kept(str(unit.pk), unit.name, name, now, digest, len(page), tuple(map(str, pack.persons))), page


def _write(slug: str, pages: list[tuple[Kept, bytes]], pair: keys.Pair, only: set[str], made: Made) -> None:
    for place in places.places():
        try:
            places.write(place, slug, pages, pair=pair, only=only)
        except OSError as fault:
            log.error("packs_not_written", place=str(place), fault=fault.strerror)
            made.unwritten.append(place)
    if len(made.unwritten) < len(places.places()):
        made.packs = [row for row, _ in pages]
    else:
        made.failed += [row.unit for row, _ in pages]


# How old they are ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Age:
    """How old a unit's newest pack is; None when there is none."""

    unit: Unit
    row: Kept | None
    age: timedelta | None

    def beyond(self, limit: timedelta) -> bool:
        """Whether it is older than that, or not there at all."""
        return self.age is None or self.age > limit


def ages(municipality_id: int, now: datetime) -> list[Age]:
    """Return how old the pack of each unit that has one to have is. In a transaction of the municipality's."""
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=municipality_id)
    last = places.newest(slug)
    rows = [(unit, last.get(str(unit.pk))) for unit in content.units(now)]
    return [Age(unit, row, now - row.at if row else None) for unit, row in rows]


def report(now: datetime) -> bool:
    """Tell the status page how the packs of every municipality are, and return whether they are as they should."""
    found: list[Age] = []
    missing: set[Path] = set()
    unlocked = 0
    for pk, slug in Municipality.objects.order_by("pk").values_list("pk", "slug"):
        with part(pk, LIMIT):
            own = ages(pk, now)
            unlocked += sealing.without_code([one.unit for one in own])
        found += own
        for place in places.places():
            there = places.read(place, slug)
            if any(str(one.unit.pk) not in there or now - there[str(one.unit.pk)].at > OLD for one in own):
                missing.add(place)
    late = [one for one in found if one.beyond(OLD)]
    oldest = max((one.age for one in found if one.age is not None), default=None)
    told = len(places.places())
    parts.write(
        Path(settings.STATE_DIR), "packs", not late and not missing, _words(found, late, missing) + _codes(unlocked), at=now,
        units=len(found), late=len(late), places=told, places_missing=len(missing),
        units_without_code=unlocked, oldest_seconds=None if oldest is None else int(oldest.total_seconds()),
    )  # fmt: skip
    return not late and not missing


def _codes(unlocked: int) -> str:
    """What is said of units whose pack only the operator can open."""
    return (
        f" {unlocked} {'enhet' if unlocked == 1 else 'enheter'} har ingen kod att öppna det med."
        if unlocked
        else ""
    )


def _words(found: list[Age], late: list[Age], missing: set[Path]) -> str:
    if not found:
        return "Ingen enhet har något reservpaket att göra."
    units = "1 enhet" if len(found) == 1 else f"{len(found)} enheter"
    if late:
        none = [one for one in late if one.age is None]
        many = f"{len(late)} av {units} har" if len(found) > 1 else "Enheten har"
        return f"{many} ett reservpaket som är äldre än en kvart{' eller saknas' if none else ''}."
    if missing:
        many = "En av platserna" if len(missing) == 1 else f"{len(missing)} av platserna"
        return f"Reservpaketen är färska, men {many.lower()} där de ska ligga kan inte skrivas."
    oldest = min(one.row.at for one in found if one.row)
    copies = len(places.places())
    where = "på en plats" if copies == 1 else f"på {copies} platser"
    return f"Reservpaket finns för {units} {where}, det äldsta från klockan {clock.local(oldest):%H.%M}."
