"""One day of one unit: people by time, who goes where, and what does not add up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from livlina.core.access import Actor
from livlina.core.clock import local
from livlina.core.models import Assignment
from livlina.provider.homecare.clockwork import day_span
from livlina.provider.homecare.models import Shift, Visit, VisitCarer, VisitEvent
from livlina.provider.homecare.planning import Conflict, Hand, Job, conflicts
from livlina.provider.homecare.queries.competence import Competence, competence_of
from livlina.provider.homecare.queries.day import shifts_of_unit, visits_of_unit
from livlina.provider.homecare.queries.names import Names

STEP = 5
"""Minutes of a column on the board."""
NARROWEST = 2
"""Columns of the shortest visit: one of five minutes can still be pressed."""
BEGINS, ENDS = 7, 17
MET_DAYS = 28
FORGOTTEN = timedelta(minutes=60)
MARKS = {"done": "✓", "begun": "▸", "missed": "✕", "not_home": "⌂"}


@dataclass(frozen=True)
class Card:
    """A visit on the board: in which column it begins and how many it takes."""

    visit: Visit
    name: str
    column: int
    span: int
    mark: str
    late: bool
    troubled: bool
    others: str
    """Who else goes, in words."""

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.visit.starts_at + timedelta(minutes=self.visit.minutes)

    @property
    def from_to(self) -> str:
        """`09:00–09:30`."""
        return f"{local(self.visit.starts_at):%H:%M}–{local(self.ends_at):%H:%M}"


@dataclass(frozen=True)
class Bar:
    """A shift or a break on the board."""

    column: int
    span: int
    words: str
    pause: bool = False


@dataclass(frozen=True)
class Row:
    """A carer's day. `carer` None: the visits nobody has been given."""

    carer: UUID | None
    name: str
    title: str
    hours: str
    absent: Shift | None
    bars: list[Bar]
    cards: list[Card]


