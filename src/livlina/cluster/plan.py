"""The plan of a cluster: one small TOML file, the same on every machine, names the nodes and what they share.

Everything that Patroni, etcd and HAProxy need follows from it (`templates.py`), so that three machines cannot be set
up in three ways. Passwords lie in a file of their own beside it, never in the plan.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
ROLES = ("super", "replication", "rewind", "guard", "rest")
"""Whose passwords the secrets hold: four roles of PostgreSQL, and who may tell Patroni what to do."""


class PlanError(Exception):
    """The plan cannot be used; the text says what to change."""


@dataclass(frozen=True)
class Node:
    """One machine (or, on loopback, one set of ports) with PostgreSQL, Patroni, etcd and a guard."""

    name: str
    address: str
    data: Path = Path("/var/lib/livlina/postgres/data")
    wal: Path = Path("/var/lib/livlina/wal/pg_wal")  # on a volume of its own
    etcd_data: Path = Path("/var/lib/livlina/etcd")  # and this one too: a slow disk here is a lost leader
    settings: Path = Path("/etc/livlina/cluster")
    sockets: Path = Path("/run/livlina")
    logs: Path = Path("/var/log/livlina")
    postgres: int = 5432
    patroni: int = 8008
    etcd: int = 2379
    etcd_peer: int = 2380

    @property
    def patroni_folder(self) -> Path:
        """Patroni reads every file of this folder; the guard keeps the node's tags in one of them."""
        return self.settings / "patroni.d"


@dataclass(frozen=True)
class Tls:
    """Where each machine keeps its certificate; its names must hold the node's address."""

    authority: Path
    certificate: Path
    key: Path


@dataclass(frozen=True)
class Guard:
    """When a node's disk is too full to lead (see `guard.py`)."""

    least_percent: float = 15.0  # free, of the data volume or the volume of the log
    least_seconds: float = 60.0  # until one of them is full, at the pace of the last seconds
    enough_percent: float = 25.0  # free again on both: may lead
    better_percent: float = 5.0  # a candidate must have so much more free than the limit
    ballast_mb: int = 1024  # on each volume; given back in need
    every: float = 0.5  # seconds between looks
    canary_every: float = 2.0  # seconds between written rows
    canary_misses: int = 3  # in a row, before the leader hands over
    declare_dead: bool = True  # end a dead leader's lease instead of waiting for its 20 seconds
    state: Path = Path("/var/lib/livlina")  # whose status/parts the status page reads


@dataclass(frozen=True)
class Plan:
    """A cluster: its nodes, and what they share."""

    name: str
    nodes: tuple[Node, ...]
    secrets: Path = Path("/etc/livlina/cluster/secrets.json")
    postgres_bin: Path = Path("/usr/lib/postgresql/15/bin")
    clients: tuple[str, ...] = ()  # networks that web and workers connect from
    webs: tuple[str, ...] = ()  # host:port of each web server, for HAProxy
    public: str = "localhost"  # the name people use: web servers answer to no other
    locale: tuple[str, ...] = ("locale=C.UTF-8",)  # options of initdb
    tls: Tls | None = None
    guard: Guard = field(default_factory=Guard)
    parameters: Mapping[str, Any] = field(default_factory=dict)  # of PostgreSQL, over ours
    synchronous: bool = True  # False only to show in trials what it costs

    def __post_init__(self) -> None:
        names = [node.name for node in self.nodes]
        if not NAME.fullmatch(self.name) or any(not NAME.fullmatch(name) for name in names):
            raise PlanError("The cluster and its nodes have names of small letters, digits and hyphens.")
        if len(names) < 3 or len(names) % 2 == 0 or len(set(names)) < len(names):
            raise PlanError(
                "A cluster has an odd number of nodes, three or more, each with a name of its own."
            )
        if self.tls is None and not all(is_loopback(node.address) for node in self.nodes):
            raise PlanError("Between machines everything goes over TLS: the plan needs [tls].")

    def node(self, name: str) -> Node:
        """Return the node of that name. Raises PlanError."""
        for one in self.nodes:
            if one.name == name:
                return one
        raise PlanError(
            f"There is no node {name!r}; there are {', '.join(node.name for node in self.nodes)}."
        )

    def dsn(self, role: str, password: str, database: str) -> str:
        """The address of whichever node leads, as libpq's text: all hosts, and only one that can write."""
        return (
            f"host={','.join(node.address for node in self.nodes)} "
            f"port={','.join(str(node.postgres) for node in self.nodes)} "
            f"user={role} password={password} dbname={database} target_session_attrs=read-write "
            f"connect_timeout=2 tcp_user_timeout=4000 keepalives=1 keepalives_idle=5 keepalives_interval=2 "
            f"keepalives_count=2{self.verification}"
        )

    def url(self, role: str, password: str, database: str) -> str:
        """The same for LIVLINA_DATABASE_URL; the other settings of a connection are the application's own."""
        hosts = ",".join(f"{node.address}:{node.postgres}" for node in self.nodes)
        extra = f"&sslmode=verify-full&sslrootcert={self.tls.authority}" if self.tls else ""
        return f"postgresql://{role}:{password}@{hosts}/{database}?target_session_attrs=read-write{extra}"

    @property
    def verification(self) -> str:
        """What a client says to be sure whom it talks to; nothing on loopback."""
        return f" sslmode=verify-full sslrootcert={self.tls.authority}" if self.tls else ""


def read(path: Path) -> Plan:
    """Return the plan in the file. Raises PlanError on what is missing, unknown or unsafe."""
    try:
        text = path.read_text(encoding="utf-8")
        told = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise PlanError(f"{path} cannot be read: {error}") from error
    return from_words(told)


def as_json(plan: Plan) -> str:
    """Return the plan as the JSON that `read` takes as well."""
    told = {name: value for name, value in asdict(plan).items() if value is not None}
    return json.dumps(told, default=str, indent=1)


def from_words(told: dict[str, Any]) -> Plan:
    """Return the plan that a TOML document describes. Raises PlanError."""
    told = dict(told)
    nodes = tuple(_made(Node, one, "nodes") for one in told.pop("nodes", []))
    tls = _made(Tls, told.pop("tls"), "tls") if "tls" in told else None
    guard = _made(Guard, told.pop("guard", {}), "guard")
    for name in ("clients", "webs", "locale"):
        if name in told:
            told[name] = tuple(told[name])
    return _made(Plan, {**told, "nodes": nodes, "tls": tls, "guard": guard}, "the plan")


def _made(kind: type[Any], told: dict[str, Any], where: str) -> Any:
    known = {one.name: str(one.type) for one in fields(kind)}
    if unknown := set(told) - set(known):
        raise PlanError(
            f"Unknown in {where}: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}."
        )
    try:
        return kind(**{name: Path(value) if known[name] == "Path" else value for name, value in told.items()})
    except TypeError as error:
        raise PlanError(f"Something is missing in {where}: {error}") from error


def is_loopback(address: str) -> bool:
    """Whether the address never leaves this machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def read_secrets(path: Path) -> dict[str, str]:
    """Return the passwords, by role. Raises PlanError."""
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PlanError(f"The passwords in {path} cannot be read: {error}") from error
    if missing := [role for role in ROLES if not found.get(role)]:
        raise PlanError(f"{path} lacks the passwords of {', '.join(missing)}.")
    return found


def make_secrets(path: Path) -> dict[str, str]:
    """Make the passwords, readable by us alone, unless they are there; the same file goes to every node."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {role: secrets.token_urlsafe(24) for role in ROLES}
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(made, indent=1))
    return read_secrets(path)
