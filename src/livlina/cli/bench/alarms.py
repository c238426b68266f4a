"""``livlina bench alarms``: what is asked of the alarm receiver, measured in one run, as a table.

Quick by default (a few minutes); with ``--full`` as many trials as the aims are stated for (hours). Everything runs on
this machine, on a disk of its own state folder; the peers are measured in the same run, since machines differ.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from livlina.cli import system
from livlina.cli.bench import (
    alarms_core,
    alarms_desk,
    alarms_faults,
    alarms_load,
    alarms_peers,
    alarms_thought,
)
from livlina.cli.bench.alarms_broken import BEFORE_THE_DISK
from livlina.core import processes


@dataclass(frozen=True)
class Row:
    """One line of the table. `met` is None for what has no aim, and for what could not be measured."""

    what: str
    aim: str
    found: str
    met: bool | None


@dataclass
class Bench:
    """Where and how much."""

    folder: Path
    full: bool
    say: Callable[[str], None]
    rows: list[Row] = field(default_factory=list)

    def much(self, quick: float, full: float) -> int:
        """How many, in this run."""
        return int(full if self.full else quick)

    @contextlib.contextmanager
    def place(self, name: str) -> Iterator[Path]:
        """A folder for one measurement, removed afterwards."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        processes.make_folder(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, what: str, aim: str, found: str, met: bool | None) -> None:
        """One row is known."""
        self.rows.append(Row(what, aim, found, met))
        self.say(f"  {what}: {found}")


def killed_at_random(bench: Bench) -> None:
    """Acknowledged but lost, and how soon a killed receiver is back."""
    trials = bench.much(20, 1000)
    with bench.place("kills") as folder:
        kept = alarms_faults.kills(alarms_faults.site(folder, quota=4096), trials, 1)
    with bench.place("careless") as folder:
        careless = alarms_faults.kills(alarms_faults.site(folder), bench.much(5, 20), 2, code=BEFORE_THE_DISK)
    found = f"{kept.lost} of {kept.acknowledged:,} in {trials} kills"
    control = f"; a receiver that answers before the sync loses {careless.lost} of {careless.acknowledged:,}"
    bench.add("acknowledged but lost, kill -9", "0", found + control, kept.lost == 0 and careless.lost > 0)
    starts = sorted(kept.restarts)
    found = f"median {alarms_load.median(list(starts)):.1f} s, slowest {starts[-1]:.1f} s"
    bench.add("start to first answer after a kill", "≤ 2 s", found, starts[-1] <= 2)


def disk_fails(bench: Bench) -> None:
    """Writes and syncs that fail, and no room left."""
    count = bench.much(3000, 100_000)
    if system.FIU.found():
        failing = {"posix/io/rw/pwrite": 0.05, "posix/io/sync/fdatasync": 0.05}
        with bench.place("failing") as folder:
            place = alarms_faults.site(folder, quota=1024, ballast=0)
            kept = alarms_faults.failing_writes(place, failing, count, 3)
        with bench.place("careless") as folder:
            careless = alarms_faults.failing_writes(
                alarms_faults.site(folder, ballast=0), failing, 1000, 4, code=BEFORE_THE_DISK
            )
        found = f"{kept.lost} of {kept.acknowledged:,} (503 for {kept.refused:,})"
        control = (
            f"; a receiver that answers before the sync loses {careless.lost} of {careless.acknowledged:,}"
        )
        tried = kept.acknowledged > 0 and kept.refused > 0 and careless.lost > 0
        bench.add(
            "acknowledged but lost, writes fail (ENOSPC, EIO)", "0", found + control, kept.lost == 0 and tried
        )
    else:
        bench.add("acknowledged but lost, writes fail", "0", system.advice(system.FIU), None)
    with bench.place("full") as folder:
        kept = alarms_faults.full(alarms_faults.site(folder, quota=1, ballast=0), 3000, 4)
    found = f"{kept.lost} of {kept.acknowledged:,} (503 for {kept.refused:,})"
    bench.add("acknowledged but lost, no room left", "0", found, kept.lost == 0 and kept.refused > 0)


def in_order(bench: Bench) -> None:
    """The order written, synced, answered."""
    if not system.STRACE.found():
        bench.add("answers before the sync (strace)", "0", system.advice(system.STRACE), None)
        return
    count = bench.much(200, 1000)
    with bench.place("order") as folder:
        right = alarms_faults.order(alarms_faults.site(folder), count, 5)
    with bench.place("disorder") as folder:
        wrong = alarms_faults.order(alarms_faults.site(folder), 60, 6, code=BEFORE_THE_DISK)
    early, caught = len(right.early or []), len(wrong.early or [])
    found = f"{early} of {right.replies} ({right.syncs} syncs)"
    control = f"; a receiver that answers before the sync: {caught} of {wrong.replies}"
    met = early == 0 and right.replies >= count and caught > 0
    bench.add("answers before the sync (strace)", "0", found + control, met)


def steady(bench: Bench) -> None:
    """The everyday, a hundred times over."""
    with bench.place("steady") as folder:
        found = alarms_load.steady(folder, bench.much(20, 300))
    ok, mrs = found.ms("acknowledged", "p99"), found.ms("answered", "p99")
    told = f"{ok:.0f} ms (p50 {found.ms('acknowledged', 'p50'):.0f}, p99.9 {found.ms('acknowledged', 'p999'):.0f})"
    bench.add("100 alarms/s + 333 heartbeats/s, two sites: 200 OK p99", "≤ 50 ms", told, ok <= 50)
    bench.add("the same: answer p99", "≤ 75 ms", f"{mrs:.0f} ms", mrs <= 75)
    sent, done = found.count("sent"), found.count("acknowledged")
    bench.add("the same: alarms without an acknowledgement", "0", f"{sent - done} of {sent:,}", sent == done)


