"""What a decision is made of before it is taken, and the texts the law wants in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal as Number

from livlina.authority.cases.models import Decision
from livlina.authority.cases.models.decision import RESERVED

ONE = {
    "timmar": "timme", "gånger": "gång", "portioner": "portion", "dagar": "dag", "enkelresor": "enkelresa",
    "personer": "person", "kronor": "krona",
}  # fmt: skip
ONE_OR_MORE = {"antal": "st"}
THIN = "\N{NARROW NO-BREAK SPACE}"
AGAINST = ("rejected", "partly_granted", "dismissed", "revoked")


@dataclass(frozen=True)
class LineDraft:
    """One service as it is about to be decided: granted or rejected in a quantity, from a day."""

    service: str
    granted: bool
    quantity: Number
    valid_from: date | None = None
    valid_to: date | None = None
    reasons: str = ""


@dataclass(frozen=True)
class DecisionDraft:
    """A decision about to be taken. Without `outcome` it follows from the lines (domain: a partial rejection is two)."""

    lines: Sequence[LineDraft] = field(default_factory=tuple)
    outcome: str = ""
    reasons: str = ""
    reservation: str = ""
    goals: str = ""
    interim: bool = False
    follow_up_on: date | None = None
    presented_by: str = ""
    previous: Decision | None = None
    relation: str = ""
    subject: str = ""
    reserved_for: str = ""
    harm_ground: str = ""
    heard: str = ""
    heard_words: str = ""

    @property
    def result(self) -> str:
        """The outcome's code."""
        if self.outcome:
            return self.outcome
        granted = [line.granted for line in self.lines]
        return "granted" if all(granted) else "partly_granted" if any(granted) else "rejected"

    @property
    def against(self) -> bool:
        """Whether it goes against the party in any part."""
        harms = self.harm_ground not in ("", "asked")
        return harms or self.result in AGAINST or any(not line.granted for line in self.lines)

    @property
    def reserved(self) -> str:
        """The reservation in words: on what condition, and what was written about it."""
        condition = dict(RESERVED).get(self.reserved_for, "") if self.reserved_for != "other" else ""
        return ". ".join(filter(None, [condition, self.reservation.strip()]))

    @property
    def period(self) -> tuple[date, date | None] | None:
        """The first day and the last of all granted lines; None if nothing is granted."""
        granted = [line for line in self.lines if line.granted and line.valid_from]
        if not granted:
            return None
        ends = [line.valid_to for line in granted]
        last = None if None in ends else max(day for day in ends if day)
        return min(line.valid_from for line in granted if line.valid_from), last


def appeal_text(board: str, municipality: str) -> str:
    """Return how to appeal, as FL 33 § wants it said in the decision."""
    return (
        f"Du kan överklaga beslutet i den del som går dig emot. Skriv till {board} i {municipality}. "
        "Tala om vilket beslut du överklagar, hur du vill att det ska ändras och varför. "
        f"Överklagandet ställs till förvaltningsrätten men skickas till {board}, och ska ha kommit in dit inom "
        "tre veckor från den dag då du fick del av beslutet. Skriv ditt namn och hur du nås. "
        "Behöver du hjälp att överklaga, hör av dig till din handläggare. "
        "Bestämmelserna finns i 33 och 43–47 §§ förvaltningslagen (2017:900)."
    )


def amount(quantity: Number) -> str:
    """12,5 and 85 000: as a Swede writes it, without idle zeros, thousands apart by a narrow space that never breaks."""
    return f"{quantity.normalize():,f}".replace(",", THIN).replace(".", ",")


def unit_of(quantity: Number, unit: str) -> str:
    """1 timme per månad, 2 timmar per månad; things are counted in "st"."""
    first, space, rest = unit.partition(" ")
    if quantity == 1:
        first = ONE.get(first, first)
    return ONE_OR_MORE.get(unit, first + space + rest)
