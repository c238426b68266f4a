"""How moments, spans and records are told to staff, in Swedish."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from livlina.alarmd import codes
from livlina.alarmd.record import Record

ZONE = ZoneInfo("Europe/Stockholm")
KINDS = {"alarm": "Larm", "unreadable": "Larm som inte gick att läsa"}
OUTCOMES = {
    "helped_by_phone": "Hjälp på telefon",
    "helped_by_visit": "Hjälp på plats",
    "emergency": "112 tillkallades",
    "relative": "Anhörig hjälpte till",
    "by_mistake": "Tryckt av misstag",
    "test": "Provlarm",
    "technical": "Tekniskt fel",
    "not_found": "Personen hittades inte",
}
"""The main system's own codes of how an alarm ended."""
STATES = {
    "told": "Kallad",
    "shown": "Visat",
    "accepted": "Mottaget",
    "on_way": "På väg",
    "on_site": "På plats",
    "noted": "Anteckning",
    "closed": "Avslutat",
}


def moment(wall: float) -> datetime:
    """Return wall seconds as local time."""
    return datetime.fromtimestamp(wall, ZONE)


def clock(wall: float, seconds: bool = False) -> str:
    """Return `03.12`, or `03.12.44`."""
    return f"{moment(wall):%H.%M.%S}" if seconds else f"{moment(wall):%H.%M}"


def day_and_clock(wall: float, now: float) -> str:
    """Return the time of day, with the date when that is another day."""
    then = moment(wall)
    if then.date() == moment(now).date():
        return clock(wall)
    return f"{then.day}/{then.month} kl. {clock(wall)}"


def span(seconds: float) -> str:
    """Return how long something has lasted: `45 s`, `12 min`, `3 h 5 min`, `2 dygn`."""
    seconds = max(0, int(seconds))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    if seconds < 172800:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"{seconds // 86400} dygn"


def what(record: Record) -> str:
    """Return what the unit said: which kind of device, which button, what had happened, and its own words."""
    facts = record.facts
    said = [
        codes.DEVICE_TYPES.get(facts.get("dty"), ""),  # type: ignore[arg-type]
        codes.component(facts.get("dco")),
        codes.STATUSES.get(facts.get("stc"), ""),  # type: ignore[arg-type]
        *(str(facts.get(name) or "") for name in ("dte", "stt", "ite")),
    ]
    return ", ".join(dict.fromkeys(part for part in said if part)) or KINDS.get(record.kind, "Larm")


def place(record: Record) -> str:
    """Return where in the home the unit says it is, if it does."""
    facts = record.facts
    named = codes.LOCATIONS.get(facts.get("lco"), "")  # type: ignore[arg-type]
    return ", ".join(part for part in (named, str(facts.get("lte") or "")) if part)
