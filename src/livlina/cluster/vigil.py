"""Declares a dead leader dead, so that the standbys elect at once instead of waiting out its lease of 20 seconds.

The lease is there for a leader that may live where we cannot see it. A machine that answers "no such program here"
on the ports of both PostgreSQL and Patroni is another matter: its kernel has said that they are gone. Only then, and
only when no other standby still receives anything from it, is its key removed; and only if commits are strictly
synchronous, so that whatever it could still have answered for lies with a standby.

A silent machine (cut off, frozen, without power) is not declared dead: there the lease has its use.
"""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass, field

from livlina.cluster.plan import Node, Plan
from livlina.cluster.rest import Etcd, Http, Member, Patroni, Unanswered

log = logging.getLogger("livlina.cluster.vigil")
LOOKS = 3  # in a row
EVERY = 0.5  # seconds between looks


@dataclass
class Vigil:
    """What one node has seen of the leader."""

    plan: Plan
    node: Node
    http: Http
    etcd: Etcd
    gone: int = 0  # looks in a row at which the leader's machine denied both programs
    seen: tuple[str, int] | None = None  # the leader's key that we judge
    looked_at: float = field(default=0.0)

    def step(self, at: float, members: list[Member]) -> bool:
        """Look once at the leader. Returns whether it was declared dead. `at` is monotonic seconds."""
        if at - self.looked_at < EVERY:
            return False
        self.looked_at = at
        leader = next((one.name for one in members if one.leads), "")
        if not leader or leader == self.node.name or not self.denied(self.plan.node(leader)):
            self.gone, self.seen = 0, None
            return False
        self.gone += 1
        try:
            return self.gone >= LOOKS and self._end(leader)
        except Unanswered as error:
            log.warning("no_judgement %s", error)
            return False

    def denied(self, leader: Node) -> bool:
        """Whether the leader's machine itself says that neither PostgreSQL nor Patroni is there."""
        return all(refuses(leader.address, port) for port in (leader.postgres, leader.patroni))

    def _end(self, leader: str) -> bool:
        held = self.etcd.leader()
        if held is None or held[0] != leader:
            self.gone = 0
            return False
        if held != self.seen:  # renewed or new since we began: judge it afresh
            self.seen, self.gone = held, LOOKS - 1
            return False
        me = Patroni(self.http, self.node)
        if not _strict(me.settings()) or not self._all_cut_off(leader):
            return False
        ended = self.etcd.end(*held)
        log.warning("leader_declared_dead leader=%s ended=%s", leader, ended)
        self.gone, self.seen = 0, None
        return ended

    def _all_cut_off(self, leader: str) -> bool:
        """Whether most nodes answer, and none of those receives anything from the leader."""
        answers = 0
        for node in self.plan.nodes:
            if node.name == leader:
                continue
            try:
                told = Patroni(self.http, node).itself()
            except Unanswered:
                continue
            answers += 1
            if told.get("replication_state") == "streaming":
                return False
        return answers * 2 > len(self.plan.nodes)


def _strict(settings: dict[str, object]) -> bool:
    return bool(settings.get("synchronous_mode")) and bool(settings.get("synchronous_mode_strict"))


def refuses(address: str, port: int, seconds: float = 1.0) -> bool:
    """Whether the machine there answers that nobody listens on the port; silence is no answer."""
    try:
        socket.create_connection((address, port), seconds).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
