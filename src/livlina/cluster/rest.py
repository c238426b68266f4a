"""What we ask of Patroni and etcd, over their own HTTP interfaces, with a bounded time for every question."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from dataclasses import dataclass, field
from typing import Any

from livlina.cluster.plan import Node, Plan, PlanError
from livlina.cluster.templates import ADMIN

SHORT, LONG = 1.5, 30.0  # seconds: to be told something; to have a hand-over done


class Unanswered(Exception):
    """Nobody answered; `refused` says that the machine itself said there is no such program."""

    def __init__(self, words: str, *, refused: bool = False) -> None:
        super().__init__(words)
        self.refused = refused


@dataclass(frozen=True)
class Member:
    """One node, as Patroni sees it."""

    name: str
    role: str  # leader, sync_standby, quorum_standby, replica, …
    state: str  # running, streaming, stopped, …
    timeline: int
    lag: int | None  # bytes of log not yet received
    tags: dict[str, Any]

    @property
    def leads(self) -> bool:
        """Whether the node is the leader."""
        return self.role == "leader"

    @property
    def may_lead(self) -> bool:
        """Whether the node has everything that was acknowledged, and is not told to stay behind."""
        synchronous = self.role in ("sync_standby", "quorum_standby")
        return synchronous and self.state in ("running", "streaming") and not self.tags.get("nofailover")


@dataclass
class Http:
    """Questions to the programs of the plan's nodes; TLS with the node's own certificate when there is one."""

    plan: Plan
    context: ssl.SSLContext | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        tls = self.plan.tls
        if tls:
            self.context = ssl.create_default_context(cafile=str(tls.authority))
            try:
                self.context.load_cert_chain(tls.certificate, tls.key)
            except (OSError, ssl.SSLError) as error:
                raise PlanError(f"The certificate {tls.certificate} cannot be used: {error}") from error

    def ask(
        self, address: str, port: int, method: str, path: str, *,
        told: Any = None, password: str = "", seconds: float = SHORT,
    ) -> tuple[int, Any]:  # fmt: skip
        """Return status and answer (JSON if it is). Raises Unanswered."""
        headers = {"Content-Type": "application/json"}
        if password:
            word = base64.b64encode(f"{ADMIN}:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {word}"
        line: http.client.HTTPConnection
        if self.context:
            line = http.client.HTTPSConnection(address, port, timeout=seconds, context=self.context)
        else:
            line = http.client.HTTPConnection(address, port, timeout=seconds)
        try:
            line.request(method, path, None if told is None else json.dumps(told), headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(str(error), refused=isinstance(error, ConnectionRefusedError)) from error
        finally:
            line.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text


@dataclass
class Patroni:
    """Patroni on one node."""

    http: Http
    node: Node
    password: str = ""

    def members(self) -> list[Member]:
        """Return every node as this one sees them. Raises Unanswered."""
        status, told = self._ask("GET", "/cluster")
        if status != 200 or not isinstance(told, dict):
            raise Unanswered(f"Patroni answered {status}")
        return [
            Member(
                one["name"], one["role"], one["state"], int(one.get("timeline") or 0),
                one["lag"] if isinstance(one.get("lag"), int) else None, one.get("tags", {}),
            )
            for one in told["members"]
        ]  # fmt: skip

    def itself(self) -> dict[str, Any]:
        """Return what the node says of itself, also when PostgreSQL is down. Raises Unanswered."""
        told = self._ask("GET", "/patroni")[1]
        return told if isinstance(told, dict) else {}

    def settings(self) -> dict[str, Any]:
        """Return what holds for the whole cluster. Raises Unanswered."""
        status, told = self._ask("GET", "/config")
        if status != 200 or not isinstance(told, dict):
            raise Unanswered(f"Patroni answered {status}")
        return told

    def switch(self, leader: str, candidate: str) -> str:
        """Hand over from leader to candidate, cleanly. Returns "" when done, else why not. Raises Unanswered."""
        told = {"leader": leader, "candidate": candidate}
        status, words = self._ask("POST", "/switchover", told, LONG)
        return "" if status in (200, 202) else f"{status}: {words}"

    def reload(self) -> None:
        """Have Patroni read its settings anew. Raises Unanswered."""
        self._ask("POST", "/reload", {})

    def rebuild(self) -> str:
        """Make the node's data anew from the leader. Returns "" when begun, else why not. Raises Unanswered."""
        status, words = self._ask("POST", "/reinitialize", {"force": True}, LONG)
        return "" if status in (200, 202) else f"{status}: {words}"

    def _ask(self, method: str, path: str, told: Any = None, seconds: float = SHORT) -> tuple[int, Any]:
        password = self.password if method != "GET" else ""
        return self.http.ask(
            self.node.address, self.node.patroni, method, path, told=told, password=password, seconds=seconds
        )


@dataclass
class Etcd:
    """The key of the leader, in etcd."""

    http: Http

    def leader(self) -> tuple[str, int] | None:
        """Return who holds the leader's key and at which revision, or None when nobody does. Raises Unanswered."""
        rows = self._ask("/v3/kv/range", {"key": self._key()}).get("kvs", [])
        return (base64.b64decode(rows[0]["value"]).decode(), int(rows[0]["mod_revision"])) if rows else None

    def end(self, name: str, revision: int) -> bool:
        """Remove the leader's key if it is still the one seen: the standbys then elect at once. Raises Unanswered."""
        compare = {"key": self._key(), "target": "MOD", "result": "EQUAL", "mod_revision": str(revision)}
        delete = {"request_delete_range": {"key": self._key()}}
        return bool(self._ask("/v3/kv/txn", {"compare": [compare], "success": [delete]}).get("succeeded"))

    def _key(self) -> str:
        return base64.b64encode(f"/livlina/{self.http.plan.name}/leader".encode()).decode()

    def _ask(self, path: str, told: Any) -> dict[str, Any]:
        fault = Unanswered("no etcd answers")
        for node in self.http.plan.nodes:
            try:
                status, answer = self.http.ask(node.address, node.etcd, "POST", path, told=told)
            except Unanswered as error:
                fault = error
                continue
            if status == 200 and isinstance(answer, dict):
                return answer
        raise fault
