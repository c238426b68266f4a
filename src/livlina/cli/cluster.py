"""``livlina cluster``: several machines with PostgreSQL. Writes the settings of Patroni, etcd and HAProxy, and drives them.

livlina cluster init --plan plan.toml --node a     the settings of one machine (--example prints a plan)
livlina cluster status --plan plan.toml            who leads, who may take over, how far behind
livlina cluster switch --plan plan.toml [--to b]   hand over now, cleanly
livlina cluster rejoin b --plan plan.toml          make a node's data anew from the leader
livlina cluster guard --plan plan.toml --node a    watch this node's disk (a service)
livlina cluster local                              a whole cluster on this machine, for trials
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

from livlina.cli.surroundings import Problem, say, state_dir
from livlina.cluster import templates
from livlina.cluster.guard import ROOM, candidate, summary
from livlina.cluster.plan import Node, Plan, PlanError, make_secrets, read, read_secrets
from livlina.cluster.rest import Http, Member, Patroni, Unanswered

PLAN = Path("/etc/livlina/cluster/plan.toml")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=["init", "status", "switch", "rejoin", "guard", "local"])
    parser.add_argument("name", nargs="?", default="", help="the node to rejoin")
    parser.add_argument("--plan", type=Path, default=PLAN, help=f"the cluster's plan (default: {PLAN})")
    parser.add_argument(
        "--node",
        default="",
        help="which node this machine is, for init and guard; init without it writes HAProxy's settings",
    )
    parser.add_argument("--to", default="", metavar="NODE", help="who shall lead, for switch")
    parser.add_argument(
        "--into", type=Path, help="for init: another folder for the settings, to look at them"
    )
    parser.add_argument("--example", action="store_true", help="for init: print a plan to begin from")


def run(options: argparse.Namespace) -> int:
    """Do it; the exit code of status is 0 only when one leads and another may take over."""
    if options.what == "local":
        return _local()
    if options.what == "init" and options.example:
        say(EXAMPLE.rstrip())
        return 0
    try:
        plan = read(options.plan)
        if options.what == "init":
            if not options.node:
                return _init_proxy(plan, options.into or PLAN.parent)
            return _init(plan, plan.node(options.node), options.into)
        if options.what == "guard":
            from livlina.cluster import guard

            guard.begin_log()
            return guard.run(plan, plan.node(options.node))
        secrets = read_secrets(plan.secrets)
        if options.what == "status":
            return _status(plan, secrets)
        if options.what == "switch":
            return _switch(plan, secrets, options.to)
        return _rejoin(plan, secrets, plan.node(options.name))
    except (PlanError, Unanswered, OSError) as error:
        raise Problem(str(error)) from error


def _init(plan: Plan, node: Node, into: Path | None) -> int:
    """Write what the node's programs read. Existing files are replaced: the plan is the truth."""
    folder = into or node.settings
    secrets = make_secrets(folder / "secrets.json" if into else plan.secrets)
    (folder / "patroni.d").mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("patroni.d/10-node.yml", templates.patroni(plan, node, secrets)),
        ("etcd.yml", templates.etcd(plan, node)),
    ):
        with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        say(f"Written: {folder / name}")
    say(
        "Give the folder to the account postgres. The passwords in secrets.json are the same on every node: copy that "
        "file from the first one. Then start livlina-etcd on all, livlina-patroni on all, and livlina-guard "
        "(deploy/README.md)."
    )
    return 0


def _init_proxy(plan: Plan, folder: Path) -> int:
    """Write HAProxy's settings, for machines with web servers and workers. They hold no password."""
    (folder / "haproxy.cfg").write_text(templates.haproxy(plan), encoding="utf-8")
    say(f"Written: {folder / 'haproxy.cfg'}. For a node with PostgreSQL, name it: --node.")
    return 0


