"""The second line's own: cheat-sheets and known faults."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.across.support import actions, queries
from livlina.across.support.actions import SupportRefused
from livlina.across.support.actions.sheets import Wording
from livlina.across.support.forms import AREAS, FaultForm, SheetForm
from livlina.across.support.models import KnownFault, Sheet
from livlina.across.support.models.codes import KIND_NAMES
from livlina.across.support.views.common import blame, client_id, frame
from livlina.core.access import Refused, fetch
from livlina.core.views import Request, page


@page("operations", "support.write_sheets")
def sheets(request: Request) -> HttpResponse:
    """Every cheat-sheet with how often it is used and whether it helps; and what is missing."""
    found = queries.all_sheets(request.actor, request.now)
    rows = [
        [
            {"text": row.title, "url": reverse("support_operations:sheet", args=[row.pk])},
            row.get_kind_display(),
            row.get_audience_display(),
            {"number": str(row.used)},  # type: ignore[attr-defined]
            {"number": f"{row.helped} av {row.helped + row.missed}"},  # type: ignore[attr-defined]
            "Visas inte längre" if row.ended_at else f"Version {row.version}",
        ]
        for row in found
    ]
    heads = ["Lathund", "Slag", "För", {"number": "Använd"}, {"number": "Hjälpte"}, "Läge"]
    context = {"rows": rows, "heads": heads, "missing": queries.missing_sheets(request.actor, request.now)}
    return render(request, "support/all_sheets.html", frame(request) | context)


@page("operations", "support.write_sheets", once=True)
def write(request: Request) -> HttpResponse:
    """Write a new cheat-sheet; what many asked about fills in its kind."""
    kind = request.GET.get("kind", "")
    return _form(request, None, {"kind": kind if kind in KIND_NAMES else "other", "audience": "staff"})


@page("operations", "support.write_sheets", once=True)
def sheet(request: Request, sheet_id: UUID) -> HttpResponse:
    """Write a new wording of a cheat-sheet, or end it."""
    found = fetch(request.actor, "support.write_sheets", Sheet.objects.all(), pk=sheet_id)
    if request.method == "POST" and "end" in request.POST:
        actions.end_sheet(found, by=request.actor, now=request.now)
        messages.success(request, f"”{found.title}” visas inte längre. Alla versioner finns kvar.")
        return HttpResponseRedirect(reverse("support_operations:sheets"))
    names = ("title", "body", "keywords", "kind", "audience")
    initial = {name: getattr(found, name) for name in names} | {"pages": "\n".join(found.pages)}
    return _form(request, found, initial)


@page("operations", "support.faults", once=True)
def faults(request: Request) -> HttpResponse:
    """What is known to be wrong, and telling of more."""
    form = FaultForm(request.POST or None, now=request.now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.publish_fault(
                said["title"], said["workaround"], tuple(said["pages"]), client_id=client_id(request),
                by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, "Felet visas nu på sidorna.")
            return HttpResponseRedirect(request.path)
        except SupportRefused as fault:
            blame(form, fault)
    names = dict(AREAS)
    found = KnownFault.objects.filter(municipality_id=request.actor.municipality_id).order_by(
        "-published_at"
    )[:40]
    rows = [(row, ", ".join(names.get(one, one) for one in row.pages) or "Överallt") for row in found]
    status = 422 if request.method == "POST" else 200
    return render(
        request, "support/faults.html", frame(request) | {"form": form, "rows": rows}, status=status
    )


@page("operations", "support.faults")
@require_POST
def end_fault(request: Request, fault_id: UUID) -> HttpResponse:
    """It is mended."""
    row = KnownFault.objects.filter(pk=fault_id, municipality_id=request.actor.municipality_id).first()
    if row is None:
        raise Refused("support.faults")
    actions.end_fault(row, by=request.actor, now=request.now)
    messages.success(request, "Felet visas inte längre.")
    return HttpResponseRedirect(reverse("support_operations:faults"))


def _form(request: Request, found: Sheet | None, initial: dict[str, str]) -> HttpResponse:
    form = SheetForm(request.POST or None, now=request.now, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wording = Wording(
            said["title"], said["body"], said["keywords"], said["kind"], said["audience"],
            tuple(dict.fromkeys(said["pages"].split())),
        )  # fmt: skip
        try:
            actions.write_sheet(wording, sheet=found, by=request.actor, now=request.now)
            messages.success(request, "Lathunden är sparad.")
            return HttpResponseRedirect(reverse("support_operations:sheets"))
        except SupportRefused as fault:
            blame(form, fault)
    context = {"form": form, "sheet": found, "versions": found.versions.order_by("-number") if found else ()}
    status = 422 if request.method == "POST" else 200
    return render(request, "support/write_sheet.html", frame(request) | context, status=status)
