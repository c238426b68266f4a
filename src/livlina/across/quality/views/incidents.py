"""Pages of the register of events, for both sides and for those who run the system."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.quality import actions, queries
from livlina.across.quality.forms import (
    DoneForm,
    EndForm,
    EntryForm,
    IncidentForm,
    JudgeForm,
    MeasureForm,
    OpenForm,
    PeriodForm,
    kinds_for,
)
from livlina.across.quality.models import Affected, Deviation, Incident, Measure
from livlina.across.quality.paper import disturbance_pdf
from livlina.across.quality.queries.report import Report
from livlina.across.quality.views.told import Words, judged, offer, words_of
from livlina.core import audit
from livlina.core.access import allowed, may
from livlina.core.clock import day_of, local
from livlina.core.models import Assignment
from livlina.core.views import Request, page
from livlina.registers.people.models import Person

_EVENTS = UUID("0d3f3d52-94a5-4bd8-8a37-0b8df6ff21c0")
STATES = {
    "draft": ("Utkast från övervakningen", "warning"),
    "citizens_draft": ("Utkast från en enskild", "warning"),
    "dismissed": ("Avskriven", "neutral"),
    "open": ("Pågår", "info"),
    "closed": ("Avslutad", "success"),
}


def side(request: Request) -> str:
    """Which of the room's address spaces the request came by."""
    audience = request.path.split("/")[1]
    return "quality" if audience == "officer" else f"quality_{audience}"


def layout(request: Request) -> str:
    """The layout of that side."""
    return "ui/provider.html" if request.path.startswith("/provider/") else "ui/officer.html"


def url(request: Request, name: str, *args: object) -> str:
    """The address of another of the room's pages, on the same side."""
    return reverse(f"{side(request)}:{name}", args=args)


@page("staff", "incident.read")
def incidents(request: Request) -> HttpResponse:
    """The register, newest first; drafts stand above."""
    found = list(queries.incidents(request.actor)[:100])
    rows = [
        [
            {"text": f"{one.called} {one.title}", "url": url(request, "incident", one.pk)},
            f"{local(one.begun_at):%Y-%m-%d %H:%M}",
            lasted(one),
            "IT" if one.functions else (one.unit.name if one.unit else "Verksamheten"),
            in_words(one, queries.standing(one))[0],
        ]
        for one in sorted(found, key=lambda one: one.judged is not None)  # type: ignore[attr-defined]
    ]
    facts = {
        "heads": ["Händelse", "Började", "Varade", "Rör", "Läge"],
        "rows": rows,
        "layout": layout(request),
        "new": url(request, "incident_new") if may(request.actor, "incident.register") else "",
        "report": url(request, "disturbances") if may(request.actor, "incident.report") else "",
    }
    return render(request, "quality/incidents.html", facts)


@page("staff", "incident.register")
def incident_new(request: Request) -> HttpResponse:
    """Register an event; one that a deviation tells of, when the address names it."""
    told = _deviation(request)
    form = IncidentForm(request.POST or None, role=request.actor.role, initial=_said_of(told))
    if request.method == "POST" and form.is_valid():
        try:
            made = _register(request, form.cleaned_data, told)
            return HttpResponseRedirect(url(request, "incident", made.pk))
        except actions.IncidentRefused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "quality/incident_new.html",
        {"form": form, "layout": layout(request), "told": told},
        status=status,
    )


@page("staff", "incident.read")
def incident(request: Request, incident_id: UUID) -> HttpResponse:
    """One event: both sides' lines, the tracks with their clocks, the measures, and whom of one's own it hit."""
    found = queries.whole(request.actor, incident_id)
    told = words_of(request, found.incident)
    offered = _forms(request, found, told)
    act = request.POST.get("act", "")
    if request.method == "POST":
        if act not in offered:
            raise Http404
        form, do = offered[act]
        if form.is_valid():
            try:
                do(form.cleaned_data)
                return HttpResponseRedirect(request.path)
            except actions.IncidentRefused as refusal:
                form.add_error(None, str(refusal))
    audit.read(request.actor, "incident.read", now=request.now, obj=found.incident)
    facts = {
        "whole": found,
        "incident": found.incident,
        "told": told,
        "state": in_words(found.incident, found.state),
        "lasted": lasted(found.incident),
        "tracks": _tracks(request, found),
        "forms": [(name, form, LABELS[name.partition(":")[0]]) for name, (form, _) in offered.items()
                  if ":" not in name],
        "has_errors": request.method == "POST",
        "affected": _own(request, found.incident, offered),
        "measures": [(one, offered.get(f"measure:{one.pk}", (None, None))[0]) for one in found.measures],
        "layout": layout(request),
        "list": url(request, "incidents"),
    }  # fmt: skip
    return render(request, "quality/incident.html", facts, status=422 if request.method == "POST" else 200)


