"""The provider's pages when many are silent: how things stand, the call round, the list on paper, the report."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.access import Refused, may
from livlina.core.models import Municipality, Unit
from livlina.core.paper import pdf
from livlina.core.views import Request, page
from livlina.provider.alarms import paper
from livlina.provider.alarms.actions import crisis as actions
from livlina.provider.alarms.forms_crisis import HandOverForm, OpenForm
from livlina.provider.alarms.models import CallEntry, CallRound
from livlina.provider.alarms.queries import crisis as queries
from livlina.provider.alarms.queries.ringing import Call
from livlina.provider.alarms.queries.supervision import listening, pulses
from livlina.provider.alarms.views.trying import attempt, offset_of

_attempt = partial(attempt, refusal=actions.RoundRefused)

PRESSES = (
    ("ok", "Mår bra"), ("no_answer", "Svarar inte"), ("visited", "Besökt"), ("emergency", "112 tillkallades"),
)  # fmt: skip


@page("provider", "alarms.units")
def state(request: Request) -> HttpResponse:
    """How the receivers are, what is silent, which rounds go on."""
    silent = queries.silent_units(request.actor, request.now)
    if silent:
        persons = [str(call.unit.person_id) for call in silent]
        audit.read(request.actor, "alarms.units", now=request.now, detail={"persons": persons})
    return render(request, "alarms/crisis_state.html", _state(request) | {"silent": silent})


@page("provider", "alarms.units")
def state_piece(request: Request) -> HttpResponse:
    """The same as a piece that is fetched anew, without names: no reading of anyone each five seconds."""
    return render(request, "alarms/crisis_state_piece.html", _state(request))


@page("provider", "alarms.units")
def receiver(request: Request, pk: UUID) -> HttpResponse:
    """Where a watch about a receiver leads."""
    return redirect("alarms_provider:state")


@page("provider", "alarms.crisis")
def rounds(request: Request) -> HttpResponse:
    """The rounds of the team, and the list on paper."""
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=request.actor.municipality_id)
    made = paper.last(slug, request.actor.unit_name)
    context = {
        "rounds": queries.rounds(request.actor),
        "made": made,
        "opens": may(request.actor, "alarms.open_round"),
    }
    return render(request, "alarms/rounds.html", context)


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.open_round", once=True)
def open_round(request: Request) -> HttpResponse:
    """Open the crisis plan by hand."""
    form = OpenForm(request.POST or None, choices=queries.choices_of_whom(request.actor))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        units = queries.concerned(request.actor, said["whom"])
        try:
            made = actions.open_round(units, said["reason"], by=request.actor, now=request.now)
            return redirect("alarms_provider:round", made.pk)
        except actions.RoundRefused as refusal:
            form.add_error(None, str(refusal))
    again = request.method == "POST"
    return render(
        request, "alarms/round_new.html", {"form": form, "has_errors": again}, status=422 if again else 200
    )


@page("provider", "alarms.crisis")
def round(request: Request, pk: UUID) -> HttpResponse:
    """The team's list: whom to ring, in which order, with one press for how it went."""
    return _round(request, queries.round(request.actor, pk))


@page("provider", "alarms.crisis")
def progress(request: Request, pk: UUID) -> HttpResponse:
    """How far every team has come, fetched anew."""
    return render(request, "alarms/round_progress.html", _progress(queries.round(request.actor, pk)))


@require_http_methods(["GET", "POST"])
@page("provider", "alarms.call")
def entry(request: Request, pk: UUID) -> HttpResponse:
    """One person of a round, with every try. A protected person is opened by a press of its own, which is recorded."""
    found = queries.entry(request.actor, pk)
    opened = request.method == "POST" and found.person.is_protected
    call = queries.call_of(request.actor, found, request.now, opened=opened)
    audit.read(
        request.actor, "alarms.call", now=request.now, obj=found, person_id=found.person_id,
        review="protected" if found.person.is_protected and call.numbers else "",
    )  # fmt: skip
    context = {"call": call, "entry": found, "tries": queries.attempts(found), "presses": PRESSES}
    return render(request, "alarms/round_entry.html", context)


@require_POST
@page("provider", "alarms.call", once=True)
def press(request: Request, pk: UUID) -> HttpResponse:
    """Write down how a try went."""
    found = queries.entry(request.actor, pk)
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    try:
        done = actions.press(found, state, seen=_seen(request), note=note, by=request.actor, now=request.now)
    except actions.RoundRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("alarms_provider:entry", pk)
    if done.overtaken:
        messages.warning(request, _overtaken(done.entry))
    else:
        messages.success(request, f"{done.entry.get_state_display()}. Sparat.")
    return redirect("alarms_provider:round", found.round_id)


