"""The kinds of watches: declared in code by the rooms that raise them, with the words a reader needs.

    declare("orders.unconfirmed", "Beställningen är inte bekräftad", "...", "...", danger=True,
            ladder=[(timedelta(hours=1), "unit_manager"), (timedelta(hours=2), "duty_officer")],
            link="orders:order", closes_on=("order.confirmed",))

Declare in the room's `jobs.py`, which every process reads when it starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

MUNICIPALITY_WIDE = frozenset({"duty_officer"})
"""Roles on duty for the whole municipality: a watch that climbs to them lies with whoever holds the role."""


class UnknownKind(Exception):
    """No room declares this kind of watch."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: how long after the due date the watch also lies with `role`."""

    after: timedelta
    role: str


@dataclass(frozen=True)
class WatchType:
    """One kind of watch: its words, how dangerous it is, to whom it climbs, and where it leads."""

    code: str
    title: str
    why: str
    consequence: str
    danger: bool
    ladder: tuple[Rung, ...]
    link: str
    """Name of the route to the thing; called with the source's id. Empty: the watch leads nowhere."""
    snooze_days: int
    """The longest snooze, in days. A dangerous watch is besides never snoozed past its due date."""
    closes_on: tuple[str, ...]
    firm: bool = False
    """Nobody can snooze it, hand it away, call it nothing or close it by hand: only what it waits for ends it."""


KINDS: dict[str, WatchType] = {}


def declare(
    type: str,  # the word of the room: a watch has a type
    title_sv: str,
    why_sv: str,
    consequence_sv: str,
    *,
    danger: bool = False,
    ladder: Iterable[tuple[timedelta, str]] = (),
    link: str = "",
    snooze_days: int = 14,
    closes_on: Iterable[str] = (),
    firm: bool = False,
) -> WatchType:
    """Declare a kind of watch; the outbox events in `closes_on` close it by themselves.

    `firm`: only what it waits for ends it; nobody puts it off or closes it by hand. It is then dangerous besides.
    Raises ValueError if the type is declared twice with other words, if its ladder does not climb in time, if it
    is dangerous and climbs to nobody, or if it is firm and not dangerous.
    """
    rungs = tuple(Rung(after, role) for after, role in ladder)
    if list(rungs) != sorted(rungs, key=lambda rung: rung.after):
        raise ValueError(f"The ladder of {type} does not climb in time.")
    if danger and not rungs:
        raise ValueError(f"{type} is dangerous and must climb to someone.")
    if firm and not danger:
        raise ValueError(f"{type} is firm and must be dangerous: it is about what ends by law.")
    new = WatchType(
        type, title_sv, why_sv, consequence_sv, danger, rungs, link, snooze_days, tuple(closes_on), firm
    )
    if KINDS.setdefault(type, new) != new:
        raise ValueError(f"The watch {type} is declared twice.")
    _close_on_events(new)
    return new


def kind(code: str) -> WatchType:
    """Return what a room declared. Raises UnknownKind."""
    try:
        return KINDS[code]
    except KeyError:
        raise UnknownKind(f"No room declares the watch {code}.") from None


def declared() -> list[WatchType]:
    """Return every kind, by its code."""
    return [KINDS[code] for code in sorted(KINDS)]


def _close_on_events(what: WatchType) -> None:
    """Close watches of this kind when the worker hears that their cause is gone."""
    from livlina.core import outbox

    def close(event: outbox.Event) -> None:
        from livlina.core.access import system
        from livlina.registers.watches import actions

        actions.close_for(
            (None, event.object_id),
            types=(what.code,),
            why=event.name,
            by=system(event.municipality_id),
            now=event.at,
        )

    close.__qualname__ = f"close.{what.code}"
    for name in what.closes_on:
        outbox.subscribe(name)(close)
