"""``livlina bench cluster``: a real cluster on loopback loses what it has, under writers with keys, as a table.

Quick: one round of each, some five minutes. With ``--full`` ten of those that have an aim. Trials that fill a volume
mount small ones in memory, which takes root.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg

from livlina.cli.bench.alarms import Bench, Row, table
from livlina.cli.bench.cluster_writers import Writers
from livlina.cluster import local
from livlina.cluster.local import LOOSE, Trio
from livlina.cluster.plan import Guard

SMALL = {
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "wal_keep_size": "16MB",
    "max_slot_wal_keep_size": "64MB",
}
VOLUME = 420  # MB
Fault = Callable[[Trio, str], None]


def kills(bench: Bench) -> None:
    """The leader's PostgreSQL, then its whole machine; each comes back before the next round."""
    rounds = bench.much(1, 10)
    with bench.place("kills") as folder, _ready(Trio(folder, guards=True)) as trio:
        told, met = _rounds(trio, rounds, lambda one, name: one.kill_postgres(name), 6)
        bench.add("PostgreSQL of the leader killed: lost; writes again", "0; ≤ 6 s", told, met)
        told, met = _rounds(trio, rounds, lambda one, name: one.kill_node(name), 20)
        bench.add("the leader's whole node killed: lost; writes again", "0; ≤ 20 s, wished ≤ 10 s", told, met)


def leases(bench: Bench) -> None:
    """What waiting for the lease costs: a node killed without a vigil, and one frozen, which no vigil judges.

    Through HAProxy, which cuts the connections to the frozen one: without, programs wait on it until it thaws.
    """
    rounds = bench.much(1, 3)
    rules = replace(LOOSE, declare_dead=False)
    with (
        bench.place("leases") as folder,
        _ready(Trio(folder, guards=True, guard=rules, haproxy=True)) as trio,
    ):
        told, _ = _rounds(trio, rounds, lambda one, name: one.kill_node(name), 25)
        bench.add("the same without the vigil: Patroni's least lease", "", told, None)
        told, met = _rounds(trio, rounds, lambda one, name: one.freeze_node(name), 30)
        bench.add("the leader's node frozen where it stands: lost; writes again", "0", told, met)


def planned(bench: Bench) -> None:
    """A hand-over on purpose, and etcd that goes."""
    with bench.place("planned") as folder, _ready(Trio(folder, guards=True)) as trio:

        def switch(one: Trio, name: str) -> None:
            other = next(member.name for member in one.members() if member.may_lead)
            one.patroni(name).switch(name, other)

        told, met = _rounds(trio, bench.much(1, 5), switch, 6)
        bench.add("handed over on purpose: lost; writes again", "0; ≤ 6 s", told, met)
        told, met = _rounds(trio, 1, _stop_two_etcd, 2, came_back=30)
        bench.add("two of three etcd dead for 30 s: lost; longest silence", "0; ≤ 2 s", told, met)


def full_disk(bench: Bench) -> None:
    """The leader's volume is filled in a moment: with a guard it is handed over, without one it stays."""
    with bench.place("full") as folder, _on_volumes(folder, guards=True) as trio, Writers(trio) as writers:
        time.sleep(6)
        leader, began = trio.leader(), time.monotonic()
        fill(trio.volumes[leader])
        trio.wait(lambda: trio.leader() != leader, 60)
        again = writers.outage(began)
        lost, rows = writers.lost(), len(writers.acknowledged)
        told = f"{lost} of {rows:,}; " + (f"{again:.1f} s" if again is not None else "never")
        met = again is not None and again <= 60 and lost == 0 and trio.leader() != leader
        bench.add("the leader's volume full: lost; writes again", "0; ≤ 60 s", told, met)
    seconds = bench.much(20, 105)
    with bench.place("full") as folder, _on_volumes(folder, guards=False) as trio, trio.connect() as line:
        leader = trio.leader()
        line.execute("CREATE TABLE growing (words text)")
        fill(trio.volumes[leader])
        time.sleep(seconds)
        stayed = trio.leader() == leader and _is_full(line)
        told = f"not in {seconds} s" if stayed else "yes"
        bench.add("control: the same without a guard: written again", "not", told, stayed)


def _is_full(line: psycopg.Connection) -> bool:
    try:
        line.execute("INSERT INTO growing SELECT repeat(md5(n::text), 200) FROM generate_series(1, 500) n")
    except psycopg.errors.DiskFull:
        return True
    return False