def at_the_limit(bench: Bench) -> None:
    """As many as there is room for, beside what does nothing else."""
    seconds = bench.much(5, 10)
    with bench.place("peers") as folder:
        plain = alarms_peers.plain_rate(folder, 64, seconds)
        single = alarms_peers.plain_rate(folder, 64, seconds, workers=1)
        bare = alarms_peers.bare_rate(64, seconds)
        synced = alarms_peers.sync_rate(folder, min(seconds, 5))
    with bench.place("limit") as folder:
        found = alarms_load.limit(folder, 64, seconds)
    alone, both = found.alone.rate, found.both.rate
    share = f"{alone / plain:.2f} of Kamailio's {plain:,.0f}/s" if plain else system.advice(system.KAMAILIO)
    told = f"{alone:,.0f}/s = {share}; {alone / synced:.1f} × a bare write and sync ({synced:,.0f}/s)"
    bench.add("durable alarms at window 64, one site", "≥ 0.5 of Kamailio's plain 200", told,
              alone / plain >= 0.5 if plain else None)  # fmt: skip
    told = f"{alone / single:.2f} of Kamailio with one worker ({single:,.0f}/s), " if single else ""
    told += f"{alone / bare:.2f} of a Python socket that reads and stores nothing ({bare:,.0f}/s)"
    bench.add("the same beside one process", "", told, None)
    bench.add(
        "the same with the other site's sync", "", f"{both:,.0f}/s, p99 {found.both.wait(0.99):.0f} ms", None
    )
    bench.add("CPU for an alarm, memory", "", f"{found.cpu:.2f} ms, {found.memory / 2**20:.0f} MB", None)


def everybody_at_once(bench: Bench) -> None:
    """The network is back."""
    with bench.place("storm") as folder:
        found = alarms_load.storm(folder, 20_000, 50)
    told = f"{found.alarm:.2f} s"
    bench.add(
        "20,000 heartbeats and 50 alarms at one instant: slowest alarm", "≤ 1 s", told, found.alarm <= 1
    )
    told = f"{found.all:.1f} s, {found.unanswered} unanswered, {found.repeated:,} repeated"
    bench.add("the same: everything", "≤ 5 s", told, found.all <= 5 and not found.unanswered)


def a_site_dies(bench: Bench) -> None:
    """One of the two is killed while people press."""
    with bench.place("site") as folder:
        found = alarms_load.killed(folder, bench.much(20, 200))
    with bench.place("one address") as folder:
        control = alarms_load.killed(folder, 20, addresses=1)
    told = f"{found.beyond:+.2f} s, {found.missed} of {found.alarms} missed"
    told += f"; units with one address: {control.missed} of {control.alarms} missed"
    met = found.beyond <= 0.5 and not found.missed and control.missed == control.alarms
    bench.add("a site killed: beyond the unit's own patience", "≤ 0.5 s", told, met)
    bench.add("the killed site is back", "≤ 2 s", f"{found.back:.1f} s", found.back <= 2)


def silence(bench: Bench) -> None:
    """Why so many are silent."""
    outages, days = 200, 365
    found = alarms_thought.causes(outages, days)
    told = f"slowest {found.slowest:.0f} s"
    bench.add(f"mass silence noticed, {outages} simulated outages", "≤ 3 min", told, found.slowest <= 180)
    bench.add("the same: cause right", "≥ 95 %", f"{found.right:.1%}", found.right >= 0.95)
    bench.add("false incidents in a simulated year", "≤ 1", f"{found.false}", found.false <= 1)


def broken_input(bench: Bench) -> None:
    """What no unit would send."""
    count = bench.much(100_000, 10_000_000)
    found = alarms_thought.broken(count, say=bench.say)
    told = f"{found.failed} of {found.given:,} {found.said}".strip()
    told += f"; memory grew {found.grown / 2**20:.0f} MB, {found.given / found.seconds:,.0f}/s"
    met = found.failed == 0 and found.grown < 30 * 2**20
    bench.add("broken SIP and XML: failures", "0, memory flat", told, met)


def to_people(bench: Bench) -> None:
    """How soon somebody sees it."""
    for what, aim, found, met in alarms_desk.measured(bench.place, bench.much(20, 200)):
        bench.add(what, aim, found, met)


def core(bench: Bench) -> None:
    """What is read when it must be certain: as little as may be, and no branch of it that no test takes."""
    size = alarms_core.size()
    most = alarms_core.MOST
    bench.add("lines of code from byte to acknowledgement", f"≤ {most:,}", f"{size:,}", size <= most)
    with bench.place("core") as folder:
        found = alarms_core.branches(folder)
    told = (
        f"{len(found.missed)} of {found.all} {', '.join(found.missed[:9])}".strip()
        if found
        else "needs coverage"
    )
    bench.add(
        "branches of that path that no test takes, with sockets and the other site",
        "0",
        told,
        not found.missed if found else None,
    )


TRIALS = (
    killed_at_random, disk_fails, in_order, steady, at_the_limit, everybody_at_once, a_site_dies, to_people, silence,
    broken_input, core,
)  # fmt: skip


def measure(folder: Path, *, full: bool, only: str, say: Callable[[str], None]) -> list[Row]:
    """Run the trials whose name holds `only`; the rows in order. What fails is a row that says so."""
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


def table(rows: list[Row], full: bool) -> str:
    """Return the rows as Markdown."""
    word = {True: "yes", False: "**no**", None: ""}
    lines = ["| | aim | found | met |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.aim} | {row.found} | {word[row.met]} |" for row in rows]
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    much = "full" if full else "quick"
    return "\n".join(
        [*lines, "", f"{much.capitalize()} run on {os.cpu_count()} cores, load at the end {load}."]
    )
