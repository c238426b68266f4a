"""``livlina drill``: play a story against the running system or its shadow, time each step, and file how it went."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from livlina.cli import filing
from livlina.cli.drills.ground import Failed, Ground, NotPlayed, outcome
from livlina.cli.drills.plays import PLAYS
from livlina.cli.surroundings import Problem, python_path, say, state_dir
from livlina.core.ids7 import uuid7
from livlina.status import parts

STORIES = {
    "s1": "the system stands still: status page, shadow, packs, a phone without server",
    "s3": "alarms do not reach the staff: receivers, and the list to ring from",
    "s16": "the municipality's sign-in is gone: passkeys and sealed keys",
    "storage": "storage fills: seen in time, and what can wait waits, in words",
    "restore": "the newest backup is brought back, signed in to and read",
}
MARKS = {True: "ok  ", False: "FAIL", None: "-   "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("story", nargs="?", choices=sorted(STORIES), help="which; without it they are listed")
    add("--running", metavar="URL", default="", help="where the running system answers")
    add("--shadow", metavar="URL", default="", help="where its shadow answers")
    add("--status", metavar="URL", default="", help="where the status page answers")
    add(
        "--receiver",
        metavar="URL",
        action="append",
        default=[],
        help="an alarm receiver's own page; may be repeated",
    )
    add("--ask", action="store_true", help="somebody is at the terminal, and does what only people can do")
    add("--for-real", action="store_true", help="users of the running system may notice it for some seconds")
    add(
        "--sealed",
        metavar="ADDRESS",
        default="",
        help="open the shadow's sealed code as this user; it is asked for",
    )
    add("--by", default="", help="who plays it (default: the user of this terminal)")


def run(options: argparse.Namespace) -> int:
    """Play it. Exit code 1: something that should work did not, or the result could not be filed."""
    if not options.story:
        for name, words in STORIES.items():
            say(f"  {name:8} {words}")
        say("\nlivlina drill s1 --running https://… --shadow https://… --status https://… --ask")
        return 0
    state = state_dir()
    ground = _ground(options, state)
    began = datetime.now(UTC)
    if options.story == "restore":
        restore(ground)
    else:
        PLAYS[options.story](ground)
    record = _record(options, ground, began)
    for step in ground.steps:
        say(f"{MARKS[step['works']]} {step['seconds']:6.2f} s  {step['name']}. {step['words']}")
    say(
        {"works": "It held.", "partly": "Not all could be played.", "fails": "IT DID NOT HOLD."}[
            record["outcome"]
        ]
    )
    filed = filing.file(state, "drill", record)
    return 0 if filed and record["outcome"] != "fails" else 1


def _ground(options: argparse.Namespace, state: Path) -> Ground:
    places = [Path(one) for one in os.environ.get("LIVLINA_PACK_PLACES", "").split(",") if one.strip()]
    receivers = options.receiver or os.environ.get("LIVLINA_STATUS_RECEIVERS", "").split()
    code = getpass.getpass("The sealed code: ") if options.sealed else ""
    return Ground(
        state=state,
        running=options.running,
        shadow=options.shadow,
        status=options.status,
        receivers=tuple(receivers),
        packs=tuple(places or [state / "packs"]),
        sealed=(options.sealed, code),
        ask=_asker() if options.ask else None,
        for_real=options.for_real,
    )


def _asker() -> Callable[[str], bool]:
    if not sys.stdin.isatty():
        raise Problem("--ask needs somebody at the terminal.")

    def ask(question: str) -> bool:
        while (answer := input(f"{question} (j/n) ").strip().lower()) not in ("j", "ja", "n", "nej"):
            pass
        return answer.startswith("j")

    return ask


def _record(options: argparse.Namespace, ground: Ground, began: datetime) -> dict[str, Any]:
    user = options.by
    if not user:
        with contextlib.suppress(OSError, KeyError):
            user = getpass.getuser()
    return {
        "id": str(uuid7()),
        "story": options.story,
        "against": "shadow" if options.shadow and options.story == "s1" else "running",
        "address": (options.shadow if options.story == "s1" else options.running)[:200],
        "started_at": began.isoformat(),
        "ended_at": datetime.now(UTC).isoformat(),
        "steps": ground.steps,
        "outcome": outcome(ground.steps),
        "started_by": (user or "okänd")[:160],
    }


def restore(ground: Ground) -> None:
    """The restore test, told as a drill."""
    before = datetime.now(UTC)
    with ground.step("Läs tillbaka kopian, starta, räkna, logga in och läs") as words:
        if not os.environ.get("LIVLINA_BACKUP_DIR"):
            raise NotPlayed("Säkerhetskopieringen är inte uppsatt här (LIVLINA_BACKUP_DIR).")
        done = subprocess.run(
            [sys.executable, "-m", "livlina", "restore-test"],
            env={**os.environ, "PYTHONPATH": python_path()}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = parts.read(ground.state).get("restore_test")
        if told is None or told.at < before:
            raise Failed(f"Provet kom inte igång. {done.stderr.strip()[-300:]}")
        words.append(told.words)
        if not told.works:
            raise Failed("Reserven hade inte fungerat.")
    with ground.step("Det nyaste är nytt") as words:
        told = parts.read(ground.state).get("restore_test")
        age = told.data.get("newest_age") if told and told.at >= before else None
        if age is None:
            raise NotPlayed("Inget kom tillbaka.")
        words.append(f"Det nyaste var {age} sekunder gammalt.")
        if age > 900:
            raise Failed("Loggen har inte säkrats på en kvart.")
