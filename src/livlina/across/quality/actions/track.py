"""Writes about tracks: open, judge whether the law applies, do its stages, hand over, close. The clocks are watches."""

from datetime import datetime

from livlina.across.quality.actions.incident import IncidentRefused
from livlina.across.quality.models import Incident, Track, TrackStep
from livlina.across.quality.tracks import KINDS, Stage, due
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, system
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.registers.watches import actions as watches
from livlina.registers.watches.queries import desk_for

SOURCE = "quality.track"


def open_track(incident: Incident, kind: str, *, by: Actor, now: datetime) -> Track:
    """Open one law's track on the event, owned by whoever opens it; opened twice is once. Raises Refused."""
    demand(by, "incident.judge", incident)
    if by.role not in KINDS[kind].roles:
        raise IncidentRefused(f"{KINDS[kind].words} öppnas av den som ansvarar för det spåret.")
    track, made = Track.objects.get_or_create(
        municipality_id=by.municipality_id,
        incident=incident,
        kind=kind,
        defaults={
            "opened_at": now, "owner_id": by.user_id, "owner_name": by.name, "owner_role": by.role,
            "owner_unit_id": by.unit_id,
        },
    )  # fmt: skip
    if made:
        audit.wrote(by, "track.open", now=now, obj=track)
        _wind(track, now=now)
    return track


def judge_track(track: Track, applies: bool, text: str, *, by: Actor, now: datetime) -> TrackStep:
    """Say whether the law applies; if it does not, the track is closed with its reason. Raises Refused, IncidentRefused."""
    _open(track, by)
    step = _step(track, "judged", text, by=by, now=now, outcome="applies" if applies else "not")
    if not applies:
        _close(track, now=now)
    return step


def take_stage(
    track: Track, stage: str, text: str, *, outcome: str = "", receipt: str = "", by: Actor, now: datetime
) -> TrackStep:
    """Write that a stage of the law is done, with the authority's number if there is one; done twice is done once.

    Raises Refused, IncidentRefused when the stage asks for an outcome, or waits for another.
    """
    _open(track, by)
    what = KINDS[track.kind].stage(stage)
    before = track.steps.filter(kind="stage", stage=stage).first()
    if before:
        return before
    if what.outcomes and outcome not in dict(what.outcomes):
        raise IncidentRefused("Välj vad utredningen kom fram till.")
    if due(what, track.incident.noticed_at, done(track)) is None:
        first = KINDS[track.kind].stage(what.after).inside
        raise IncidentRefused(f"Det steget blir aktuellt först när spåret är {first}.")
    step = _step(track, "stage", text, by=by, now=now, stage=stage, outcome=outcome, receipt=receipt)
    _wind(track, now=now)
    outbox.announce("track.stage_taken", track, now=now)
    return step


def give_track(track: Track, to: Assignment, text: str, *, by: Actor, now: datetime) -> TrackStep:
    """Hand the track to a colleague who may own it. Raises Refused, IncidentRefused."""
    _open(track, by)
    held = Assignment.objects.filter(pk=to.pk).valid(day_of(now)).exists()
    if not held or to.role not in KINDS[track.kind].roles:
        raise IncidentRefused("Den personen kan inte ansvara för spåret.")
    track.owner_id, track.owner_name = to.user_id, to.user.name
    track.owner_role, track.owner_unit_id = to.role, to.unit_id
    track.save(update_fields=["owner_id", "owner_name", "owner_role", "owner_unit"])
    step = _step(track, "given", text or f"Lämnat till {to.user.name}.", by=by, now=now)
    _unwind(track, now=now)
    _wind(track, now=now)
    return step


def note_on_track(track: Track, text: str, *, by: Actor, now: datetime) -> TrackStep:
    """Write a note on the track. Raises Refused, IncidentRefused."""
    _open(track, by)
    return _step(track, "note", text, by=by, now=now)


def close_track(track: Track, text: str, *, by: Actor, now: datetime) -> TrackStep:
    """End the track. Raises Refused, and IncidentRefused while a stage the law asks for is not done."""
    _open(track, by)
    left = [stage.inside for stage in waiting(track)]
    if left:
        raise IncidentRefused(f"Kvar att göra: {', '.join(left)}.")
    step = _step(track, "closed", text, by=by, now=now)
    _close(track, now=now)
    return step


def done(track: Track) -> dict[str, tuple[datetime, str]]:
    """The stages that are done, each with its moment and outcome."""
    rows = track.steps.filter(kind="stage").values_list("stage", "at", "outcome")
    return {stage: (at, outcome) for stage, at, outcome in rows}


def waiting(track: Track) -> list[Stage]:
    """The stages that the law asks for now and nobody has done, in its order."""
    so_far = done(track)
    return [
        stage
        for stage in KINDS[track.kind].stages
        if stage.code not in so_far and due(stage, track.incident.noticed_at, so_far) is not None
    ]


def _open(track: Track, by: Actor) -> None:
    demand(by, "track.work", track)
    if track.closed_at is not None:
        raise IncidentRefused("Spåret är redan avslutat.")


def _close(track: Track, *, now: datetime) -> None:
    track.closed_at = now
    track.save(update_fields=["closed_at"])
    _unwind(track, now=now)


def _wind(track: Track, *, now: datetime) -> None:
    """Let a watch guard each stage that is to be done, and end those of what is done."""
    house = system(track.municipality_id)
    owner = desk_for(track.owner_role, track.owner_unit_id, track.owner_id, day_of(now))
    so_far = done(track)
    for stage in KINDS[track.kind].stages:
        code = watch_type(track.kind, stage.code)
        moment = due(stage, track.incident.noticed_at, so_far)
        if stage.code in so_far:
            watches.close_for((SOURCE, track.pk), types=(code,), why="track.stage_taken", by=house, now=now)
        elif moment is not None:
            watches.raise_watch(code, (SOURCE, track.pk), owner=owner, due_at=moment, by=house, now=now)


def _unwind(track: Track, *, now: datetime) -> None:
    watches.close_for((SOURCE, track.pk), why="track.closed", by=system(track.municipality_id), now=now)


def watch_type(kind: str, stage: str) -> str:
    """The kind of watch that guards a stage; declared in jobs.py."""
    return f"quality.{kind}_{stage}"


def _step(track: Track, kind: str, text: str, *, by: Actor, now: datetime, **more: str) -> TrackStep:
    if not text.strip():
        raise IncidentRefused("Skriv en motivering.")
    made = TrackStep.objects.create(
        municipality_id=track.municipality_id, track=track, kind=kind, at=now, user_id=by.user_id, user_name=by.name,
        text=text.strip(), **more,
    )  # fmt: skip
    audit.wrote(by, "track.work", now=now, obj=track, detail={"kind": kind})
    return made
