"""The lengths a municipality may set for itself: the default, its own now and to come, and who changed what."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from livlina.authority.cases.actions.lengths import settings_in_use
from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.process import Setting
from livlina.authority.cases.models import OwnLength
from livlina.authority.cases.processes import own_lengths
from livlina.authority.cases.queries.workshop import words
from livlina.core.access import Actor, demand
from livlina.core.calendar import Length
from livlina.core.clock import day_of


@dataclass(frozen=True)
class LengthRow:
    """One length: what it is called, what holds, and where it is used."""

    name: str
    label: str
    default: str
    own: str
    used_by: list[str]
    history: list[OwnLength]
    source: str = ""
    verify: bool = False
    statute: bool = False

    @property
    def now(self) -> str:
        """What holds today."""
        return self.own or self.default

    def said(self, row: OwnLength) -> str:
        """A change in words."""
        return words.length(Length.parse(row.length)) if row.length else f"{self.default} (förvalet)"

    @property
    def changes(self) -> list[tuple[OwnLength, str]]:
        """Every change with its words, the newest first."""
        return [(row, self.said(row)) for row in self.history]


def lengths(actor: Actor, now: datetime) -> list[LengthRow]:
    """Return every length a municipality may set, by label. Three statements at most."""
    demand(actor, "cases.processes")
    today = day_of(now)
    own = own_lengths(actor.municipality_id, today)
    history: dict[str, list[OwnLength]] = {}
    rows = OwnLength.objects.filter(municipality_id=actor.municipality_id)
    for row in rows.order_by("-valid_from", "-at"):
        history.setdefault(row.setting, []).append(row)
    found = [
        LengthRow(
            name=name,
            label=setting.label,
            default=words.length(setting.on(today)),
            own=words.length(own[name]) if name in own and not setting.statute else "",
            used_by=_users(name),
            history=history.get(name, []),
            statute=setting.statute,
            **_origin(setting),
        )
        for name, setting in settings_in_use().items()
    ]
    return sorted(found, key=lambda row: row.label)


def _origin(setting: Setting) -> dict[str, Any]:
    """Where the default comes from as its file says, and whether that is still to be confirmed."""
    rows = _rows(load().root / setting.at.file)[setting.name]["values"]
    return {"source": rows[-1].get("source", ""), "verify": any(row.get("verify") for row in rows)}


@cache
def _rows(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["settings"]


def _users(name: str) -> list[str]:
    """Where the length is used: “Hemtjänst: Beslut inom handläggningstiden”."""
    found = []
    for process in load().all():
        for rule in process.deadlines:
            if isinstance(rule.length, Setting) and rule.length.name == name:
                found.append(f"{process.label}: {rule.label}")
    return list(dict.fromkeys(found))
