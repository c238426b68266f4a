"""What is done to one watch. A source is a pair (label, id) that this room does not look into."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from livlina.core import audit, clock, outbox
from livlina.core.access import Actor, demand
from livlina.core.models import Assignment, Unit
from livlina.core.tenancy import EVERYTHING, acting
from livlina.registers.watches.models import Watch, WatchDesk, WatchEvent, WatchType, kind
from livlina.registers.watches.models.kinds import MUNICIPALITY_WIDE

Source = tuple[str | None, UUID]

AUTHORITY, PROVIDER = 1, 2
DESK = ("rung", "role", "unit_id", "user_id", "since", "recorded")


@dataclass(frozen=True)
class Owner:
    """Who must act: a role in a unit, and at times one person who holds it; and in which branch, if not the first."""

    role: str
    unit_id: UUID
    user_id: int | None = None
    compartment: int | None = None


class CannotSnooze(Exception):
    """En bevakning som gäller fara kan inte skjutas upp längre än till sin sista dag."""


class SnoozeTooLong(Exception):
    """Bevakningen kan inte skjutas upp så länge."""


class IsFirm(Exception):
    """Bevakningen kan inte skjutas upp, lämnas över eller avslutas för hand. Den försvinner när det den gäller är gjort."""


class ReasonMissing(Exception):
    """Skriv varför. Skälet sparas."""


class AlreadyClosed(Exception):
    """Bevakningen är redan avslutad."""


class NobodyThere(Exception):
    """Personen har inget uppdrag i den enheten i dag."""


@transaction.atomic
def raise_watch(
    type: str,
    source: tuple[str, UUID],
    *,
    owner: Owner,
    due_at: datetime,
    by: Actor,
    now: datetime,
    person_id: UUID | None = None,
    shown_from: datetime | None = None,
    units: Mapping[str, UUID] | None = None,
    about: str = "",
) -> Watch:
    """Raise a watch, or return the open one of the same type and source; an earlier due date then wins.

    `shown_from`: out of sight until then. `units`: where a rung's role sits, if not in the owner's unit. `about`: the duty
    in the rules' words, never a case's. Raises UnknownKind.
    """
    demand(by, "watches.raise")
    what = kind(type)
    values = first(owner, due_at, shown_from, now) | {"person_id": person_id, "about": about}
    # What one side does may raise or settle a watch on the other; no row of it is shown to whoever acts.
    with acting(by.municipality_id, EVERYTHING):
        watch, new = Watch.objects.get_or_create(
            municipality_id=by.municipality_id,
            type=what.code,
            object_type=source[0],
            object_id=source[1],
            closed_at=None,
            defaults=values,
        )
        if not new:
            return sooner(watch, due_at)
        WatchDesk.objects.bulk_create(_desks(watch, values, units or {}))
        _record(watch, "raised", by, at=now, now=now)
    audit.wrote(by, "watches.raise", now=now, obj=watch, detail={"type": what.code})
    outbox.announce("watch.raised", watch, now=now)
    return watch


@transaction.atomic
def snooze(watch: Watch, *, until: datetime, reason: str, by: Actor, now: datetime) -> Watch:
    """Take the watch off the list until `until`.

    Raises CannotSnooze, SnoozeTooLong, ReasonMissing, AlreadyClosed, IsFirm.
    """
    demand(by, "watches.snooze", watch)
    watch = _movable(watch)
    if len(reason.strip()) < 3:
        raise ReasonMissing(ReasonMissing.__doc__)
    if watch.kind.danger and until > watch.due_at:
        raise CannotSnooze(CannotSnooze.__doc__)
    if not now < until <= now + timedelta(days=watch.kind.snooze_days):
        raise SnoozeTooLong(f"Bevakningen kan skjutas upp högst {watch.kind.snooze_days} dagar.")
    _record_climbs(watch, now=now)
    watch.snoozed_until = until
    watch.acted_at = watch.acted_at or now
    watch.save(update_fields=["snoozed_until", "acted_at"])
    for desk in watch.desks.all():
        _move_desk(desk, watch)
    _record(watch, "snoozed", by, at=now, now=now, reason=reason)
    audit.wrote(by, "watches.snooze", now=now, obj=watch, detail={"until": until.isoformat()})
    return watch


@transaction.atomic
def act_on(watch: Watch, *, by: Actor, now: datetime, note: str = "", close: bool = False) -> Watch:
    """Record that someone did something about the watch; with `close` it is also done. Done twice is done once.

    Raises IsFirm when a firm watch would be closed by hand.
    """
    demand(by, "watches.act")
    watch = Watch.objects.select_for_update(of=("self",)).get(pk=watch.pk)
    if watch.closed_at is not None:
        return watch
    demand(by, "watches.act", watch)
    if close and watch.kind.firm:
        raise IsFirm(IsFirm.__doc__)
    watch.acted_at = watch.acted_at or now
    watch.save(update_fields=["acted_at"])
    _record(watch, "acted", by, at=now, now=now, reason=note)
    if close:
        _close(watch, note or "Åtgärdad.", by, now)
    audit.wrote(by, "watches.act", now=now, obj=watch, detail={"closed": close})
    return watch


@transaction.atomic
def ignore(watch: Watch, *, reason: str, by: Actor, now: datetime) -> Watch:
    """Say "inget för mig": leaves the person's own desk for the role's in the same unit. Raises ReasonMissing, IsFirm."""
    demand(by, "watches.ignore", watch)
    watch = _movable(watch)
    if len(reason.strip()) < 3:
        raise ReasonMissing(ReasonMissing.__doc__)
    if watch.user_id == by.user_id:
        watch.user_id = None
        watch.save(update_fields=["user_id"])
        watch.desks.filter(rung=0).update(user_id=None)
    _record(watch, "ignored", by, at=now, now=now, reason=reason)
    audit.wrote(by, "watches.ignore", now=now, obj=watch)
    return watch


@transaction.atomic
def hand_over(watch: Watch, *, to: Owner, reason: str, by: Actor, now: datetime) -> Watch:
    """Give the watch to another unit, role or person. Raises ReasonMissing, NobodyThere, AlreadyClosed, IsFirm."""
    demand(by, "watches.hand_over", watch)
    watch = _movable(watch)
    if len(reason.strip()) < 3:
        raise ReasonMissing(ReasonMissing.__doc__)
    if _provides(to.role) != (watch.compartment == PROVIDER) or not _sits_there(to, now):
        raise NobodyThere(NobodyThere.__doc__)
    before = watch.unit_id
    watch.role, watch.unit_id, watch.user_id = to.role, to.unit_id, to.user_id
    watch.acted_at = watch.acted_at or now
    watch.save(update_fields=["role", "unit_id", "user_id", "acted_at"])
    watch.desks.filter(rung=0).update(role=to.role, user_id=to.user_id, unit_id=_place(to.role, to.unit_id))
    # The ladder follows: the new unit's manager is called, not the old one's.
    watch.desks.filter(rung__gt=0, unit_id=before, recorded=False).update(unit_id=to.unit_id)
    _record(watch, "handed_over", by, at=now, now=now, reason=reason)
    audit.wrote(
        by, "watches.hand_over", now=now, obj=watch, detail={"unit": str(to.unit_id), "role": to.role}
    )
    outbox.announce("watch.handed_over", watch, now=now)
    return watch


@transaction.atomic
def hand_over_desk(
    user_id: int, unit_id: UUID, to: Callable[[Watch], int], *, reason: str, by: Actor, now: datetime
) -> int:
    """Give every open watch on one person's desk in a unit to others there, firm ones too, and return how many.

    `to` says who gets a watch. A firm watch cannot be given away to be rid of it; it goes with the work it guards.
    """
    demand(by, "watches.hand_over_desk")
    own = Watch.objects.filter(user_id=user_id, unit_id=unit_id, closed_at=None)
    found = list(own.order_by("id").select_for_update(of=("self",)))
    for watch in found:
        watch.user_id = to(watch)
        watch.save(update_fields=["user_id"])
        watch.desks.filter(user_id=user_id).update(user_id=watch.user_id)
        _record(watch, "handed_over", by, at=now, now=now, reason=reason)
        told = {"unit": str(unit_id), "user": watch.user_id}
        audit.wrote(by, "watches.hand_over", now=now, obj=watch, detail=told)
        outbox.announce("watch.handed_over", watch, now=now)
    return len(found)


@transaction.atomic
def close_for(
    source: Source, *, why: str, by: Actor, now: datetime, types: Iterable[str] | None = None
) -> int:
    """Close what is open about a source (of these `types`) because its cause is gone. Return how many.

    A source without label means the id alone, as events carry it.
    """
    demand(by, "watches.settle")
    found = Watch.objects.filter(
        municipality_id=by.municipality_id, object_id=source[1], closed_at__isnull=True
    )
    if source[0] is not None:
        found = found.filter(object_type=source[0])
    if types is not None:
        found = found.filter(type__in=tuple(types))
    with acting(by.municipality_id, EVERYTHING):
        closed = list(found.order_by("id").select_for_update(of=("self",)))
        for watch in closed:
            _close(watch, why, by, max(now, watch.opened_at))
    for watch in closed:
        audit.wrote(by, "watches.settle", now=now, obj=watch, detail={"type": watch.type})
    return len(closed)


@transaction.atomic
def escalate_due(*, by: Actor, now: datetime, limit: int = 500) -> int:
    """Write down every climb whose moment has passed, as of that moment, and announce it. Return how many.

    The list does not wait for this: a desk is seen from its `since`. Rows another worker holds are left to it.
    """
    demand(by, "watches.escalate")
    waiting = _due_climbs(now).filter(municipality_id=by.municipality_id).values("watch_id")
    # The watch is locked before its desks, as everywhere: two orders of locking would be a deadlock.
    watches = (
        Watch.objects.filter(pk__in=waiting).order_by("id").select_for_update(of=("self",), skip_locked=True)
    )
    return sum(_record_climbs(watch, now=now) for watch in watches[:limit])


def first(owner: Owner, due_at: datetime, shown_from: datetime | None, now: datetime) -> dict[str, Any]:
    """What a watch is born with."""
    return {
        "compartment": owner.compartment or _compartment(owner.role),
        "role": owner.role,
        "unit_id": owner.unit_id,
        "user_id": owner.user_id,
        "opened_at": now,
        "shown_from": max(shown_from or now, now),
        "due_at": due_at,
    }


def desk_rows(what: WatchType, watch: Mapping[str, Any], units: Mapping[str, UUID]) -> list[tuple[Any, ...]]:
    """The desks a watch will lie on, as DESK says: the owner's, then one per rung. `watch` as `first` gives it."""
    role, unit_id, due_at, shown_from = watch["role"], watch["unit_id"], watch["due_at"], watch["shown_from"]
    own = (0, role, _place(role, unit_id), watch["user_id"], shown_from, True)
    rungs = [
        (
            number,
            rung.role,
            _place(rung.role, units.get(rung.role, unit_id)),
            None,
            max(due_at + rung.after, shown_from),
            False,
        )
        for number, rung in enumerate(what.ladder, 1)
    ]
    return [own, *(rung for rung in rungs if rung[1:4] != own[1:4])]


