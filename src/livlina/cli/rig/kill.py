"""kill -9 of anybody in the whole family, again and again, under load: is anything lost, and how soon does it work again?"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from livlina.cli.rig import family as families
from livlina.cli.rig import load as loads
from livlina.cli.rig import town
from livlina.cli.rig.check import Verdict, judge
from livlina.cli.rig.family import ALARMS, Family
from livlina.cli.rig.history import History
from livlina.core import processes

PATIENCE = 60.0  # seconds
PAUSE = 0.05  # seconds between an officer's notes, so that what starts again has a share of the machine


@dataclass
class Kills:
    """What a series of kills did."""

    killed: Counter[str] = field(default_factory=Counter)
    usable: list[tuple[float, str]] = field(default_factory=list)
    """Seconds from the kill until every officer could write and alarms were received, and who was killed."""
    whole: list[tuple[float, str]] = field(default_factory=list)
    """The same until everybody was there again."""
    errors: int = 0
    """Answers to officers that were none; what they had written was sent again."""
    refusals: list[str] = field(default_factory=list)
    slowest_alarm: float = 0.0
    verdict: Verdict = field(default_factory=Verdict)
    control: Verdict = field(default_factory=Verdict)
    """The same history with the newest note taken out of the database: it must be found lost, and its chain broken."""
    seconds: float = 0.0

    @property
    def tried(self) -> bool:
        """Whether a loss would have been seen."""
        return bool(self.control.lost and self.control.broken)

    @property
    def slowest(self) -> tuple[float, str]:
        """The worst of `usable`."""
        return max(self.usable, default=(0.0, ""))

    def share(self, part: float) -> float:
        """Seconds within which it was usable in `part` of the kills."""
        ordered = sorted(seconds for seconds, _ in self.usable)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def kills(
    folder: Path, stock: town.Stock, count: int, *, seed: int = 1, roles: Sequence[str] = (), until: float = float("inf"),
    say: Callable[[str], None] = lambda _: None,
) -> Kills:  # fmt: skip
    """Kill `count` times (fewer when monotonic time `until` comes first), a role by chance and in it a process by chance.

    `roles` names them in turn instead. Raises Problem when the family does not come up at all.
    """
    shutil.rmtree(folder, ignore_errors=True)
    processes.make_folder(folder)
    found, chance, began = Kills(), Random(seed), time.monotonic()  # noqa: S311 - faults, not secrets
    history = History(folder.with_suffix(".jsonl"))
    try:
        with families.family(folder, stock) as one:
            work = loads.Load(one.web_port, stock.officers, history, pause=PAUSE)
            presses = families.Presses(one.receiver.site.sip, history)
            with work.running(), presses.running():
                work.until_all(time.monotonic(), PATIENCE)
                for number in range(count):
                    if time.monotonic() > until:
                        break
                    _once(one, work, found, chance, roles[number % len(roles)] if roles else "")
                    if number % 25 == 24:
                        say(f"  {number + 1} kills, slowest {found.slowest[0]:.1f} s ({found.slowest[1]})")
            found.errors, found.refusals, found.slowest_alarm = (
                len(work.errors),
                work.refusals,
                presses.slowest,
            )
            found.verdict = _judged(one, history)
            town.take_out_newest(one.cluster.start())
            found.control = _judged(one, history)
    finally:
        history.close()
        shutil.rmtree(folder, ignore_errors=True)
    found.seconds = time.monotonic() - began
    return found


def _judged(one: Family, history: History) -> Verdict:
    server = one.cluster.start()
    one.receiver.kill()
    final = town.final(server, one.stock.officers) | {ALARMS: families.alarms(one.receiver.site.folder)}
    return judge(history.records, final, town.breaks(server, one.stock))


def _once(one: Family, work: loads.Load, found: Kills, chance: Random, role: str) -> None:
    members = one.members()
    role = role or chance.choice(sorted(members))
    pid = chance.choice(members[role])
    moment = time.monotonic()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    found.killed[role] += 1
    usable = whole = float("inf")
    while time.monotonic() < moment + PATIENCE and whole == float("inf"):
        time.sleep(0.02)
        one.mend()
        if usable == float("inf") and work.all_since(moment) and families.receives(one.receiver):
            usable = time.monotonic() - moment
        if usable < float("inf") and one.complete():
            whole = time.monotonic() - moment
    found.usable.append((usable, role))
    found.whole.append((whole, role))
    time.sleep(chance.random())
