"""What goes wrong without the design: the same phones and faults before servers and phones that lack one thing each.

A model in memory, for comparison only: the design itself is measured against the real server.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

LOST_REQUEST = LOST_ANSWER = 0.05
SERVER_CRASH, APP_KILL, TWO_TABS = 0.003, 0.01, 0.02


@dataclass(frozen=True)
class Design:
    """One way to send a note. `once`: by its id, or by id and content; None: nothing tells two of a kind apart."""

    name: str
    retry: bool = True
    once: str | None = None
    on_disk: bool = True
    answers_first: bool = False


DESIGNS = (
    Design("no id, no retry", retry=False),
    Design("no id, sent again"),
    Design("kept only in memory", once="content", on_disk=False),
    Design("answer before commit", once="content", answers_first=True),
    Design("id, and no hash", once="id"),
)


@dataclass
class _Server:
    design: Design
    rows: list[tuple[int, str]] = field(default_factory=list)

    def take(self, note: tuple[int, str], crashes: bool) -> bool:
        """Take a note in; return whether an answer was sent."""
        if crashes and not self.design.answers_first:
            return False
        if not crashes:
            had = {None: False, "id": note[0] in self._ids, "content": note in self._notes}[self.design.once]
            if not had:
                self.rows.append(note)
                self._ids.add(note[0])
                self._notes.add(note)
        return True

    def __post_init__(self) -> None:
        self._ids: set[int] = set()
        self._notes: set[tuple[int, str]] = set()


def weather(design: Design, count: int, seed: int) -> tuple[int, int]:
    """Send so many notes under the faults; return how many are lost and how many are there more than once."""
    chance = Random(seed)  # noqa: S311 - a simulation
    server, meant = _Server(design), []
    for number in range(count):
        notes = [(number, "text")]
        if chance.random() < TWO_TABS:
            notes.append((number, "the other tab's text"))
        meant += notes
        for note in notes:
            _send(server, note, chance)
    found = Counter(server.rows)
    return sum(note not in found for note in meant), sum(times - 1 for times in found.values())


def _send(server: _Server, note: tuple[int, str], chance: Random) -> None:
    design = server.design
    while True:
        answered = False
        if chance.random() >= LOST_REQUEST:
            answered = server.take(note, chance.random() < SERVER_CRASH * (8 if design.answers_first else 1))
            answered = answered and chance.random() >= LOST_ANSWER
        if answered or not design.retry:
            return
        if (
            not design.on_disk and chance.random() < APP_KILL * 20
        ):  # it waits, and the app is killed meanwhile
            return
