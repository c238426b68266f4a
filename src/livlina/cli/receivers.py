"""A pair of alarm receivers on this machine, peers of each other: for the demo, the measurements and the tests.

In real use they stand on two sites, each its own service with a configuration of its own; nothing here is used there.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livlina.core import processes

HERE = "127.0.0.1"
CODES = ("a", "b")
Sections = Mapping[str, Any]


@dataclass(frozen=True)
class Site:
    """One receiver: its name, its folder and its ports, UDP and TCP for alarms being the same."""

    code: str
    folder: Path
    sip: int
    peer: int
    desk: int
    extra: Mapping[str, Sections] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where units send."""
        return f"{HERE}:{self.sip}"

    @property
    def page(self) -> str:
        """Its own page."""
        return f"http://{HERE}:{self.desk}"

    @property
    def file(self) -> Path:
        """Its configuration."""
        return self.folder / "alarmd.toml"

    def write(self, other: Site | None = None) -> Path:
        """Write its configuration, with the other as its peer. It may hold a token: only we may read it."""
        processes.make_folder(self.folder)
        sections: dict[str, Sections] = {
            "": {"receiver": self.code, "folder": str(self.folder / "log")},
            "sip": {"host": HERE, "udp": self.sip, "tcp": self.sip},
            "storage": {"quota": 256, "ballast": 16},
            "desk": {"host": HERE, "port": self.desk},
        }
        if other:
            sections["peer"] = {
                "name": other.code, "address": HERE, "port": other.peer, "listen": HERE, "listen_port": self.peer,
                "plain": True,
            }  # fmt: skip
        for name, values in self.extra.items():
            sections[name] = {**sections.get(name, {}), **values}
        processes.write_private(self.file, toml(sections))
        return self.file


def pair(folder: Path, *, wanted: Iterable[int] = ()) -> tuple[Site, Site]:
    """Two sites on free ports, those wanted for SIP first, in folders of their own below this one."""
    ports = free_ports(6, wanted)
    sites = []
    for place, code in enumerate(CODES):
        sip, peer, desk = ports[place::2]
        sites.append(Site(code, folder / f"alarmd-{code}", sip, peer, desk))
    return sites[0], sites[1]


def free_ports(count: int, wanted: Iterable[int] = ()) -> list[int]:
    """Ports nobody has, neither for UDP nor for TCP: the wanted ones first where they are free."""
    found: list[int] = []
    held: list[socket.socket] = []
    asked = list(wanted)
    try:
        while len(found) < count:
            port = asked.pop(0) if asked else 0
            stream = socket.socket()
            datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            held += [stream, datagrams]
            try:
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                stream.bind((HERE, port))
                datagrams.bind((HERE, stream.getsockname()[1]))
            except OSError:
                continue
            found.append(int(stream.getsockname()[1]))
    finally:
        for one in held:
            with closing(one):
                pass
    return found


def toml(sections: Mapping[str, Sections]) -> str:
    """Write sections of plain values as TOML; the one without a name comes first."""
    lines = []
    for name, values in sections.items():
        lines += ["", f"[{name}]"] if name else []
        lines += [f"{key} = {_value(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
