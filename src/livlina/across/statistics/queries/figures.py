"""What the dashboards show: the newest figures one may see, small numbers told as such, and how they have moved."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from livlina.across.statistics.measures import BY_CODE, GROUPS, MEASURES, Measure
from livlina.across.statistics.models import Figure
from livlina.across.statistics.periods import Period
from livlina.authority.cases.models.decision import OUTCOMES
from livlina.core.access import Actor, allowed, demand, may
from livlina.core.clock import day_of
from livlina.core.small import FEW, few
from livlina.core.ui.charts import Picture, Point, series, spaced
from livlina.status.history import History
from livlina.status.words import SV

DAYS = 366
SHORT = timedelta(days=62)
"""Figures of so few days are told day by day; of more, the first of each month and the newest."""
POINTS = 13
"""So many points a curve has at most."""
MANAGERS = ("unit_manager", "provider_manager")
MONTHLY = [one.code for one in MEASURES if one.monthly]


@dataclass(frozen=True)
class Trend:
    """How one series has moved: the curve, if enough can be shown, and its numbers."""

    label: str
    rows: list[tuple[str, str]]
    picture: Picture | None


@dataclass(frozen=True)
class Shown:
    """One measure as the page shows it: the newest by part or branch, and how each has moved."""

    measure: Measure
    when: str
    now: list[tuple[str, float, str]]
    trends: list[Trend]
    url: str

    @property
    def alone(self) -> Trend | None:
        """Its only series, where there is one and it has moved."""
        return self.trends[0] if len(self.now) == 1 and self.trends else None


@dataclass(frozen=True)
class Board:
    """A dashboard: its measures by subject, the day last counted, and the first that was counted on its own day."""

    last: date | None
    first_own: date | None
    groups: list[tuple[str, list[Shown]]]


def board(actor: Actor, side: str, today: date) -> Board:
    """Return the newest figures of a side and how they have moved. Three statements. Raises Refused."""
    demand(actor, "statistics.figures")
    rows = _figures(actor, today - timedelta(days=DAYS))
    daily = [row for row in rows if row.code not in MONTHLY]
    own = [row.day for row in daily if row.counted_at is None or day_of(row.counted_at) == row.day]
    groups, days = [], sorted({row.day for row in daily})
    for title, measures in GROUPS:
        shown = [
            _shown(actor, side, one, [row for row in rows if row.code == one.code], days) for one in measures
        ]
        groups.append((title, [one for one in shown if one is not None]))
    last, first = max((row.day for row in daily), default=None), min(own, default=None)
    before = any(row.day < first for row in daily) if first else False
    return Board(last, first if before else None, [group for group in groups if group[1]])


def scope(actor: Actor, since: date) -> list[Figure]:
    """Return the figures of one's own unit for its manager, else of the branches as a whole; the oldest first."""
    return _own(actor, allowed(actor, "statistics.figures", Figure.objects.filter(day__gte=since)))


def _figures(actor: Actor, since: date) -> list[Figure]:
    """The figures of the days a page shows."""
    seen = allowed(actor, "statistics.figures", Figure.objects.filter(day__gte=since))
    days = seen.exclude(code__in=MONTHLY).order_by("day").values_list("day", flat=True).distinct()
    return _own(actor, seen.filter(Q(code__in=MONTHLY) | Q(day__in=_chosen(list(days)))))


def _own(actor: Actor, rows: QuerySet[Figure]) -> list[Figure]:
    if actor.role not in MANAGERS:
        rows = rows.filter(unit=None)
    found = list(rows.select_related("unit").order_by("day", "compartment", "part"))
    own = {row.code for row in found if row.unit_id is not None}
    return [row for row in found if row.unit_id is not None or row.code not in own]


