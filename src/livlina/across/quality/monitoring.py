"""What the monitoring tells, as drafts with measured times: functions that stand still, and masses of silent alarms.

The status process measures from outside and writes one file (`livlina/status`); the file is read here, so that an event
is found also when it was the database that stood still: the draft is made when it is back, with the times that were.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from livlina.across.quality.actions.incident import Told, entry, register_incident
from livlina.across.quality.models import Incident
from livlina.core.access import Actor
from livlina.core.clock import local
from livlina.provider.alarms.models import Silence
from livlina.status.levels import WHY

LONG_ENOUGH = timedelta(minutes=5)
"""How long a function stands still before it is an event."""
MUCH_SHED = 2
"""From this level on more than calm work is turned away (`livlina/status/levels.py`): an event at once."""
TOGETHER = timedelta(minutes=30)
"""What falls within so long of an event's beginning belongs to it."""
WORDS = {
    "web": "Livlinas sidor", "sign_in": "Inloggningen", "staff_idp": "Kommunens inloggning", "journal": "Journalen",
    "alarms": "Trygghetslarmen", "doors": "De digitala låsen", "packs": "Reservpaketen", "shadow": "Reserven för läsning",
    "backups": "Säkerhetskopiorna", "restore_test": "Återläsningsprovet", "cluster": "Databasens reserv", "room": "Utrymmet",
}  # fmt: skip
_EVENTS = UUID("5f6a1f36-0f9a-4a0c-9a29-6d94a5f0a9a1")


def hear(state: Path, *, by: Actor, now: datetime) -> int:
    """Read the status file; draft, add to and end events. Return how many lines were written."""
    functions = _read(state)
    written = 0
    for name, since in sorted(_down(functions, now), key=lambda one: one[1]):
        written += _stands_still(name, since, functions[name].get("words") or "", by=by, now=now)
    for one in Incident.objects.filter(source="monitoring", ended_at=None).exclude(functions=[]):
        written += _over(one, functions, by=by, now=now)
    return written


def draft_silence(silence: Silence, *, by: Actor, now: datetime) -> Incident:
    """Draft the event of a mass silence, with its measured numbers and probable cause; drafted twice is once."""
    told = Told(
        silence.pk,
        f"{silence.silent} av {silence.known} larm tysta samtidigt",
        f"{silence.cause} Krisplanen är öppnad: alla berörda rings upp eller besöks.",
        silence.began_at, silence.noticed_at, source="monitoring", functions=("alarms",),
    )  # fmt: skip
    return register_incident(told, by=by, now=now)


def _read(state: Path) -> dict[str, dict[str, Any]]:
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads((state / "status" / "status.json").read_text(encoding="utf-8"))
        functions = {
            name: one for name, one in said["functions"].items() if name in WORDS and isinstance(one, dict)
        }
        if "level" in said:
            functions["room"] = {
                "works": int(said["level"]) < MUCH_SHED,
                "since": said["at"],
                "words": WHY.get(said.get("why", ""), ""),
            }
        return functions
    return {}


def _down(functions: dict[str, dict[str, Any]], now: datetime) -> list[tuple[str, datetime]]:
    found = []
    for name, one in functions.items():
        with suppress(ValueError, KeyError, TypeError):
            since = datetime.fromisoformat(one["since"])
            if one["works"] is False and (name == "room" or now - since >= LONG_ENOUGH):
                found.append((name, since))
    return found


def _stands_still(name: str, since: datetime, why: str, *, by: Actor, now: datetime) -> int:
    """One function: its own event, or a line of the event it belongs to."""
    still = Incident.objects.filter(source="monitoring", ended_at=None)
    if still.filter(functions__contains=[name]).exists():
        return 0
    near = still.filter(begun_at__lte=since, begun_at__gte=since - TOGETHER).exclude(functions=[])
    belongs = near.order_by("begun_at").first()
    words = WORDS[name]
    if belongs is None:
        key = uuid5(_EVENTS, f"{by.municipality_id}:{name}:{since.isoformat()}")
        if Incident.objects.filter(client_id=key).exists():
            return 0
        what = f"{words} har inte svarat sedan {_clock(since)}. Mätt utifrån."
        if name == "room":
            words, what = (
                why or "Utrymmet höll på att ta slut",
                f"Sedan {_clock(since)} får annat än vård vänta.",
            )
        else:
            words = f"{words} stod stilla"
        told = Told(key, words, what, since, since, source="monitoring", functions=(name,))
        register_incident(told, by=by, now=now)
        return 1
    if belongs.entries.filter(kind="measured", text__startswith=f"{words}: ").exists():
        return 0
    text = (
        f"{words}: stod stilla från {_clock(since)}." if name != "room" else f"{words}: höll på att ta slut."
    )
    entry(belongs, "measured", text, at=since, by=by, now=now)
    return 1


def _over(one: Incident, functions: dict[str, dict[str, Any]], *, by: Actor, now: datetime) -> int:
    """End an event when all that it names works again, at the moment the last of it did."""
    named = [functions[name] for name in one.functions if name in functions]
    if len(named) < len(one.functions) or not all(part.get("works") is True for part in named):
        return 0
    since = [datetime.fromisoformat(part["since"]) for part in named]
    ended = min(max([*since, one.begun_at]), now)
    one.ended_at = ended
    one.save(update_fields=["ended_at"])
    entry(one, "ended", f"Mätt utifrån: allt svarar igen sedan {_clock(ended)}.", at=ended, by=by, now=now)
    return 1


def _clock(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H.%M}"
