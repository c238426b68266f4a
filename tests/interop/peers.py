"""Receivers as processes, and others' programs beside them: found, else the test is passed over with a word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from livlina.cli import receivers, system
from livlina.cli.bench.alarms_faults import known
from livlina.cli.bench.alarms_peers import answers, kamailio, modules
from livlina.cli.bench.alarms_receiver import Receiver, acquaint

HERE = Path(__file__).parent
NUMBERS = [str(1_000_001 + place) for place in range(200)]
FLAGS = 'modparam("dispatcher", "flags", 2)'


def needed(part: system.Part, name: str) -> str:
    """The program's path. Where it is absent the test is passed over; in CI it must be there."""
    path = system.program(name)
    if path is None and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(system.advice(part))
    if path is None:
        pytest.skip(system.advice(part))
    return path


@contextmanager
def two_receivers(folder: Path) -> Iterator[tuple[Receiver, Receiver]]:
    """Peers of each other that know the units."""
    first, second = receivers.pair(folder)
    first.write(second)
    second.write(first)
    one, other = Receiver(first), Receiver(second)
    try:
        for each in (one, other):
            acquaint(each.site, known(NUMBERS))
            each.start(wait=False)
        for each in (one, other):
            each.answering()
        yield one, other
    finally:
        one.kill()
        other.kill()


@contextmanager
def proxy(folder: Path, sites: tuple[receivers.Site, ...], flags: str = FLAGS) -> Iterator[str]:
    """Kamailio in front of the receivers, the first being preferred; its address."""
    folder.mkdir()
    folder.chmod(0o755)
    lines = [f"1 sip:{site.address} 0 {10 - place}" for place, site in enumerate(sites)]
    (folder / "receivers.list").write_text("\n".join(lines) + "\n")
    [port] = receivers.free_ports(1)
    words = {"@PORT@": str(port), "@MODULES@": modules(), "@FOLDER@": str(folder), "@FLAGS@": flags}
    text = (HERE / "front.cfg").read_text()
    for word, value in words.items():
        text = text.replace(word, value)
    with kamailio(folder, text):
        assert answers(port), (folder / "kamailio.log").read_text()
        yield f"127.0.0.1:{port}"
