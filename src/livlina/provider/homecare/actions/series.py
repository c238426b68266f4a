"""From a care plan's tasks to visits that come again, and from those to the visits of the coming weeks."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from livlina.core import audit, bulk
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.provider.homecare.actions.telling import Telling, write
from livlina.provider.homecare.clockwork import moment, monday_of
from livlina.provider.homecare.models import CarePlan, Visit, VisitEvent, VisitSeries
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.orders.models.order import RUNNING

AHEAD_DAYS = 21
"""How many days ahead visits are made."""
HOURS = {
    "morning": time(7, 30), "forenoon": time(10), "noon": time(12), "afternoon": time(15), "evening": time(19, 30),
    "night": time(23),
}  # fmt: skip
"""When a visit of that part of the day is proposed to be: the manager changes it."""
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
UNSAID = 15
"""Minutes proposed for a task whose plan says no length."""


class SeriesRefused(Exception):
    """The visit cannot come again so. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Draft:
    """A visit that is to come again: weekdays 1 (Monday) to 7, a Swedish time of day, minutes."""

    title: str
    at: time
    minutes: int
    first_on: date
    weekdays: tuple[int, ...] = EVERY_DAY
    every_weeks: int = 1
    window: int = 30
    carers_needed: int = 1
    kind: str = "planned"
    task_ids: tuple[UUID, ...] = ()
    nursing_ids: tuple[UUID, ...] = ()
    skills: tuple[str, ...] = ()
    delegations: tuple[str, ...] = ()
    preferred: tuple[UUID, ...] = ()
    area: str = ""
    last_on: date | None = None


def drafts_of(plan: CarePlan, now: datetime) -> list[Draft]:
    """Return the visits a plan's tasks ask for that no running series holds: those of the same time go together."""
    held = _held(plan, now)
    first = max(plan.order.start_date or day_of(now), day_of(now))
    found: dict[tuple[str, tuple[int, ...], bool], Draft] = {}
    for task in sorted(plan.tasks.all(), key=lambda task: task.position):
        weekdays = tuple(sorted(task.weekdays)) or EVERY_DAY
        for part in _unplanned(task.times or ["forenoon"], held.get(task.pk, [])):
            needed = 2 if task.double_staffing else 1
            empty = Draft("", HOURS[part], 0, first, weekdays, carers_needed=needed, area=plan.order.area)
            so_far = found.get((part, weekdays, task.double_staffing), empty)
            found[part, weekdays, task.double_staffing] = replace(
                so_far,
                title=", ".join(filter(None, (so_far.title, task.what)))[:120],
                minutes=min(so_far.minutes + (task.minutes or UNSAID), 720),
                task_ids=(*so_far.task_ids, task.pk),
            )
    return sorted(found.values(), key=lambda draft: draft.at)


def _held(plan: CarePlan, now: datetime) -> dict[UUID, list[time]]:
    """At which times of day each task is done by a series that runs. One statement."""
    rows = VisitSeries.objects.filter(order_id=plan.order_id).exclude(last_on__lt=day_of(now))
    held: dict[UUID, list[time]] = {}
    for ids, at in rows.values_list("task_ids", "at"):
        for key in ids:
            held.setdefault(key, []).append(at)
    return held


def _unplanned(times: list[str], held: list[time]) -> list[str]:
    """The parts of the day no series does a task at: each series takes the part it lies nearest to."""
    left = list(times)
    for at in held:
        if left:
            left.remove(min(left, key=lambda part: abs(HOURS[part].hour * 60 - at.hour * 60 - at.minute)))
    return left


@transaction.atomic
def make_series(order: Order, draft: Draft, *, by: Actor, now: datetime) -> VisitSeries:
    """Let a visit come again for an order that runs, and make the visits of the coming weeks. The same again is the same.

    Raises Refused for who has not the order at their unit, and SeriesRefused.
    """
    demand(by, "homecare.series")
    letter = fetch(
        by, "orders.read_content", OrderVersion.objects.filter(number=order.version), order_id=order.pk
    )
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not order.is_running:
        raise SeriesRefused("Beställningen ska vara bekräftad innan besöken planeras.")
    _sound(draft)
    said = {name: getattr(draft, name) for name in _FIELDS} | {
        name: list(getattr(draft, name)) for name in _LISTS
    }
    same = VisitSeries.objects.filter(order=order, unit_id=by.unit_id, **said).first()
    if same is not None:
        return same
    series = VisitSeries.objects.create(
        municipality_id=by.municipality_id,
        unit_id=by.unit_id,
        person_id=letter.person_id,
        order=order,
        made_at=now,
        **said,
    )
    audit.wrote(by, "homecare.series", now=now, obj=series)
    _make([series], by, now)
    return series