def _chosen(days: Sequence[date]) -> list[date]:
    """The days that are shown: of a long time the first of each month, of a short one evenly many; always the newest."""
    if not days:
        return []
    if days[-1] - days[0] > SHORT:
        firsts = [next(many) for _, many in groupby(days, key=lambda day: (day.year, day.month))]
        return [*firsts[-POINTS + 1 :], days[-1]]
    step = max(1, -(-len(days) // POINTS))
    return list(days[::-1][::step])


def _shown(actor: Actor, side: str, measure: Measure, rows: list[Figure], days: list[date]) -> Shown | None:
    """One measure: its newest figures, and how each series has moved over the days that were counted."""
    if side not in measure.sides or not rows:
        return None
    many: dict[str, list[Figure]] = defaultdict(list)
    for row in rows:
        many[_label(row)].append(row)
    counted = (
        sorted({row.day for row in rows}) if measure.monthly else [one for one in days if one >= rows[0].day]
    )
    told_of = {label: [_cell(measure, found, day) for day in counted] for label, found in many.items()}
    now = [(label, cells[-1][1] or 0.0, cells[-1][2]) for label, cells in told_of.items()]
    trends = [_trend(measure, label, cells) for label, cells in told_of.items() if len(cells) > 1]
    when = Period.of(counted[-1], "month").words if measure.monthly else ""
    return Shown(measure, when, now, trends, _url(actor, side, measure))


def _cell(measure: Measure, rows: list[Figure], day: date) -> tuple[date, float | None, str]:
    """A day's number of a series: to draw (None: not told), and in words. A count without a figure is none."""
    row = next((one for one in rows if one.day == day), None)
    if row is None:
        return (day, 0.0, few(0)) if measure.how == "count" else (day, None, "inget att räkna")
    return day, float(row.value or 0) if _is_told(row) else None, told(row)


def _trend(measure: Measure, label: str, cells: list[tuple[date, float | None, str]]) -> Trend:
    """One series: the numbers with the newest first, and the curve with what it shows in a sentence."""
    points = [Point(day.toordinal(), _day(measure, day), value) for day, value, _ in cells]
    values = [value for _, value, _ in cells if value is not None]
    said = f"{measure.words}, {label}, från {points[0].label} till {points[-1].label}: "
    if values:
        said += (
            f"lägst {spaced(min(values))}, högst {spaced(max(values))}, senast {cells[-1][2]} ({measure.of})."
        )
    numbers = [(_day(measure, day), words) for day, _, words in reversed(cells)]
    return Trend(label, numbers, series(points, said, measure.of.split(",")[0]))


def _day(measure: Measure, day: date) -> str:
    return Period.of(day, "month").words if measure.monthly else f"{day:%Y-%m-%d}"


def _is_told(row: Figure) -> bool:
    return row.base >= FEW and row.value is not None


def told(figure: Figure) -> str:
    """Return a figure's number in words: what rests on fewer than five is not told."""
    return few(figure.base) if figure.base < FEW or figure.value is None else spaced(float(figure.value))


def table(rows: Iterable[Figure]) -> list[list[str]]:
    """Return figures as the rows of a table without persons: day, measure, what, branch, unit, value."""
    heads = ["Dag", "Nyckeltal", "Mått", "Del", "Verksamhet", "Enhet", "Värde"]
    return [
        heads,
        *(
            [f"{row.day}", BY_CODE[row.code].words, BY_CODE[row.code].of, part_words(row.part),
             settings.COMPARTMENTS[row.compartment], row.unit.name if row.unit else "", _plain(row)]
            for row in rows
            if row.code in BY_CODE
        ),
    ]  # fmt: skip


def part_words(part: str) -> str:
    """Return what a figure is divided by, in Swedish."""
    return dict(OUTCOMES).get(part, part)


def worked(days: int, today: date) -> list[tuple[str, str]]:
    """Return how large a share of the time each function worked, as seen by the status process; [] when nobody looked."""
    history = History(settings.STATE_DIR)
    wanted = [today - timedelta(days=back) for back in range(days)]
    found = [(words.name, history.share(name, wanted)) for name, words in SV.items()]
    return [
        (name, f"{share[0] * 100:.3f}".replace(".", ",") + f" % av {_long(share[1])}")
        for name, share in found
        if share is not None
    ]


def _long(seconds: float) -> str:
    return f"{seconds / 3600:.0f} timmar" if seconds >= 7200 else f"{seconds / 60:.0f} min"


def _label(row: Figure) -> str:
    where = row.unit.name if row.unit else settings.COMPARTMENTS[row.compartment]
    if row.part and row.unit:
        return part_words(row.part)
    return f"{where}: {part_words(row.part).lower()}" if row.part else where


def _url(actor: Actor, side: str, one: Measure) -> str:
    return next(
        (reverse(route) for where, route, verb in one.links if where == side and may(actor, verb)), ""
    )


def _plain(row: Figure) -> str:
    """The number for a file: no spaces in it."""
    if not _is_told(row):
        return told(row)
    return f"{Decimal(row.value or 0).normalize():f}".replace(".", ",")
