"""The lengths a municipality may set for itself: the default, its own now and to come, and who changed what."""

from dataclasses import dataclass
from datetime import datetime

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
            own=words.length(own[name]) if name in own else "",
            used_by=_users(name),
            history=history.get(name, []),
        )
        for name, setting in settings_in_use().items()
    ]
    return sorted(found, key=lambda row: row.label)


def _users(name: str) -> list[str]:
    """Where the length is used: “Hemtjänst: Beslut inom handläggningstiden”."""
    found = []
    for process in load().all():
        for rule in process.deadlines:
            if isinstance(rule.length, Setting) and rule.length.name == name:
                found.append(f"{process.label}: {rule.label}")
    return list(dict.fromkeys(found))
