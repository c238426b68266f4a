"""The municipality's units: for the administrator."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livlina.across.portal import actions, forms
from livlina.across.portal.queries import units as queries
from livlina.across.portal.views.staff import _form, _frame, _sent
from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.models import Unit
from livlina.core.views import Request, page


@page("operations", "portal.units")
@require_GET
def unit_list(request: Request) -> HttpResponse:
    """Every unit, by side."""
    found = list(queries.units(request.actor, day_of(request.now)))
    rows = [
        [
            {"text": one.name, "url": reverse("portal_operations:unit", args=[one.pk])},
            one.get_side_display(),
            {"number": str(one.staff)},  # type: ignore[attr-defined]
            f"Avslutad {one.ended_on}" if one.ended_on else "",
        ]
        for one in found
    ]
    heads = ["Enhet", "Sida", {"number": "Medarbetare"}, "Läge"]
    return render(request, "portal/staff/units.html", {"rows": rows, "heads": heads} | _frame(request))


@page("operations", "portal.units", once=True)
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """A new unit."""
    form = forms.NewUnitForm(_sent(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            unit = actions.add_unit(given["name"], given["side"], by=request.actor, now=request.now)
            messages.success(request, f"Enheten {unit.name} är upplagd.")
            return redirect("portal_operations:units")
        except actions.AdministrationRefused as wrong:
            form.add_error("name", str(wrong))
    return _form(request, form, "Ny enhet", "Lägg upp", reverse("portal_operations:units"))


@page("operations", "portal.units", once=True)
@require_http_methods(["GET", "POST"])
def unit(request: Request, unit_id: UUID) -> HttpResponse:
    """Another name for a unit; and from here it is ended."""
    found = fetch(request.actor, "portal.units", Unit.objects.all(), pk=unit_id)
    form = forms.UnitForm(_sent(request), initial={"name": found.name})
    if form.is_valid():
        try:
            actions.rename_unit(found, form.cleaned_data["name"], by=request.actor, now=request.now)
            messages.success(request, "Namnet är ändrat.")
            return redirect("portal_operations:units")
        except actions.AdministrationRefused as wrong:
            form.add_error("name", str(wrong))
    return _unit(request, found, form)


@page("operations", "portal.units", once=True)
@require_POST
def end(request: Request, unit_id: UUID) -> HttpResponse:
    """End a unit in which nothing is left."""
    found = fetch(request.actor, "portal.units", Unit.objects.all(), pk=unit_id)
    try:
        actions.end_unit(found, by=request.actor, now=request.now)
    except actions.AdministrationRefused as wrong:
        return _unit(request, found, forms.UnitForm(initial={"name": found.name}), str(wrong))
    messages.success(request, f"Enheten {found.name} är avslutad.")
    return redirect("portal_operations:units")


def _unit(request: Request, found: Unit, form: forms.UnitForm, refused: str = "") -> HttpResponse:
    seen = {"unit": found, "form": form, "refused": refused, "has_errors": bool(refused or form.errors)}
    status = 422 if form.is_bound or refused else 200
    return render(request, "portal/staff/unit.html", seen | _frame(request), status=status)