def members(plan: Plan, secrets: dict[str, str]) -> list[Member]:
    """Return the nodes as the first one that answers sees them. Raises Unanswered."""
    fault = Unanswered("No node answers.")
    for node in plan.nodes:
        try:
            return Patroni(Http(plan), node, secrets["rest"]).members()
        except Unanswered as error:
            fault = Unanswered(f"No node answers; {node.name} said: {error}")
    raise fault


def _status(plan: Plan, secrets: dict[str, str]) -> int:
    found = members(plan, secrets)
    for one in found:
        room = f"{one.tags[ROOM]} % free" if ROOM in one.tags else "no guard"
        lag = "" if one.lag is None else f"{one.lag:,} bytes behind"
        stays = ", may not lead" if one.tags.get("nofailover") else ""
        say(f"{one.name:12} {one.role:16} {one.state:12} {room:12} {lag}{stays}")
    leader = next((one.name for one in found if one.leads), "")
    ready = sum(one.may_lead for one in found)
    say(summary(leader, ready))
    return 0 if leader and ready else 1


def _switch(plan: Plan, secrets: dict[str, str], to: str) -> int:
    found = members(plan, secrets)
    leader = next((one for one in found if one.leads), None)
    if leader is None:
        raise Problem("Nobody leads, so nobody can hand over: the nodes elect by themselves within 20 s.")
    if not to:
        best = candidate(found, -1, 0)
        if best is None:
            raise Problem("No standby has everything that was acknowledged, so none may take over now.")
        to = best.name
    fault = Patroni(Http(plan), plan.node(leader.name), secrets["rest"]).switch(leader.name, to)
    if fault:
        raise Problem(f"{leader.name} did not hand over to {to}. {fault}")
    say(f"{to} leads now; {leader.name} follows.")
    return 0


def _rejoin(plan: Plan, secrets: dict[str, str], node: Node) -> int:
    """Make the data of a node anew. Patroni itself refuses for the leader."""
    fault = Patroni(Http(plan), node, secrets["rest"]).rebuild()
    if fault:
        raise Problem(f"{node.name} was not made anew. {fault}")
    say(f"{node.name} is being made anew from the leader; livlina cluster status tells when it follows.")
    return 0


def _local() -> int:
    """Run a trio until told to stop, and say how to reach it."""
    from livlina.cluster.local import Trio, TrioError

    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    trio = Trio(state_dir() / "cluster", guards=True)
    say("Starting three etcd, three PostgreSQL with Patroni, and their guards …")
    try:
        trio.start()
        plan = trio.folder / "plan.json"
        say(f"{trio.leader()} leads. Reach it: psql '{trio.dsn()}'")
        say(f"Ask: livlina cluster status --plan {plan}\nCtrl-C ends it.")
        ending.wait()
    except TrioError as error:
        raise Problem(str(error)) from error
    finally:
        trio.stop()
    return 0


EXAMPLE = """\
# The plan of a cluster: the same file on every machine. livlina cluster init --plan plan.toml --node a
name = "asvalla"
postgres_bin = "/usr/lib/postgresql/15/bin"      # Debian's: the packaged demo server has no TLS
clients = ["192.0.2.0/26"]                       # networks that web servers and workers connect from
webs = ["192.0.2.21:8000", "192.0.2.22:8000"]    # for HAProxy
public = "omsorg.asvalla.example"                # the name people use, one of LIVLINA_ALLOWED_HOSTS

[tls]                                            # on every machine under the same names
authority = "/etc/livlina/tls/ca.pem"
certificate = "/etc/livlina/tls/node.pem"        # holds the node's address, for servers and clients
key = "/etc/livlina/tls/node.key"

[guard]
least_percent = 15                               # free; below, the leader hands over
least_seconds = 60                               # until full, at the pace of the last seconds
ballast_mb = 1024

[[nodes]]                                        # on storage of its own: never three nodes on one SAN
name = "a"
address = "192.0.2.11"

[[nodes]]
name = "b"
address = "192.0.2.12"

[[nodes]]
name = "c"
address = "192.0.2.13"
"""
