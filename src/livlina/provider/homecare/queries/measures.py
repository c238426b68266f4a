"""How it goes: continuity, punctuality, time with the client; and the five figures of an order and month.

The five figures are five fields of one row. Nothing here adds or compares two of them but for a reader to see.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from uuid import UUID

from django.db.models import QuerySet

from livlina.core.access import Actor, allowed
from livlina.core.clock import local
from livlina.provider.homecare.clockwork import day_span
from livlina.provider.homecare.folding import Outcome
from livlina.provider.homecare.models import Shift, Visit
from livlina.provider.homecare.queries.outcomes import NOTHING, outcomes_of
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.orders.models.content import PROVIDER
from livlina.registers.people.models import Person

DAYS = 14
FROM_HOUR, TO_HOUR = 7, 22
OLD_ENOUGH = 65
TWICE = 2
NOT_COUNTED = ("alarm", "nursing")
DEFINITION = "2026:1"
DEFINITION_WORDS = (
    "Antal olika ur personalen som en person möter på 14 dagar, besök som börjar kl. 7–22. Räknas för den som har fyllt"
    " 65 och har haft minst två besök varje dag. Larm och hälso- och sjukvård räknas inte. Är två med räknas båda."
)


@dataclass(frozen=True)
class Continuity:
    """How many carers the unit's persons met; `persons` are those the definition counts, most carers first."""

    first: date
    last: date
    persons: list[tuple[Person, int]]
    definition: str = DEFINITION
    words: str = DEFINITION_WORDS

    @property
    def mean(self) -> float | None:
        """The mean over the persons counted."""
        return round(mean(number for _, number in self.persons), 1) if self.persons else None

    @property
    def median(self) -> float | None:
        """The median over the persons counted."""
        return median(number for _, number in self.persons) if self.persons else None


@dataclass(frozen=True)
class Punctuality:
    """How many performed visits began within the time they may be moved, and how many were missed."""

    performed: int
    in_time: int
    missed: int

    @property
    def share(self) -> int | None:
        """Per cent of the performed visits that began in time."""
        return round(100 * self.in_time / self.performed) if self.performed else None


@dataclass(frozen=True)
class ClientTime:
    """Minutes with the persons, and minutes worked without breaks."""

    with_person: int
    worked: int

    @property
    def share(self) -> int | None:
        """Per cent of the time worked that was with the persons."""
        return round(100 * self.with_person / self.worked) if self.worked else None


@dataclass(frozen=True)
class Figures:
    """The five figures of an order and month, in minutes; None where there is none. They are never one figure."""

    order: Order
    person: Person
    month: date
    granted: int | None
    ordered: int
    planned: int
    performed: int
    approved: int
    unapproved: int
    """How many performed visits nobody has approved."""


def continuity(actor: Actor, last: date) -> Continuity:
    """Return how many carers each person met in the 14 days that end with `last`. Three statements."""
    first = last - timedelta(days=DAYS - 1)
    visits = _visits(actor, first, last).exclude(kind__in=NOT_COUNTED).select_related("person")
    met: dict[UUID, set[UUID]] = defaultdict(set)
    daily: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    persons: dict[UUID, Person] = {}
    rows = list(visits)
    said = outcomes_of(visit.pk for visit in rows)
    for visit in rows:
        outcome = said.get(visit.pk, NOTHING)
        if outcome.begun_at is None or not FROM_HOUR <= local(outcome.begun_at).hour < TO_HOUR:
            continue
        persons[visit.person_id] = visit.person
        met[visit.person_id] |= outcome.performers
        daily[visit.person_id][local(outcome.begun_at).date()] += 1
    counted = [
        (person, len(met[key])) for key, person in persons.items() if _counts(person, daily[key], first, last)
    ]
    return Continuity(first, last, sorted(counted, key=lambda row: (-row[1], str(row[0].pk))))


