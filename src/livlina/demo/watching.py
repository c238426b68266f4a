"""Watches: raised, climbing by the clock, put off, ignored, closed; as the room's own action would have left them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from livlina.config.roles import ROLES
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.plan import Days, Town
from livlina.registers.watches.models import Watch, WatchDesk, WatchEvent, kind
from livlina.registers.watches.models.kinds import MUNICIPALITY_WIDE

Closed = tuple[datetime | None, str]
SAID = (("snoozed", "Väntar på besked från vårdcentralen."), ("ignored", "Hör till en kollegas område."))
SNOOZED, IGNORED, ACTED = 0.06, 0.02, 0.7


@dataclass(frozen=True, slots=True)
class _Raised:
    """One watch while its rows are made."""

    key: str
    side: int
    role: str
    unit_id: str
    shown: datetime
    due: datetime
    type: str
    calm: bool


class Watching:
    """Where watches go."""

    def __init__(self, town: Town, days: Days, sink: Sink, rng: Random) -> None:
        self.days, self.rng = days, rng
        self.tables, code = Tables(sink), {"municipality_id": town.municipality_id}
        self._watch = self.tables.of(
            Watch, "id", "compartment", "type", "object_type", "object_id", "person_id", "role", "unit_id", "user_id",
            "opened_at", "shown_from", "due_at", "snoozed_until", "level", "acted_at", "closed_at", "closed_why", **code,
        )  # fmt: skip
        self._desk = self.tables.of(
            WatchDesk, "id", "compartment", "watch_id", "rung", "role", "unit_id", "user_id", "since", "recorded",
            "type", "calm", "due_at", **code,
        )  # fmt: skip
        self._event = self.tables.of(
            WatchEvent, "id", "compartment", "watch_id", "kind", "at", "recorded_at", "user_id", "actor_name", "role",
            "reason", **code,
        )  # fmt: skip

    def raised(
        self,
        type: str,
        source: tuple[str, str],
        person_id: str | None,
        role: str,
        unit_id: str,
        opened: datetime,
        due: datetime,
        *,
        user: tuple[int, str] | None = None,
        closed: Closed = (None, ""),
    ) -> None:
        """Make a watch that was raised at `opened`; `user` is (id, name) when it lies with one person."""
        rng, what = self.rng, kind(type)
        shown = max(opened, due) if what.danger else opened
        side = 2 if ROLES[role].side == "provider" else 1
        one = _Raised(uuid_at(rng, opened), side, role, unit_id, shown, due, type, not what.danger)
        end = closed[0]
        climbs = [(n, rung.role, max(due + rung.after, shown)) for n, rung in enumerate(what.ladder, 1)]
        passed = sum(since <= (end or self.days.midnight) for *_, since in climbs)
        snoozed = self._snooze(what.danger, user) if end is None and not passed else None
        ignored = end is None and user is not None and snoozed is None and rng.random() < IGNORED
        holder = None if ignored or user is None else user[0]
        acted = end if end and rng.random() < ACTED else shown if snoozed else None
        self._watch.add(
            one.key, one.side, type, *source, person_id, role, unit_id, holder, opened, shown, due, snoozed, passed,
            acted, *closed,
        )  # fmt: skip
        self._happened(one, "raised", opened)
        for _, rung_role, at in climbs[:passed]:
            self._happened(one, "escalated", at, role=rung_role)
        if snoozed or ignored:
            what_for, why = SAID[bool(ignored)]
            self._happened(one, what_for, shown, user, why=why)
        if end is not None:
            self._happened(one, "closed", end, why=closed[1])
        else:
            self._desks(one, holder, climbs, passed, snoozed)

    def _desks(
        self,
        one: "_Raised",
        holder: int | None,
        climbs: list[tuple[int, str, datetime]],
        passed: int,
        snoozed: datetime | None,
    ) -> None:
        """The owner's desk, and one for each rung; what is put off climbs later."""
        self._lies(one, 0, one.role, holder, snoozed or one.shown, True)
        for number, role, since in climbs:
            later = snoozed - one.due if snoozed and snoozed > one.due else timedelta(0)
            self._lies(one, number, role, None, since + later, number <= passed)

    def _lies(
        self, one: "_Raised", rung: int, role: str, user: int | None, since: datetime, recorded: bool
    ) -> None:
        """One desk it lies on, or will."""
        self._desk.add(
            uuid_at(self.rng, one.shown), one.side, one.key, rung, role, _place(role, one.unit_id), user, since,
            recorded, one.type, one.calm, one.due,
        )  # fmt: skip

    def _snooze(self, danger: bool, user: tuple[int, str] | None) -> datetime | None:
        if danger or user is None or self.rng.random() > SNOOZED:
            return None
        return self.days.midnight + timedelta(days=self.rng.randrange(2, 10), hours=8)

    def _happened(
        self,
        one: "_Raised",
        what: str,
        at: datetime,
        user: tuple[int, str] | None = None,
        *,
        role: str = "",
        why: str = "",
    ) -> None:
        who = user or (None, "Livlina")
        self._event.add(uuid_at(self.rng, at), one.side, one.key, what, at, at, *who, role or one.role, why)


def _place(role: str, unit_id: str) -> str | None:
    return None if role in MUNICIPALITY_WIDE else unit_id
