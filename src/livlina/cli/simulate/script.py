"""What is to happen to a fleet and when: a list in YAML, or one command from a file.

    - {at: 10, what: press, unit: "1000017", device: "2"}
    - {at: 30, what: press, count: 5}
    - {every: 120, what: press}
    - {at: 60, what: outage, operator: Telia, seconds: 600}
    - {at: 60, what: storm, seconds: 3}

`what` is press (or fall, reset, cancel, update, test, low_battery, battery_ok, power_failure, power_back, fault), storm
(everybody gives a sign of life within `seconds`), reboot (off for `seconds`) or outage (nothing passes for `seconds`,
after which everybody gives a sign of life at once). `at` and `every` are seconds from the start; `every` without a
`seed` of its own is spread a little. Whom it concerns: `unit`, or any of `operator`, `area`, `model`, and `count` of
them; an outage may also concern a `receiver` (a, b …), for everybody. Without any of these a press concerns one unit,
all else everybody. `among`: only the first so many of those it could concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from livlina.cli.simulate.shapes import STATUS
from livlina.cli.surroundings import Problem

SAYS = ("press", *[kind for kind in STATUS if kind != "beat"])
WHATS = (*SAYS, "storm", "reboot", "outage", "end")
WORDS = ("operator", "area", "model")


@dataclass(frozen=True)
class Happening:
    """One line of a script."""

    what: str
    at: float = 0.0
    every: float = 0.0
    seconds: float = 0.0
    unit: str = ""
    device: str = ""
    operator: str = ""
    area: str = ""
    model: str = ""
    receiver: str = ""
    count: int = 0
    among: int = 0

    @property
    def kind(self) -> str:
        """The kind of message it makes units send."""
        return "alarm" if self.what == "press" else self.what

    def concerns(self, unit: Any) -> bool:
        """Whether it is about this unit."""
        if self.unit:
            return bool(unit.number == self.unit)
        return all(getattr(self, word) in ("", getattr(unit, word)) for word in WORDS)


def one(said: Any) -> Happening:
    """Read one line. Raises Problem with what is wrong with it."""
    if not isinstance(said, Mapping):
        raise Problem(f"A line of the script is no list of words and values: {said!r}.")
    known = dict(Happening.__annotations__)
    strange = [str(name) for name in said if name not in known]
    if strange:
        raise Problem(f"The script says {', '.join(strange)}; known are {', '.join(known)}.")
    values: dict[str, Any] = {}
    for name, value in said.items():
        try:
            values[name] = {"float": float, "int": int, "str": str}[known[name]](value)
        except (TypeError, ValueError):
            raise Problem(f"The script says {name}: {value!r}, which is no number.") from None
    if values.get("what") not in WHATS:
        raise Problem(f"The script says what: {values.get('what', '')}; known are {', '.join(WHATS)}.")
    if any(values.get(name, 0) < 0 for name in ("at", "every", "seconds", "count", "among")):
        raise Problem("A time or a count in the script is below nought.")
    return Happening(**values)


def read(path: Path) -> list[Happening]:
    """Read a script. Raises Problem."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Problem(f"The script {path} cannot be read: {error}") from None
    if not isinstance(said, Iterable) or isinstance(said, str | Mapping):
        raise Problem(f"The script {path} is no list.")
    return [one(line) for line in said]