def _desks(watch: Watch, values: Mapping[str, Any], units: Mapping[str, UUID]) -> list[WatchDesk]:
    common: dict[str, Any] = {
        "municipality_id": watch.municipality_id,
        "compartment": watch.compartment,
        "watch": watch,
        "type": watch.type,
        "calm": not watch.kind.danger,
        "due_at": watch.due_at,
    }
    rows = desk_rows(watch.kind, values, units)
    return [WatchDesk(**common, **dict(zip(DESK, row, strict=True))) for row in rows]


def _compartment(role: str) -> int:
    """Where a role's watches lie when nobody has said."""
    return PROVIDER if _provides(role) else AUTHORITY


def _provides(role: str) -> bool:
    return bool(settings.ROLES[role].side == "provider")


def _place(role: str, unit_id: UUID) -> UUID | None:
    return None if role in MUNICIPALITY_WIDE else unit_id


def sooner(watch: Watch, due_at: datetime) -> Watch:
    """Let an earlier due date win: nothing dangerous is put off by being raised again."""
    if due_at < watch.due_at:
        watch = Watch.objects.select_for_update(of=("self",)).get(pk=watch.pk)
        watch.due_at = min(due_at, watch.due_at)
        watch.save(update_fields=["due_at"])
        for desk in watch.desks.all():
            _move_desk(desk, watch)
    return watch


