"""A whole cluster on loopback, for trials: three etcd, three Patroni with PostgreSQL, and their guards.

The programs and their configuration are those of real machines (`templates.py`); only TLS is missing, since nothing
leaves the machine. `Trio` starts them, tells who leads, and kills what it is told to kill.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg

from livlina.cluster import templates
from livlina.cluster.plan import Guard, Node, Plan, Tls, as_json, make_secrets
from livlina.cluster.rest import Http, Member, Patroni, Unanswered

DEBIAN = Path("/usr/lib/postgresql/15/bin")
LOOSE = Guard(least_percent=2, least_seconds=2, enough_percent=3, better_percent=1, ballast_mb=0)
"""For a trio that shares a disk with everything else here: its fullness is nobody's fault."""
MARK = "_LIVLINA_TRIO"  # in the environment of everything a node starts, and of what that starts
QUICK = {"shared_buffers": "32MB", "max_wal_size": "256MB", "max_connections": 60}


class TrioError(Exception):
    """The trio could not be started; the text says why, and what its logs said last."""


def missing() -> str:
    """What this machine lacks for a trio, or ""."""
    if importlib.util.find_spec("patroni") is None:
        return "Patroni is not installed (the package's extra `cluster`)"
    if not shutil.which("etcd"):
        return "etcd is not installed (Debian: apt install etcd-server)"
    if not (DEBIAN / "postgres").exists():
        return "Debian's PostgreSQL 15 is not installed"
    if not _python(_account()):
        return f"this Python may not be run by the account {_account()}"
    return ""


