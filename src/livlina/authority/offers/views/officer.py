"""The officer's pages: what is offered, who takes part, and what happened while they did."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.cases.actions import FactsWrong
from livlina.authority.offers import actions, queries
from livlina.authority.offers.actions import Decided, OfferRefused
from livlina.authority.offers.forms import (
    CloseForm,
    ConcernForm,
    DayForm,
    EndForm,
    JoinForm,
    NoteForm,
    OfferForm,
    PlaceForm,
)
from livlina.authority.offers.models import ANONYMOUS, Offer
from livlina.core.access import fetch, may
from livlina.core.clock import day_of
from livlina.core.models import Unit
from livlina.core.views import Request, page
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person


@page("officer", "offers.read")
def offers(request: Request) -> HttpResponse:
    """What is offered, or what no longer is."""
    ended = "ended" in request.GET
    rows = [
        [
            {"text": row.version.name, "url": reverse("offers:offer", args=[row.offer.pk])},
            row.offer.unit.name,
            row.version.get_documentation_display(),
            {"number": str(row.running or row.counted)},
        ]
        for row in queries.offers(request.actor, request.now, ended=ended)
    ]
    heads = ["Insats", "Enhet", "Dokumentation", {"number": "Deltar, eller räknade i år"}]
    context = {"rows": rows, "heads": heads, "ended": ended, "begins": may(request.actor, "offers.begin")}
    return render(request, "offers/officer/list.html", context)


@page("officer", "offers.begin", once=True)
def new(request: Request) -> HttpResponse:
    """Write down what the board has decided to offer."""
    form, place = OfferForm(request.POST or None), _place(request)
    refused = ""
    if request.method == "POST" and all([form.is_valid(), place.is_valid()]):
        unit = Unit.objects.get(pk=place.cleaned_data["unit"])
        try:
            offer = actions.begin_offer(
                Decided(**form.cleaned_data), unit=unit, branch=place.cleaned_data["branch"],
                by=request.actor, now=request.now,
            )  # fmt: skip
            return _to_offer(request, offer.pk, "Insatsen är inskriven.")
        except OfferRefused as wrong:
            refused = str(wrong)
    return _edit(request, form, place=place, refused=refused)


@page("officer", "offers.read")
def offer(request: Request, offer_id: UUID) -> HttpResponse:
    """One offer: what the board decided, and for those who run it, who takes part."""
    found = queries.offer_page(request.actor, offer_id, request.now)
    return render(request, "offers/officer/offer.html", _shown(request, found))


@page("officer", "offers.arrange", once=True)
def change(request: Request, offer_id: UUID) -> HttpResponse:
    """A new decision of the board about the same offer."""
    found = fetch(request.actor, "offers.arrange", Offer.objects.all(), pk=offer_id)
    last = found.versions.order_by("-number").first()
    kept = model_to_dict(last) if last else {}
    first = {name: kept[name] for name in OfferForm.base_fields if name in kept}
    for name in ("board_decision", "decided_on", "valid_from"):
        first.pop(name, None)
    form, refused = OfferForm(request.POST or None, initial=first), ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_offer(found, Decided(**form.cleaned_data), by=request.actor, now=request.now)
            return _to_offer(request, offer_id, "Den nya lydelsen är inskriven.")
        except OfferRefused as wrong:
            refused = str(wrong)
    return _edit(request, form, offer=found, refused=refused)


@page("officer", "offers.arrange", once=True)
def close(request: Request, offer_id: UUID) -> HttpResponse:
    """Offer it no longer."""
    found = queries.offer_page(request.actor, offer_id, request.now)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.close_offer(
            found.row.offer, last_day=form.cleaned_data["day"], by=request.actor, now=request.now
        )
        return _to_offer(request, offer_id, "Insatsen erbjuds inte längre.")
    status = 422 if request.method == "POST" else 200
    return render(request, "offers/officer/close.html", {"page": found, "form": form}, status=status)


@page("officer", "offers.run", once=True)
@require_POST
def count(request: Request, offer_id: UUID) -> HttpResponse:
    """Count one more who takes part, without saying who."""
    found = queries.offer_page(request.actor, offer_id, request.now)
    form, refused = DayForm(day_of(request.now), request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_part(
                found.row.offer, begins_on=form.cleaned_data["day"], by=request.actor, now=request.now
            )
            return _to_offer(request, offer_id, "Deltagandet är räknat.")
        except OfferRefused as wrong:
            refused = str(wrong)
    context = _shown(request, found) | {"count": form, "refused": refused}
    return render(request, "offers/officer/offer.html", context, status=422 if form.is_bound else 200)


@page("officer", "offers.participants", once=True)
def person(request: Request, person_id: UUID) -> HttpResponse:
    """What a person takes part in, and a new participation."""
    found = people.read(request.actor, person_id, now=request.now)
    header = people.header(request.actor, found, now=request.now, current="offers:person")
    choices = {str(row.offer.pk): row for row in queries.to_join(request.actor, request.now)}
    names = [(key, row.version.name) for key, row in choices.items()]
    form, refused = (
        JoinForm(names, day_of(request.now), request.POST or None, words="Deltar från och med"),
        "",
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.take_part(
                choices[data["offer"]].offer, begins_on=data["day"], person=found,
                by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, "Deltagandet är inskrivet.")
            return HttpResponseRedirect(reverse("offers:participation", args=[row.pk]))
        except OfferRefused as wrong:
            refused = str(wrong)
    context = {
        "header": header, "form": form if names else None, "refused": refused,
        "rows": queries.of_person(request.actor, person_id), "has_errors": bool(refused or form.errors),
    }  # fmt: skip
    return render(request, "offers/officer/person.html", context, status=422 if form.is_bound else 200)


@page("officer", "offers.participants", once=True)
def participation(request: Request, participation_id: UUID) -> HttpResponse:
    """One person's participation: notes, and its end."""
    found = queries.participation(request.actor, participation_id, request.now)
    who = cast(Person, found.person)  # of those who are only counted no page is shown
    header = people.header(request.actor, who, now=request.now, current="offers:person")
    today, ends = day_of(request.now), request.POST.get("do") == "end"
    note = NoteForm(today, None if ends else request.POST or None, words="Hände den", prefix="note")
    end = EndForm(today, request.POST if ends else None, words="Sista dagen", prefix="end")
    refused, form = "", end if ends else note
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by: dict[str, Any] = {"by": request.actor, "now": request.now}
        try:
            if ends:
                actions.end_participation(found, last_day=data["day"], reason=data["reason"], **by)
            else:
                actions.write_note(found, data["text"], happened_on=data["day"], **by)
            messages.success(request, "Deltagandet är avslutat." if ends else "Anteckningen är sparad.")
            return HttpResponseRedirect(request.path)
        except OfferRefused as wrong:
            refused = str(wrong)
    context = {"header": header, "found": found, "note": note, "end": end, "refused": refused,
               "has_errors": bool(refused or form.errors)}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "offers/officer/participation.html", context, status=status)