def _move_desk(desk: WatchDesk, watch: Watch) -> None:
    """Set when a desk not yet reached will be, from the watch's due date and snooze."""
    desk.due_at = watch.due_at
    if desk.rung == 0:
        desk.since = watch.snoozed_until or desk.since
    elif not desk.recorded:
        start = max(watch.due_at, watch.snoozed_until or watch.due_at)
        desk.since = max(start + watch.kind.ladder[desk.rung - 1].after, watch.shown_from)
    desk.save(update_fields=["due_at", "since"])


def _due_climbs(now: datetime) -> QuerySet[WatchDesk]:
    return WatchDesk.objects.filter(recorded=False, since__lte=now).order_by("since", "rung")


def _record_climbs(watch: Watch, *, now: datetime) -> int:
    """Write down what the clock already did to a (locked) watch. Return how many rungs."""
    climbed = list(_due_climbs(now).filter(watch=watch))
    for desk in climbed:
        desk.recorded = True
        desk.save(update_fields=["recorded"])
        watch.level = max(watch.level, desk.rung)
        watch.save(update_fields=["level"])
        WatchEvent.objects.create(
            municipality_id=watch.municipality_id,
            compartment=watch.compartment,
            watch=watch,
            kind="escalated",
            at=desk.since,
            recorded_at=now,
            actor_name="Livlina",
            role=desk.role,
        )
        outbox.announce("watch.escalated", watch, now=now)
    return len(climbed)


