"""``livlina bench locks``: cases, bent messages, sizes, times, and how long a lost phone's key still opens.

Nothing but processors is needed: no database, no network beyond this machine. Two processes at most.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from livlina.cli.bench import locks_browser, locks_lost
from livlina.cli.bench.locks_fuzz import Found, Fuzz
from livlina.provider.doors.protocol import token
from livlina.provider.doors.protocol.phone import Phone
from livlina.provider.doors.protocol.trial.broken import BROKEN, GUARDS
from livlina.provider.doors.protocol.trial.table import CASES, differs
from livlina.provider.doors.protocol.trial.world import World

WORKERS = 2
PART = 25_000
TIMES = 2_000
CONTROLS = [name for name in GUARDS if name != "unused"] + ["KeepsNonce", "LooseReader", "FailsOpen"]
"""What fuzzing must find. A first use that is forgotten, and clocks, need time to pass: the table catches those."""
CONTROL_MOST = 20_000


@dataclass(frozen=True)
class Row:
    """One line of the table. `met` is None for what has no aim, and for what could not be measured."""

    what: str
    aim: str
    found: str
    met: bool | None


def measure(count: int, say: Callable[[str], None]) -> list[Row]:
    """Measure all of it, with so many bent messages."""
    rows = []
    for part in (_cases, lambda: _fuzzed(count, say), _controls, _sizes, _python, _chromium, _lost):
        for row in part():
            say(f"  {row.what}: {row.found}")
            rows.append(row)
    return rows


def _cases() -> list[Row]:
    wrong = [case.sentence for case in CASES if differs(case, World())]
    missed = [name for name, kind in BROKEN.items() if not any(differs(case, World(kind)) for case in CASES)]
    return [
        Row("cases of the lock as they must be", "≥ 60, all", f"{len(CASES) - len(wrong)} of {len(CASES)}", not wrong),
        Row("locks with a guard missing, caught by the cases", "all",
            f"{len(BROKEN) - len(missed)} of {len(BROKEN)}", not missed),
    ]  # fmt: skip


def _run(seed: int, count: int) -> Found:
    os.nice(10)
    return Fuzz(seed).run(count)


def _fuzzed(count: int, say: Callable[[str], None]) -> list[Row]:
    found, began = Found(), time.monotonic()
    sizes = [PART] * (count // PART) + ([count % PART] if count % PART else [])
    with ProcessPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as pool:
        for done in as_completed([pool.submit(_run, seed, size) for seed, size in enumerate(sizes, 1)]):
            found.add(done.result())
            say(f"  {found.tried:,} messages, {time.monotonic() - began:.0f} s")
    for example in found.examples:
        say(f"  {example[:400]}")
    told = f"{found.wrong_opens} / {found.wrong_refusals} / {found.crashes} of {found.tried:,}"
    return [
        Row("wrong opens / wrong refusals / crashes, bent messages", "0 / 0 / 0 of 1,000,000", told,
            found.clean if count >= 1_000_000 else (None if found.clean else False)),
        Row("… of them right ones, that opened", "", f"{found.opened:,}", None),
    ]  # fmt: skip


def _controls() -> list[Row]:
    tried = {name: Fuzz(3, BROKEN[name]).run(CONTROL_MOST, until_wrong=True) for name in CONTROLS}
    missed = [name for name, found in tried.items() if found.clean]
    slowest = max((found.tried for name, found in tried.items() if name not in missed), default=0)
    told = f"{len(CONTROLS) - len(missed)} of {len(CONTROLS)}, each within {slowest:,} messages"
    return [Row("locks with a guard missing, caught by bending", "all", told, not missed)]


def _sizes() -> list[Row]:
    world = World()
    one = len(world.mint(issuer="en-kommun-med-langt-namn"))
    forty = len(world.mint(doors=dict.fromkeys(range(4_000_000_000, 4_000_000_040), 1)))
    fifty = len(world.ended(*(os.urandom(32) for _ in range(50))))
    return [
        Row("token of one door, the longest name", "≤ 250 bytes", f"{one} bytes", one <= 250),
        Row("token of forty doors; list of fifty lost phones", "", f"{forty}; {fifty} bytes", None),
    ]


def _python() -> list[Row]:
    world = World()
    held = world.mint()
    verify = _timed(lambda: token.verify(held, world.issuer.public, world.now))
    phone = Phone(world.carer.key)

    def whole() -> None:
        nonce = world.lock.challenge(world.up)
        world.lock.act(phone.ask(nonce, world.lock.memory.door, [held], now=world.now), world.own, world.up)

    opening = _timed(whole, 500)
    return [
        Row("token verified in Python, p50 / p95", "p50 ≤ 1 ms", f"{verify[0]:.3f} / {verify[1]:.3f} ms", verify[0] <= 1),
        Row("a whole opening in Python, phone and lock, p50 / p95", "", f"{opening[0]:.2f} / {opening[1]:.2f} ms", None),
    ]  # fmt: skip


def _timed(work: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    """Milliseconds that half, and 95 of a hundred, stay within."""
    found = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        found.append((time.perf_counter() - before) * 1000)
    found.sort()
    return found[times // 2], found[int(times * 0.95)]


def _chromium() -> list[Row]:
    found = locks_browser.measure()
    if found is None:
        return [Row("token verified in Chromium, p50 / p95", "p50 ≤ 1 ms", "no browser here", None)]
    (half, most), answer = found["verify"], found["answer"]
    return [
        Row("token verified in Chromium, p50 / p95", "p50 ≤ 1 ms", f"{half:.2f} / {most:.2f} ms", half <= 1),
        Row("a lock answered in Chromium, p50 / p95", "", f"{answer[0]:.2f} / {answer[1]:.2f} ms", None),
    ]


def _lost() -> list[Row]:
    lost = locks_lost.measure(60)
    harder = f"{lost.in_shift:.1f} when always lost in the shift, {lost.without_lists:.1f} without lists"
    outage = f"{lost.outage:.2f} h (the lock's two minutes for clocks are taken off the key)"
    what = "a lost phone's keys still work, mean hours per door after report (model)"
    return [
        Row(what, "≤ 3.5 h", f"{lost.evenly:.1f} h; {harder}", lost.evenly <= 3.5),
        Row("… in an outage, when no list is signed", "≤ 5 h", outage, round(lost.outage, 2) <= 5),
    ]


def table(rows: list[Row]) -> str:
    """Return the rows as Markdown."""
    word = {True: "yes", False: "**no**", None: ""}
    lines = ["| | aim | found | met |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.aim} | {row.found} | {word[row.met]} |" for row in rows]
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return "\n".join([*lines, "", f"On {os.cpu_count()} cores, load at the end {load}."])
