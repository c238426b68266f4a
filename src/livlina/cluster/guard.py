"""The guard of a node: hands over before its disk is full, and says so. One runs beside each Patroni.

Patroni watches that PostgreSQL runs; a full disk leaves it running and every write failing, for hours. So twice a
second the guard looks at the room on the volumes of data and log, and every other second a row is written through
the normal path. When room is short, or will be within a minute: the ballast is given back, and a leader hands over to
the standby with most room, if one has more than itself; then the node may not lead until there is room again.

    python -m livlina.cluster.guard PLAN NODE
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from livlina.cluster import plan as plans
from livlina.cluster import space, vigil
from livlina.cluster.canary import Canary
from livlina.cluster.plan import Node, Plan
from livlina.cluster.rest import Etcd, Http, Member, Patroni, Unanswered
from livlina.status import parts

log = logging.getLogger("livlina.cluster.guard")
TAGS = "90-guard.yml"
ROOM = "livlina_free"  # the tag that tells other nodes' guards how much room there is, in percent
COOLING = 20.0  # seconds between two attempts to hand over
TOLD_EVERY = 5.0  # seconds between words to the status page


@dataclass
class Guard:
    """What one node's guard knows from look to look. `step` is the whole of it; times are monotonic seconds."""

    plan: Plan
    node: Node
    secrets: dict[str, str]
    canary: Canary | None = None
    volumes: list[space.Volume] = field(default_factory=list)
    low: str = ""  # why this node may not lead
    words: str = ""  # what was done last, for the status page
    handed_at: float = -COOLING
    told_at: float = -TOLD_EVERY
    tags: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        http = Http(self.plan)
        self.patroni = Patroni(http, self.node, self.secrets["rest"])
        self.vigil = vigil.Vigil(self.plan, self.node, http, Etcd(http))
        self.rules = self.plan.guard

    def prepare(self) -> None:
        """Find the volumes and lay down the ballast. Raises OSError when a volume is not there."""
        folders = [self.node.data.parent, self.node.wal.parent]
        self.volumes = space.volumes(folders, self.rules.ballast_mb)
        for one in self.volumes:
            one.look(time.monotonic())
            self._restore(one)

    def step(self, at: float) -> None:
        """Look once, and do what has to be done."""
        self.low = self._shortage(at)
        members = self._members()
        me = next((one for one in members if one.name == self.node.name), None)
        leads = me is not None and me.leads
        if self.low:
            for one in self.volumes:
                if one.give_back():
                    log.warning("ballast_given_back %s", one.path)
        silent = bool(self.canary and self.canary.misses >= self.rules.canary_misses)
        if leads and (self.low or silent) and at - self.handed_at >= COOLING:
            self.handed_at = at
            self._hand_over(members, self.low or "nothing can be written")
        elif leads is False and self.rules.declare_dead:
            self.vigil.step(at, members)
        self._tag(leads)
        if at - self.told_at >= TOLD_EVERY:
            self.told_at = at
            self._tell(members)

    # ---- room ----

    def _shortage(self, at: float) -> str:
        """Why there is too little room to lead, or ""; once short, it is short until there is plenty."""
        least = self.rules.enough_percent if self.low else self.rules.least_percent
        for one in self.volumes:
            try:
                seen = one.look(at)
            except OSError as error:
                return f"{one.path} cannot be looked at: {error.strerror}"
            if seen.percent < least:
                return f"{seen.percent:.0f} % free on {one.path}"
            soon = one.full_in()
            if soon is not None and soon < self.rules.least_seconds:
                return f"{one.path} is full in {soon:.0f} s"
            self._restore(one)
        return ""

    def _restore(self, one: space.Volume) -> None:
        """Lay the ballast down again where there is plenty of room also with it."""
        size = one.ballast_mb * space.MEGABYTE
        if one.last and size and not one.ballast.exists():
            after = 100.0 * (one.last.free - size) / one.last.total
            if after > self.rules.enough_percent and one.make_ballast():
                one.seen.clear()

    @property
    def room(self) -> int:
        """Percent free of the fuller volume."""
        return int(min((one.last.percent for one in self.volumes if one.last), default=0))

    # ---- handing over ----

    def _hand_over(self, members: list[Member], why: str) -> None:
        best = candidate(members, self.room, self.rules.least_percent + self.rules.better_percent)
        if best is None:
            self.words = f"{self.node.name} borde lämna över, men ingen reserv har mer plats."
            log.error("no_candidate %s", why)
            return
        log.warning("handing_over to=%s why=%s", best.name, why)
        try:
            fault = self.patroni.switch(self.node.name, best.name)
        except Unanswered as error:
            fault = str(error)
        if fault:
            self.words = f"{self.node.name} försökte lämna över till {best.name}, men det gick inte."
            log.error("not_handed_over to=%s fault=%s", best.name, fault)
        else:
            self.words = f"{self.node.name} lämnade över till {best.name}: det var ont om plats eller gick inte att skriva."
            log.warning("handed_over to=%s", best.name)

    def _tag(self, leads: bool) -> None:
        """Tell Patroni whether this node may lead, and others how much room it has. A leader keeps its office."""
        room = 5 * (self.room // 5)
        wanted: dict[str, Any] = {ROOM: room}
        if self.low and not leads:
            wanted["nofailover"] = True
        if wanted == self.tags:
            return
        file = self.node.patroni_folder / TAGS
        if not parts.replace(file, yaml.safe_dump({"tags": wanted})):
            log.error("tags_not_written %s", file)
            return
        try:
            self.patroni.reload()
        except Unanswered:
            return  # Patroni is away; it reads them when it starts, and we ask again
        self.tags = wanted

    def _members(self) -> list[Member]:
        try:
            return self.patroni.members()
        except Unanswered:
            return []

    def _tell(self, members: list[Member]) -> None:
        leader = next((one.name for one in members if one.leads), "")
        ready = sum(one.may_lead for one in members)
        works = bool(leader) and ready > 0 and not self.low and not (self.canary and self.canary.misses)
        words = self.words or summary(leader, ready)
        parts.write(
            self.rules.state, "cluster", works, words,
            leader=leader, reserves=ready, low=self.low, room_percent=self.room,
            written_in_ms=self.canary.last_ms if self.canary else None,
            nodes={one.name: {"role": one.role, "state": one.state, "lag": one.lag} for one in members},
        )  # fmt: skip
        if works:
            self.words = ""


def candidate(members: list[Member], room: int, least: float) -> Member | None:
    """Return the standby to hand over to: it has every acknowledged row, and the most room, and more than we have.

    One that has not told its room is taken last: a guard that is dead says nothing of the disk.
    """
    fit = [one for one in members if one.may_lead and one.tags.get(ROOM, least) >= least]
    fit = [one for one in fit if one.tags.get(ROOM, 100) > room]
    return max(fit, key=lambda one: (one.tags.get(ROOM, -1), -(one.lag or 0)), default=None)


def summary(leader: str, reserves: int) -> str:
    """How the cluster is, in a Swedish sentence."""
    if not leader:
        return "Ingen databas tar emot det som skrivs just nu."
    if not reserves:
        return f"Databasen leds av {leader}, utan någon reserv som kan ta över."
    return f"Databasen leds av {leader}; {reserves} {'reserv' if reserves == 1 else 'reserver'} kan ta över."


def run(plan: Plan, node: Node) -> int:
    """Guard the node until told to stop. Raises PlanError or OSError when it cannot begin."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    secrets = plans.read_secrets(plan.secrets)
    guard = Guard(plan, node, secrets, Canary(plan, node, secrets))
    guard.prepare()
    if guard.canary:
        guard.canary.start(ending)
    while not ending.wait(plan.guard.every):
        try:
            guard.step(time.monotonic())
        except Exception:
            log.exception("step_failed")  # the next look comes in half a second
    return 0


def begin_log() -> None:
    """Log to standard error, where systemd keeps it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")


def main() -> int:
    """`python -m livlina.cluster.guard PLAN NODE`."""
    begin_log()
    found = plans.read(Path(sys.argv[1]))
    return run(found, found.node(sys.argv[2]))


if __name__ == "__main__":
    raise SystemExit(main())
