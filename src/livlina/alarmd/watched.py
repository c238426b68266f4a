"""What is known of each unit that should be heard, and of the events that silence many."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from livlina.alarmd.cause import EVERYONE, Cause, Group, groups_of
from livlina.alarmd.record import Unit

OK, LATE, MISSING, SILENT, UNHEARD = "ok", "late", "missing", "silent", "unheard"
NEVER = float("inf")


class Watched:
    """A unit and its last verified sign of life (monotonic seconds). `spared`: seconds the receiver itself was away."""

    __slots__ = (
        "event",
        "groups",
        "last",
        "late_after",
        "receiver",
        "spared",
        "state",
        "told",
        "turned",
        "unit",
    )

    def __init__(self, unit: Unit, now: float, receiver: str, unheard_after: float = 0.0) -> None:
        self.last, self.spared, self.turned = now, 0.0, 0.0
        self.state, self.told, self.receiver = UNHEARD, False, receiver
        self.event: Event | None = None
        self.late_after = unheard_after or NEVER
        self.groups: tuple[Group, ...] = ()
        self.know(unit)

    def know(self, unit: Unit) -> None:
        """Take in what is said of the unit."""
        self.unit = unit
        self.groups = groups_of(unit, self.receiver)
        if not unit.interval:
            self.late_after = NEVER
        elif self.state != UNHEARD:
            self.late_after = 1.5 * unit.interval

    @property
    def missing_after(self) -> float:
        """Two signs in a row have not come: counts when many are judged together."""
        return 2.0 * self.unit.interval + min(15.0, 0.25 * self.unit.interval)

    @property
    def silent_after(self) -> float:
        """So long that it is told alone."""
        return 2.0 * self.unit.interval + 60.0


@dataclass
class Event:
    """Many silent together, as long as it lasts. `began` is wall time; the other moments are monotonic. `said`: its
    group as records call it; `rung`: what all units ring, in words."""

    id: str
    cause: Cause
    began: float
    opened: float
    changed: float
    known: int
    said: tuple[str, str]
    rung: str
    silent: dict[str, Watched] = field(default_factory=dict)
    most: int = 0
    told: int = 0
    back: bool = False

    def sentence(self) -> str:
        """Return what happened and why, in words for staff."""
        known = max(self.known, self.most)
        return replace(self.cause, silent=self.most, known=known).sentence(self.rung)

    def add(self, watched: Watched, now: float) -> None:
        """Let a unit belong to it."""
        watched.event, self.silent[watched.unit.id] = self, watched
        self.most = max(self.most, len(self.silent))
        self.changed = now


def belongs(watched: Watched, group: Group) -> bool:
    """Tell whether a unit is one of a group."""
    return group == EVERYONE or group in watched.groups
