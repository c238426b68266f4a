"""The same as in `watch`, for many watches in a few statements: what the jobs of the clock do every night.

Each function does to all what its namesake does to one; tests of the deadlines hold them together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from livlina.core import audit, bulk, outbox
from livlina.core.access import Actor, demand
from livlina.core.ids7 import uuid7
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.watches.actions.watch import DESK, Owner, desk_rows, first, sooner
from livlina.registers.watches.models import Watch, WatchDesk, WatchEvent, kind

EVENT = ("compartment", "watch_id", "kind", "at", "recorded_at", "reason")
BORN = ("compartment", "role", "unit_id", "user_id", "opened_at", "shown_from", "due_at")


@dataclass(frozen=True)
class Duty:
    """A watch to raise, with the words of `raise_watch`."""

    type: str
    source: tuple[str, UUID]
    owner: Owner
    due_at: datetime
    person_id: UUID | None = None
    units: Mapping[str, UUID] = field(default_factory=dict)
    about: str = ""


@transaction.atomic
def raise_watches(duties: Sequence[Duty], *, by: Actor, now: datetime) -> int:
    """Raise each as `raise_watch` does, in six statements however many; return how many are new. Raises UnknownKind.

    Each pair of type and source comes once.
    """
    demand(by, "watches.raise")
    with acting(by.municipality_id, EVERYTHING):
        standing = _standing(duties, by.municipality_id)
        born = {}
        for duty in duties:
            if watch := standing.get((duty.type, *duty.source)):
                sooner(watch, duty.due_at)
            else:
                born[uuid7()] = (duty, first(duty.owner, duty.due_at, None, now))
        fresh = bulk.insert(
            Watch,
            ("id", "type", "object_type", "object_id", "person_id", "about", *BORN),
            [
                (
                    *(key, kind(duty.type).code, *duty.source, duty.person_id, duty.about),
                    *(values[name] for name in BORN),
                )
                for key, (duty, values) in born.items()
            ],
            once=True,
            municipality_id=by.municipality_id,
        )
        born = {key: pair for key, pair in born.items() if key in fresh}
        _lay(born, by.municipality_id)
        events = [(values["compartment"], key, "raised", now, now, "") for key, (_, values) in born.items()]
        _record(events, by)
    told = [(key, duty.person_id, {"type": duty.type}) for key, (duty, _) in born.items()]
    audit.wrote_many(by, "watches.raise", Watch, told, now=now)
    outbox.announce_many("watch.raised", by.municipality_id, list(born), now=now)
    return len(born)


@transaction.atomic
def close_for_many(label: str, keys: Collection[UUID], *, why: str, by: Actor, now: datetime) -> int:
    """Close what is open about many sources of one label, as `close_for` does, in eight statements. Return how many."""
    demand(by, "watches.settle")
    with acting(by.municipality_id, EVERYTHING):
        found = Watch.objects.filter(
            municipality_id=by.municipality_id, object_type=label, object_id__in=list(keys), closed_at=None
        )
        closed = {watch.pk: watch for watch in found.order_by("id").select_for_update(of=("self",))}
        if not closed:
            return 0
        moments = {key: max(now, watch.opened_at) for key, watch in closed.items()}
        climbed = _climb(closed, moments)
        Watch.objects.filter(pk__in=list(closed)).update(
            closed_at=Greatest(now, F("opened_at")), closed_why=why[:200]
        )
        WatchDesk.objects.filter(watch_id__in=list(closed)).delete()
        events = [
            (watch.compartment, key, "closed", moments[key], moments[key], why.strip()[:200])
            for key, watch in closed.items()
        ]
        _record(events, by)
    told = [(key, watch.person_id, {"type": watch.type}) for key, watch in closed.items()]
    audit.wrote_many(by, "watches.settle", Watch, told, now=now)
    outbox.announce_many("watch.escalated", by.municipality_id, climbed, now=now)
    outbox.announce_many("watch.closed", by.municipality_id, list(closed), now=now)
    return len(closed)


def _standing(duties: Iterable[Duty], municipality_id: int) -> dict[tuple[str, str, UUID], Watch]:
    """What is open already of these types about these sources."""
    keys, types = [duty.source[1] for duty in duties], {duty.type for duty in duties}
    found = Watch.objects.filter(
        municipality_id=municipality_id, object_id__in=keys, type__in=types, closed_at=None
    )
    return {(watch.type, watch.object_type, watch.object_id): watch for watch in found}


def _lay(born: Mapping[UUID, tuple[Duty, dict[str, Any]]], municipality_id: int) -> None:
    """Lay new watches on their desks."""
    rows = [
        (key, values["compartment"], duty.type, not what.danger, duty.due_at, *row)
        for key, (duty, values) in born.items()
        for what in (kind(duty.type),)
        for row in desk_rows(what, values, duty.units)
    ]
    columns = ("watch_id", "compartment", "type", "calm", "due_at", *DESK)
    bulk.insert(WatchDesk, columns, rows, municipality_id=municipality_id)


def _climb(closed: Mapping[UUID, Watch], moments: Mapping[UUID, datetime]) -> list[UUID]:
    """Write down what the clock did to (locked) watches that now close; their desks go. Return the watch of each climb."""
    waiting = WatchDesk.objects.filter(
        watch_id__in=list(closed), recorded=False, since__lte=max(moments.values())
    )
    desks = [desk for desk in waiting.order_by("since", "rung") if desk.since <= moments[desk.watch_id]]
    events, levels = [], dict[UUID, int]()
    for desk in desks:
        watch = closed[desk.watch_id]
        levels[watch.pk] = max(levels.get(watch.pk, watch.level), desk.rung)
        events.append((watch, desk.since, moments[watch.pk], desk.role))
    bulk.put(Watch, "level", levels)
    bulk.insert(
        WatchEvent,
        ("compartment", "watch_id", "at", "recorded_at", "role"),
        [(watch.compartment, watch.pk, since, moment, role) for watch, since, moment, role in events],
        municipality_id=next(iter(closed.values())).municipality_id,
        kind="escalated",
        actor_name="Livlina",
    )
    return [watch.pk for watch, *_ in events]


def _record(events: Sequence[tuple[Any, ...]], by: Actor) -> None:
    bulk.insert(
        WatchEvent,
        EVENT,
        events,
        municipality_id=by.municipality_id,
        actor_name=by.name,
        role=by.role,
        user_id=by.user_id,
        unit_name=by.unit_name,
    )