@dataclass(frozen=True)
class Board:
    """A unit's day."""

    day: date
    first_hour: int
    hours: range
    rows: list[Row]
    conflicts: list[Conflict]
    jobs: list[Job]
    hands: list[Hand]
    visits: list[Visit]
    cancelled: int

    @property
    def marks(self) -> list[tuple[int, int]]:
        """(hour, column) of each hour on the board."""
        return [((hour % 24), (hour - self.first_hour) * 60 // STEP + 1) for hour in self.hours]


def board(actor: Actor, day: date, now: datetime) -> Board:
    """Return the day of the actor's unit. About nine statements."""
    (visits, shifts), names = _of_day(actor, day), Names(actor, now)
    jobs, hands = plan_of(visits, shifts, names, day)
    start = day_span(day)[0]
    own = [shift for shift in shifts if shift.ends_at > start]
    shown = [visit for visit in visits if visit.state != "cancelled"]
    first, last = _hours(shown, own, day)
    troubles = _late(shown, names, now) + conflicts(jobs, hands)
    rows = _rows(shown, own, names, _Columns(day, first, last), troubles, now)
    cancelled = len(visits) - len(shown)
    return Board(day, first, range(first, last), rows, troubles, jobs, hands, shown, cancelled)


def plan_of(
    visits: Sequence[Visit], shifts: Sequence[Shift], names: Names, day: date
) -> tuple[list[Job], list[Hand]]:
    """Return visits and shifts as planning sees them. Four statements."""
    carers = {shift.carer_id for shift in shifts} | {
        row.carer_id for visit in visits for row in goers_of(visit)
    }
    can = competence_of(sorted(carers), day)
    came = _came(visits)
    preferred = {visit.pk: tuple(visit.series.preferred) for visit in visits if visit.series}
    jobs = [
        Job(
            visit.pk, visit.person_id, names(visit.person), visit.starts_at, visit.minutes,
            tuple(row.carer_id for row in goers_of(visit)), visit.carers_needed, visit.area, tuple(visit.skills),
            tuple(visit.delegations), preferred.get(visit.pk, ()), visit.state, tuple(came.get(visit.pk, ())),
        )
        for visit in visits
    ]  # fmt: skip
    hands = [
        Hand(
            shift.carer_id, shift.carer.user.name, shift.starts_at, shift.ends_at, shift.break_from, shift.break_to,
            shift.area, shift.travel, shift.state == "planned", can.get(shift.carer_id, Competence()),
        )
        for shift in shifts if shift.state != "cancelled"
    ]  # fmt: skip
    return jobs, hands


def met_lately(actor: Actor, day: date) -> dict[tuple[UUID, UUID], int]:
    """Return how many times each (person, carer) of the unit met in the four weeks before a day. One statement."""
    end = day_span(day)[0]
    rows = VisitCarer.objects.filter(
        taken_at=None, visit__unit_id=actor.unit_id, visit__state="done", visit__starts_at__lt=end,
        visit__starts_at__gte=end - timedelta(days=MET_DAYS),
    )  # fmt: skip
    counted = rows.values_list("visit__person_id", "carer_id").annotate(times=Count("id"))
    return {(person, carer): times for person, carer, times in counted}


def carers_of(actor: Actor, day: date) -> list[Assignment]:
    """Return who works at the actor's unit on a day, by name. One statement."""
    rows = Assignment.objects.valid(day).filter(municipality_id=actor.municipality_id, unit_id=actor.unit_id)
    rows = rows.filter(role__in=("provider_staff", "nurse", "provider_manager")).select_related("user")
    return list(rows.order_by("user__name", "pk"))


def goers_of(visit: Visit) -> list[VisitCarer]:
    """Return who is to make a visit fetched with `with_carers`."""
    found: list[VisitCarer] = visit.goers  # type: ignore[attr-defined]
    return found


class _Columns:
    """Where moments lie on the board, by the clock on the wall."""

    def __init__(self, day: date, first: int, last: int) -> None:
        self.day, self.first = day, first * 60
        self.most = (last - first) * 60 // STEP

    def of(self, begins: datetime, ends: datetime, least: int = 1) -> tuple[int, int]:
        """Return (first column, how many), within the board."""
        start, after = _minutes(begins, self.day) - self.first, _minutes(ends, self.day) - self.first
        first = min(max(start // STEP, 0), self.most - 1)
        return first + 1, max(min(-(-after // STEP), self.most) - first, least)


def _minutes(at: datetime, day: date) -> int:
    """Minutes from midnight of a Swedish day, as the clock shows them."""
    shown = local(at)
    return (shown.date() - day).days * 1440 + shown.hour * 60 + shown.minute


def _of_day(actor: Actor, day: date) -> tuple[list[Visit], list[Shift]]:
    """The day's visits, and its shifts with the evening before: daily rest begins there."""
    start, end = day_span(day)
    return visits_of_unit(actor, start, end), shifts_of_unit(actor, start - timedelta(hours=11), end)


def _rows(
    visits: list[Visit],
    shifts: list[Shift],
    names: Names,
    columns: _Columns,
    troubles: list[Conflict],
    now: datetime,
) -> list[Row]:
    troubled = {key for one in troubles for key in one.visits}
    cards: dict[UUID | None, list[Card]] = defaultdict(list)
    called: dict[UUID, Assignment] = {shift.carer_id: shift.carer for shift in shifts}
    for visit in visits:
        goers = goers_of(visit)
        called |= {row.carer_id: row.carer for row in goers}
        who: list[UUID | None] = [row.carer_id for row in goers]
        for carer in who or [None]:
            with_whom = [row.carer.user.name for row in goers if row.carer_id != carer]
            cards[carer].append(_card(visit, names, columns, visit.pk in troubled, with_whom, now))
    own: dict[UUID, list[Shift]] = defaultdict(list)
    for shift in shifts:
        if shift.state != "cancelled":
            own[shift.carer_id].append(shift)
    order = sorted(
        called, key=lambda key: (min((s.starts_at for s in own[key]), default=now), called[key].user.name)
    )
    rows = [_row(key, called[key], own[key], cards[key], columns) for key in order if own[key] or cards[key]]
    waiting = [Row(None, "Ingen given", "", "", None, [], cards[None])] if cards[None] else []
    return waiting + rows


def _row(key: UUID, carer: Assignment, shifts: list[Shift], cards: list[Card], columns: _Columns) -> Row:
    bars = []
    for shift in shifts:
        if shift.state == "planned":
            bars.append(Bar(*columns.of(shift.starts_at, shift.ends_at), f"Pass {_span(shift)}"))
            if shift.break_from and shift.break_to:
                bars.append(Bar(*columns.of(shift.break_from, shift.break_to), "Rast", pause=True))
    absent = next((shift for shift in shifts if shift.state in ("sick", "away")), None)
    hours = ", ".join(_span(shift) for shift in shifts) or "inget pass"
    return Row(key, carer.user.name, carer.title, hours, absent, bars, cards)


def _card(
    visit: Visit, names: Names, columns: _Columns, troubled: bool, with_whom: list[str], now: datetime
) -> Card:
    ends = visit.starts_at + timedelta(minutes=visit.minutes)
    column, span = columns.of(visit.starts_at, ends, NARROWEST)
    others = f"med {', '.join(with_whom)}" if with_whom else ""
    late, mark = _is_late(visit, now), MARKS.get(visit.state, "")
    return Card(visit, names(visit.person), column, span, mark, late, troubled, others)


def _late(visits: list[Visit], names: Names, now: datetime) -> list[Conflict]:
    """What should have begun, and what should have ended."""
    found = []
    for visit in visits:
        at = f"{local(visit.starts_at):%H:%M} {names(visit.person)}"
        if _is_late(visit, now):
            found.append(Conflict("late", f"{at}: inte påbörjat.", (visit.pk,)))
        elif visit.state == "begun" and visit.starts_at + timedelta(minutes=visit.minutes) + FORGOTTEN < now:
            found.append(Conflict("open", f"{at}: ingen har skrivit att besöket är slut.", (visit.pk,)))
    return found


def _is_late(visit: Visit, now: datetime) -> bool:
    return visit.state == "planned" and visit.starts_at + timedelta(minutes=visit.window) < now


def _came(visits: Sequence[Visit]) -> dict[UUID, list[tuple[UUID, datetime]]]:
    """When each carer came to the visits made by two or more."""
    together = [visit.pk for visit in visits if visit.carers_needed > 1 and visit.state in ("begun", "done")]
    found: dict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    rows: Any = VisitEvent.objects.filter(
        visit_id__in=together, kind="in", corrected_by=None, carer__isnull=False
    )
    for visit, carer, at in rows.order_by("-at").values_list("visit_id", "carer_id", "at"):
        found[visit][carer] = at
    return {visit: list(times.items()) for visit, times in found.items()}


def _hours(visits: list[Visit], shifts: list[Shift], day: date) -> tuple[int, int]:
    """The hours the board shows: the working day, and whatever lies outside it."""
    ends = [visit.starts_at + timedelta(minutes=visit.minutes) for visit in visits] + [
        s.ends_at for s in shifts
    ]
    begins = [visit.starts_at for visit in visits] + [shift.starts_at for shift in shifts]
    first = min([BEGINS, *(max(_minutes(at, day), 0) // 60 for at in begins)])
    return first, max([ENDS, *(-(-min(_minutes(at, day), 1440) // 60) for at in ends)])


def _span(shift: Shift) -> str:
    return f"{local(shift.starts_at):%H:%M}–{local(shift.ends_at):%H:%M}"
