"""Watches: raised, climbing by the clock, put off, ignored, closed; as the room's own action would have left them."""

from datetime import datetime, timedelta
from random import Random

from livlina.config.roles import ROLES
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.plan import Days, Town
from livlina.registers.watches.models import Watch, WatchDesk, WatchEvent, kind
from livlina.registers.watches.models.kinds import MUNICIPALITY_WIDE

Closed = tuple[datetime | None, str]
SNOOZED = 0.06


class Watching:
    """Where watches go."""

    def __init__(self, town: Town, days: Days, sink: Sink, rng: Random) -> None:
        self.days, self.rng, self.open = days, rng, 0
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
        key, side = uuid_at(rng, opened), 2 if ROLES[role].side == "provider" else 1
        until = closed[0] or self.days.midnight
        climbs = [
            (number, rung.role, max(due + rung.after, shown)) for number, rung in enumerate(what.ladder, 1)
        ]
        passed = [climb for climb in climbs if climb[2] <= until]
        snoozed = self._snooze(what.danger, due, user) if closed[0] is None and not passed else None
        ignored = closed[0] is None and user is not None and snoozed is None and rng.random() < 0.02
        holder = None if ignored or user is None else user[0]
        self._watch.add(
            key, side, type, *source, person_id, role, unit_id, holder, opened, shown, due, snoozed, len(passed),
            closed[0] if closed[0] and rng.random() < 0.7 else snoozed and shown, *closed,
        )  # fmt: skip
        self._happened(key, side, "raised", opened, None, "Livlina", role)
        for _, climbed_to, at in passed:
            self._happened(key, side, "escalated", at, None, "Livlina", climbed_to)
        if snoozed and user:
            self._happened(key, side, "snoozed", shown, *user, role, "Väntar på besked från vårdcentralen.")
        if ignored and user:
            self._happened(key, side, "ignored", shown, *user, role, "Hör till en kollegas område.")
        if closed[0] is not None:
            self._happened(key, side, "closed", closed[0], None, "Livlina", role, closed[1])
            return
        self.open += 1
        common = (type, not what.danger, due)
        self._desk.add(
            uuid_at(rng, opened),
            side,
            key,
            0,
            role,
            _place(role, unit_id),
            holder,
            snoozed or shown,
            True,
            *common,
        )
        for number, rung_role, since in climbs:
            start = max(since, snoozed + (since - due)) if snoozed else since
            self._desk.add(
                uuid_at(rng, opened), side, key, number, rung_role, _place(rung_role, unit_id), None, start,
                (number, rung_role, since) in passed, *common,
            )  # fmt: skip

    def _snooze(self, danger: bool, due: datetime, user: tuple[int, str] | None) -> datetime | None:
        if danger or user is None or self.rng.random() > SNOOZED:
            return None
        return self.days.midnight + timedelta(days=self.rng.randrange(2, 10), hours=8)

    def _happened(
        self,
        key: str,
        side: int,
        what: str,
        at: datetime,
        user: int | None,
        name: str,
        role: str,
        why: str = "",
    ) -> None:
        self._event.add(uuid_at(self.rng, at), side, key, what, at, at, user, name, role, why)


def _place(role: str, unit_id: str) -> str | None:
    return None if role in MUNICIPALITY_WIDE else unit_id
