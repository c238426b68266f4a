"""Which cluster each municipality is in: one line per host name, read by HAProxy at the edge as it stands.

    asvalla.livlina.example  norr
    sjohaga.livlina.example  syd

A municipality is whole in one cluster, so a request is routed by its host name alone, before any of our code runs:
`use_backend %[req.hdr(host),field(1,:),lower,map(/etc/livlina/tenants.map,none)]`.
"""

from __future__ import annotations

import re
from pathlib import Path

from livlina.cli.surroundings import Problem

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
CLUSTER = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def read(path: Path) -> dict[str, str]:
    """Return the table: host name to cluster; empty where there is none yet. Raises Problem on a line that is none."""
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2 or not HOST.fullmatch(words[0]) or not CLUSTER.fullmatch(words[1]):
            raise Problem(f"Line {number} of {path} is no host name and cluster.")
        if words[0] in found:
            raise Problem(f"{words[0]} stands twice in {path}: a municipality is whole in one cluster.")
        found[words[0]] = words[1]
    return found


def route(path: Path, host: str, cluster: str) -> str:
    """Send a host name to a cluster; return where it went before. The file is replaced in one step. Raises Problem."""
    if not HOST.fullmatch(host) or not CLUSTER.fullmatch(cluster):
        raise Problem(
            "A host name has small letters, figures, dots and hyphens; a cluster is one plain word."
        )
    table = read(path)
    before, table[host] = table.get(host, ""), cluster
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text("".join(f"{name} {where}\n" for name, where in sorted(table.items())), encoding="utf-8")
    new.replace(path)
    return before