def punctuality(actor: Actor, first: date, last: date) -> Punctuality:
    """Return how punctual the unit was from `first` to `last`. Two statements."""
    rows = list(_visits(actor, first, last))
    said = outcomes_of(visit.pk for visit in rows)
    done = [(visit, said.get(visit.pk, NOTHING).begun_at) for visit in rows if visit.state == "done"]
    begun = [(visit, at) for visit, at in done if at is not None]
    in_time = sum(abs(at - visit.starts_at) <= timedelta(minutes=visit.window) for visit, at in begun)
    return Punctuality(len(begun), in_time, sum(visit.state == "missed" for visit in rows))


def client_time(actor: Actor, first: date, last: date) -> ClientTime:
    """Return the unit's time with the persons, and the time worked. Three statements."""
    start, end = day_span(first)[0], day_span(last)[1]
    said = outcomes_of(_visits(actor, first, last).values_list("pk", flat=True))
    shifts = allowed(actor, "homecare.shifts", Shift.objects.filter(starts_at__gte=start, starts_at__lt=end))
    worked = timedelta()
    for shift in shifts.filter(state="planned"):
        worked += shift.ends_at - shift.starts_at
        if shift.break_from and shift.break_to:
            worked -= shift.break_to - shift.break_from
    minutes = int(worked.total_seconds() // 60)
    return ClientTime(sum(outcome.performed for outcome in said.values()), minutes)


def figures(actor: Actor, month: date, order_id: UUID | None = None) -> list[Figures]:
    """Return the five figures of each of the unit's home-care orders for the month of a day. Three statements."""
    first, last = month_of(month)
    letters = OrderVersion.objects.filter(compartment=PROVIDER, order__start_date__lte=last)
    letters = letters.exclude(order__end_date__lt=first).exclude(order__kind="social_alarm")
    if order_id is not None:
        letters = letters.filter(order_id=order_id)
    found: dict[UUID, OrderVersion] = {}
    for letter in (
        allowed(actor, "orders.read_content", letters).select_related("order", "person").order_by("number")
    ):
        found[letter.order_id] = letter
    visits: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in _visits(actor, first, last).filter(order_id__in=found):
        visits[visit.order_id].append(visit)  # type: ignore[index]
    said = outcomes_of(visit.pk for many in visits.values() for visit in many)
    rows = [_figures(letter, visits[key], said, first, last) for key, letter in found.items()]
    return sorted(rows, key=lambda row: (row.person.family_name, row.person.given_names, str(row.order.pk)))


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the month a day lies in."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _figures(
    letter: OrderVersion, visits: list[Visit], said: dict[UUID, Outcome], first: date, last: date
) -> Figures:
    order = letter.order
    begins = max(first, order.start_date or first)
    ends = min(last, order.end_date or last)
    outcomes = [said.get(visit.pk, NOTHING) for visit in visits]
    return Figures(
        order=order,
        person=letter.person,
        month=first,
        granted=letter.granted_minutes,
        ordered=round(letter.weekly_minutes * ((ends - begins).days + 1) / 7),
        planned=sum(visit.minutes * visit.carers_needed for visit in visits if visit.state != "cancelled"),
        performed=sum(outcome.performed for outcome in outcomes),
        approved=sum(outcome.approved or 0 for outcome in outcomes),
        unapproved=sum(outcome.state == "done" and outcome.approved is None for outcome in outcomes),
    )


def _visits(actor: Actor, first: date, last: date) -> QuerySet[Visit]:
    """The unit's visits that were planned for these days."""
    start, end = day_span(first)[0], day_span(last)[1]
    rows = allowed(actor, "homecare.measures", Visit.objects.filter(starts_at__gte=start, starts_at__lt=end))
    return rows.order_by("starts_at", "id")


def _counts(person: Person, daily: dict[date, int], first: date, last: date) -> bool:
    """Whether the definition counts the person: 65, and two visits every day of the period."""
    years = person.age(last)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return years is not None and years >= OLD_ENOUGH and all(daily.get(day, 0) >= TWICE for day in days)
