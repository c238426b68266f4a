"""Writes pain.001.001.03: a file of credit transfers. Plain Python; amounts exact; what is written is what was approved.

Swedish accounts are written as BBAN (clearing and account) or as bankgiro and plusgiro, as the banks' common
Swedish guide asks. The message to the payee is `RmtInf/Ustrd`; the row's own reference is `EndToEndId`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
SCHEMES = {"bank_account": ("Cd", "BBAN"), "bankgiro": ("Prtry", "BGNR"), "plusgiro": ("Cd", "BBAN")}


@dataclass(frozen=True)
class Transfer:
    """One row: the payment's reference, whom, where, and how much."""

    reference: str
    payee: str
    account_kind: str
    account: str
    amount: Decimal
    message: str = ""


def pain_001(
    transfers: Sequence[Transfer],
    *,
    message_id: str,
    payer: str,
    payer_account: str,
    made_at: datetime,
    pay_on: date,
) -> str:
    """Return the file as text. Raises ValueError without rows or with a reference used twice."""
    if not transfers:
        raise ValueError("A file has at least one row.")
    if len({row.reference for row in transfers}) != len(transfers):
        raise ValueError("A reference stands once in a file.")
    total = f"{sum((row.amount for row in transfers), Decimal(0)):.2f}"
    root = ET.Element("Document", {"xmlns": NAMESPACE})
    whole = ET.SubElement(root, "CstmrCdtTrfInitn")
    head = ET.SubElement(whole, "GrpHdr")
    _leaf(head, "MsgId", message_id)
    _leaf(head, "CreDtTm", made_at.isoformat(timespec="seconds"))
    _leaf(head, "NbOfTxs", str(len(transfers)))
    _leaf(head, "CtrlSum", total)
    _leaf(head, "InitgPty/Nm", payer)
    part = ET.SubElement(whole, "PmtInf")
    for name, text in (
        ("PmtInfId", message_id), ("PmtMtd", "TRF"), ("NbOfTxs", str(len(transfers))), ("CtrlSum", total),
        ("ReqdExctnDt", pay_on.isoformat()), ("Dbtr/Nm", payer), ("DbtrAcct/Id/Othr/Id", payer_account),
        ("DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED"),
    ):  # fmt: skip
        _leaf(part, name, text)
    for row in transfers:
        _transfer(part, row)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _transfer(part: ET.Element, row: Transfer) -> None:
    kind, scheme = SCHEMES[row.account_kind]
    one = ET.SubElement(part, "CdtTrfTxInf")
    _leaf(one, "PmtId/EndToEndId", row.reference)
    amount = ET.SubElement(ET.SubElement(one, "Amt"), "InstdAmt", {"Ccy": "SEK"})
    amount.text = f"{row.amount:.2f}"
    if row.account_kind == "plusgiro":
        _leaf(one, "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", "9500")
    _leaf(one, "Cdtr/Nm", row.payee)
    account = ET.SubElement(ET.SubElement(ET.SubElement(one, "CdtrAcct"), "Id"), "Othr")
    _leaf(account, "Id", row.account)
    _leaf(account, f"SchmeNm/{kind}", scheme)
    if row.message:
        _leaf(one, "RmtInf/Ustrd", row.message)


def _leaf(parent: ET.Element, path: str, text: str) -> None:
    """Write one text below a path of elements made on the way."""
    for name in path.split("/"):
        parent = ET.SubElement(parent, name)
    parent.text = text
