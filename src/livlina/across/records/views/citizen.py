"""One's own file: asked for, followed, fetched."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from livlina.across.records import actions, queries
from livlina.across.records.actions.proving import collect_proof, whole_notes
from livlina.across.records.forms import AskForm
from livlina.across.records.views.shared import client_id, download, own_branches, status_of
from livlina.authority.cases.queries.applying import served
from livlina.core.views import Request, page

PHASES = {
    "asked": ("Vi har fått din begäran", "info"),
    "judged": ("Vi går igenom handlingarna", "info"),
    "decided": ("Beslut är fattat", "info"),
    "handed": ("Klart att hämta", "success"),
    "refused": ("Lämnas inte ut", "danger"),
}


@page("citizen", "records.ask", once=True)
@never_cache
def ask(request: Request) -> HttpResponse:
    """Ask for one's own file, in one branch or several."""
    if served(request.actor) is None:
        return render(request, "records/citizen/contact.html", status=503)
    branches = [(code, _(settings.COMPARTMENTS[code])) for code, _name in own_branches(request.actor)]
    words = {
        "branches": _("Vilken verksamhet gäller det?"),
        "no_branch": _("Välj minst en verksamhet."),
        "what": _("Vad vill du ha?"),
        "what_help": _("Till exempel: Hela min akt, eller: Journalen från våren 2025."),
        "no_what": _("Skriv vad du vill ha."),
    }
    form = AskForm(branches, words, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_for_own_file(
            form.cleaned_data["branches"], form.cleaned_data["what"], client_id=client_id(request),
            by=request.actor, now=request.now,
        )  # fmt: skip
        messages.success(request, _("Din begäran är skickad. Du ser här hur det går."))
        return HttpResponseRedirect(reverse("records_citizen:requests"))
    return render(request, "records/citizen/ask.html", {"form": form}, **status_of(request))


@page("citizen", "records.follow")
@never_cache
def requests(request: Request) -> HttpResponse:
    """What one has asked for, and where it stands."""
    rows = []
    for one in queries.my_requests(request.actor):
        words, color = PHASES[queries.stage(one)]
        handed = [row for row in queries.handed_out(one) if row.how == "e_service"]
        rows.append({
            "asked": one,
            "branch": _(settings.COMPARTMENTS[one.compartment]),
            "phase": _(words),
            "color": color,
            "handed": handed,
            "has_notes": bool(handed) and bool(whole_notes(one)),
            "decision": queries.newest_decision(one),
        })  # fmt: skip
    return render(request, "records/citizen/requests.html", {"rows": rows})


@page("citizen", "records.collect")
@never_cache
def collect(request: Request, handed_id: UUID) -> HttpResponse:
    """What was handed out, byte for byte."""
    found = actions.collect(handed_id, by=request.actor, now=request.now)
    return download(found.filename, found.content_type, found.content)


@page("citizen", "records.collect")
@never_cache
def proof(request: Request, handed_id: UUID) -> HttpResponse:
    """What one's own browser needs to tell that the notes are as they were written."""
    content = collect_proof(handed_id, by=request.actor, now=request.now)
    if content is None:
        messages.info(request, _("Beviset är inte klart än. Försök igen om några minuter."))
        return HttpResponseRedirect(reverse("records_citizen:requests"))
    return download("bevis.json", "application/json", content)


@page("citizen", "records.follow")
@never_cache
def answer(request: Request, request_id: UUID) -> HttpResponse:
    """The written answer, with how to appeal."""
    found = queries.my_request(request.actor, request_id)
    made = actions.read_answer(found, by=request.actor, now=request.now)
    return download(f"beslut-{found.reference}.pdf", "application/pdf", made.pdf)
