"""Checkers: what a history and the state at its end must agree on. Plain functions, tried on histories broken on purpose.

* **lost**: acknowledged, or shown to a reader, and not there at the end.
* **doubled**: there more often than once.
* **strange**: there though nobody wrote it, or though its writer was told that it certainly was not.
* **stale**: a read that does not show what had been acknowledged, or shown to somebody, on the same path before it began.
* **broken**: links of a chain that do not hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

from livlina.cli.rig.history import Record


@dataclass
class Verdict:
    """What was found. Empty lists are what one hopes for."""

    acknowledged: int = 0
    reads: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    """Numbers of the reads."""
    broken: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.strange or self.stale or self.broken)

    def __str__(self) -> str:
        return (
            f"{len(self.lost)} of {self.acknowledged:,} acknowledged lost, {len(self.doubled)} doubled, "
            f"{len(self.strange)} strange, {len(self.stale)} of {self.reads:,} reads stale, "
            f"{len(self.broken)} links broken"
        )


def judge(
    records: Sequence[Record], final: Mapping[str, Sequence[str]], broken: Iterable[str] = ()
) -> Verdict:
    """Compare a history with the keys that each path holds at the end (those written by others are left out by you)."""
    found = Verdict(
        acknowledged=len({record.key for record in records if record.op == "write" and record.event == "ok"}),
        reads=sum(record.op == "read" and record.event == "ok" for record in records),
        broken=list(broken),
    )
    there = Counter(key for keys in final.values() for key in keys)
    promised = {record.key for record in records if record.op == "write" and record.event == "ok"}
    shown = {key for record in records if record.op == "read" for key in record.seen}
    found.lost = sorted((promised | shown) - set(there))
    found.doubled = sorted(key for key, times in there.items() if times > 1)
    found.strange = sorted(set(there) - possible(records))
    found.stale = stale(records)
    return found


def possible(records: Iterable[Record]) -> set[str]:
    """Keys that may be there: those of writes that were sent, but for those whose every try certainly failed."""
    tries: dict[str, set[int]] = defaultdict(set)
    for record in records:
        if record.op == "write" and record.event == "invoke":
            tries[record.key].add(record.number)
    for record in records:
        if record.op == "write" and record.event == "fail":
            tries[record.key].discard(record.number)
    return {key for key, numbers in tries.items() if numbers}


def stale(records: Sequence[Record]) -> list[int]:
    """The numbers of reads that showed something older than had been known when they began.

    A read with a window shows the newest; then a path must have one writer, so that newest means the same to all. A key
    of which some try was in doubt has no certain place among the others, so a full window need not show it.
    """
    found: list[int] = []
    paths: dict[str, Known] = defaultdict(Known)
    doubted = {record.key for record in records if record.op == "write" and record.event == "unknown"}
    due: dict[int, int] = {}
    for record in sorted(records, key=lambda one: one.at):
        known = paths[record.path]
        if record.op == "write" and record.event == "ok":
            known.add(record.key)
        elif record.op == "read" and record.event == "invoke":
            due[record.number] = len(known.order)
        elif record.op == "read" and record.event == "ok":
            if known.missing(due.pop(record.number, 0), record, doubted):
                found.append(record.number)
            for key in reversed(record.seen):
                known.add(key)
    return found


@dataclass
class Known:
    """The keys of one path, in the order they came to be known. A read is held to so many of the first: those known when
    it began."""

    order: list[str] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)

    def add(self, key: str) -> None:
        """Somebody was told that it is there, or saw it."""
        if key not in self.place:
            self.place[key] = len(self.order)
            self.order.append(key)

    def missing(self, due: int, read: Record, doubted: set[str]) -> bool:
        """Whether the read left out something of the first `due`. Costs what the read shows, however much is known."""
        seen = set(read.seen)
        if not read.window or len(seen) < read.window:
            return due > len(seen) or not seen.issuperset(self.order[:due])
        older = {key for key in seen if self.place.get(key, due) < due and key not in doubted}
        room = read.window - (len(seen) - len(older))  # what was written since takes the rest
        newest = (self.order[place] for place in range(due - 1, -1, -1))
        return not seen.issuperset(islice((key for key in newest if key not in doubted), room))


@dataclass(frozen=True)
class Link:
    """One row of a chain: its place, what it says, the hash before it, and its own."""

    path: str
    seq: int
    key: str
    prev: bytes
    hash: bytes


def broken_links(links: Iterable[Link], heads: Mapping[str, tuple[int, bytes]]) -> list[str]:
    """Where chains do not hold: `path:seq` of each link that does not follow the one before, or is not what it says."""
    chains: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        chains[link.path].append(link)
    found = []
    for path, chain in chains.items():
        seq, last = 0, b""
        for link in sorted(chain, key=lambda one: one.seq):
            own = sha256(link.prev + link.key.encode()).digest()
            if (link.seq, link.prev, link.hash) != (seq + 1, last, own):
                found.append(f"{path}:{link.seq}")
            seq, last = link.seq, link.hash
        if heads.get(path) != (seq, last):
            found.append(f"{path}:end")
    return found + [f"{path}:end" for path in heads if path not in chains and heads[path][0]]
