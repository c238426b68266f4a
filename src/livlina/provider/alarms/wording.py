"""What a record says, in the words of whoever reads it on the desk."""

import re
from collections.abc import Mapping
from typing import Any

DEVICES = {
    2: "Larmenheten", 3: "Larmknapp", 4: "Fast larmknapp", 5: "Fallarm", 6: "Överfallslarm", 7: "Larmknapp",
    10: "Aktivitetslarm", 11: "Medicindosa", 12: "Sänglarm", 13: "Mattlarm", 14: "Dörrlarm", 15: "Vandringslarm",
    16: "Enureslarm", 17: "Epilepsilarm", 18: "Närvarolarm", 19: "Pulslarm", 20: "Miljölarm", 21: "Gaslarm",
    23: "Brandvarnare", 25: "Värmelarm", 26: "Kolmonoxidlarm", 28: "Inbrottslarm", 29: "Gränslarm", 30: "Falldetektor",
    33: "Vattenlarm", 44: "Stollarm", 47: "Brandlarm", 48: "Larmenheten", 51: "Positionslarm",
}  # fmt: skip
"""SCAIP dty."""
STATUSES = {
    6: "utlöst", 9: "automatiskt larm", 10: "tryckt", 11: "varning", 22: "har stått öppen för länge", 67: "fel",
    77: "har varit öppen för länge", 81: "medicinen är inte tagen", 88: "larm efter närvaro", 106: "intrång",
    110: "vill ha hjälp", 119: "rörelse", 126: "temperaturen stiger",
}  # fmt: skip
"""SCAIP stc."""
PLACES = {
    2: "hemma", 3: "borta", 4: "inomhus", 5: "utomhus", 6: "inomhus", 7: "utomhus", 10: "källaren", 11: "badrummet",
    12: "sovrummet", 13: "matrummet", 15: "garaget", 16: "trädgården", 17: "trädgårdens baksida",
    18: "trädgårdens framsida", 21: "köket", 22: "tvättstugan", 25: "trappan", 26: "arbetsrummet", 28: "vinden",
    30: "tillfällig adress", 31: "sommarstugan", 38: "dörren", 39: "ytterdörren", 42: "hallen", 43: "vardagsrummet",
    47: "gemensamt utrymme", 49: "rummet",
}  # fmt: skip
"""SCAIP lco."""
MOST_URGENT = frozenset({5, 6, 17, 19, 21, 23, 25, 26, 30, 47})
"""Devices that sound when somebody lies on the floor, cannot breathe, or is threatened."""
LONG = 10
"""Digits from which a number that begins with no nought has its country's in it."""
MOBILE = re.compile(r"\+46(7\d)(\d{3})(\d\d)(\d\d)")
AT_HOME = PLACES[2]
"""What a button says that knows nothing better: it takes the place of nothing more exact."""
SKILLS = {5: "fall", 30: "fall", 23: "fire", 47: "fire"}
"""Which skill helps most with what a device tells of: whoever has it is asked first."""
VERDICTS = {
    "too_long": "Meddelandet var för långt",
    "invalid": "Meddelandet gick inte att tolka",
    "wrong": "Meddelandet hade fel innehåll",
    "missing": "Uppgifter saknades i meddelandet",
}


def number_of(facts: Mapping[str, Any], name: str) -> int | None:
    """Return a code of the record as a number, or None where it is none: devices write what they like."""
    try:
        return int(str(facts.get(name, "")).strip())
    except ValueError:
        return None


def what(record: Mapping[str, Any]) -> str:
    """Return what the alarm says: `Fallarm, utlöst`."""
    facts = record.get("facts") or {}
    device, status = number_of(facts, "dty"), number_of(facts, "stc")
    parts = [DEVICES.get(device, "Larm") if device is not None else "Larm"]
    if status in STATUSES:
        parts.append(STATUSES[status])
    parts += [str(facts[name]).strip() for name in ("dte", "stt", "ite") if facts.get(name)]
    if record.get("verdict") in VERDICTS:
        parts.append(VERDICTS[str(record["verdict"])].lower())
    return ", ".join(part for part in parts if part)[:120]


def device(record: Mapping[str, Any]) -> str:
    """Return the number of the button or detector: what it calls itself, or the zone of a panel (DC-09)."""
    facts = record.get("facts") or {}
    return str(record.get("device") or facts.get("zone") or "").strip()[:40]


def where(record: Mapping[str, Any]) -> str:
    """Return the place the alarm names: `badrummet`."""
    facts = record.get("facts") or {}
    parts = [PLACES.get(number_of(facts, "lco") or 0, ""), str(facts.get("lte") or "").strip()]
    return ", ".join(part for part in parts if part)[:120]


def call_back(record: Mapping[str, Any]) -> str:
    """Return the number or SIP address to call the unit at, or nothing: some send an empty one."""
    said = (record.get("facts") or {}).get("crd") or ()
    for one in [said] if isinstance(said, str) else said:
        scheme, _, rest = str(one).strip().partition(":")
        if scheme in ("gsm", "tel") and len(rest.strip().lstrip("+")) > 2:
            return _whole(rest.strip())[:256]
        if scheme in ("sip", "sips", "sip-pp") and rest.strip():
            return str(one).strip()[:256]
    return ""


def _whole(number: str) -> str:
    """Return a number that can be dialled: some units leave the plus out before the country's."""
    international = number.isdigit() and len(number) >= LONG and not number.startswith("0")
    return f"+{number}" if international else number


def readable(number: str) -> str:
    """Return a Swedish mobile number as it is read aloud, 070-174 06 05; any other as it is."""
    met = MOBILE.fullmatch(number)
    return f"0{met[1]}-{met[2]} {met[3]} {met[4]}" if met else number


def priority(record: Mapping[str, Any], risk: int) -> int:
    """Return 1 (highest) or 2: what the device tells of, and how much the person can bear."""
    device = number_of(record.get("facts") or {}, "dty")
    return 1 if device in MOST_URGENT or risk >= 3 else 2
