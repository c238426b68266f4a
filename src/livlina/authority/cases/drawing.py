"""A process drawn for people: server-made SVG, and the same as a list in words.

One column, because it must be read on a phone; states with `beside` stand to the right of theirs. The SVG carries
classes and no styles (strict CSP); what it needs to be seen without a style sheet stands as attributes.
"""

import textwrap
from collections.abc import Collection
from dataclasses import dataclass, replace
from html import escape

from livlina.authority.cases.engine.checker import reach, ways
from livlina.authority.cases.engine.process import MAIN, Process, State

WIDTH, LEFT, RIGHT, SIDE = 360, 62, 242, 264
BOX, PITCH, LANE, LINE, GAP = 40, 62, 9, 16, 14
HEAD = "process-arrow"


@dataclass(frozen=True)
class Box:
    """A state with its place: the middle of the box's left edge, its width and its height."""

    state: State
    x: int
    y: int
    width: int
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return max(BOX, LINE * len(self.lines) + 14)


def _where(process: Process, at: str | Collection[str] | None) -> list[str]:
    return [at] if isinstance(at, str) else [name for name in at or () if name in process.states]


def passed(process: Process, state: str) -> set[str]:
    """The states a case must have passed to stand here, whatever way it took."""
    start = process.start(process.state(state).flow).name
    forward = ways(process.steps)
    before = {
        name
        for name in process.states
        if name != state and state not in reach([start], forward, without=name)
    }
    return before & reach([start], forward)


def _flows(process: Process, here: list[str]) -> list[str]:
    if not here:
        return process.flows()
    return [MAIN] + [flow for flow in process.flows()[1:] if any(process.state(s).flow == flow for s in here)]


def _mark(name: str, here: list[str], done: set[str]) -> str:
    return "current" if name in here else "done" if name in done else "ahead"


def draw(process: Process, at: str | Collection[str] | None = None, been: Collection[str] = ()) -> str:
    """The process as SVG. `at`: the state of each flow begun; `been`: the case's history, for what can be passed by."""
    here = _where(process, at)
    done = set(been).union(*(passed(process, name) for name in here))
    parts, top = [], 8
    for flow in _flows(process, here):
        drawn, top = _draw_flow(process, flow, here, done, top)
        parts += drawn
    key = f"process-{process.code}-{'-'.join(here) or 'all'}"
    now = ", ".join(process.state(name).label for name in here)
    said = f"Nu: {now}." if here else "Alla lägen, från början till slut."
    past = ", ".join(
        state.label for name, state in process.states.items() if name in done and name not in here
    )
    return "\n".join(
        [
            f'<svg class="process-drawing" role="img" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"'
            f' aria-labelledby="{key}-title {key}-desc" font-size="14" xmlns="http://www.w3.org/2000/svg">',
            f'<title id="{key}-title">{escape(process.label)}: ärendets gång</title>',
            f'<desc id="{key}-desc">{escape(said)}{escape(f" Klart: {past}.") if past else ""}</desc>',
            f'<defs><marker id="{HEAD}" class="process-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
            ' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"'
            ' fill="currentColor"/></marker></defs>',
            *parts,
            "</svg>",
        ]
    )


