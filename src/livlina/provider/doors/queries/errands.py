"""What the rooms above tell of who has what to do where: this room asks, and knows nothing of visits itself.

A room above writes a class with these questions and registers one of it when it starts:

    class Visits(Errands): ...
    tell(Visits())
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Shift:
    """Somebody's working time. `round`: night patrol or alarms, with `area` as theirs."""

    starts_at: datetime
    ends_at: datetime
    area: str = ""
    round: bool = False


@dataclass(frozen=True)
class PhoneKey:
    """A work phone's key, and whose it is."""

    name: str
    carer_id: UUID
    public: bytes


class Errands:
    """The questions. Whoever does not know answers nothing."""

    def shifts(self, carer_id: UUID, start: datetime, end: datetime) -> Collection[Shift]:
        """Return the carer's shifts that overlap the time."""
        return ()

    def visited(self, carer_id: UUID, start: datetime, end: datetime) -> Collection[UUID]:
        """Return the persons the carer is to visit, in visits that begin within the time."""
        return ()

    def nursed(self, unit_id: UUID, start: datetime, end: datetime) -> Collection[UUID]:
        """Return the persons to whom home nursing of the unit goes."""
        return ()

    def phones(self, unit_id: UUID) -> Collection[PhoneKey]:
        """Return the unit's work phones whose keys have not been ended."""
        return ()


TOLD: list[Errands] = []


def tell(errands: Errands) -> None:
    """Let a room above answer."""
    if not any(type(one) is type(errands) for one in TOLD):
        TOLD.append(errands)


def shift_of(carer_id: UUID, start: datetime, end: datetime, *, rounds: bool = False) -> Shift | None:
    """Return the carer's shift that overlaps the time most, or None; with `rounds` only a round."""
    found = [one for told in TOLD for one in told.shifts(carer_id, start, end) if one.round or not rounds]
    return max(found, key=lambda one: min(one.ends_at, end) - max(one.starts_at, start), default=None)


def visited(carer_id: UUID, start: datetime, end: datetime) -> set[UUID]:
    """Return the persons the carer is to visit."""
    return {person for told in TOLD for person in told.visited(carer_id, start, end)}


def nursed(unit_id: UUID, start: datetime, end: datetime) -> set[UUID]:
    """Return the persons home nursing goes to."""
    return {person for told in TOLD for person in told.nursed(unit_id, start, end)}


def phones(unit_id: UUID) -> list[PhoneKey]:
    """Return the unit's phones, by name."""
    return sorted((key for told in TOLD for key in told.phones(unit_id)), key=lambda key: key.name)
