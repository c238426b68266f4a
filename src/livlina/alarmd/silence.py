"""Signs of life: when a unit is late, when it is silent, and when so many are silent that it is one event.

Everything is judged on the monotonic clock, without sockets and without a clock of its own. What the receiver itself
missed (it was down, or held up) is never counted against a unit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from statistics import median
from typing import Any
from uuid import uuid4

from livlina.alarmd.cause import EVERYONE, Cause, Group, Limits, explain
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.watched import LATE, MISSING, OK, SILENT, UNHEARD, Event, Watched, belongs

DAY = 86400.0


@dataclass(frozen=True)
class Supervise:
    """[supervise]: how often everyone is looked over, and what is many at once. Seconds."""

    every: float = 15.0
    fewest: int = 5
    share: float = 0.03
    chance: float = 1e-6
    window: float = 180.0
    settle: float = 180.0
    """Spared every unit after a start, and calm for so long before an event is over: units come back in waves."""
    unheard_after: float = 0.0
    """A unit that has never been heard here is told as silent after this; 0 = never (it may report to the other site)."""
    tell_late: bool = False


class Supervisor:
    """Told of each sign of life, asked every 15 seconds; answers with what there is to tell."""

    def __init__(self, settings: Supervise, receiver: str, now: float) -> None:
        self.settings, self.receiver, self.swept = settings, receiver, now
        self.limits = Limits(settings.fewest, settings.share, settings.chance)
        self.watched: dict[str, Watched] = {}
        self.events: list[Event] = []
        self._again: list[tuple[Watched, float]] = []
        self._doubt = 0.0
        self._fell = 0.0
        self.states: dict[str, int] = {}
        self.heard_today = 0
        self.silent: list[Watched] = []
        """Those silent alone, at the last sweep."""

    # what it is told

    def put_units(self, units: Mapping[str, Unit], now: float) -> None:
        """Watch exactly these units; what is known of those that stay is kept."""
        for gone in self.watched.keys() - units.keys():
            self._drop(self.watched.pop(gone))
        for number, unit in units.items():
            if number in self.watched:
                self.watched[number].know(unit)
            else:
                self.watched[number] = Watched(unit, now, self.receiver, self.settings.unheard_after)

    def restore(
        self, seen: Mapping[str, float], events: Iterable[Mapping[str, Any]], now: float, wall: float
    ) -> None:
        """Take up after a restart: `seen` in wall seconds. The time nobody listened is spared every unit."""
        down_at = min(wall, max(seen.values(), default=wall))
        for number, moment in seen.items():
            watched = self.watched.get(number)
            if watched is None:
                continue
            watched.state, watched.last = OK, now - max(0.0, wall - moment)
            watched.know(watched.unit)
            if down_at - moment > watched.silent_after and watched.unit.interval:
                watched.state, watched.told = SILENT, True
                watched.turned = watched.last + watched.missing_after
            else:
                watched.spared = wall - down_at + self.settings.settle
        for kept in events:
            with contextlib.suppress(KeyError, TypeError, ValueError):  # kept by another version of us
                self._take_up(kept, now)

    def heard(self, number: str, now: float, receiver: str = "") -> None:
        """Note a verified sign of life, heard here or by the other receiver. Called for each heartbeat: short."""
        watched = self.watched.get(number)
        if watched is None:
            return
        before, watched.last = watched.last, now
        if watched.receiver != (receiver or self.receiver):
            watched.receiver = receiver or self.receiver
            watched.know(watched.unit)
        if watched.state != OK:
            self._heard_again(watched, before)
        watched.spared = 0.0

    def _heard_again(self, watched: Watched, before: float) -> None:
        event, told = watched.event, watched.told
        if watched.state == UNHEARD:
            watched.state = OK
            watched.know(watched.unit)
        if watched.turned and not event and not told:
            self._fell += 1
        if told or (watched.state in (LATE, MISSING) and self.settings.tell_late and not event):
            self._again.append((watched, before))
        if event:
            event.silent.pop(watched.unit.id, None)
            event.changed, event.back = watched.last, True
        watched.state, watched.turned, watched.told, watched.event = OK, 0.0, False, None

    # what it tells

    def sweep(self, now: float, wall: float) -> list[Record]:
        """Look everyone over; return what there is to tell, as drafts."""
        away = now - self.swept - self.settings.every
        if away > 5.0:  # nobody listened: not the units' fault
            self.spare(away)
        self._fell *= 0.5 ** ((now - self.swept) / DAY)  # what was usual fades
        self.swept = now
        told = [
            self._one("heard", watched, wall - (now - before), now, wall) for watched, before in self._again
        ]
        self._again.clear()
        missing: list[Watched] = []
        due: list[Watched] = []
        for watched in self.watched.values():
            if now - watched.last > watched.late_after:
                self._judge(watched, now, missing, due, told, wall)
        told += self._join(missing, now, wall)
        told += self._together(missing, now, wall)
        for watched in due:
            if watched.event is None:
                watched.told, self._fell = True, self._fell + 1
                told.append(self._one("silent", watched, wall - (now - watched.last), now, wall))
        self._count()
        return told + self._ended(now, wall)

    def _judge(
        self,
        watched: Watched,
        now: float,
        missing: list[Watched],
        due: list[Watched],
        told: list[Record],
        wall: float,
    ) -> None:
        age = now - watched.last - watched.spared
        if watched.state == UNHEARD:
            if age > self.settings.unheard_after and not watched.told:
                watched.told = True
                told.append(self._one("silent", watched, None, now, wall))
            return
        if age > watched.late_after and watched.state == OK:
            watched.state = LATE
            if self.settings.tell_late and watched.event is None:
                told.append(self._one("late", watched, wall - (now - watched.last), now, wall))
        if age > watched.missing_after:
            if not watched.turned:
                watched.state, watched.turned = MISSING, watched.last + watched.spared + watched.missing_after
            missing.append(watched)
        if age > watched.silent_after:
            watched.state = SILENT
            if not watched.told:
                due.append(watched)

    def _one(self, kind: str, watched: Watched, last: float | None, now: float, wall: float) -> Record:
        facts = {"since": round(now - watched.last), "last": last} if kind != "heard" else {}
        if kind == "heard" and last is not None:
            facts = {"since": round(wall - last), "last": wall}
        return Record(id=str(uuid4()), kind=kind, at=wall, unit=watched.unit.id, facts=facts)

    # many together

    def _join(self, missing: list[Watched], now: float, wall: float) -> list[Record]:
        """Let those who fall silent while an event lasts belong to it; tell how it grows, and how it gives way."""
        for event in self.events:
            group = event.cause.group
            for watched in missing:
                near = watched.turned > event.opened - self.settings.window
                if watched.event is None and not watched.told and near and belongs(watched, group):
                    event.add(watched, now)
        return [
            self._many("mass_silence", event, now, wall)
            for event in self.events
            if abs(len(event.silent) - event.told) > max(4, event.told / 10)
        ]

    def _together(self, missing: list[Watched], now: float, wall: float) -> list[Record]:
        """Ask whether those who turned silent lately have something in common, and open events for it."""
        growing = [
            event for event in self.events if not event.back and now - event.opened < self.settings.window
        ]
        turned = [
            watched
            for watched in missing
            if (watched.event in growing if watched.event else now - watched.turned <= self.settings.window)
        ]
        if len(turned) < self.limits.fewest or all(watched.event for watched in turned):
            self._doubt = 0.0
            return []
        start = median(watched.last + watched.spared + watched.unit.interval for watched in turned)
        alive = [
            watched.groups
            for watched in self.watched.values()
            if watched.last > start and watched.state == OK
        ]
        causes = explain([watched.groups for watched in turned], alive, self.limits, self.rate)
        known = {event.cause.group for event in self.events}
        causes = [cause for cause in causes if cause.group not in known]
        if not causes:
            self._doubt = 0.0
            return []
        self._doubt = self._doubt or now
        if not all(cause.sure for cause in causes) and now - self._doubt < 2 * self.settings.every - 1:
            return []
        self._doubt = 0.0
        return [record for cause in causes for record in self._open(cause, turned, growing, now, wall)]

    def _open(
        self, cause: Cause, turned: list[Watched], growing: list[Event], now: float, wall: float
    ) -> list[Record]:
        """Open an event. A younger and narrower one that it explains too gives way to it."""
        began = wall - (now - median(watched.last for watched in turned))
        known = sum(1 for watched in self.watched.values() if belongs(watched, cause.group))
        said, rung = self._named(cause.group)
        event = Event(str(uuid4()), cause, began, opened=now, changed=now, known=known, said=said, rung=rung)
        mine = [watched for watched in turned if belongs(watched, cause.group)]
        told: list[Record] = []
        for other in growing:
            inside = sum(1 for watched in mine if watched.event is other)
            if other in self.events and inside >= 0.8 * len(other.silent):
                told.append(self._many("mass_silence_over", other, now, wall, instead=event.id))
                self.events.remove(other)
                for watched in list(other.silent.values()):
                    event.add(watched, now)
        for watched in mine:
            if watched.event is None:
                event.add(watched, now)
        self.events.append(event)
        return [*told, self._many("mass_silence", event, now, wall)]

    def _ended(self, now: float, wall: float) -> list[Record]:
        """Say that an event is over: nearly all are heard again and it has been calm. The rest is told one by one."""
        told = []
        for event in list(self.events):
            left = list(event.silent.values())
            if len(left) > event.most / 10 or now - event.changed < self.settings.settle:
                continue
            self.events.remove(event)
            told.append(self._many("mass_silence_over", event, now, wall))
            for watched in left:
                watched.event = None
                watched.turned = min(
                    watched.turned, now - self.settings.window - 1
                )  # its own matter from now on
        return told

    def _many(self, kind: str, event: Event, now: float, wall: float, instead: str = "") -> Record:
        event.told = len(event.silent)
        known = max(event.known, event.most)
        facts: dict[str, Any] = {
            "event": event.id,
            "group": event.said[0],
            "value": event.said[1],
            "units": list(event.silent),
            "last": [round(wall - (now - watched.last)) for watched in event.silent.values()],
            "silent": len(event.silent),
            "known": known,
            "began": event.began,
            "cause": event.sentence(),
        }
        if instead:
            facts["instead"] = instead
        return Record(id=str(uuid4()), kind=kind, at=wall, facts=facts)

    # what is kept over a restart, and what is shown

    def state(self) -> list[dict[str, Any]]:
        """Return the open events as JSON, for `restore`."""
        return [
            {
                "id": event.id,
                "cause": [*event.cause.group, event.cause.silent, event.cause.known,
                          event.cause.silent_outside, event.cause.known_outside],
                "began": event.began,
                "most": event.most,
                "said": [*event.said, event.rung],
                "units": list(event.silent),
            }
            for event in self.events
        ]  # fmt: skip

    def _take_up(self, kept: Mapping[str, Any], now: float) -> None:
        kind, value, also, *counts = kept["cause"]
        cause = Cause(Group(kind, value, also), *counts, sure=True)
        known, most, said = cause.known, kept["most"], (kept["said"][0], kept["said"][1])
        event = Event(
            kept["id"], cause, kept["began"], now, now, known, said, kept["said"][2], most=most, back=True
        )
        for number in kept["units"]:
            if number in self.watched:
                watched = self.watched[number]
                event.add(watched, now)
                watched.told = False
                if not watched.turned:  # it had been silent for less than it takes to tell of one alone
                    watched.state, watched.turned, watched.spared = MISSING, now, 0.0
        event.told = len(event.silent)
        self.events.append(event)

    def _named(self, group: Group) -> tuple[tuple[str, str], str]:
        """Return what a group is called in records, and what all units ring, in words."""
        if len({watched.receiver for watched in self.watched.values()}) > 1:
            return (group.kind, group.value) if group != EVERYONE else ("all", "alla"), "Alla larmmottagare"
        return (group.kind, group.value or self.receiver), f"Larmmottagaren {self.receiver}"

    def spare(self, seconds: float, receiver: str = "") -> None:
        """Some signs of life were not heard by our own fault: count that time against nobody (of that receiver)."""
        for watched in self.watched.values():
            if watched.receiver == receiver or not receiver:
                watched.spared += seconds

    @property
    def rate(self) -> float:
        """The share of units that falls silent by itself in three minutes."""
        usual = self._fell / max(1, len(self.watched)) / (DAY / log(2)) * self.settings.window
        return min(0.25, max(1e-4, usual))

    def _drop(self, watched: Watched) -> None:
        if watched.event:
            watched.event.silent.pop(watched.unit.id, None)

    def _count(self) -> None:
        states = dict.fromkeys((OK, LATE, MISSING, SILENT, UNHEARD), 0)
        today = 0
        for watched in self.watched.values():
            states[watched.state] += 1
            today += watched.state != UNHEARD and self.swept - watched.last < DAY
        self.states, self.heard_today, self.silent = states, today, []
        if states[SILENT]:
            silent = (one for one in self.watched.values() if one.state == SILENT and one.event is None)
            self.silent = list(silent)
