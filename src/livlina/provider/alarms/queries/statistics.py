"""How quickly alarms are answered: shares of a team and a month, beside what a good alarm centre keeps to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import QuerySet

from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN
from livlina.core.ui import charts
from livlina.core.ui.charts import HEIGHT, WIDTH, Level, Mark, Picture
from livlina.provider.alarms.models import Alarm

LIMITS = (30, 60, 180)
GOALS = {60: 97.5, 180: 99.0}
"""TSA's Quality Standards Framework: so many percent of alarms answered within so many seconds."""
NO_CALL_FOR_HELP = ("test",)
LONGEST = 240
"""Seconds to the right edge of the curve."""


@dataclass(frozen=True)
class Share:
    """How many percent were answered within a limit, and whether that is enough. `goal` 0 where there is none."""

    seconds: int
    count: int
    percent: float
    goal: float

    @property
    def kept(self) -> bool:
        """Whether the goal is reached."""
        return self.percent >= self.goal

    @property
    def words(self) -> str:
        """Pass or fail, in words."""
        return "" if not self.goal else "Uppfyllt" if self.kept else "Inte uppfyllt"


@dataclass(frozen=True)
class Month:
    """The answer times of one month."""

    first: date
    total: int
    unanswered: int
    shares: tuple[Share, ...]
    median: float | None
    longest: float | None
    points: str = ""
    """The curve's corners, as an SVG polyline wants them."""

    @property
    def picture(self) -> Picture:
        """The curve, with the limits and the goal of most interest drawn in it."""
        said = ", ".join(
            f"{share.percent:.1f} %".replace(".", ",") + f" inom {share.seconds} sekunder"
            for share in self.shares
        )
        levels = (Level(0.0, "100 %"), Level(HEIGHT * (1 - GOALS[60] / 100), "", goal=True))
        marks = [Mark(limit / LONGEST * WIDTH, f"{limit} s", drawn=True) for limit in LIMITS]
        return Picture(f"Andel larm som togs emot: {said}.", [self.points], levels, marks)

    @property
    def kept(self) -> bool:
        """Whether every goal is reached."""
        return all(share.kept for share in self.shares)


def month(actor: Actor, first: date, now: datetime) -> Month:
    """Return one month of the actor's team. One statement. Raises Refused."""
    demand(actor, "alarms.statistics")
    return _month(first, _times(_rows(actor, first, following(first)), now), now)


def months(actor: Actor, last: date, now: datetime, count: int = 12) -> list[Month]:
    """Return the months up to and with `last`, the latest first. One statement. Raises Refused."""
    demand(actor, "alarms.statistics")
    firsts = [last]
    while len(firsts) < count:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    rows = list(_rows(actor, firsts[-1], following(last)))
    found = []
    for first in firsts:
        begin, end = _moment(first), _moment(following(first))
        found.append(_month(first, _times([row for row in rows if begin <= row[0] < end], now), now))
    return [one for one in found if one.total or one.first == last]


def following(first: date) -> date:
    """Return the first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


Row = tuple[datetime, datetime | None, datetime | None]


def _rows(actor: Actor, begin: date, end: date) -> QuerySet[Alarm, Row]:
    """(pressed, accepted, closed) of every call for help."""
    rows = Alarm.objects.filter(
        municipality_id=actor.municipality_id,
        team_id=actor.unit_id,
        received_at__gte=_moment(begin) - timedelta(days=1),
        pressed_at__gte=_moment(begin),
        pressed_at__lt=_moment(end),
    )
    rows = rows.exclude(outcome__in=NO_CALL_FOR_HELP)
    return rows.order_by("pressed_at").values_list("pressed_at", "accepted_at", "closed_at")


def _times(rows: Iterable[Row], now: datetime) -> list[float | None]:
    """Seconds from press to answer. None: nobody has answered, and the longest limit has passed."""
    times: list[float | None] = []
    for pressed, accepted, closed in rows:
        answered = accepted or closed
        if answered is not None:
            times.append(max(0.0, (answered - pressed).total_seconds()))
        elif (now - pressed).total_seconds() > LIMITS[-1]:
            times.append(None)
    return times


def _month(first: date, times: Sequence[float | None], now: datetime) -> Month:
    answered = sorted(one for one in times if one is not None)
    total = len(times)
    shares = []
    for limit in LIMITS:
        count = sum(one <= limit for one in answered)
        percent = round(100 * count / total, 1) if total else 0.0
        if percent == 100.0 and count < total:
            percent = 99.9  # what is missing is never rounded away
        shares.append(Share(limit, count, percent, GOALS.get(limit, 0.0)))
    return Month(
        first,
        total,
        total - len(answered),
        tuple(shares),
        median(answered) if answered else None,
        answered[-1] if answered else None,
        _curve(answered, total),
    )


def _curve(answered: Sequence[float], total: int) -> str:
    """Return a staircase: how large a share was answered within each number of seconds."""
    if not total:
        return ""
    corners, done = [(0.0, 0.0)], 0
    for seconds in answered:
        if seconds > LONGEST:
            break
        corners.append((seconds, done / total))
        done += 1
        corners.append((seconds, done / total))
    corners.append((LONGEST, done / total))
    thinned = corners[:: max(1, len(corners) // 400)] + corners[-1:]
    return charts.corners((x / LONGEST * WIDTH, HEIGHT - y * HEIGHT) for x, y in thinned)


def _moment(day: date) -> datetime:
    """Return when a Swedish day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=SWEDEN)
