"""Each trial as rows of a table: what was asked, what was found, and the control that shows it could have been found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from livlina.cli import system
from livlina.cli.bench.alarms import Row
from livlina.cli.rig import disk, full, kill, line, power, town, versions, volume, wrong_clock

AIM = "0 lost, 0 doubled, chains verify"
USABLE = 10.0  # seconds


@dataclass
class Rig:
    """Where, how much, and for how long: `until` is a moment of the monotonic clock after which nothing new begins."""

    folder: Path
    full: bool
    until: float
    seed: int = 1
    cuts: int | None = None
    kills: int | None = None
    say: Callable[[str], None] = lambda _: None
    rows: list[Row] = field(default_factory=list)
    _stock: town.Stock | None = None

    def run(self, what: str) -> None:
        """One trial. What fails in itself is a row that says so, and hides no other."""
        self.say(f"{what} …")
        began = time.monotonic()
        if began > self.until:
            self.add(what, "", "not begun: the time was up", None)
            return
        try:
            getattr(self, f"_{what}")()
        except Exception as error:
            self.add(what, "", f"not measured: {type(error).__name__}: {error}"[:300], None)
        self.say(f"  took {time.monotonic() - began:.0f} s")

    def add(self, what: str, aim: str, found: str, met: bool | None) -> None:
        """One row is known."""
        self.rows.append(Row(what, aim, found, met))
        self.say(f"  {what}: {found}")

    @property
    def stock(self) -> town.Stock:
        """The municipality that every trial gets a copy of, made when it is first wanted."""
        if self._stock is None:
            self._stock = town.stock(self.folder)
        return self._stock

    def _power(self) -> None:
        what = "power cuts under load"
        if why := disk.missing():
            self.add(what, AIM, why, None)
            return
        bare, count = town.bare(self.folder), self.cuts or (200 if self.full else 5)
        kept = power.cuts(self.folder / "p", bare, count, seed=self.seed, until=self.until, say=self.say)
        fsync = power.cuts(self.folder / "pf", bare, 3, durable=False, seed=self.seed)
        commit = power.cuts(self.folder / "pc", bare, 3, careless=True, seed=self.seed)
        told = f"{kept.cuts} cuts: {kept.verdict}; control fsync=off: {fsync.dead or fsync.verdict}"
        told += f"; control synchronous_commit=off: {len(commit.verdict.lost):,} of {commit.verdict.acknowledged:,} lost"
        tried = fsync.harmed and bool(commit.verdict.lost)
        self.add(what, AIM, told, kept.cuts > 0 and not kept.harmed and tried)
        slow = sorted(kept.recoveries)
        each = kept.seconds / max(1, kept.cuts)
        told = (
            f"median {slow[len(slow) // 2]:.1f} s, slowest {slow[-1]:.1f} s; {each:.1f} s a cut, load and all"
        )
        self.add("the same: from power to the first answer", "", told, None)

        found = power.journal(
            self.folder / "pj", self.stock, 20 if self.full else 1, seed=self.seed, until=self.until
        )
        told = f"{found.cuts} cuts: {found.verdict}; written again {max(found.recoveries, default=0):.1f} s after power"
        met = found.cuts > 0 and not found.harmed
        self.add("power cuts under the journal, through the web server", AIM, told, met)

    def _kill(self) -> None:
        count = self.kills or (1000 if self.full else 12)
        roles = () if self.full or self.kills else EVERYBODY
        found = kill.kills(
            self.folder / "k", self.stock, count, seed=self.seed, roles=roles, until=self.until, say=self.say
        )
        done = sum(found.killed.values())
        whom = ", ".join(f"{role} {times}" for role, times in found.killed.most_common())
        told = f"{done} kills ({whom}): {found.verdict}; {len(found.refusals)} refusals, {found.errors} times no answer"
        told += f"; control, a note taken out: {len(found.control.lost)} lost, {len(found.control.broken)} links broken"
        met = done > 0 and found.verdict.good and found.tried and not found.refusals
        self.add("kill -9 of a random process", AIM, told, met)
        slowest, who = found.slowest
        told = (
            f"median {found.share(0.5):.1f} s, p99 {found.share(0.99):.1f} s, slowest {slowest:.1f} s ({who})"
        )
        late = sum(seconds >= USABLE for seconds, _ in found.usable)
        self.add("the same: usable again", "< 10 s", f"{told}; {late} of {done} later", late == 0)
        told = f"slowest {max(seconds for seconds, _ in found.whole):.1f} s; slowest alarm {found.slowest_alarm:.1f} s"
        self.add("the same: everybody there again", "", told, None)

    def _full(self) -> None:
        what = "data volume full, reserve refuses"
        if why := volume.missing():
            self.add(what, "", why, None)
            return
        found = full.itsam(self.folder / "i", self.stock, watch=60.0 if self.full else 10.0, say=self.say)
        first, second = found.with_ballast, found.without
        told = f"read {first.readable:.1f} s, written {first.writable:.1f} s after; level {found.level}"
        self.add(f"{what}: journal with ballast", "≤ 60 s", told, max(first.readable, first.writable) <= 60)
        told = (
            f"signed in and read there after {found.shadow:.1f} s; the reserve: {found.reserve or 'started'}"
        )
        met = found.shadow <= 60 and bool(found.reserve)
        self.add(f"{what}: journal in the shadow, no byte left", "≤ 60 s", told, met)
        told = f"{second.reads} readings, {second.read_errors} refused, blind {second.blind:.0f} s"
        self.add(f"{what}: journal in the main system, no byte left", "", told, None)
        self.add(
            f"{what}: doors", "100 %", f"{found.opened} of {found.doors}", found.doors == found.opened > 0
        )
        told = f"{found.alarms - found.alarms_refused} of {found.alarms}, slowest {found.slowest_alarm:.1f} s"
        self.add(f"{what}: alarms", "100 %", told, found.alarms > 0 and not found.alarms_refused)
        told = f"phones {found.field_lost} of {found.field_events}, {found.field_doubled} doubled; officers {found.verdict}"
        good = not (found.field_lost or found.field_doubled) and found.field_events > 0 and found.verdict.good
        self.add(f"{what}: notes taken meanwhile", "0 lost", told, good)
        self.add(
            f"{what}: written again when there is room",
            "",
            f"{found.back:.1f} s, nobody restarted anything",
            None,
        )
        self.add(
            f"{what}: status page",
            "answers",
            f"{first.status_page and second.status_page}",
            second.status_page,
        )

    def _wal(self) -> None:
        what = "WAL volume full at night, nobody on call"
        if why := volume.missing():
            self.add(what, "≤ 60 s", why, None)
            return
        found = full.night(self.folder / "n", self.stock, say=self.say)
        control = full.night(self.folder / "nc", self.stock, ballast=0, patience=60.0 if self.full else 15.0)
        told = f"written after {found.with_ballast.writable:.1f} s, the database died {found.database_died} times"
        told += (
            f"; {found.verdict}; control without ballast: down until there is room, then {control.back:.1f} s"
        )
        told += f"; {control.verdict}"
        met = found.with_ballast.writable <= 60 and found.verdict.good and control.verdict.good
        self.add(what, "≤ 60 s", told, met and control.with_ballast.writable == full.NEVER)

    def _clock(self) -> None:
        what = "clocks of two web servers an hour apart"
        if not system.FAKETIME.found():
            self.add(what, AIM, system.advice(system.FAKETIME), None)
            return
        found = wrong_clock.apart(self.folder / "c", self.stock, 60.0 if self.full else 5.0)
        told = f"{found.verdict}; {len(found.refusals)} refusals; written under clocks {found.spread / 60:.0f} min apart"
        self.add(what, AIM, told, found.verdict.good and not found.refusals and found.spread > 3000)

    def _line(self) -> None:
        what = "line to the database goes dead, connections half open"
        if why := line.missing():
            self.add(what, "≤ 40 s, 0 lost", why, None)
            return
        found = line.dead(self.folder / "l", self.stock, 60.0 if self.full else 20.0)
        told = f"slowest answer {found.slowest:.1f} s; {found.verdict}; written {found.back:.1f} s after the line is back"
        self.add(
            what,
            "≤ 40 s, 0 lost",
            told,
            found.verdict.good and found.slowest <= 40,
        )

    def _versions(self) -> None:
        what, aim = (
            "the version before beside this one, on this one's tables",
            "nobody notices, 0 lost; control noticed",
        )
        commit, why = versions.before()
        if why:
            self.add(what, aim, why, None)
            return
        found = versions.versions(self.folder / "v", self.stock, commit)
        control = versions.versions(self.folder / "vc", self.stock, commit, torn=True)
        told = f"{commit[:10]}: {found.verdict}; {found.wrote} notes through the older; {len(found.wrong)} faults of its"
        told += f"; control, a column renamed: {len(control.wrong)} wrong"
        self.add(what, aim, told, found.good and not control.good)


EVERYBODY = (
    "postgres", "web", "worker", "alarmd", "web child", "postgres child", "live", "status", "up", "postgres", "web",
    "alarmd",
)  # fmt: skip
