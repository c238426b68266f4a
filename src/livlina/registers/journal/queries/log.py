"""How far a municipality's log has come, and who outside has seen it. Nothing here tells of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livlina.registers.journal.log import store, witnesses
from livlina.registers.journal.log.tables import Log, LogCheckpoint, LogWitness
from livlina.registers.journal.log.verify import Places, verify_places


@dataclass(frozen=True)
class Seen:
    """One witness: what it is called, how much of the log it has cosigned and when, and what is wrong, in Swedish."""

    name: str
    size: int
    at: datetime | None
    wrong: str
    refused: bool = False
    """It has seen another history than ours; not that it is silent."""


@dataclass(frozen=True)
class LogState:
    """The log as it stands: how many entries, the newest signed checkpoint, the witnesses."""

    size: int
    signed: int
    signed_at: datetime | None
    witnesses: list[Seen]

    @property
    def cosigned(self) -> int:
        """How many entries some witness outside has seen."""
        return max((one.size for one in self.witnesses), default=0)

    @property
    def cosigned_at(self) -> datetime | None:
        """When a witness last cosigned."""
        return max((one.at for one in self.witnesses if one.at), default=None)


def log_state(municipality_id: int, now: datetime) -> LogState | None:
    """Return how the municipality's log stands, or None before the first entry has its place."""
    log = store.current(municipality_id)
    if log is None:
        return None
    newest = LogCheckpoint.objects.filter(municipality_id=municipality_id, log=log).order_by("-size").first()
    states = {row.witness: row for row in LogWitness.objects.filter(municipality_id=municipality_id, log=log)}
    longest = witnesses.silence(municipality_id)
    seen = []
    for witness in witnesses.configured():
        state = states.get(witness.key.name)
        wrong = witnesses.REFUSALS.get(state.refused_why, "") if state else ""
        refused = bool(wrong)
        if not refused and now - ((state and state.seen_at) or log.begun_at) > longest:
            wrong = "Vittnet svarar inte."
        seen.append(
            Seen(witness.name, state.size if state else 0, state.seen_at if state else None, wrong, refused)
        )
    return LogState(store.size_of(log), newest.size if newest else 0, newest.at if newest else None, seen)


def places_of(municipality_id: int, person_id: UUID, compartments: Sequence[int]) -> Places:
    """Compare a person's entries in these books with their places in the log."""
    log = store.current(municipality_id)
    return verify_places(log, person_id, compartments) if log else Places()


def witness_words(municipality_id: int, now: datetime) -> str:
    """Return what is wrong with the witnesses, in a sentence for everyone, or nothing."""
    state = log_state(municipality_id, now)
    wrong = [one for one in state.witnesses if one.wrong] if state else []
    return f"{wrong[0].name}: {wrong[0].wrong}" if wrong else ""


def current_log(municipality_id: int) -> Log | None:
    """Return the log that goes on, if one has begun."""
    return store.current(municipality_id)


def gaps_of(log: Log) -> int:
    """Return how many entries of the log are destroyed by law."""
    return log.gaps.count()
