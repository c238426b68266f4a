"""Every read about watches that others may use, filtered by access."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Subquery

from livlina.core import clock
from livlina.core.access import Actor, allowed, demand
from livlina.core.models import Assignment, Municipality, User
from livlina.registers.watches.access import desk_of
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import Substitute, Watch, WatchDesk, WatchEvent, WatchType, kind


@dataclass(frozen=True)
class Rest:
    """How many watches of one kind are not shown."""

    kind: WatchType
    count: int


@dataclass(frozen=True)
class Today:
    """What one person can act on today: the most pressing lines, and a count of everything else."""

    lines: list[WatchDesk]
    rest: list[Rest]
    """Due today or dangerous, but beyond the noise budget."""
    later: list[Rest]
    """Not yet due."""
    budget: int

    @property
    def total(self) -> int:
        """Everything to act on today."""
        return len(self.lines) + sum(item.count for item in self.rest)


@dataclass(frozen=True)
class Counts:
    """Figures for a menu or a start page."""

    today: int = 0
    danger: int = 0
    later: int = 0


@dataclass
class Measure:
    """What became of one kind of watch: numbers of watches, and shares of those shown."""

    kind: WatchType
    shown: int = 0
    acted: int = 0
    untouched: int = 0
    """Closed by themselves, or past their due date, and nobody had done anything."""
    events: dict[str, int] = field(default_factory=dict)

    @property
    def acted_share(self) -> int:
        """Per cent of the shown that a person did something about."""
        return round(100 * self.acted / self.shown) if self.shown else 0

    @property
    def ignored_share(self) -> int:
        """Per cent of the shown that nobody touched."""
        return round(100 * self.untouched / self.shown) if self.shown else 0


def todays(actor: Actor, now: datetime) -> Today:
    """Return what lies on the actor's desk today, danger first. At most two statements, whatever lies there."""
    desks = _desks(actor, now)
    pressing = Q(calm=False) | Q(due_at__lt=end_of_day(now))
    own = Municipality.objects.filter(pk=actor.municipality_id).values("parameters__noise_budget")
    rows = cast(
        list[dict[str, Any]],
        list(
            desks.order_by()
            .values("type")
            .annotate(
                today=Count("calm", filter=pressing),
                later=Count("calm", filter=~pressing),
                budget=Subquery(own),
            )
            .order_by("type")
        ),
    )
    own_budget = next((row["budget"] for row in rows if row["budget"]), None)
    budget = int(own_budget or cast(int, settings.PARAMETERS["noise_budget"]))
    lines: list[WatchDesk] = []
    if any(row["today"] for row in rows):
        # The few are chosen in the index first: joined before the limit, everything on the desk would be fetched.
        first = desks.filter(pressing)[:budget].values("pk")
        few = WatchDesk.objects.filter(pk__in=first).select_related("watch__person")
        lines = list(few.order_by("calm", "due_at", "id"))
    shown = [line.type for line in lines]
    return Today(
        lines,
        _rest((row["type"], row["today"] - shown.count(row["type"])) for row in rows),
        _rest((row["type"], row["later"]) for row in rows),
        budget,
    )


def counts(actor: Actor, now: datetime) -> Counts:
    """Return how much lies on the actor's desk. One statement."""
    pressing = Q(calm=False) | Q(due_at__lt=end_of_day(now))
    return Counts(
        **_desks(actor, now)
        .order_by()
        .aggregate(
            today=Count("calm", filter=pressing),
            danger=Count("calm", filter=Q(calm=False)),
            later=Count("calm", filter=~pressing),
        )
    )


def readable(actor: Actor) -> QuerySet[Watch]:
    """Return the watches the actor may open."""
    return allowed(actor, "watches.read", Watch.objects.select_related("person", "unit", "user"))


def history(watch: Watch) -> QuerySet[WatchEvent]:
    """Return what happened to a watch that was fetched with access, oldest first."""
    return watch.events.order_by("at", "id")


