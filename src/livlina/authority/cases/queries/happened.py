"""A case's timeline by kind: steps, decisions, responsibility, appeals, and the rest."""

from dataclasses import dataclass

from livlina.authority.cases.engine import Process
from livlina.authority.cases.engine.process import MAIN
from livlina.authority.cases.models import CaseEvent

KINDS = {
    "steps": "Steg",
    "decisions": "Beslut",
    "responsibility": "Ansvar",
    "appeals": "Vid sidan av",
    "other": "Övrigt",
}
RESPONSIBILITY = ("assign", "reassign", "hand_over")


@dataclass(frozen=True)
class Told:
    """The events that are wanted, how many there are of each kind, and who has done something."""

    events: list[CaseEvent]
    counts: dict[str, int]
    people: list[tuple[int, str]]


def kind_of(event: CaseEvent, process: Process) -> str:
    """Return which kind of thing an event is."""
    if event.step in RESPONSIBILITY:
        return "responsibility"
    if event.flow != MAIN:
        return "appeals"
    step = next((one for one in process.steps if one.name == event.step), None)
    if step is None:
        return "other"
    return "decisions" if any(effect.name.startswith("record_") for effect in step.effects) else "steps"


def told(events: list[CaseEvent], process: Process, *, kind: str = "", who: str = "") -> Told:
    """Return the events of a kind and by a user's id (0: the system), the newest first; without a wish all."""
    kinds = {event.pk: kind_of(event, process) for event in events}
    counts = {code: list(kinds.values()).count(code) for code in KINDS}
    wanted = [
        event
        for event in events
        if (kind not in KINDS or kinds[event.pk] == kind) and (not who or str(event.by_user_id or 0) == who)
    ]
    people = {event.by_user_id or 0: event.by_name for event in reversed(events)}
    return Told(wanted, counts, sorted(people.items(), key=lambda pair: pair[1]))
