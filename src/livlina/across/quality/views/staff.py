"""Pages for everyone who works: tell of a deviation, follow it, and for managers judge it."""

from uuid import UUID, uuid5

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.quality import actions, queries
from livlina.across.quality.forms import DeviationForm, StepForm
from livlina.across.quality.models import Deviation
from livlina.core import audit
from livlina.core.access import fetch, may
from livlina.core.clock import local
from livlina.core.views import Request, page

_REPORTS = UUID("5b8f6a52-7c1e-4f0d-9f6a-2f1f0f7a9c11")


def _layout(request: Request) -> str:
    return "ui/officer.html" if request.path.startswith("/officer/") else "ui/provider.html"


def _url(request: Request, name: str, *args: object) -> str:
    space = "quality" if request.path.startswith("/officer/") else "quality_provider"
    return reverse(f"{space}:{name}", args=args)


@page("staff", "deviation.report")
def report(request: Request) -> HttpResponse:
    """Tell of a deviation; about an order and its person when the address names them."""
    form = DeviationForm(request.POST or None, now=request.now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        deviation = actions.report_deviation(
            client_id=_client_id(request),
            what=said["what"],
            track=said["track"],
            happened_at=said["happened_at"],
            measure=said["measure"],
            person_id=_given(request, "person"),
            order_id=_given(request, "order"),
            by=request.actor,
            now=request.now,
        )
        return HttpResponseRedirect(_url(request, "deviation", deviation.pk))
    status = 422 if request.method == "POST" else 200
    return render(request, "quality/report.html", {"form": form, "layout": _layout(request)}, status=status)


@page("staff", "deviation.read")
def deviations(request: Request) -> HttpResponse:
    """List the reports one may read."""
    rows = [
        [
            {"text": f"{local(row.reported_at):%Y-%m-%d %H:%M}", "url": _url(request, "deviation", row.pk)},
            row.get_track_display(),
            row.unit.name,
            {"judged": "Bedömd", "measure": "Åtgärdas", "closed": "Avslutad", None: "Inte bedömd"}[row.stage],  # type: ignore[attr-defined]
        ]
        for row in queries.deviations(request.actor)[:50]
    ]
    facts = {"heads": ["Rapporterad", "Rör", "Enhet", "Läge"], "rows": rows, "layout": _layout(request)}
    return render(request, "quality/deviations.html", facts)


@page("staff", "deviation.read")
def deviation(request: Request, deviation_id: UUID) -> HttpResponse:
    """Show one report and what was done; a manager takes the next step here."""
    found = fetch(request.actor, "deviation.read", Deviation.objects.select_related("unit"), pk=deviation_id)
    form = StepForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, found, form.cleaned_data)
            return HttpResponseRedirect(request.path)
        except actions.DeviationRefused as refusal:
            problem = str(refusal)
    audit.read(request.actor, "deviation.read", now=request.now, person_id=found.person_id, obj=found)
    facts = {
        "deviation": found,
        "steps": found.steps.order_by("at"),
        "form": form if may(request.actor, "deviation.judge", found) else None,
        "problem": problem,
        "layout": _layout(request),
        "incident_url": f"{_url(request, 'incident_new')}?deviation={found.pk}",
    }
    return render(request, "quality/deviation.html", facts, status=422 if request.method == "POST" else 200)


def _take(request: Request, found: Deviation, said: dict[str, str]) -> None:
    if said["step"] == "judge":
        actions.judge_deviation(found, said["judgement"], said["text"], by=request.actor, now=request.now)
    elif said["step"] == "measure":
        actions.note_measure(found, said["text"], by=request.actor, now=request.now)
    else:
        actions.close_deviation(found, said["text"], by=request.actor, now=request.now)


def _client_id(request: Request) -> UUID:
    """The same page sent twice is the same report, whoever's browser repeats it."""
    return uuid5(
        _REPORTS, f"{request.actor.user_id}:{request.POST.get('submission_key', request.now.isoformat())}"
    )


def _given(request: Request, name: str) -> UUID | None:
    """An identifier from the address; a broken one is as good as none."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