def _locked(watch: Watch) -> Watch:
    found = Watch.objects.select_for_update(of=("self",)).get(pk=watch.pk)
    if found.closed_at is not None:
        raise AlreadyClosed(AlreadyClosed.__doc__)
    return found


def _movable(watch: Watch) -> Watch:
    """The watch, locked, if a person may put it off or give it away."""
    watch = _locked(watch)
    if watch.kind.firm:
        raise IsFirm(IsFirm.__doc__)
    return watch


def _close(watch: Watch, why: str, by: Actor, now: datetime) -> None:
    _record_climbs(watch, now=now)
    watch.closed_at, watch.closed_why = now, why[:200]
    watch.save(update_fields=["closed_at", "closed_why"])
    watch.desks.all().delete()
    _record(watch, "closed", by, at=now, now=now, reason=why)
    outbox.announce("watch.closed", watch, now=now)


def _record(watch: Watch, what: str, by: Actor, *, at: datetime, now: datetime, reason: str = "") -> None:
    WatchEvent.objects.create(
        municipality_id=watch.municipality_id,
        compartment=watch.compartment,
        watch=watch,
        kind=what,
        at=at,
        recorded_at=now,
        user_id=by.user_id,
        actor_name=by.name,
        role=by.role,
        unit_name=by.unit_name,
        reason=reason.strip()[:200],
    )


def _sits_there(owner: Owner, now: datetime) -> bool:
    """Whether the unit exists and someone (the one named, if any) holds the role there today."""
    if not Unit.objects.filter(pk=owner.unit_id).exists():
        return False
    held = Assignment.objects.filter(unit_id=owner.unit_id, role=owner.role).valid(clock.day_of(now))
    return held.filter(user_id=owner.user_id).exists() if owner.user_id else held.exists()
