"""Citizens tell of something that went wrong: signed in, with an answer to read; or without saying who they are."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from livlina.across.quality import actions, queries
from livlina.across.quality.forms import OwnTellForm, TellForm
from livlina.core import anonymous, parameters
from livlina.core.access import Actor, system
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.core.views import Request, page
from livlina.registers.people.queries import principals

_TOLD = UUID("2f1c7a0e-58cb-4d1c-9a55-0c6d0e9f7b21")
PER_HOUR = 10
"""Sent from one address in an hour without signing in."""
PHASES = {
    "received": ("Mottagen", "info"),
    "judged": ("Bedöms", "info"),
    "acted": ("Åtgärdas", "info"),
    "closed": ("Avslutad", "success"),
}
REFUSALS = (actions.TooManyTold, actions.NobodyReads, actions.IncidentRefused)


@page("citizen", "citizen_report.follow")
@never_cache
@require_safe
def reports(request: Request) -> HttpResponse:
    """What one has told, how far each has come, and the answers."""
    rows = [
        {"one": one, "phase": _(PHASES[one.phase][0]), "color": PHASES[one.phase][1],
         "help": _(one.report.get_help_display())}
        for one in queries.own_reports(request.actor)
    ]  # fmt: skip
    return render(request, "quality/citizen/reports.html", {"rows": rows})


@page("citizen", "citizen_report.send", once=True)
@never_cache
def tell(request: Request) -> HttpResponse:
    """Tell of something that went wrong, for oneself or for somebody one acts for."""
    served = [(str(request.actor.person_id), _("Mig själv"))]
    served += [
        (str(one.principal_id), one.principal.name) for one in principals(request.actor, day_of(request.now))
    ]
    data = request.POST if request.method == "POST" else None
    form = OwnTellForm(data, served=served, today=day_of(request.now))
    if data is not None and form.is_valid():
        key = uuid5(_TOLD, f"{request.actor.user_id}:{data.get('submission_key', request.now.isoformat())}")
        sent = _sent(form, key, request.actor, request)
        if sent is not None:
            if sent.hurt == "danger":
                messages.error(
                    request, _("Ring 112 nu om du inte har gjort det. Vi läser det här så fort vi kan.")
                )
            else:
                messages.success(request, _("Tack. Här ser du hur det går, och vårt svar."))
            return HttpResponseRedirect(reverse("quality_citizen:reports"))
    facts = {"form": form, "phone": _phone(request.actor.municipality_id)}
    return render(request, "quality/citizen/tell.html", facts, status=200 if data is None else 422)


@page("public", None)
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Choose the municipality, where there are several."""
    places = list(Municipality.objects.order_by("name"))
    if len(places) == 1:
        return HttpResponseRedirect(reverse("quality_public:tell", args=[places[0].slug]))
    return render(request, "quality/public/where.html", {"places": places})


@page("public", None)
@never_cache
@require_http_methods(["GET", "POST"])
def tell_openly(request: Any, slug: str) -> HttpResponse:
    """Tell of something that went wrong, without saying who one is."""
    place = anonymous.place_of(slug)
    data = request.POST if request.method == "POST" else None
    form, key = TellForm(data, today=day_of(request.now)), anonymous.own_key(data)
    status = 200 if data is None else 422
    if data is not None and form.is_valid():
        if anonymous.within_rate(request, "tell", PER_HOUR):
            sent = _sent(form, uuid5(_TOLD, str(key)), system(place.pk), request)
            if sent is not None:
                name = "danger" if sent.hurt == "danger" else "received"
                return HttpResponseRedirect(reverse(f"quality_public:{name}", args=[slug]))
        else:
            status = 429
            form.add_error(None, _(actions.TooManyTold.__doc__ or ""))
    facts = {
        "form": form, "key": key, "place": place, "municipality": place.name, "phone": _phone(place.pk),
    }  # fmt: skip
    return render(request, "quality/public/tell.html", facts, status=status)


@page("public", None)
@never_cache
@require_safe
def received(request: HttpRequest, slug: str) -> HttpResponse:
    """That it has come: the same words for everybody, and nothing is looked up."""
    return _receipt(request, slug, danger=False)


@page("public", None)
@never_cache
@require_safe
def danger(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, and first of all what to do now."""
    return _receipt(request, slug, danger=True)


def _receipt(request: HttpRequest, slug: str, *, danger: bool) -> HttpResponse:
    place = anonymous.place_of(slug)
    facts = {"place": place, "municipality": place.name, "danger": danger, "phone": _phone(place.pk)}
    return render(request, "quality/public/received.html", facts)


def _sent(form: TellForm, key: UUID, by: Actor, request: Any) -> Any:
    """Take in what was told; None when it was refused, with the reason on the form, where all that was typed stands."""
    said = form.cleaned_data
    telling = actions.Telling(
        key, said["help"], said["hurt"], said["what"], said["day"], said["clock"], said["place"], said["contact"],
        UUID(said["about"]) if said.get("about") else None, bool(said.get("rather")),
    )  # fmt: skip
    try:
        return actions.tell_of_event(telling, by=by, now=request.now)
    except REFUSALS as refusal:
        form.add_error(None, _(str(refusal)))
        return None


def _phone(municipality_id: int) -> str:
    """What to ring when it is urgent and no life is at stake: the municipality's own number, if it has given one."""
    own = parameters.value(municipality_id, "support") or {}
    letterhead = parameters.value(municipality_id, "letterhead") or {}
    return _(str(own.get("citizen_phone") or letterhead.get("phone") or ""))
