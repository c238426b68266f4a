"""What a drill stands on: the addresses, the state folder, and steps that are timed and told in words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from livlina.cli.backups.visit import Visitor
from livlina.status import parts


class NotPlayed(Exception):
    """The step could not be played here; the text says why, in Swedish."""


class Failed(Exception):
    """The step was played, and what should work did not; the text says what, in Swedish."""


@dataclass
class Ground:
    """Where to play. An empty address: there is none here."""

    state: Path
    running: str = ""
    shadow: str = ""
    status: str = ""
    receivers: tuple[str, ...] = ()
    packs: tuple[Path, ...] = ()
    sealed: tuple[str, str] = ("", "")
    """Whose address, and the code, for the shadow's sealed way in."""
    ask: Callable[[str], bool] | None = None
    """Asks the person at the terminal; None: nobody is there."""
    for_real: bool = False
    """Whether users of the running system may notice the drill for some seconds."""
    steps: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Play one step; add to the list what happened, in Swedish. Ends well, or by NotPlayed or Failed."""
        words: list[str] = []
        began, works = time.monotonic(), True
        told: bool | None = works
        try:
            yield words
        except NotPlayed as why:
            told, words = None, [*words, str(why)]
        except Failed as why:
            told, words = False, [*words, str(why)]
        seconds = round(time.monotonic() - began, 2)
        self.steps.append({"name": name, "seconds": seconds, "works": told, "words": " ".join(words)})

    def part(self, name: str, oldest: timedelta) -> parts.Part:
        """What a part said, when it said it lately. Raises NotPlayed when it never did, Failed when it is silent."""
        found = parts.read(self.state).get(name)
        if found is None:
            raise NotPlayed("Den delen är inte uppsatt här.")
        age = datetime.now(UTC) - found.at
        if age > oldest:
            raise Failed(f"Har inte hörts på {age.total_seconds() / 60:.0f} minuter.")
        return found

    def person(self, question: str) -> None:
        """Let the person at the terminal do something and say how it went. Raises NotPlayed or Failed."""
        if self.ask is None:
            raise NotPlayed("Det gör en människa: kör övningen med --ask.")
        if not self.ask(question):
            raise Failed("Den som övade svarade nej.")

    def told_status(self) -> dict[str, Any]:
        """The status file, when it is fresh. Raises NotPlayed or Failed."""
        try:
            found = json.loads((self.state / "status" / "status.json").read_text(encoding="utf-8"))
            at = datetime.fromisoformat(found["at"])
        except (OSError, ValueError, KeyError, TypeError):
            raise NotPlayed("livlina status är inte uppsatt här.") from None
        age = (datetime.now(UTC) - at).total_seconds()
        if age > 60:
            raise Failed(f"Statusmätningen är {age:.0f} sekunder gammal.")
        return dict(found)


def visit(address: str, what: str) -> Visitor:
    """A visitor at an address. Raises NotPlayed when there is none."""
    if not address:
        raise NotPlayed(f"Ingen adress till {what} är given.")
    return Visitor(address)


def page(visitor: Visitor, path: str, *, holds: str = "") -> str:
    """Fetch a page that must come, and hold some words. Raises Failed."""
    status, _, text = visitor.get(path)
    if status == 0:
        raise Failed("Ingen svarade.")
    if status != 200:
        raise Failed(f"Svaret var {status}.")
    if holds not in text:
        raise Failed("Sidan kom, men inte det som ska stå där.")
    return text


def outcome(steps: list[dict[str, Any]]) -> str:
    """How the whole went: one step that failed fails it, one that was not played leaves it undone."""
    told = [step["works"] for step in steps]
    if False in told:
        return "fails"
    return "partly" if None in told or not told else "works"
