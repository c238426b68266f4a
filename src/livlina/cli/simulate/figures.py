"""What a fleet has sent and heard, counted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, Any

from livlina.cli.simulate.shapes import URGENT
from livlina.cli.simulate.unit import Told

KEPT = 200_000  # waiting times kept for percentiles, of each sort


@dataclass
class Figures:
    """Counts by (what, lane), and waiting times in seconds. `ledger` gets a line for each alarm that was acknowledged."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    ledger: IO[str] | None = None
    dropped: int = 0

    def note(self, unit: str, told: Told) -> None:
        """Count one thing."""
        lane = lane_of(told.kind)
        self.counts[told.what, lane] += 1
        if told.what in ("acknowledged", "answered"):
            kept = self.times.setdefault((told.what, lane), [])
            if len(kept) < KEPT:
                kept.append(told.seconds)
        if self.ledger and lane != "beat" and told.what == "acknowledged":
            line = {"unit": unit, "ref": told.ref, "receiver": told.receiver, "kind": told.kind}
            self.ledger.write(json.dumps(line) + "\n")
            self.ledger.flush()

    def count(self, what: str, lane: str = "") -> int:
        """How many, of one lane or of all."""
        return sum(number for (this, of), number in self.counts.items() if this == what and lane in ("", of))

    def share(self, what: str, lane: str, part: float) -> float:
        """The waiting time in seconds that `part` of them stayed within; nought when there are none."""
        return percentile(self.times.get((what, lane), []), part)

    def summary(self) -> dict[str, Any]:
        """All of it, for a program."""
        lanes = ("alarm", "other", "beat")
        counts = {lane: {what: n for (what, of), n in self.counts.items() if of == lane} for lane in lanes}
        times = {
            f"{what}_{lane}": {
                "p50": percentile(found, 0.5), "p99": percentile(found, 0.99), "p999": percentile(found, 0.999),
                "most": max(found), "n": len(found),
            }
            for (what, lane), found in self.times.items()
        }  # fmt: skip
        return {"counts": counts, "seconds": times, "dropped": self.dropped}

    def line(self) -> str:
        """All of it, in a line for a person."""
        said = []
        for lane, name in (("alarm", "alarms"), ("other", "other messages"), ("beat", "signs of life")):
            if sent := self.count("sent", lane):
                late = self.share("answered", lane, 0.99) * 1000
                said.append(
                    f"{name}: {sent} sent, {self.count('acknowledged', lane)} acknowledged, "
                    f"{self.count('answered', lane)} answered, p99 {late:.0f} ms"
                )
        for what, words in (
            ("fell_back", "to the other address"), ("changed_network", "to the other operator"),
            ("refused", "refused"), ("unanswered", "without an answer"),
            ("resting", "resting"), ("given_up", "given up"),
        ):  # fmt: skip
            if number := self.count(what):
                said.append(f"{words}: {number}")
        return "; ".join(said) or "nothing sent yet"


def lane_of(kind: str) -> str:
    """Alarms, signs of life, or anything else."""
    if kind in URGENT:
        return "alarm"
    return "beat" if kind == "beat" else "other"


def percentile(found: list[float], part: float) -> float:
    """The value that `part` of them lie at or below; nought of none."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
