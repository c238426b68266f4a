"""What the room asks SSBTEK, and what it must be able to answer: per source, and in part.

A source that answered with nothing is not a source that did not answer: the first is knowledge, the second is none.
The real adapter (SOAP with mutual TLS, Försäkringskassan's composite service) is not written; without one every
source is `not_asked`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

LAW = "15 kap. 10-12 §§ socialtjänstlagen (2025:400)"
"""What the question names as its ground: the law in force, never the act of 2001."""

SOURCES = {
    "AF": "Arbetsförmedlingen",
    "CSN": "CSN",
    "FK": "Försäkringskassan",
    "PM": "Pensionsmyndigheten",
    "SKV": "Skatteverket",
    "SO": "A-kassorna",
    "TNS": "Transportstyrelsen",
    "MIV": "Migrationsverket",
}


class Status(StrEnum):
    """How one source answered."""

    OK = "ok"
    EMPTY = "empty"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_ASKED = "not_asked"


WORDS = {
    Status.OK: "Har svarat med uppgifter",
    Status.EMPTY: "Har svarat: inga uppgifter finns",
    Status.ERROR: "Kunde inte svara (fel hos källan)",
    Status.TIMEOUT: "Har inte svarat i tid",
    Status.NOT_ASKED: "Har inte tillfrågats",
}
ANSWERED = (Status.OK, Status.EMPTY)


@dataclass(frozen=True)
class Question:
    """One person, some sources, a period. The number never shows in a log: it is left out of the text of the question."""

    number: str = field(repr=False)
    case_number: str
    first: date
    last: date
    asked_by: str
    sources: Sequence[str] = tuple(SOURCES)
    attempt: int = 1
    law: str = LAW


@dataclass(frozen=True)
class Row:
    """One amount a source knows of: its kind is one of the room's incomes, or empty for a fact that is no income."""

    kind: str
    amount: Decimal
    on: date
    text: str


@dataclass(frozen=True)
class Answered:
    """One source's answer."""

    source: str
    status: Status
    rows: tuple[Row, ...] = ()
    fault: str = ""


class Port(Protocol):
    """Whoever can be asked."""

    def ask(self, question: Question) -> list[Answered]:
        """Return one answer for each source of the question, whatever happened to it. Never raises for a silent source."""


class NotConnected:
    """No SSBTEK: nobody is asked, and that is what is said."""

    def ask(self, question: Question) -> list[Answered]:
        """Return `not_asked` for each source."""
        return [Answered(source, Status.NOT_ASKED) for source in question.sources]


def connected() -> Port:
    """Return the SSBTEK of this installation: the fake in tests and the demo, otherwise none."""
    from django.conf import settings

    if settings.DEMO or settings.TEST:
        from livlina.authority.aid.ssbtek.fake import Fake

        return Fake()
    return NotConnected()
