"""What makes packs by the clock, and tells when they grow old."""

from datetime import datetime, timedelta

from livlina.across.continuity.packs import making
from livlina.core import clock, outbox
from livlina.core.access import system
from livlina.core.jobs import part
from livlina.core.models import Unit
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import Watch, declare

SECONDS = 6.0
"""At a time for making packs: other jobs wait for their turn meanwhile, and what is left is made the next minute."""
OLD = "continuity.pack_old"

declare(
    OLD,
    "Reservpaketet är gammalt",
    "Enhetens reservpaket är äldre än en halvtimme, eller har aldrig gjorts. Skriv ut det på papper nu och ring supporten.",
    "Slutar systemet fungera står personalen med gamla uppgifter, eller inga.",
    danger=True,
    ladder=[(timedelta(minutes=30), "provider_manager")],
    link="continuity_provider:pack",
)


def make_packs(municipality_id: int, now: datetime) -> int:
    """Make the packs that are thirteen minutes old, and return how many."""
    made = making.make(municipality_id, now, every=making.EVERY, seconds=SECONDS, clock_now=clock.now)
    return len(made.packs)


def watch_packs(municipality_id: int, now: datetime) -> int:
    """Tell the status page how old the packs are; raise a watch for each that is too old, and close it when it is new."""
    by, told = system(municipality_id), 0
    with part(municipality_id, making.LIMIT):
        for one in making.ages(municipality_id, now):
            source = ("core.unit", one.unit.pk)
            if not one.beyond(making.OLD):
                watches.close_for(source, types=[OLD], why="Ett nytt reservpaket är gjort.", by=by, now=now)
            elif one.beyond(making.TOO_OLD) and not _told(one.unit):
                owner = watches.Owner("provider_manager", one.unit.pk)
                watches.raise_watch(OLD, source, owner=owner, due_at=now, by=by, now=now)
                outbox.announce(OLD, one.unit, now=now)
                told += 1
    making.report(now)
    return told


def _told(unit: Unit) -> bool:
    return Watch.objects.filter(type=OLD, object_type="core.unit", object_id=unit.pk, closed_at=None).exists()
