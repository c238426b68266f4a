"""Is anything lost that was acknowledged? Killed at random, with writes that fail, and by the order of system calls."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from livlina.alarmd.record import Unit
from livlina.cli import receivers, system
from livlina.cli.bench.alarms_blast import Blast, Loop, messages
from livlina.cli.bench.alarms_receiver import Meanwhile, Receiver, acquaint, references
from livlina.cli.receivers import Site
from livlina.cli.surroundings import Problem

UNITS = [str(1_000_001 + n) for n in range(500)]
PRELOAD = "/usr/lib/fiu/fiu_run_preload.so:/usr/lib/fiu/fiu_posix_preload.so"
TRACED = "trace=recvfrom,recvmsg,pwrite64,write,fdatasync,fsync,sendto,sendmsg"
REPLY = re.compile(r"send(?:to|msg)\(.*SIP/2\.0 200.*?z9hG4bK(\d{16})")


@dataclass
class Kept:
    """What was acknowledged over a number of trials, what was refused, and what of the first is not in the log."""

    trials: int = 0
    acknowledged: int = 0
    refused: int = 0
    lost: int = 0
    restarts: tuple[float, ...] = ()


def kills(site: Site, trials: int, seed: int, *, code: str = "") -> Kept:
    """Kill a receiver with -9 at a random moment under load, start it again, and so on; then read its log.

    `code`: another program in its place, such as one that is broken on purpose.
    """
    rng = Random(seed)  # noqa: S311  repeatable, no secret
    kept, acknowledged, starts = Kept(trials), set[str](), []
    for trial in range(trials):
        one = Receiver(site, prefix=[sys.executable, "-c", code] if code else ())
        try:
            starts.append(one.start())
            waiting = messages(4000, UNITS, seed * 1000 + trial)
            acknowledged |= _until_killed(one, waiting, rng.uniform(0.02, 0.4))
        finally:
            one.kill()
    kept.acknowledged = len(acknowledged)
    kept.lost = len(acknowledged - references(site.folder))
    kept.restarts = tuple(starts)
    return kept


def _until_killed(one: Receiver, waiting: list[tuple[str, bytes]], seconds: float) -> set[str]:
    loop, found = Loop(one.site.sip, 32), list[Blast]()
    work = Meanwhile(lambda: found.append(loop.run(waiting, 10)))
    time.sleep(seconds)
    one.kill()
    loop.stopped = True
    work.join()
    loop.close()
    return set(found[0].acknowledged)


def failing_writes(site: Site, failures: dict[str, float], count: int, seed: int, *, code: str = "") -> Kept:
    """Let system calls fail at random (libfiu: name of the failure to its share), send, kill, and read the log."""
    pipe = site.folder / "fiu"
    prefix = [sys.executable, "-c", code] if code else ()
    one = Receiver(site, prefix, {"LD_PRELOAD": PRELOAD, "FIU_CTRL_FIFO": str(pipe)})
    one.start()
    loop = Loop(site.sip, 32)
    try:
        control = next(pipe.parent.glob("fiu-*.in"))
        for name, share in failures.items():
            _tell(control, f"enable_random name={name},probability={share},failinfo={_errno(name)}\n")
        blast = loop.run(messages(count, UNITS, seed), 600)
    finally:
        loop.close()
        one.kill()
    lost = set(blast.acknowledged) - references(site.folder)
    return Kept(1, len(blast.acknowledged), len(blast.refused), len(lost))


def full(site: Site, count: int, seed: int) -> Kept:
    """Send more than the receiver's own quota holds; what no longer has room must be refused."""
    one = Receiver(site)
    one.start()
    loop = Loop(site.sip, 32)
    try:
        blast = loop.run(messages(count, UNITS, seed), 60)
    finally:
        loop.close()
        one.kill()
    lost = set(blast.acknowledged) - references(site.folder)
    return Kept(1, len(blast.acknowledged), len(blast.refused), len(lost))


@dataclass
class Order:
    """How many 200s went out, and how many of them before their own alarm was written and synced."""

    replies: int = 0
    early: list[str] | None = None
    syncs: int = 0


def order(site: Site, count: int, seed: int, *, code: str = "") -> Order:
    """Watch the receiver's system calls while it takes alarms, and compare their order."""
    trace = site.folder / "trace"
    strace = system.program("strace") or "strace"
    prefix = [strace, "-f", "-qq", "-s", "9000", "-e", TRACED, "-e", "signal=none", "-o", str(trace)]
    one = Receiver(site, prefix=[*prefix, sys.executable, "-c", code] if code else prefix)
    one.start()
    loop = Loop(site.sip, 4)
    waiting = messages(count, UNITS, seed)
    try:
        loop.run(waiting, 60)
    finally:
        loop.close()
        one.stop()
    return judge(trace, [ref for ref, _ in waiting])


def judge(trace: Path, refs: list[str]) -> Order:
    """Read a trace: for each reference, was it written, then synced, and only then answered 200?"""
    written: dict[str, int] = {}
    synced_from, found = -1, Order(early=[])
    begun: dict[
        str, int
    ] = {}  # a sync under way, by thread: what was written after its beginning does not count
    wanted = set(refs)
    for place, line in enumerate(trace.read_text(errors="replace").splitlines()):
        thread, _, said = line.partition(" ")
        if "pwrite64(" in said or "pwrite64 resumed" in said:
            for ref in wanted.intersection(re.findall(r"\d{16}", said)):
                written.setdefault(ref, place)
        elif re.search(r"f(data)?sync\(", said):
            begun[thread] = place
            if "= 0" in said.rpartition(")")[2]:
                synced_from, found.syncs = max(synced_from, place), found.syncs + 1
        elif "sync resumed" in said and said.rstrip().endswith("= 0"):
            synced_from, found.syncs = max(synced_from, begun.get(thread, -1)), found.syncs + 1
        elif (reply := REPLY.search(said)) and reply[1] in wanted:
            found.replies += 1
            if not written.get(reply[1], place) < synced_from:
                found.early = [*(found.early or []), reply[1]]
    return found


def _errno(name: str) -> int:
    return 5 if "sync" in name else 28  # EIO, ENOSPC


def _tell(control: Path, words: str) -> None:
    """Say one thing to libfiu's thread, which answers 0 in the other pipe and then listens again."""
    with control.open("w") as pipe:
        pipe.write(words)
    with control.with_suffix(".out").open() as pipe:
        if (said := pipe.read().strip()) != "0":
            raise Problem(f"libfiu did not take “{words.strip()}”: {said}")


def site(folder: Path, sections: Mapping[str, receivers.Sections] | None = None, **storage: int) -> Site:
    """A receiver of its own in a folder of its own, without a peer; `storage`: megabytes of that section."""
    sip, peer, desk = receivers.free_ports(3)
    extra = {**(sections or {}), **({"storage": storage} if storage else {})}
    one = Site("a", folder, sip, peer, desk, extra)
    one.write()
    acquaint(one, known(UNITS))
    return one


def known(numbers: list[str]) -> list[Unit]:
    """The units as the main system tells a receiver of them: what strangers send is bounded."""
    return [Unit(id=number, interval=60) for number in numbers]