@page("staff", "incident.report")
def disturbances(request: Request) -> HttpResponse:
    """The disturbance list for the committee, on the page or as PDF; the last quarter unless other days are asked for."""
    last = day_of(request.now)
    first = last - timedelta(days=91)
    form = PeriodForm(request.GET if "first" in request.GET else None, initial={"first": first, "last": last})
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    made: Report = queries.report(request.actor, first, last, request.now)
    if "pdf" in request.GET and not form.errors:
        audit.read(request.actor, "incident.report", now=request.now)
        answer = HttpResponse(disturbance_pdf(made), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="storningar-{first}-{last}.pdf"'
        return answer
    facts = {"report": made, "form": form, "layout": layout(request), "states": STATES}
    return render(request, "quality/disturbances.html", facts, status=422 if form.errors else 200)


def in_words(one: Incident, state: str) -> tuple[str, str]:
    """How an event stands, with its colour; a draft says whom it came from."""
    return STATES["citizens_draft" if (state, one.source) == ("draft", "citizen") else state]


def lasted(one: Incident) -> str:
    """How long an event lasted, in words."""
    if one.ended_at is None:
        return "pågår"
    minutes = int((one.ended_at - one.begun_at).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


LABELS = {
    "judge": ("Bedöm utkastet", "Spara bedömningen"),
    "answer": ("Svara den som berättade", "Skicka svaret"),
    "give": ("Lämna vidare det den enskilde skrev", "Lämna vidare"),
    "entry": ("Skriv vad ni såg", "Skriv in"),
    "end": ("Det är över", "Spara"),
    "track": ("Öppna ett spår", "Öppna spåret"),
    "decide": ("Bestäm en åtgärd", "Spara åtgärden"),
    "collect": ("Leta efter drabbade", "Leta i besök och larm"),
}
Do = Callable[[dict[str, Any]], object]


class Offers(dict[str, tuple[forms.Form, Do]]):
    """What may be done on a page, each with its form (bound when it was the one sent) and its verb."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.sent = request.POST if request.method == "POST" else {}

    def add(self, name: str, form: Any, do: Do, **options: Any) -> None:
        """Offer one; its name is what the form sends back as `act`."""
        data = self.sent if self.sent.get("act") == name else None
        self[name] = (form(data, prefix=name, **options), do)


def _forms(request: Request, found: queries.Whole, told: Words | None) -> Offers:
    """What may be done here by whoever asks. What a citizen told is judged by whoever has it on their desk."""
    offered = Offers(request)
    if told:
        offer(offered.add, request, told, draft=found.state == "draft", client_id=_key(request))
    elif found.state == "draft" and found.incident.source != "citizen":
        _offer_judging(offered, request, found)
    _offer_telling(offered, request, found)
    _offer_deciding(offered, request, found)
    words: dict[str, Any] = {"by": request.actor, "now": request.now}
    for measure in found.measures:
        if measure.effect_at is None and may(request.actor, "measure.work", measure):
            asks = measure.done_at is not None
            offered.add(f"measure:{measure.pk}", DoneForm, _measured(measure, words), asks_effect=asks)
    for hit in queries.own_units_affected(request.actor, found.incident).filter(checked_at=None):
        offered.add(f"check:{hit.pk}", DoneForm, _checked(hit, words))
    return offered


def _offer_judging(offered: Offers, request: Request, found: queries.Whole) -> None:
    one, words = found.incident, {"by": request.actor, "now": request.now}
    if may(request.actor, "incident.judge", one):
        offered.add("judge", JudgeForm, lambda said: judged(one, said, words))


def _offer_telling(offered: Offers, request: Request, found: queries.Whole) -> None:
    by, one = request.actor, found.incident
    words: dict[str, Any] = {"by": by, "now": request.now}
    if not may(by, "incident.tell", one):
        return
    offered.add(
        "entry", EntryForm,
        lambda said: actions.add_entry(one, said["text"], at=said["at"], kind=said["kind"], **words),
    )  # fmt: skip
    if one.ended_at is None:
        offered.add(
            "end", EndForm, lambda said: actions.end_incident(one, said["ended_at"], said["text"], **words)
        )
    if may(by, "incident.affected"):
        offered.add("collect", forms.Form, lambda said: actions.collect_affected(one, **words))


def _offer_deciding(offered: Offers, request: Request, found: queries.Whole) -> None:
    by, one = request.actor, found.incident
    if found.state not in ("open", "closed") or not may(by, "incident.judge", one):
        return
    there = {track.kind for track, _ in found.tracks}
    kinds = [kind for kind in kinds_for(by.role) if kind[0] not in there]
    if kinds:
        offered.add(
            "track",
            OpenForm,
            lambda said: actions.open_track(one, said["kind"], by=by, now=request.now),
            kinds=kinds,
        )
    offered.add(
        "decide", MeasureForm, lambda said: _decide(request, one, said), municipality_id=by.municipality_id
    )


def _measured(measure: Measure, words: dict[str, Any]) -> Do:
    def do(said: dict[str, Any]) -> object:
        if measure.done_at is None:
            return actions.measure_done(measure, said["text"], **words)
        return actions.measure_effect(measure, said["helped"] == "yes", said["text"], **words)

    return do


def _checked(hit: Affected, words: dict[str, Any]) -> Do:
    return lambda said: actions.check_off(hit, said["text"], **words)


def _decide(request: Request, one: Incident, said: dict[str, Any]) -> Measure:
    owner = Assignment.objects.select_related("user").get(pk=said["owner"])
    return actions.decide_measure(
        one, said["what"], owner, said["due_on"], client_id=_key(request), by=request.actor, now=request.now
    )


def _register(request: Request, said: dict[str, Any], told: Deviation | None) -> Incident:
    by, now = request.actor, request.now
    care = not said["functions"]
    made = actions.register_incident(
        actions.Told(
            _key(request), said["title"], said["what"], said["begun_at"], said["noticed_at"], said["ended_at"],
            source=said["source"], functions=tuple(said["functions"]),
            unit_id=told.unit_id if told else by.unit_id if care else None, deviations=(told.pk,) if told else (),
        ),
        by=by,
        now=now,
    )  # fmt: skip
    for kind in said.get("tracks") or ():
        actions.open_track(made, kind, by=by, now=now)
    return made


def _tracks(request: Request, found: queries.Whole) -> list[dict[str, Any]]:
    return [
        {
            "track": track,
            "url": url(request, "track", track.pk),
            "lines": [(line, line.late(request.now)) for line in lines],
        }
        for track, lines in found.tracks
    ]


def _own(request: Request, one: Incident, offered: Offers) -> list[tuple[Affected, Person, Any]]:
    """Whom of one's own unit it hit, by name: each such reading is written down."""
    rows = list(queries.own_units_affected(request.actor, one))
    persons = {person.pk: person for person in Person.objects.filter(pk__in={row.person_id for row in rows})}
    for key in persons:
        audit.read(request.actor, "incident.affected", now=request.now, person_id=key, obj=one)
    return [
        (row, persons[row.person_id], offered.get(f"check:{row.pk}", (None, None))[0])
        for row in rows
        if row.person_id in persons
    ]


def _key(request: Request) -> UUID:
    """The same form sent twice is the same row, whoever's browser repeats it."""
    said = request.POST.get("submission_key", request.now.isoformat())
    return uuid5(_EVENTS, f"{request.actor.user_id}:{said}")


def _deviation(request: Request) -> Deviation | None:
    """The deviation that the address names, if one may read it."""
    try:
        key = UUID(request.GET.get("deviation", ""))
    except ValueError:
        return None
    return allowed(request.actor, "deviation.judge", Deviation.objects.all()).filter(pk=key).first()


def _said_of(told: Deviation | None) -> dict[str, Any]:
    if told is None:
        return {}
    return {
        "what": told.what,
        "begun_at": f"{local(told.happened_at):%Y-%m-%d %H.%M}",
        "noticed_at": f"{local(told.reported_at):%Y-%m-%d %H.%M}",
    }
