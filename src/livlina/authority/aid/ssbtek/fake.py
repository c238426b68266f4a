"""An SSBTEK for tests and the demo: it answers in part, late or not at all, always the same for the same person.

What a person gets is decided by a digest of the number. A test may say how a source behaves instead.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from livlina.authority.aid.ssbtek.port import SOURCES, Answered, Question, Row, Status

KNOWS = {
    "FK": ("sickness_benefit", "Sjukpenning"),
    "SO": ("unemployment_benefit", "Arbetslöshetsersättning"),
    "SKV": ("tax_refund", "Skatteåterbäring"),
    "CSN": ("study_aid", "Studiemedel"),
    "PM": ("pension", "Pension"),
}
LATE, SILENT, BROKEN = 13, 11, 7
"""One in thirteen comes at the second question, one in eleven never, one in seven with a fault."""


@dataclass
class Fake:
    """`behaves`: status by source, or `late` for one that answers from the second question; `rows` by source."""

    behaves: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def ask(self, question: Question) -> list[Answered]:
        """Return one answer for each source."""
        return [
            self._one(source, question) if source in SOURCES else Answered(source, Status.NOT_ASKED)
            for source in question.sources
        ]

    def _one(self, source: str, question: Question) -> Answered:
        roll = _roll(question.number, source)
        behaviour = self.behaves.get(source) or ("" if self.behaves or self.rows else _drawn(roll))
        if behaviour == "late":
            behaviour = Status.TIMEOUT if question.attempt == 1 else ""
        if behaviour == Status.ERROR:
            return Answered(source, Status.ERROR, fault="Tjänsten är inte tillgänglig.")
        if behaviour in (Status.TIMEOUT, Status.NOT_ASKED, Status.EMPTY):
            return Answered(source, Status(behaviour))
        rows = self.rows.get(source, () if self.behaves or self.rows else _some(source, roll, question.first))
        return Answered(source, Status.OK if rows else Status.EMPTY, rows)


def _roll(number: str, source: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{number}:{source}".encode()).digest()[:4])


def _drawn(roll: int) -> str:
    if roll % LATE == 0:
        return "late"
    if roll % SILENT == 0:
        return Status.TIMEOUT
    return Status.ERROR if roll % BROKEN == 0 else ""


def _some(source: str, roll: int, first: date) -> tuple[Row, ...]:
    """An amount from one source in three, of those that know of money."""
    if source not in KNOWS or roll % 3:
        return ()
    kind, text = KNOWS[source]
    return (Row(kind, Decimal(500 + roll % 80 * 50), first.replace(day=25), text),)