@page("officer", "offers.run", once=True)
def concern(request: Request, offer_id: UUID) -> HttpResponse:
    """Report concern for a child (SoL 19:1). The report goes to those who sort reports, and leaves no trace here."""
    found = fetch(request.actor, "offers.run", Offer.objects.all(), pk=offer_id)
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.report_concern(found, form.cleaned_data, by=request.actor, now=request.now)
            return _to_offer(request, offer_id, f"Anmälan är inlämnad med nummer {report.receipt_number}.")
        except FactsWrong as wrong:
            for name, text in wrong.errors.items():
                form.add_error(name if name in form.fields else None, text)
    status = 422 if request.method == "POST" else 200
    return render(request, "offers/officer/concern.html", {"form": form, "offer": found}, status=status)


def _place(request: Request) -> PlaceForm:
    """A manager's own unit and branch; the board's secretary chooses among all of the authority."""
    units = Unit.objects.filter(
        municipality_id=request.actor.municipality_id, side="authority", ended_on=None
    )
    if request.actor.role == "unit_manager":
        units = units.filter(pk=request.actor.unit_id)
    choices = [(str(unit.pk), unit.name) for unit in units.order_by("name")]
    own = [code for code in request.actor.compartments if code in settings.BRANCHES]
    return PlaceForm(choices, [(code, settings.COMPARTMENTS[code]) for code in own], request.POST or None)


def _edit(request: Request, form: OfferForm, *, refused: str, **more: Any) -> HttpResponse:
    context = {"form": form, "refused": refused, "has_errors": bool(refused or form.errors), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, "offers/officer/edit.html", context, status=status)


def _shown(request: Request, found: queries.OfferPage) -> dict[str, Any]:
    """The offer's page; the form that counts stands on it where one only counts."""
    counts = found.runs and found.row.is_open and found.row.version.documentation == ANONYMOUS
    return {"page": found, "count": DayForm(day_of(request.now), words="Deltog den") if counts else None}


def _to_offer(request: Request, offer_id: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("offers:offer", args=[offer_id]))
