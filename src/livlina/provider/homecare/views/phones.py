"""The unit's phones: which there are, when each was heard, and what of theirs a person must look at."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from livlina.core.access import may
from livlina.core.views import Request, page
from livlina.provider.homecare.actions import phones as actions
from livlina.provider.homecare.actions import quarantine as settling
from livlina.provider.homecare.forms_field import EndPhoneForm, SettleForm
from livlina.provider.homecare.models import FieldEvent, Phone
from livlina.provider.homecare.queries import phones as queries

KINDS = {
    "note": "Anteckning",
    "correct_note": "Rättelse",
    "wrong_person": "Fel person",
    "check_in": "Kom till besök",
    "check_out": "Gick från besök",
    "not_home": "Inte hemma",
    "missed": "Besök blev inte av",
    "moved": "Besök flyttades",
    "extra": "Extra besök",
    "swap": "Byte av besök",
    "dose": "Signering",
    "deviation": "Avvikelse",
    "opened": "Dörrlogg",
    "emergency": "Nödöppning",
    "alarm_accepted": "Larm togs emot",
    "paper": "Sida på papper",
}
SETTLING: dict[str, Callable[..., FieldEvent]] = {
    "take": settling.take_in,
    "note": settling.keep_as_note,
    "dismiss": settling.dismiss,
}


@require_safe
@page("provider", "field.phones")
def phones(request: Request) -> HttpResponse:
    """Every phone of the unit, those to ring about first."""
    ended = request.GET.get("show") == "ended"
    context = {
        "rows": queries.phones(request.actor, request.now, ended=ended),
        "ended": ended,
        "waits": len(queries.quarantine(request.actor)),
        "torn": sum(not one.whole for one in queries.bundles(request.actor)),
    }
    return render(request, "homecare/field/phones.html", context)


@require_safe
@page("provider", "field.phones")
def phone(request: Request, pk: UUID) -> HttpResponse:
    """One phone: whose, heard when, what it carries."""
    return _phone(request, queries.phone(request.actor, pk))


@require_POST
@page("provider", "field.revoke", once=True)
def end(request: Request, pk: UUID) -> HttpResponse:
    """End a phone that is lost."""
    found, form = queries.phone(request.actor, pk, "field.revoke"), EndPhoneForm(request.POST)
    if form.is_valid():
        try:
            actions.revoke_phone(found, form.cleaned_data["reason"], by=request.actor, now=request.now)
            messages.success(
                request, "Telefonen är spärrad. Dörrarna får veta det av nästa telefon som kommer dit."
            )
            return redirect("homecare_provider:phone", pk)
        except actions.PhoneRefused as refusal:
            form.add_error("reason", str(refusal))
    return _phone(request, found, form)


@require_safe
@page("provider", "field.quarantine")
def quarantine(request: Request) -> HttpResponse:
    """What could not be taken in: what, whose, why. Its text is not shown in the list."""
    settled = request.GET.get("show") == "settled"
    rows = [_shown(row) for row in queries.quarantine(request.actor, settled=settled)]
    return render(request, "homecare/field/quarantine.html", {"rows": rows, "settled": settled})


@require_http_methods(["GET", "POST"])
@page("provider", "field.settle", once=True)
def quarantined(request: Request, pk: UUID) -> HttpResponse:
    """One event, and what is to become of it."""
    row = queries.quarantined(request.actor, pk, "field.settle")
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            SETTLING[said["how"]](row, said["reason"], by=request.actor, now=request.now)
            messages.success(request, "Det är avgjort. Händelsen ligger kvar som den kom.")
            return redirect("homecare_provider:quarantine")
        except settling.QuarantineRefused as refusal:
            form.add_error(None, str(refusal))
    return _event(request, row, form)


@require_POST
@page("provider", "field.open")
def open_text(request: Request, pk: UUID) -> HttpResponse:
    """Show what an event says, to who may read it. The reading is recorded."""
    row = queries.quarantined(request.actor, pk, "field.open")
    opened = settling.open_event(row, by=request.actor, now=request.now)
    return _event(request, row, SettleForm(), opened=opened, status=200)


@require_safe
@page("provider", "field.paper")
def paper(request: Request) -> HttpResponse:
    """Bundles of pages that were written by hand: which are whole, and what is missing."""
    return render(request, "homecare/field/paper.html", {"bundles": queries.bundles(request.actor)})


def _phone(request: Request, found: Phone, form: EndPhoneForm | None = None) -> HttpResponse:
    context = {
        "one": found,
        "form": form or EndPhoneForm(),
        "ends": found.revoked_at is None and may(request.actor, "field.revoke", found),
        "pack": found.packs.order_by("-made_at").select_related("shift").first(),
        "taken": found.events.filter(verdict="accepted").count(),
        "silent": any(one.pk == found.pk for one in queries.silent_phones(request.actor, request.now)),
    }
    return render(request, "homecare/field/phone.html", context, status=422 if form else 200)


def _event(request: Request, row: FieldEvent, form: SettleForm, status: int = 0, **more: Any) -> HttpResponse:
    context = _shown(row) | {
        "form": form,
        "opens": may(request.actor, "field.open", row),
        "opened": None,
        **more,
    }
    code = status or (422 if request.method == "POST" else 200)
    return render(request, "homecare/field/quarantined.html", context, status=code)


def _shown(row: FieldEvent) -> dict[str, Any]:
    """A row with its words: the kind of event, and whose it is."""
    whose = row.phone.carer.user.name if row.phone else "Okänd telefon"
    return {"row": row, "kind": KINDS.get(row.kind, "Händelse"), "whose": whose}