@transaction.atomic
def end_series(
    series: VisitSeries, last_on: date, *, by: Actor, now: datetime, reason: str = "series_ended"
) -> int:
    """Let the visit come for the last time on a day, and cancel those planned after it; return how many.

    Ended twice is ended once; an earlier last day holds. Raises Refused.
    """
    held = fetch(by, "homecare.series", VisitSeries.objects.select_for_update(of=("self",)), pk=series.pk)
    last_on = max(last_on, held.first_on - timedelta(days=1))
    if held.last_on is None or last_on < held.last_on:
        held.last_on = last_on
        held.save(update_fields=["last_on"])
        audit.wrote(by, "homecare.series", now=now, obj=held, detail={"last_on": last_on.isoformat()})
    planned = Visit.objects.select_for_update(of=("self",)).filter(
        series=held, on__gt=last_on, state="planned"
    )
    ended = list(planned.filter(starts_at__gt=now).order_by("id"))
    for visit in ended:
        write(visit, "cancelled", Telling(by, now), reason=reason)
    return len(ended)


@transaction.atomic
def change_series(series: VisitSeries, draft: Draft, *, by: Actor, now: datetime) -> VisitSeries:
    """Let a visit come in another way from the draft's first day: the old one ends the day before. Raises SeriesRefused."""
    if series.order is None:
        raise SeriesRefused("Besöket hör inte till någon beställning.")
    if draft.first_on <= day_of(now):
        raise SeriesRefused("Ändringen kan börja tidigast i morgon.")
    end_series(series, draft.first_on - timedelta(days=1), by=by, now=now)
    return make_series(series.order, draft, by=by, now=now)


def make_visits(*, by: Actor, now: datetime) -> int:
    """Make the visits of the coming weeks of every series that runs; return how many are new. Run twice makes none."""
    demand(by, "homecare.series")
    today = day_of(now)
    rows = VisitSeries.objects.filter(
        Q(last_on=None) | Q(last_on__gte=today),
        Q(order=None) | Q(order__state__in=RUNNING),
        municipality_id=by.municipality_id,
        first_on__lte=today + timedelta(days=AHEAD_DAYS),
    )
    return _make(list(rows.select_related("order").order_by("id")), by, now)


def days_of(series: VisitSeries, start: date, end: date) -> list[date]:
    """Return the days from `start` to `end`, both in, on which a series comes. Plain arithmetic."""
    last = min(day for day in (end, series.last_on) if day is not None)
    first = monday_of(series.first_on)
    day, found = max(start, series.first_on), []
    while day <= last:
        weeks = (monday_of(day) - first).days // 7
        if day.isoweekday() in series.weekdays and weeks % series.every_weeks == 0:
            found.append(day)
        day += timedelta(days=1)
    return found


def _make(many: list[VisitSeries], by: Actor, now: datetime) -> int:
    """Write the visits that are missing, each with the event that it was planned. Two who do so at once take turns."""
    today, keys = day_of(now), [series.pk for series in many]
    list(VisitSeries.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("id").values("id"))
    had = set(Visit.objects.filter(series_id__in=keys, on__gte=today).values_list("series_id", "on"))
    visits = []
    for series in many:
        end = today + timedelta(days=AHEAD_DAYS)
        if series.order is not None and series.order.end_date is not None:
            end = min(end, series.order.end_date)
        for on in days_of(series, today, end):
            starts_at = moment(on, series.at)
            if (series.pk, on) not in had and starts_at > series.made_at:
                copied = {name: getattr(series, name) for name in _COPIED}
                visits.append(
                    Visit(
                        municipality_id=by.municipality_id,
                        series=series,
                        on=on,
                        starts_at=starts_at,
                        **copied,
                    )
                )
    Visit.objects.bulk_create(visits, batch_size=1000)
    events = [(visit.pk, visit.starts_at, visit.starts_at, visit.minutes) for visit in visits]
    bulk.insert(
        VisitEvent, ("visit_id", "at", "to_at", "minutes"), events, municipality_id=by.municipality_id, kind="planned",
        heard_at=now, by_id=by.user_id, by_name=by.name,
    )  # fmt: skip
    if visits:
        audit.wrote(by, "homecare.schedule", now=now, detail={"made": len(visits)})
    return len(visits)


_FIELDS = (
    "title", "at", "minutes", "first_on", "every_weeks", "window", "carers_needed", "kind", "area", "last_on",
)  # fmt: skip
_LISTS = ("weekdays", "task_ids", "nursing_ids", "skills", "delegations", "preferred")
_COPIED = (
    "unit_id", "person_id", "order_id", "kind", "title", "task_ids", "nursing_ids", "minutes", "window",
    "carers_needed", "skills", "delegations", "area",
)  # fmt: skip


def _sound(draft: Draft) -> None:
    """Refuse what no row can hold, in words. Raises SeriesRefused."""
    if not draft.title.strip():
        raise SeriesRefused("Skriv vad besöket är.")
    if not draft.weekdays:
        raise SeriesRefused("Välj minst en dag.")
    if not 1 <= draft.minutes <= 720:
        raise SeriesRefused("Ett besök är mellan 1 minut och 12 timmar.")
    if not (1 <= draft.carers_needed <= 4 and 1 <= draft.every_weeks <= 8):
        raise SeriesRefused("Högst fyra i personalen, och minst var åttonde vecka.")
    if draft.last_on is not None and draft.last_on < draft.first_on:
        raise SeriesRefused("Sista dagen kan inte ligga före den första.")
