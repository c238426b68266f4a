"""Reads the bank's answers: pain.002 (accepted or rejected) and camt.054 (booked). Plain Python: bytes in, rows out."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

LARGEST = 20_000_000
ACCEPTED, REJECTED, BOOKED, UNKNOWN = "accepted", "rejected", "booked", "unknown"
PAIN_STATES = {
    "RJCT": REJECTED, "ACSC": BOOKED, "ACCC": BOOKED, "ACCP": ACCEPTED, "ACTC": ACCEPTED, "ACSP": ACCEPTED,
    "ACWC": ACCEPTED, "PDNG": ACCEPTED, "RCVD": ACCEPTED,
}  # fmt: skip
REASONS = {
    "AC01": "Kontonumret är fel", "AC04": "Kontot är avslutat", "AC06": "Kontot är spärrat",
    "AM05": "Betalningen är redan gjord", "BE04": "Mottagarens adress saknas", "NARR": "Se bankens meddelande",
}  # fmt: skip


class AnswerUnreadable(Exception):
    """Filen går inte att läsa; texten säger varför."""


@dataclass(frozen=True)
class AnswerRow:
    """What the bank says of one row: its reference, how it stands, kronor if given, and why not."""

    reference: str
    status: str
    amount: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """A file from the bank: its kind, which of our files it answers (if it says so), its rows, and a fault of the whole."""

    kind: str
    about: str
    rows: tuple[AnswerRow, ...]
    whole: str = ""
    reason: str = ""


def read_answer(content: bytes) -> Answer:
    """Return what the bank answers. Raises AnswerUnreadable, in Swedish."""
    if len(content) > LARGEST:
        raise AnswerUnreadable("Filen är för stor.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise AnswerUnreadable("Filen innehåller annat än en betalningsrapport.")
    try:
        root = ET.fromstring(content)  # noqa: S314 - no document type, no entities: refused above
    except ET.ParseError:
        raise AnswerUnreadable("Filen är inte en hel xml-fil. Hämta den på nytt från banken.") from None
    for element in root.iter():
        element.tag = re.sub(r"^\{[^}]*\}", "", element.tag)
    if (report := root.find("CstmrPmtStsRpt")) is not None:
        return _pain_002(report)
    if (notice := root.find("BkToCstmrDbtCdtNtfctn")) is not None:
        return _camt_054(notice)
    raise AnswerUnreadable("Filen är varken pain.002 eller camt.054.")


def _pain_002(report: ET.Element) -> Answer:
    group = report.find("OrgnlGrpInfAndSts")
    about = _text(group, "OrgnlMsgId")
    whole = PAIN_STATES.get(_text(group, "GrpSts"), "")
    rows = tuple(
        AnswerRow(
            _text(one, "OrgnlEndToEndId"),
            PAIN_STATES.get(_text(one, "TxSts"), UNKNOWN),
            _amount(_text(one, "OrgnlTxRef/Amt/InstdAmt")),
            _reason(one),
        )
        for one in report.iter("TxInfAndSts")
    )
    return Answer("pain.002", about, rows, whole, _reason(group) if group is not None else "")


def _camt_054(notice: ET.Element) -> Answer:
    rows = []
    for entry in notice.iter("Ntry"):
        booked = _text(entry, "Sts") in ("BOOK", "") or _text(entry, "Sts/Cd") == "BOOK"
        returned = _text(entry, "CdtDbtInd") == "CRDT"  # money back to us: the transfer was returned
        for one in entry.iter("TxDtls"):
            amount = _text(one, "AmtDtls/TxAmt/Amt") or _text(one, "Amt")
            status = REJECTED if returned else BOOKED if booked else ACCEPTED
            rows.append(
                AnswerRow(_text(one, "Refs/EndToEndId"), status, _amount(amount), _text(one, "RtrInf/Rsn/Cd"))
            )
    return Answer("camt.054", "", tuple(rows))


def _reason(one: ET.Element) -> str:
    code = _text(one, "StsRsnInf/Rsn/Cd") or _text(one, "StsRsnInf/Rsn/Prtry")
    words = REASONS.get(code, code)
    more = _text(one, "StsRsnInf/AddtlInf")
    return ". ".join(filter(None, [words, more]))[:160]


def _text(parent: ET.Element | None, path: str) -> str:
    return (parent.findtext(path) or "").strip() if parent is not None else ""


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