@dataclass
class Trio:
    """Three nodes on loopback below `folder`. Use as `with Trio(folder) as trio`."""

    folder: Path
    names: Sequence[str] = ("a", "b", "c")
    guards: bool = False
    guard: Guard = LOOSE
    haproxy: bool = False  # programs reach the leader through it, not by the names of all nodes
    webs: Sequence[str] = ()  # host:port of web servers that HAProxy leads people to
    synchronous: bool = True
    parameters: Mapping[str, Any] = field(default_factory=dict)
    postgres_bin: Path = DEBIAN
    tls: Tls | None = None  # loopback needs none; with it, everything is as between machines
    volumes: Mapping[str, Path] = field(default_factory=dict)  # node → a folder of its own for data and log
    say: Callable[[str], None] = lambda _: None
    programs: dict[tuple[str, str], subprocess.Popen[bytes]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.account = _account()
        self.plan = self._plan()
        self.secrets: dict[str, str] = {}
        self.door = self.people = 0  # ports of HAProxy: programs to the leader, people to web servers

    def __enter__(self) -> Trio:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ---- the life of it ----

    def start(self, patience: float = 120.0) -> None:
        """Start everything, and return when one leads and two have every acknowledged row. Raises TrioError."""
        if found := missing():
            raise TrioError(f"A trio cannot be started here: {found}.")
        self._folder(self.folder)
        self.secrets = make_secrets(self.plan.secrets)
        self._give(self.plan.secrets)
        self._folder(self.plan.guard.state)
        (self.folder / "plan.json").write_text(as_json(self.plan), encoding="utf-8")
        for node in self.plan.nodes:
            self._write(node)
            self.run(node.name, "etcd")
        for node in self.plan.nodes:
            self.run(node.name, "patroni")
        if not self.wait(lambda: self.whole() or self._died(), patience) or self._died():
            words = self.last_words()
            self.stop()
            raise TrioError(f"The trio was not whole after {patience:g} s.\n{words}")
        if self.guards:
            for node in self.plan.nodes:
                self.run(node.name, "guard")
        if self.haproxy:
            self._run_haproxy()

    def _run_haproxy(self) -> None:
        """Start HAProxy with the settings of real machines; only its own ports are of this trial."""
        self.door, self.people, reads = free_ports(3)
        file = self.folder / "haproxy.cfg"
        file.write_text(
            templates.haproxy(self.plan, bind=f"127.0.0.1:{self.people}", writes=self.door, reads=reads)
        )
        program = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "haproxy"
        with open(self.folder / "haproxy.log", "ab") as log:
            self.programs["haproxy", "haproxy"] = subprocess.Popen(
                [program, "-db", "-f", str(file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, cwd="/", env=self._environment("haproxy"), **_as(self.account),
            )  # fmt: skip

    def run(self, name: str, program: str) -> None:
        """Start one program (etcd, patroni, guard) of one node."""
        node = self.plan.node(name)
        words = {
            "etcd": ["etcd", "--config-file", str(node.settings / "etcd.yml")],
            "patroni": [*_python(self.account), "-m", "patroni", str(node.patroni_folder)],
            "guard": [
                *_python(self.account), "-m", "livlina.cluster.guard", str(self.folder / "plan.json"), name,
            ],
        }[program]  # fmt: skip
        with open(node.settings / f"{program}.log", "ab") as log:
            self.programs[name, program] = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd="/", env=self._environment(name), **_as(self.account),
            )  # fmt: skip

    def stop(self) -> None:
        """End everything that belongs to this trio at once, also what was left of killed programs."""
        for name in self.names:
            self._kill(name)
        for one in self.programs.values():
            if one.poll() is None:
                one.kill()
            one.wait()

    def _died(self) -> bool:
        return any(one.poll() is not None for one in self.programs.values())

    # ---- what is asked of it ----

    def patroni(self, name: str) -> Patroni:
        """Return Patroni on that node."""
        return Patroni(Http(self.plan), self.plan.node(name), self.secrets["rest"])

    def members(self) -> list[Member]:
        """Return the nodes as the first one that answers sees them; empty when none answers."""
        for name in self.names:
            with contextlib.suppress(Unanswered):
                return self.patroni(name).members()
        return []

    def whole(self) -> bool:
        """Whether one node leads and every other has all that was acknowledged."""
        members = self.members()
        ready = sum(one.may_lead for one in members)
        if not self.synchronous:
            ready = sum(one.state in ("streaming", "running") and not one.leads for one in members)
        return any(one.leads and one.state == "running" for one in members) and ready == len(self.names) - 1

    def leader(self, patience: float = 30.0) -> str:
        """Return the name of the node that takes writes now. Raises TrioError when none does in time."""
        found: list[str] = []

        def one() -> bool:
            for name in self.names:
                with contextlib.suppress(Unanswered):
                    if self.patroni(name).itself().get("role") in ("primary", "master"):
                        found.append(name)
                        return True
            return False

        if not self.wait(one, patience):
            raise TrioError(f"Nobody leads.\n{self.last_words()}")
        return found[0]

    def dsn(self, role: str = templates.SUPER, password: str = "", database: str = "postgres") -> str:
        """The address of whoever leads, for libpq: all three hosts, or HAProxy where there is one."""
        if self.haproxy:
            secret = password or self.secrets["super"]
            return f"host=127.0.0.1 port={self.door} user={role} password={secret} dbname={database} connect_timeout=2"
        return self.plan.dsn(role, password or self.secrets["super"], database)

    def url(self, role: str, password: str, database: str) -> str:
        """The same for LIVLINA_DATABASE_URL."""
        return self.plan.url(role, password, database)

    def connect(self, database: str = "postgres", *, node: str = "") -> psycopg.Connection[Any]:
        """A connection as superuser, to whoever leads or to one node; every statement its own transaction."""
        dsn = self.dsn(database=database)
        if node:
            one = self.plan.node(node)
            dsn = (
                f"host={one.address} port={one.postgres} user={templates.SUPER} "
                f"password={self.secrets['super']} dbname={database} connect_timeout=2"
                f"{self.plan.verification}"
            )
        return psycopg.connect(dsn, autocommit=True)

    # ---- faults ----

    def kill_postgres(self, name: str) -> None:
        """kill -9 every process of the node's PostgreSQL; its Patroni lives."""
        self._signal_postgres(name, signal.SIGKILL)

    def freeze_postgres(self, name: str, *, thaw: bool = False) -> None:
        """Stop (or let go on) the node's PostgreSQL alone."""
        self._signal_postgres(name, signal.SIGCONT if thaw else signal.SIGSTOP)

    def _signal_postgres(self, name: str, number: int) -> None:
        data = os.path.realpath(self.plan.node(name).data)
        for pid in self._pids(name):
            with contextlib.suppress(OSError):
                program = Path(f"/proc/{pid}/comm").read_text()
                if os.readlink(f"/proc/{pid}/cwd") == data and program.startswith("postgres"):
                    os.kill(pid, number)

    def kill_node(self, name: str) -> None:
        """kill -9 everything of the node: PostgreSQL, Patroni, etcd and the guard."""
        self._kill(name)

    def freeze_node(self, name: str, *, thaw: bool = False) -> None:
        """Stop (or let go on) every process of the node where it stands, as a hung machine does."""
        for pid in self._pids(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT if thaw else signal.SIGSTOP)

    def revive(self, name: str) -> None:
        """Start a killed node again."""
        for program in ("etcd", "patroni", *(["guard"] if self.guards else [])):
            old = self.programs.get((name, program))
            if old is None or old.poll() is not None:
                self.run(name, program)

    def wait(self, condition: Callable[[], bool], patience: float) -> bool:
        """Wait until the condition holds, at most so many seconds. Returns whether it does."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def last_words(self, lines: int = 6) -> str:
        """The ends of the logs."""
        told = []
        for node in self.plan.nodes:
            for file in sorted([*node.settings.glob("*.log"), *node.logs.glob("*.log")]):
                with contextlib.suppress(OSError):
                    text = file.read_text(errors="replace").strip().splitlines()[-lines:]
                    told += [f"{node.name} {file.name}: {line}" for line in text]
        return "\n".join(told)

    # ---- small parts ----

    def _plan(self) -> Plan:
        ports = iter(free_ports(4 * len(self.names)))
        nodes = []
        for name in self.names:
            home = self.folder / name
            volume = self.volumes.get(name, home)
            nodes.append(
                Node(
                    name, "127.0.0.1", volume / "data", volume / "wal", home / "etcd", home / "settings", home, home / "log",
                    next(ports), next(ports), next(ports), next(ports),
                )
            )  # fmt: skip
        return Plan(
            "trio", tuple(nodes), self.folder / "secrets.json", self.postgres_bin,
            guard=replace(self.guard, state=self.folder / "state"),
            parameters={**QUICK, **self.parameters}, synchronous=self.synchronous, tls=self.tls, webs=tuple(self.webs),
        )  # fmt: skip

    def _write(self, node: Node) -> None:
        for folder in (node.settings.parent, node.settings, node.patroni_folder, node.logs):
            self._folder(folder)
        self._folder(node.etcd_data, 0o700)
        self._folder(node.data.parent)
        texts = {
            node.settings / "etcd.yml": templates.etcd(self.plan, node),
            node.patroni_folder / "10-node.yml": templates.patroni(self.plan, node, self.secrets),
        }
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8")
            file.chmod(0o600)
            self._give(file)

    def _folder(self, path: Path, mode: int = 0o755) -> None:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        self._give(path)

    def _give(self, path: Path) -> None:
        if self.account:
            entry = pwd.getpwnam(self.account)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def _environment(self, name: str) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.folder),
            "PYTHONPATH": _packages(), "PYTHONDONTWRITEBYTECODE": "1", MARK: f"{self.folder}/{name}",
        }  # fmt: skip

    def _pids(self, name: str) -> list[int]:
        """Every process of the node: marked as ours, or at work in its data (PostgreSQL writes over its environment)."""
        mark, data = f"{MARK}={self.folder}/{name}".encode(), os.path.realpath(self.plan.node(name).data)
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
                if ours or os.readlink(folder / "cwd") == data:
                    found.append(int(folder.name))
        return found

    def _kill(self, name: str) -> None:
        for _ in range(20):  # what is being forked is found the next time
            left = self._pids(name)
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                return
            for one in self.programs.values():
                one.poll()
            time.sleep(0.05)


def free_ports(many: int) -> list[int]:
    """Return so many ports of loopback that nobody uses just now."""
    held = []
    try:
        for _ in range(many):
            one = socket.socket()
            one.bind(("127.0.0.1", 0))
            held.append(one)
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def _account() -> str:
    """Whom PostgreSQL runs as: ourselves, or `postgres` when we are root."""
    return "" if os.getuid() != 0 else "postgres"


@functools.cache
def _python(account: str) -> tuple[str, ...]:
    """A Python that the account may run with our packages: this one, or the system's of the same version; (): none."""
    if not account:
        return (sys.executable,)
    # -S: our packages are compiled for this version of Python, and must not meet Debian's own.
    for one in ((sys.executable,), (f"/usr/bin/python3.{sys.version_info.minor}", "-S")):
        with contextlib.suppress(KeyError, OSError):
            done = subprocess.run(
                [*one, "-c", "import patroni, psycopg, cryptography"], cwd="/", check=False, capture_output=True,
                env={"PYTHONPATH": _packages()}, **_as(account),
            )  # fmt: skip
            if done.returncode == 0:
                return one
    return ()


def _packages() -> str:
    """PYTHONPATH: our code and what it stands on."""
    return os.pathsep.join([str(Path(__file__).resolve().parents[2]), sysconfig.get_paths()["purelib"]])


def _as(account: str) -> dict[str, Any]:
    if not account:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
