"""The support in figures. What could point at a person is left out: small numbers are not told."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import quantiles

from livlina.across.support.models import Sheet, Ticket
from livlina.across.support.models.codes import KIND_NAMES, LINES
from livlina.across.support.rules import rules
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, day_of, local

SMALL = 5
"""Fewer than so many are not told of a unit, nor of a kind within one."""
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Times:
    """Median and 90th percentile of some working minutes; None where there are too few."""

    count: int
    median: int | None
    p90: int | None

    @classmethod
    def of(cls, values: Iterable[int]) -> "Times":
        """Count them. Below `SMALL` nothing but the number is told."""
        given = sorted(values)
        if len(given) < SMALL:
            return cls(len(given), None, None)
        cut = quantiles(given, n=10, method="inclusive")
        return cls(len(given), round(cut[4]), round(cut[8]))


@dataclass
class Figures:
    """What came in between two days, and what became of it."""

    first: date
    last: date
    unit: str = ""
    came: int = 0
    solved: int = 0
    reopened: int | None = 0
    running: int | None = 0
    kinds: list[tuple[str, int]] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    channels: list[tuple[str, int]] = field(default_factory=list)
    weeks: list[tuple[str, int]] = field(default_factory=list)
    units: list[tuple[str, int]] = field(default_factory=list)
    hidden_units: list[str] = field(default_factory=list)
    hidden_kinds: list[str] = field(default_factory=list)
    answer: Times = Times(0, None, None)
    solution: Times = Times(0, None, None)
    in_time: int | None = None
    """Per cent of the first answers that came before they were due."""


def figures(actor: Actor, first: date, last: date, now: datetime) -> Figures:
    """Return the figures of what came in from a day through a day: of everything, for a manager of the own unit.

    Raises Refused.
    """
    demand(actor, "support.statistics")
    rows = Ticket.objects.filter(
        municipality_id=actor.municipality_id,
        opened_at__gte=_begins(first),
        opened_at__lt=_begins(last + timedelta(1)),
    )
    manager = actor.role in ("unit_manager", "provider_manager")
    if manager:
        rows = rows.filter(unit_id=actor.unit_id)
    found = list(rows.select_related("unit"))
    told = Figures(first, last, actor.unit_name if manager else "", len(found))
    told.solved = sum(row.solved_at is not None or row.state == "merged" for row in found)
    told.reopened = sum(row.times_reopened > 0 for row in found)
    told.running = sum(row.is_running for row in found)
    told.kinds = _counted(KIND_NAMES[row.kind] for row in found)
    told.lines = [(str(name), sum(row.line == line for row in found)) for line, name in LINES]
    told.channels = _counted(str(row.get_channel_display()) for row in found)
    told.weeks = _weeks(found, first, last)
    if manager:
        _of_one_unit(told)
    else:
        by_unit = _counted(row.unit.name if row.unit else "Utan enhet" for row in found)
        told.units, told.hidden_units = hide_small(by_unit)
    told.answer = Times.of(row.answer_minutes for row in found if row.answer_minutes is not None)
    told.solution = Times.of(row.solution_minutes for row in found if row.solution_minutes is not None)
    told.in_time = _in_time(found, now)
    return told


def hide_small(rows: list[tuple[str, int]]) -> tuple[list[tuple[str, int]], list[str]]:
    """Return rows that may be told, and the labels of those that may not.

    Where one alone would be hidden the next smallest is hidden with it: otherwise it could be counted from the sum.
    """
    hidden = [label for label, value in rows if 0 < value < SMALL]
    shown = [(label, value) for label, value in rows if label not in hidden]
    if len(hidden) == 1 and (others := [row for row in shown if row[1]]):
        least = min(others, key=lambda row: row[1])
        shown.remove(least)
        hidden.append(least[0])
    return shown, sorted(hidden)


@dataclass(frozen=True)
class MissingSheet:
    """A proposal: much is asked about something that no cheat-sheet is about."""

    kind: str
    words: str
    page: str
    count: int


def missing_sheets(actor: Actor, now: datetime) -> list[MissingSheet]:
    """Return what many asked about in a month and no cheat-sheet of that kind and page answers, most asked first."""
    demand(actor, "support.review")
    limit = rules(actor.municipality_id)["many_alike"]
    rows = Ticket.objects.filter(municipality_id=actor.municipality_id, opened_at__gt=now - MONTH)
    asked = Counter((row.kind, row.page.partition(":")[0]) for row in rows.only("kind", "page"))
    kinds = Counter[str]()
    for (kind, _), count in asked.items():
        kinds[kind] += count
    there = Sheet.objects.filter(municipality_id=actor.municipality_id, ended_at=None)
    covered = set(there.values_list("kind", flat=True))
    found = [
        MissingSheet(kind, KIND_NAMES[kind], _commonest(asked, kind), count)
        for kind, count in kinds.items()
        if count >= limit and kind not in covered
    ]
    return sorted(found, key=lambda one: -one.count)


def _commonest(asked: Counter[tuple[str, str]], kind: str) -> str:
    rooms = Counter({room: count for (one, room), count in asked.items() if one == kind and room})
    return rooms.most_common(1)[0][0] if rooms else ""


def _of_one_unit(told: Figures) -> None:
    """Leave out what is so little that it may be one colleague: of kinds, lines, ways in, weeks and the sums."""
    told.kinds, told.hidden_kinds = hide_small(told.kinds)
    lines, hidden = hide_small(told.lines)
    told.lines = [] if hidden else lines
    told.channels, _ = hide_small(told.channels)
    if any(0 < count < SMALL for _, count in told.weeks):
        told.weeks = []
    told.running, told.reopened = (
        None if value is not None and 0 < value < SMALL else value for value in (told.running, told.reopened)
    )


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


def _weeks(found: list[Ticket], first: date, last: date) -> list[tuple[str, int]]:
    counted = Counter(day_of(row.opened_at).isocalendar()[:2] for row in found)
    weeks: list[tuple[tuple[int, int], int]] = []
    day = first
    while day <= last:
        key = day.isocalendar()[:2]
        if key not in [one for one, _ in weeks]:
            weeks.append((key, counted[key]))
        day += timedelta(days=1)
    return [(f"v. {week}", count) for (_, week), count in weeks]


def _in_time(found: list[Ticket], now: datetime) -> int | None:
    due = [row for row in found if row.answered_at is not None or row.first_due_at < now]
    if len(due) < SMALL:
        return None
    kept = sum(row.answered_at is not None and row.answered_at <= row.first_due_at for row in due)
    return round(100 * kept / len(due))


def _begins(day: date) -> datetime:
    return local(datetime.combine(day, time(0), SWEDEN))