@require_POST
@page("provider", "alarms.crisis", once=True)
def hand_over(request: Request, pk: UUID) -> HttpResponse:
    """Sign the line to the next shift."""
    found, form = queries.round(request.actor, pk), HandOverForm(request.POST, prefix="shift")
    if not form.is_valid():
        return _round(request, found, form)
    do = partial(actions.hand_over, found, form.cleaned_data["note"], by=request.actor, now=request.now)
    _attempt(request, do, "Raden till nästa skift är sparad.")
    return redirect("alarms_provider:round", pk)


@require_POST
@page("provider", "alarms.close_round", once=True)
def close(request: Request, pk: UUID) -> HttpResponse:
    """Close the round, if everyone is reached."""
    found = queries.round(request.actor, pk, "alarms.close_round")
    do = partial(actions.close_round, found, by=request.actor, now=request.now)
    if _attempt(request, do, "Ringrundan är avslutad. Alla är nådda."):
        return redirect("alarms_provider:report", pk)
    return redirect("alarms_provider:round", pk)


@page("provider", "alarms.crisis")
def report(request: Request, pk: UUID) -> HttpResponse:
    """What is to be said afterwards: who was silent how long, who was reached when, which alarms came late."""
    found = queries.round(request.actor, pk)
    told = queries.report(request.actor, found, request.now)
    persons = [str(one.call.entry.person_id) for one in told if one.call.entry]
    audit.read(request.actor, "alarms.crisis", now=request.now, obj=found, detail={"persons": persons})
    context = {
        "told": told,
        "late": queries.late_alarms(request.actor, found),
        "causes": queries.causes(found),
        "shifts": queries.handed_over(found),
    }
    return render(request, "alarms/round_report.html", context | _progress(found))


@page("provider", "alarms.crisis")
def on_paper(request: Request, kind: str) -> HttpResponse:
    """The team's list as it is kept outside the server: for a device (html) or a printer (pdf)."""
    if kind not in paper.KINDS or request.actor.unit_id is None:
        raise Refused("alarms.crisis")
    team = Unit.objects.get(pk=request.actor.unit_id)
    audit.read(request.actor, "alarms.crisis", now=request.now, detail={"list": str(team.pk)})
    calls = queries.list_of_team(team.pk)
    content = paper.html(team.name, calls, now=request.now)
    body = content.encode() if kind == "html" else pdf(content)
    answer = HttpResponse(body, content_type=paper.KINDS[kind])
    name = f"ringlista-{request.now:%Y-%m-%d-%H%M}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _state(request: Request) -> dict[str, object]:
    return {
        "pulses": pulses(request.now),
        "listening": listening(request.now),
        "silences": queries.silences(request.actor),
        "number": queries.silent_count(request.actor),
        "rounds": [row for row in queries.rounds(request.actor) if row[0].closed_at is None],
        "at": request.now,
    }


def _progress(found: CallRound) -> dict[str, object]:
    teams = queries.progress(found)
    people, reached = queries.whole(teams)
    return {"round": found, "teams": teams, "people": people, "reached": reached, "left": people - reached}


def _round(request: Request, found: CallRound, form: HandOverForm | None = None) -> HttpResponse:
    reached, offset = request.GET.get("show") == "reached", offset_of(request)
    calls = queries.to_reach(request.actor, found, request.now, reached=reached, offset=offset)
    _read(request, found, calls)
    kept, causes = "&show=reached" if reached else "", queries.causes(found)
    over = all(one.over_at for one in causes)
    context = {
        "calls": calls,
        "shown": "reached" if reached else "left",
        "presses": PRESSES,
        "causes": causes,
        "over_at": max((one.over_at for one in causes if one.over_at), default=None) if over else None,
        "shifts": queries.handed_over(found),
        "form": form or HandOverForm(prefix="shift"),
        "has_errors": form is not None,
        "closes": may(request.actor, "alarms.close_round", found),
        "older": f"?from={offset + queries.PAGE}{kept}" if len(calls) == queries.PAGE else "",
        "newer": f"?from={max(0, offset - queries.PAGE)}{kept}" if offset else "",
    }
    return render(request, "alarms/round.html", context | _progress(found), status=422 if form else 200)


def _read(request: Request, found: CallRound, calls: list[Call]) -> None:
    persons = [str(call.entry.person_id) for call in calls if call.entry]
    if persons:
        audit.read(request.actor, "alarms.call", now=request.now, obj=found, detail={"persons": persons})


def _overtaken(entry: CallEntry) -> str:
    return (
        f"{entry.state_by} nådde personen medan du försökte: {entry.get_state_display().lower()}. "
        "Det gäller fortfarande. Ditt försök är också sparat."
    )


def _seen(request: Request) -> datetime | None:
    """When the state that the page showed was set."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None