def statistics(actor: Actor, since: datetime, until: datetime, now: datetime) -> list[Measure]:
    """Return what became of the unit's watches first shown in the period, per kind, the noisiest first.

    Two statements. A watch that closed before it was ever shown disturbed nobody and is not counted.
    """
    demand(actor, "watches.statistics")
    shown = Watch.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=F("shown_from")),
        municipality_id=actor.municipality_id,
        unit_id=actor.unit_id,
        shown_from__gte=since,
        shown_from__lt=min(until, now),
    )
    over = Q(closed_at__isnull=False) | Q(due_at__lt=now)
    measures = {
        row["type"]: Measure(kind(row["type"]), row["shown"], row["acted"], row["untouched"])
        for row in shown.order_by()
        .values("type")
        .annotate(
            shown=Count("pk"),
            acted=Count("pk", filter=Q(acted_at__isnull=False)),
            untouched=Count("pk", filter=over & Q(acted_at__isnull=True)),
        )
    }
    happened = (
        WatchEvent.objects.filter(watch__in=shown)
        .order_by()
        .values("watch__type", "kind")
        .annotate(n=Count("pk"))
    )
    for row in happened:
        measures[row["watch__type"]].events[row["kind"]] = row["n"]
    return sorted(measures.values(), key=lambda measure: (-measure.ignored_share, -measure.shown))


@dataclass(frozen=True)
class Place:
    """Somewhere a watch can be handed: a role in a unit, or a colleague."""

    value: str
    label: str


def places(actor: Actor, now: datetime) -> list[Place]:
    """Return where the actor may hand a watch: colleagues by name, other units on the same side by role."""
    held = (
        Assignment.objects.valid(clock.day_of(now))
        .filter(municipality_id=actor.municipality_id, role__in=_same_side(actor))
        .select_related("unit", "user")
        .order_by("unit__name", "role", "user__name")
    )
    colleagues: list[Place] = []
    units: dict[str, Place] = {}
    for one in held:
        role = settings.ROLES[one.role].swedish
        if one.unit_id == actor.unit_id:
            colleagues.append(Place(f"{one.unit_id}|{one.role}|{one.user_id}", f"{one.user.name}, {role}"))
        key = f"{one.unit_id}|{one.role}|"
        units[key] = Place(key, f"{one.unit.name}: {role}")
    return colleagues + list(units.values())


def stood_in_for(actor: Actor, on: date) -> QuerySet:
    """Return the ids of colleagues in the unit whom the actor stands in for on a day: part of another statement."""
    found = Substitute.objects.absent_for(actor.user_id, actor.unit_id, on)
    return found.filter(municipality_id=actor.municipality_id)


def substitutions(actor: Actor, on: date) -> list[Substitute]:
    """Return those that hold or will: the unit's for a manager, one's own for others. One statement."""
    rows = allowed(
        actor,
        "watches.stand_in",
        Substitute.objects.filter(valid_to__gte=on).filter(valid_to__gte=F("valid_from")),
    )
    return list(rows.select_related("absent", "substitute").order_by("valid_from", "absent__name"))


def colleagues(actor: Actor, on: date) -> list[User]:
    """Return those who hold a case worker's or manager's assignment in the actor's unit. One statement."""
    held = Assignment.objects.filter(unit_id=actor.unit_id, role__in=("case_worker", "unit_manager")).valid(
        on
    )
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name"))


def desk_for(role: str, unit_id: UUID, user_id: int | None, on: date) -> Owner:
    """Return whose desk a duty of somebody in a role lies on.

    Those who run the system have no desk of watches: theirs are the board's secretary's, and without one the duty's.
    """
    if role not in settings.AUDIENCES["operations"]:
        return Owner(role, unit_id, user_id)
    secretary = Assignment.objects.filter(role="committee_secretary").valid(on).order_by("id").first()
    return Owner("committee_secretary", secretary.unit_id) if secretary else Owner("duty_officer", unit_id)


def desk_of_the_house(on: date) -> Owner:
    """Return the desk of what is of the whole house: of those who run it. Raises LookupError when nobody is there."""
    found = Assignment.objects.filter(role__in=("administrator", "committee_secretary", "duty_officer"))
    first = found.valid(on).order_by("role", "id").first()
    if first is None:
        raise LookupError("Nobody in the municipality could have it on a desk.")
    return desk_for(first.role, first.unit_id, None, on)


def _same_side(actor: Actor) -> list[str]:
    side = settings.ROLES[actor.role].side
    return [code for code, role in settings.ROLES.items() if role.side == side]


def end_of_day(now: datetime) -> datetime:
    """Return the midnight that ends the Swedish day of `now`."""
    tomorrow = clock.day_of(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, clock.SWEDEN)


def _desks(actor: Actor, now: datetime) -> QuerySet[WatchDesk]:
    """Desks the actor sits at now, the most pressing first."""
    demand(actor, "watches.read")
    found = WatchDesk.objects.filter(desk_of(actor), municipality_id=actor.municipality_id, since__lte=now)
    return found.order_by("calm", "due_at", "id")


def _rest(pairs: Iterable[tuple[str, int]]) -> list[Rest]:
    return [Rest(kind(code), count) for code, count in pairs if count > 0]