@contextlib.contextmanager
def _on_volumes(folder: Path, *, guards: bool) -> Iterator[Trio]:
    rules = Guard(ballast_mb=16, least_seconds=10)
    with volumes(folder) as own:
        if not own:
            raise local.TrioError("Filling a volume takes the right to mount one.")
        with _ready(Trio(folder, guards=guards, guard=rules, volumes=own, parameters=SMALL)) as trio:
            yield trio


def careless(bench: Bench) -> None:
    """The control: without synchronous commit a leader that dies takes with it what it had promised."""
    with bench.place("careless") as folder, _ready(Trio(folder, synchronous=False)) as trio:
        with Writers(trio, pause=0.0) as writers:
            time.sleep(2)
            leader, began = trio.leader(), time.monotonic()
            others = [name for name in trio.names if name != leader]
            for name in others:
                trio.freeze_postgres(name)
            time.sleep(0.5)
            trio.kill_node(leader)
            for name in (
                others
            ):  # what had come to their machines and not to them is gone too; Patroni starts them again
                trio.kill_postgres(name)
            writers.outage(began)
        lost = writers.lost()
        told = f"{lost:,} of {len(writers.acknowledged):,} lost"
        bench.add(
            "control: asynchronous standbys half a second behind, leader killed", "> 0 lost", told, lost > 0
        )


def _rounds(trio: Trio, rounds: int, fault: Fault, aim: float, came_back: float = 60) -> tuple[str, bool]:
    """Do it to the leader so many times under writers. Returns what is told, and whether the aim is met."""
    outages: list[float] = []
    with Writers(trio) as writers:
        for _ in range(rounds):
            time.sleep(3)
            leader, began = trio.leader(), time.monotonic()
            fault(trio, leader)
            outages.append(writers.outage(began, 60) or 999.0)
            trio.freeze_node(leader, thaw=True)
            for name in trio.names:
                trio.revive(name)
            if not trio.wait(trio.whole, came_back):
                raise local.TrioError("The trio was not whole again.")
    lost, rows = writers.lost(), len(writers.acknowledged)
    times = " / ".join(f"{one:.1f}" for one in sorted(outages))
    return f"{lost} of {rows:,}; {times} s", lost == 0 and max(outages) <= aim


def _stop_two_etcd(trio: Trio, leader: str) -> None:
    for name in trio.names[:2]:
        trio.programs[name, "etcd"].kill()
        trio.programs[name, "etcd"].wait()
    time.sleep(30)


@contextlib.contextmanager
def _ready(trio: Trio) -> Iterator[Trio]:
    """The trio, once its guards have laid down what they need."""
    with trio:
        if trio.guards:
            time.sleep(5)
        yield trio


@contextlib.contextmanager
def volumes(folder: Path) -> Iterator[dict[str, Path]]:
    """A small volume in memory for each node, or none where we may not mount."""
    made: dict[str, Path] = {}
    try:
        for name in ("a", "b", "c") if os.getuid() == 0 else ():
            (path := folder / f"volume-{name}").mkdir()
            words = ["mount", "-t", "tmpfs", "-o", f"size={VOLUME}m,mode=0777", "tmpfs", str(path)]
            if subprocess.run(words, capture_output=True, check=False).returncode == 0:
                made[name] = path
        yield made if len(made) == 3 else {}
    finally:
        for path in made.values():
            subprocess.run(["umount", "--lazy", str(path)], check=False)


def fill(volume: Path) -> None:
    """Fill the volume to its last byte."""
    with contextlib.suppress(OSError), open(volume / "filler", "wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))


TRIALS = (kills, leases, planned, full_disk, careless)


def measure(folder: Path, *, full: bool, only: str, say: Callable[[str], None]) -> list[Row]:
    """Run the trials whose name holds `only`. Raises TrioError where no trio can be started at all."""
    if why := local.missing():
        raise local.TrioError(why)
    bench = Bench(folder, full, say)
    for trial in TRIALS:
        if only in trial.__name__:
            began = time.monotonic()
            say(f"{trial.__name__.replace('_', ' ')} …")
            try:
                trial(bench)
            except Exception as error:  # one that cannot be measured must not hide the others
                bench.add(trial.__name__.replace("_", " "), "", f"not measured: {error}"[:300], None)
            say(f"  took {time.monotonic() - began:.0f} s")
    return bench.rows


__all__ = ["measure", "table"]
