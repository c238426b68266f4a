"""Curves drawn on the server, as pictures that say in words what they show. Knows nothing of where numbers come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, log10

WIDTH, HEIGHT = 600, 200
"""Of the plot: units of its picture."""
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Level:
    """A line across the picture at a height, with what it means; a goal is drawn dashed."""

    y: float
    words: str
    goal: bool = False


@dataclass(frozen=True)
class Mark:
    """Words below the picture at a place, and a line up from there if it is `drawn`."""

    x: float
    words: str
    anchor: str = "middle"
    drawn: bool = False


@dataclass(frozen=True)
class Picture:
    """What `{% line_chart picture %}` draws. `said` is read by whoever does not see it."""

    said: str
    lines: Sequence[str]
    levels: Sequence[Level] = ()
    marks: Sequence[Mark] = ()
    dots: Sequence[tuple[float, float]] = ()
    width: int = field(default=WIDTH, init=False)
    height: int = field(default=HEIGHT, init=False)


@dataclass(frozen=True)
class Point:
    """One number of a series: how far along it lies (any unit), what it is called, and its value; None is not told."""

    at: float
    label: str
    value: float | None


def series(points: Sequence[Point], said: str, unit: str = "") -> Picture | None:
    """Return the curve of a series from nothing up; None where fewer than two of its numbers can be shown.

    What is not told breaks the line: nothing is drawn that is not known.
    """
    known = [point for point in points if point.value is not None]
    if len(known) < 2:
        return None
    first, last = points[0].at, points[-1].at
    top = nice(max(point.value or 0.0 for point in known))
    placed = [(_x(point.at, first, last), _y(point.value, top)) for point in points]
    marks = (
        Mark(0.0, points[0].label, "start"),
        Mark(float(WIDTH), points[-1].label, "end"),
    )
    levels = (Level(0.0, f"{spaced(top)} {unit}".strip()), Level(HEIGHT / 2, spaced(top / 2)))
    dots = [(x, y) for x, y in placed if y is not None]
    return Picture(said, [corners(part) for part in _unbroken(placed)], levels, marks, dots)


def corners(points: Iterable[tuple[float, float]]) -> str:
    """Return points as an SVG polyline wants them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def nice(value: float) -> float:
    """Return a round number that is at least `value`, for the top of a scale; 1 when there is nothing."""
    if value <= 0:
        return 1.0
    size = 10.0 ** (ceil(log10(value)) - 1)
    return next((step * size for step in STEPS if step * size >= value * (1 - 1e-9)), 10 * size)


def spaced(value: float) -> str:
    """Return a number as Swedes write it: thousands apart, decimals after a comma, none that say nothing.

    From a thousand on, and so for sums of money, it is whole.
    """
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u00a0").replace(".", ",")


def _x(at: float, first: float, last: float) -> float:
    return (at - first) / (last - first) * WIDTH if last > first else WIDTH / 2


def _y(value: float | None, top: float) -> float | None:
    return None if value is None else HEIGHT - max(value, 0.0) / top * HEIGHT


def _unbroken(placed: Iterable[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """The parts of the line between what is not told."""
    parts: list[list[tuple[float, float]]] = [[]]
    for x, y in placed:
        if y is None:
            parts.append([])
        else:
            parts[-1].append((x, y))
    return [part for part in parts if len(part) > 1]
