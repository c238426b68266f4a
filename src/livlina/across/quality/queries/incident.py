"""Events as they are read: the register, and one event with its lines, tracks, measures and whom it hit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from livlina.across.quality.models import Affected, Incident, IncidentEntry, Measure, Track, TrackStep
from livlina.across.quality.tracks import KINDS, Stage, due
from livlina.core.access import Actor, allowed, fetch


@dataclass(frozen=True)
class Line:
    """One stage of a track: what it is, when it is to be done, and whether it is."""

    stage: Stage
    due_at: datetime | None
    done: TrackStep | None

    def late(self, now: datetime) -> bool:
        """Whether it is not done though its moment has passed."""
        return self.done is None and self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class Whole:
    """One event with all that one may see of it."""

    incident: Incident
    entries: list[IncidentEntry]
    tracks: list[tuple[Track, list[Line]]]
    measures: list[Measure]
    affected: dict[str, int]
    """How many were hit, by how: numbers only."""
    unchecked: int

    @property
    def state(self) -> str:
        """`draft`, `dismissed`, `open` or `closed`: closed when it is over, and no track or measure is left."""
        return state_of(self.incident, {entry.kind for entry in self.entries}, self.left)

    @property
    def left(self) -> bool:
        """Whether something about it is still to be done."""
        open_tracks = any(track.closed_at is None for track, _ in self.tracks)
        return open_tracks or any(measure.done_at is None for measure in self.measures) or self.unchecked > 0


def state_of(incident: Incident, kinds: set[str], left: bool) -> str:
    """Return how an event stands, from what has been written about it."""
    if "dismissed" in kinds:
        return "dismissed"
    if "confirmed" not in kinds:
        return "draft"
    return "open" if incident.ended_at is None or left else "closed"


def incidents(actor: Actor) -> QuerySet[Incident]:
    """Return the events `actor` may read, newest first, each as `standing` needs it."""
    found = allowed(actor, "incident.read", Incident.objects.all())
    return with_standing(found).select_related("unit").order_by("-begun_at", "-id")


def with_standing(found: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return the events, each with how it was `judged` and whether something is `left`."""
    judged = IncidentEntry.objects.filter(incident=OuterRef("pk"), kind__in=("confirmed", "dismissed"))
    about = {"incident": OuterRef("pk")}
    return found.annotate(
        judged=Subquery(judged.values("kind")[:1]),
        left=Exists(Track.objects.filter(closed_at=None, **about))
        | Exists(Measure.objects.filter(done_at=None, **about)),
    )


def standing(one: Incident) -> str:
    """How an event fetched `with_standing` stands: as `state_of`."""
    judged = {one.judged} if one.judged else set()  # type: ignore[attr-defined]
    return state_of(one, judged, one.left)  # type: ignore[attr-defined]


def whole(actor: Actor, pk: UUID) -> Whole:
    """Return one event with what `actor` may see of it, in six statements. Raises Refused."""
    incident = fetch(actor, "incident.read", Incident.objects.select_related("unit"), pk=pk)
    steps = Prefetch("steps", TrackStep.objects.order_by("at", "id"))
    tracks = (
        allowed(actor, "track.read", incident.tracks.all())
        .prefetch_related(steps)
        .order_by("opened_at", "id")
    )
    hit = list(incident.affected.values_list("how", "checked_at"))
    words = dict(Affected.HOW)
    return Whole(
        incident,
        list(incident.entries.order_by("at", "written_at")),
        [(track, lines(track, incident)) for track in tracks],
        list(incident.measures.order_by("due_on", "id")),
        {words[how]: sum(one == how for one, _ in hit) for how in words if any(one == how for one, _ in hit)},
        sum(checked is None for _, checked in hit),
    )


def lines(track: Track, incident: Incident) -> list[Line]:
    """Return the stages of a track whose steps are fetched, in the law's order."""
    taken = {step.stage: step for step in track.steps.all() if step.kind == "stage"}
    done = {code: (step.at, step.outcome) for code, step in taken.items()}
    return [
        Line(stage, due(stage, incident.noticed_at, done), taken.get(stage.code))
        for stage in KINDS[track.kind].stages
    ]


def own_units_affected(actor: Actor, incident: Incident) -> QuerySet[Affected]:
    """Return whom of the actor's own unit the event hit, those not looked to first."""
    rows = allowed(actor, "incident.affected", incident.affected.all())
    return rows.order_by("checked_at", "-minutes", "id")
