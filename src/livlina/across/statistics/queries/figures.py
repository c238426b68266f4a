"""What the dashboards show: the newest figures one may see, small numbers told as such, and how they have moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from livlina.across.statistics.measures import MEASURES, Measure
from livlina.across.statistics.models import Figure
from livlina.authority.cases.models.decision import OUTCOMES
from livlina.core.access import Actor, allowed, demand, may
from livlina.core.small import FEW, few
from livlina.status.history import History
from livlina.status.words import SV

DAYS = 366
POINTS = 12
"""So many bars a trend has."""


@dataclass(frozen=True)
class Bar:
    """One bar: its label, the number in words, and how wide it is in per cent."""

    label: str
    words: str
    width: float


@dataclass(frozen=True)
class Shown:
    """One measure as the page shows it: now by part or branch, and how it has moved."""

    measure: Measure
    now: list[Bar]
    trend: list[Bar]
    url: str


def told(figure: Figure) -> str:
    """Return a figure's number in words: what rests on fewer than five is not told."""
    return few(figure.base) if figure.base < FEW or figure.value is None else _plain(figure.value)


def board(actor: Actor, side: str, today: date) -> tuple[date | None, list[Shown]]:
    """Return the day last counted and the measures of a side. One statement. Raises Refused."""
    demand(actor, "statistics.figures")
    rows = scope(actor, today - timedelta(days=DAYS))
    last = max((row.day for row in rows), default=None)
    shown = []
    for one in MEASURES:
        mine = [row for row in rows if row.code == one.code]
        if side in one.sides and mine:
            shown.append(Shown(one, _now(mine), _trend(mine), _url(actor, side, one)))
    return last, shown


def scope(actor: Actor, since: date) -> list[Figure]:
    """Return the figures of one's own unit for its manager, else of the branches as a whole; the oldest first."""
    rows = allowed(actor, "statistics.figures", Figure.objects.filter(day__gte=since)).select_related("unit")
    found = list(rows.order_by("day", "compartment", "part"))
    if actor.role not in ("unit_manager", "provider_manager"):
        return [row for row in found if row.unit_id is None]
    own = {row.code for row in found if row.unit_id is not None}
    return [row for row in found if row.unit_id is not None or row.code not in own]


def table(rows: Iterable[Figure]) -> list[list[str]]:
    """Return figures as the rows of a table without persons: day, measure, what, branch, unit, value."""
    words = {one.code: one for one in MEASURES}
    heads = ["Dag", "Nyckeltal", "Mått", "Del", "Verksamhet", "Enhet", "Värde"]
    return [
        heads,
        *(
            [f"{row.day}", words[row.code].words, words[row.code].of, part_words(row.part),
             settings.COMPARTMENTS[row.compartment], row.unit.name if row.unit else "", told(row)]
            for row in rows
            if row.code in words
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
        (name, f"{share[0] * 100:.3f}".replace(".", ",") + f" % av {share[1] / 3600:.0f} timmar")
        for name, share in found
        if share is not None
    ]


def _now(rows: list[Figure]) -> list[Bar]:
    newest = max(row.day for row in rows)
    return _bars((_label(row), row) for row in rows if row.day == newest)


def _label(row: Figure) -> str:
    where = row.unit.name if row.unit else settings.COMPARTMENTS[row.compartment]
    if row.part and row.unit:
        return part_words(row.part)
    return f"{where}: {part_words(row.part).lower()}" if row.part else where


def _trend(rows: list[Figure]) -> list[Bar]:
    """The last days of a measure that has one figure a day; nothing for one that is divided."""
    days = {row.day for row in rows}
    if len(days) < 2 or len(days) != len(rows):
        return []
    step = max(1, len(rows) // POINTS)
    return _bars((f"{row.day:%Y-%m-%d}", row) for row in rows[::-1][::step][:POINTS][::-1])


def _bars(pairs: Iterable[tuple[str, Figure]]) -> list[Bar]:
    many = [(label, row, float(row.value or 0) if row.base >= FEW else 0.0) for label, row in pairs]
    top = max((value for _, _, value in many), default=0.0) or 1.0
    return [Bar(label, told(row), round(value / top * 100, 1)) for label, row, value in many]


def _url(actor: Actor, side: str, one: Measure) -> str:
    return next(
        (reverse(route) for where, route, verb in one.links if where == side and may(actor, verb)), ""
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")
