"""The page of one track: the law's stages with their clocks, what has been written, and the next step."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from livlina.across.quality import actions
from livlina.across.quality.forms import WorkForm
from livlina.across.quality.models import Track, TrackStep
from livlina.across.quality.queries.incident import Line, lines
from livlina.across.quality.tracks import KINDS
from livlina.across.quality.views.incidents import layout, url
from livlina.core import audit
from livlina.core.access import fetch, may
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.core.views import Request, page


@page("staff", "track.read")
def track(request: Request, track_id: UUID) -> HttpResponse:
    """Show one track and take its next step."""
    found = fetch(request.actor, "track.read", Track.objects.select_related("incident"), pk=track_id)
    stages = lines(found, found.incident)
    form = _form(request, found, stages)
    if request.method == "POST" and form and form.is_valid():
        try:
            _take(request, found, form.cleaned_data)
            return HttpResponseRedirect(request.path)
        except actions.IncidentRefused as refusal:
            form.add_error(None, str(refusal))
    audit.read(request.actor, "track.read", now=request.now, obj=found)
    facts = {
        "track": found,
        "kind": KINDS[found.kind],
        "lines": [(line, line.late(request.now)) for line in stages],
        "steps": [(step, _words(found, step)) for step in found.steps.order_by("at", "id")],
        "form": form,
        "layout": layout(request),
        "incident_url": url(request, "incident", found.incident_id),
    }
    return render(request, "quality/track.html", facts, status=422 if request.method == "POST" else 200)


def _form(request: Request, found: Track, stages: list[Line]) -> WorkForm | None:
    if found.closed_at is not None or not may(request.actor, "track.work", found):
        return None
    waiting = [line.stage for line in stages if line.done is None and line.due_at is not None]
    return WorkForm(
        request.POST or None,
        stages=[(stage.code, f"Gjort: {stage.inside}") for stage in waiting],
        outcomes=[outcome for stage in waiting for outcome in stage.outcomes],
        heirs=_heirs(request, found),
    )


def _heirs(request: Request, found: Track) -> list[tuple[str, str]]:
    """Those who may own the track instead."""
    held = Assignment.objects.filter(role__in=KINDS[found.kind].roles).exclude(user_id=found.owner_id)
    rows = held.valid(day_of(request.now)).select_related("user", "unit").order_by("user__name", "id")
    return [(str(one.pk), f"{one.user.name}, {one.title}, {one.unit.name}") for one in rows]


def _take(request: Request, found: Track, said: dict[str, Any]) -> None:
    by, now, text, step = request.actor, request.now, said["text"], said["step"]
    if step in ("applies", "not"):
        actions.judge_track(found, step == "applies", text, by=by, now=now)
    elif step == "given":
        to = Assignment.objects.select_related("user").get(pk=said["to"])
        actions.give_track(found, to, text, by=by, now=now)
    elif step == "note":
        actions.note_on_track(found, text, by=by, now=now)
    elif step == "closed":
        actions.close_track(found, text, by=by, now=now)
    else:
        outcome = said.get("outcome", "") if KINDS[found.kind].stage(step).outcomes else ""
        actions.take_stage(found, step, text, outcome=outcome, receipt=said["receipt"], by=by, now=now)


def _words(found: Track, step: TrackStep) -> str:
    """What a step was, in the law's words."""
    if step.kind == "judged":
        return "Lagen gäller" if step.outcome == "applies" else "Lagen gäller inte"
    if step.kind != "stage":
        return step.get_kind_display()
    stage = KINDS[found.kind].stage(step.stage)
    return ": ".join([stage.words, *([dict(stage.outcomes)[step.outcome]] if step.outcome else [])])
