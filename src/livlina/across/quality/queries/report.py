"""The disturbance report for the committee: what happened, as care and as IT saw it, whom it hit, what was done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from livlina.across.quality.models import Affected, Incident, Track
from livlina.across.quality.queries.incident import incidents, state_of
from livlina.across.quality.tracks import KINDS
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN
from livlina.core.small import few


@dataclass(frozen=True)
class Told:
    """One event of the report, in numbers and words that name nobody."""

    incident: Incident
    state: str
    lasted: timedelta | None
    care: list[str]
    it: list[str]
    causes: list[str]
    hit: list[tuple[str, str]]
    checked: str
    tracks: list[tuple[str, str]]
    measures: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Report:
    """All events of a period, and what they sum up to."""

    first: date
    last: date
    made_at: datetime
    events: list[Told]

    @property
    def hours(self) -> float:
        """How long the events lasted together, in hours."""
        return round(sum((one.lasted or timedelta()).total_seconds() for one in self.events) / 3600, 1)


def report(actor: Actor, first: date, last: date, now: datetime) -> Report:
    """Return the events that began from `first` to `last` (Swedish days), oldest first. Raises Refused."""
    demand(actor, "incident.report")
    begin = datetime.combine(first, datetime.min.time(), SWEDEN)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), SWEDEN)
    rows = (
        incidents(actor)
        .filter(begun_at__gte=begin, begun_at__lt=end)
        .exclude(entries__kind="dismissed")
        .prefetch_related("entries", "affected", "measures", "tracks__steps")
        .order_by("begun_at")
    )
    return Report(first, last, now, [_told(row) for row in rows])


def _told(incident: Incident) -> Told:
    entries = sorted(incident.entries.all(), key=lambda one: one.at)
    said = {
        side: [one.text for one in entries if one.side == side and one.kind == "told"]
        for side in ("care", "it")
    }
    measured = [one.text for one in entries if one.kind == "measured"]
    hit = list(incident.affected.all())
    left = any(track.closed_at is None for track in incident.tracks.all())
    return Told(
        incident,
        state_of(incident, {one.kind for one in entries}, left),
        incident.ended_at - incident.begun_at if incident.ended_at else None,
        said["care"],
        [*measured, *said["it"]],
        [one.text for one in entries if one.kind == "cause"],
        _numbers(hit),
        few(len({one.person_id for one in hit if one.checked_at})) if hit else "",
        [(KINDS[track.kind].words, _outcome(track)) for track in incident.tracks.all()],
        [
            (one.what, f"{one.due_on:%Y-%m-%d}", _progress(one.done_at, one.effect))
            for one in incident.measures.all()
        ],
    )


def _numbers(hit: Iterable[Affected]) -> list[tuple[str, str]]:
    counted = Counter(one.how for one in hit)
    longest = {how: max((one.minutes or 0 for one in hit if one.how == how), default=0) for how in counted}
    return [
        (words, few(counted[how]) + (f", som längst {longest[how]} minuter" if longest[how] else ""))
        for how, words in Affected.HOW
        if counted[how]
    ]


def _outcome(track: Track) -> str:
    """What became of a track: its last judgement or stage, in the law's words; never its text."""
    words = "under bedömning"
    for step in sorted(track.steps.all(), key=lambda one: one.at):
        if step.kind == "stage":
            stage = KINDS[track.kind].stage(step.stage)
            words = ": ".join(
                [stage.inside, *([dict(stage.outcomes)[step.outcome].lower()] if step.outcome else [])]
            )
        elif step.kind == "judged":
            words = "pågår" if step.outcome == "applies" else "bedömt: gäller inte"
    return words


def _progress(done_at: datetime | None, effect: bool | None) -> str:
    if done_at is None:
        return "inte gjord än"
    return {None: "gjord", True: "gjord, hjälpte", False: "gjord, hjälpte inte"}[effect]