def _draw_flow(
    process: Process, flow: str, here: list[str], done: set[str], top: int
) -> tuple[list[str], int]:
    title = process.flow_labels.get(flow, "")
    parts = []
    if title:
        where = f'x="{LEFT}" y="{top + 24}"'
        parts = [
            f'<text class="process-flow" fill="currentColor" {where} font-weight="600">{escape(title)}</text>'
        ]
        top += 38
    boxes = _place(process, flow, top)
    parts += _edges(process, boxes)
    for box in boxes.values():
        parts += _draw_box(box, _mark(box.state.name, here, done))
    return parts, max(box.y + box.height // 2 for box in boxes.values()) + 16


def _place(process: Process, flow: str, top: int) -> dict[str, Box]:
    """Where each state of the flow stands: what is beside a state from its row and down, no row where another's ends."""
    states = [state for state in process.states.values() if state.flow == flow]
    boxes: dict[str, Box] = {}
    y, side_end = top, top - GAP  # where the next row may begin, and where the last box beside ended
    for state in (state for state in states if not state.beside):
        beside = [_side_box(other, 0) for other in states if other.beside == state.name]
        box = Box(state, LEFT, 0, RIGHT - LEFT, tuple(textwrap.wrap(state.label, 20)))
        half = max([box.height, *(other.height for other in beside[:1])]) // 2
        y = max(y, side_end + GAP) + half if beside else y + box.height // 2
        boxes[state.name] = replace(box, y=y)
        for number, other in enumerate(beside):
            middle = y if number == 0 else side_end + GAP + other.height // 2
            boxes[other.state.name] = replace(other, y=middle)
            side_end = middle + other.height // 2
        y += box.height // 2 + PITCH - BOX
    return boxes


def _side_box(state: State, y: int) -> Box:
    return Box(state, SIDE, y, WIDTH - SIDE - 2, tuple(textwrap.wrap(state.label, 12)))


def _draw_box(box: Box, mark: str) -> list[str]:
    kind = f"process-state process-state--{mark}" + (" process-state--final" if box.state.final else "")
    stroke = {"current": 4, "done": 2, "ahead": 1}[mark]
    corner = BOX // 2 if box.state.final else 6
    first = box.y - LINE * (len(box.lines) - 1) // 2 + 5
    words = [
        f'<tspan x="{box.x + box.width // 2}" y="{first + LINE * number}">{escape(line)}</tspan>'
        for number, line in enumerate(box.lines)
    ]
    sign = {"current": "●", "done": "✓", "ahead": ""}[mark]
    return [
        f'<g class="{kind}"><rect x="{box.x}" y="{box.y - box.height // 2}" width="{box.width}"'
        f' height="{box.height}" rx="{corner}" fill="none" stroke="currentColor" stroke-width="{stroke}"/>',
        f'<text text-anchor="middle" fill="currentColor">{"".join(words)}</text>',
        f'<text class="process-sign" x="{box.x + 8}" y="{box.y + 5}" fill="currentColor">{sign}</text></g>',
    ]


def _edges(process: Process, boxes: dict[str, Box]) -> list[str]:
    pairs = {(s, t) for s, targets in ways(process.steps).items() for t in targets if s in boxes and s != t}
    middle = (LEFT + RIGHT) // 2
    row = {name: number for number, name in enumerate(n for n, box in boxes.items() if box.x == LEFT)}
    lines, far = [], []
    for source, target in sorted(pairs, key=lambda pair: (boxes[pair[0]].y, boxes[pair[1]].y, pair)):
        start, end = boxes[source], boxes[target]
        if source in row and target in row:
            if row[target] == row[source] + 1:
                lines.append(_line(f"M{middle} {start.y + start.height // 2}V{end.y - end.height // 2}"))
            else:
                far.append((start, end))
        else:
            lines.append(_side_edge(start, end, list(boxes.values())))
    return lines + _lanes(far)


def _side_edge(start: Box, end: Box, boxes: list[Box]) -> str:
    """Between a state and one beside it: straight across, or along the gutter from another row."""
    sides = [box for box in boxes if box.x == SIDE]
    room = (SIDE - RIGHT - 8) * sides.index(start if start.x == SIDE else end)
    gutter = RIGHT + 4 + room // max(1, len(sides) - 1)
    if start.x == end.x:
        if abs(sides.index(start) - sides.index(end)) > 1:  # past the boxes between them
            return _line(f"M{SIDE} {start.y + 8}H{gutter}V{end.y - 8}H{SIDE}")
        down = 1 if start.y < end.y else -1
        return _line(f"M{SIDE + 48} {start.y + down * start.height // 2}V{end.y - down * end.height // 2}")
    side, main = (start, end) if start.x == SIDE else (end, start)
    if side.y == main.y:
        return _line(f"M{RIGHT} {side.y + 6}H{SIDE}" if start is main else f"M{SIDE} {side.y - 6}H{RIGHT}")
    if start is main:
        return _line(f"M{RIGHT} {main.y - 12}H{gutter}V{side.y + 14}H{SIDE}")
    return _line(f"M{SIDE} {side.y + 14}H{gutter}V{main.y + 12}H{RIGHT}")


def _lanes(far: list[tuple[Box, Box]]) -> list[str]:
    """Steps that pass rows by run in the left margin, the longest farthest out."""
    lanes: list[list[tuple[int, int]]] = []
    ways = []
    for start, end in sorted(far, key=lambda pair: abs(pair[0].y - pair[1].y)):
        span = (min(start.y, end.y) - 9, max(start.y, end.y) + 9)
        free = (
            n for n, taken in enumerate(lanes) if all(span[1] < low or high < span[0] for low, high in taken)
        )
        lane = next(free, len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(span)
        ways.append((start, end, lane))
    # Many lanes lie closer, and none outside the drawing.
    apart = min(LANE, (LEFT - 14) // max(1, len(lanes) - 1))
    return [
        _line(f"M{LEFT} {start.y + 9}H{LEFT - 12 - apart * lane}V{end.y - 9}H{LEFT}")
        for start, end, lane in ways
    ]


def _line(way: str) -> str:
    return (
        f'<path class="process-way" d="{way}" fill="none" stroke="currentColor" marker-end="url(#{HEAD})"/>'
    )


def outline(process: Process, at: str | Collection[str] | None = None, been: Collection[str] = ()) -> str:
    """The same in words: an ordered list for each flow, with the state the case stands in marked."""
    here = _where(process, at)
    done = set(been).union(*(passed(process, name) for name in here))
    parts = []
    for flow in _flows(process, here):
        states = [state for state in process.states.values() if state.flow == flow]
        if title := process.flow_labels.get(flow):
            parts.append(f'<p class="process-flow">{escape(title)}</p>')
        parts.append('<ol class="process-outline">')
        for state in (state for state in states if not state.beside):
            beside = [_item(other, here, done) for other in states if other.beside == state.name]
            inner = f"<ul>{''.join(beside)}</ul>" if beside else ""
            parts.append(_item(state, here, done, inner))
        parts.append("</ol>")
    return "\n".join(parts)


def _item(state: State, here: list[str], done: set[str], inner: str = "") -> str:
    mark = _mark(state.name, here, done)
    said = {"current": " (nu)", "done": " (klart)", "ahead": ""}[mark]
    current = ' aria-current="step"' if mark == "current" else ""
    return f'<li class="process-state--{mark}"{current}>{escape(state.label)}{said}{inner}</li>'
