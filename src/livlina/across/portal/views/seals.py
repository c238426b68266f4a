"""Sealed keys: kept by administrators, opened by whoever stands outside, looked into by somebody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livlina.across.portal import actions, sessions, signin
from livlina.across.portal.adapters import Accounts
from livlina.across.portal.device import device
from livlina.across.portal.forms import seals as forms
from livlina.across.portal.models import SealedKey, SealOpening
from livlina.across.portal.queries import seals as queries
from livlina.across.portal.views.own import layout
from livlina.across.portal.views.staff import _form, _frame, _sent
from livlina.core.access import fetch, system
from livlina.core.clock import local
from livlina.core.views import Request, page

TRIES = {"open_seal": "10/5m/ip"}
"""Attempts from one address in five minutes. (The code is 160 bits: this is for the log's sake.)"""


@page("operations", "portal.seals")
@require_GET
def seal_list(request: Request) -> HttpResponse:
    """Every key, and whether there are enough of them."""
    found = queries.envelopes(request.actor)
    seen = {
        "rows": [_row(one, request.now) for one in found],
        "heads": ["Nyckel", "Plats", "Läge", "Kontrollerad"],
        "too_few": queries.too_few_places(found),
        "openings": queries.not_reviewed(request.actor.municipality_id),
    }
    return render(request, "portal/seals/list.html", seen | _frame(request))


@page("operations", "portal.seals", once=True)
@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask for a key; somebody else makes it."""
    form = forms.SealPlaceForm(_sent(request))
    if form.is_valid():
        key = actions.ask_seal(form.cleaned_data["place"], by=request.actor, now=request.now)
        messages.success(request, f"Nyckel {key.number} är begärd. En annan systemadministratör gör den.")
        return redirect("portal_operations:seals")
    back = reverse("portal_operations:seals")
    return _form(request, form, "Ny förseglad nödnyckel", "Begär nyckeln", back)


@page("operations", "portal.seals", once=True)
@require_http_methods(["GET", "POST"])
def seal(request: Request, key_id: UUID) -> HttpResponse:
    """One key; and from here it is tested, made and withdrawn."""
    key = fetch(request.actor, "portal.seals", SealedKey.objects.all(), pk=key_id)
    form = forms.SealTestForm(_sent(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.check_seal(key, given["whole"] == "yes", given["note"], by=request.actor, now=request.now)
            messages.success(request, "Kontrollen är sparad.")
            return redirect("portal_operations:seal", key.pk)
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    return _seal(request, key, form)


@page("operations", "portal.seals", once=True)
@never_cache
@require_POST
def make(request: Request, key_id: UUID) -> HttpResponse:
    """Make the key, and show its code: here, now, and never again."""
    key = fetch(request.actor, "portal.seals", SealedKey.objects.all(), pk=key_id)
    try:
        code = actions.make_seal(key, by=request.actor, now=request.now)
    except actions.AdministrationRefused as wrong:
        return _seal(request, key, forms.SealTestForm(), str(wrong))
    address = request.build_absolute_uri(reverse("portal_public:open_seal"))
    seen = {"key": key, "code": code, "address": address}
    return render(request, "portal/seals/code.html", seen | _frame(request))


@page("operations", "portal.seals", once=True)
@require_POST
def withdraw(request: Request, key_id: UUID) -> HttpResponse:
    """Let a key open nothing any more."""
    key = fetch(request.actor, "portal.seals", SealedKey.objects.all(), pk=key_id)
    try:
        actions.withdraw_seal(key, by=request.actor, now=request.now)
    except actions.AdministrationRefused as wrong:
        return _seal(request, key, forms.SealTestForm(), str(wrong))
    messages.success(request, f"Nyckel {key.number} gäller inte längre. Förstör kuvertet.")
    return redirect("portal_operations:seals")


@page("public", None)
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def open_seal(request: HttpRequest) -> HttpResponse:
    """Open an envelope: one hour of care duties as oneself, told to everyone who should know."""
    form = forms.OpenSealForm(_sent(request), here=signin.municipality_for(request))  # type: ignore[arg-type]
    if form.is_bound and not ratelimit.consume(request, app="portal", action="open_seal", config=TRIES):
        return ratelimit.respond_429(request)
    if form.is_valid():
        given = form.cleaned_data
        tried = actions.Attempt(given["number"], given["code"], given["email"], given["why"])
        try:
            return _let_in(request, given["place"], tried)
        except actions.AdministrationRefused as wrong:
            words = device(request.headers.get("user-agent", ""))
            actions.note_sign_in("seal", by=None, now=request.now, device=words, why="seal")  # type: ignore[attr-defined]
            form.add_error(None, str(wrong))
    return render(request, "portal/seals/open.html", {"form": form}, status=422 if form.is_bound else 200)


@page("staff", "portal.review_seal", once=True)
@require_http_methods(["GET", "POST"])
def opened(request: Request, opening_id: UUID) -> HttpResponse:
    """A broken seal: who, why, when; and what one finds when looking into it."""
    rows = SealOpening.objects.select_related("key")
    opening = fetch(request.actor, "portal.review_seal", rows, pk=opening_id)
    form = forms.OpeningReviewForm(_sent(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.review_opening(
                opening, given["justified"] == "yes", given["review"], by=request.actor, now=request.now
            )
            messages.success(request, "Granskningen är sparad.")
            return redirect("portal_public:start")
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    seen = {"opening": opening, "form": form, "layout": layout(request.actor)}
    return render(request, "portal/seals/opened.html", seen, status=422 if form.is_bound else 200)


def _let_in(request: HttpRequest, place: Any, tried: actions.Attempt) -> HttpResponse:
    """Begin the session that a broken seal gives. It passes no second step: the envelope is the last way in."""
    user, held, _ = actions.open_seal(place, tried, by=system(place.pk), now=request.now)  # type: ignore[attr-defined]
    request.sign_in_kind = "seal"  # type: ignore[attr-defined]
    Accounts(request).login(request, user)
    sessions.choose(request, held)
    messages.warning(request, "Du har öppnat en förseglad nödnyckel. Inloggningen gäller i en timme.")
    return redirect("portal_public:start")


def _seal(request: Request, key: SealedKey, form: forms.SealTestForm, refused: str = "") -> HttpResponse:
    found = queries.envelope(key)
    seen = {
        "one": found,
        "state": _state(found, request.now),
        "own": key.asked_by_id == request.actor.user_id,
        "tests": key.tests.order_by("-at")[:12],
        "form": form,
        "refused": refused,
        "has_errors": bool(refused or form.errors),
    }
    status = 422 if form.is_bound or refused else 200
    return render(request, "portal/seals/one.html", seen | _frame(request), status=status)


def _row(one: queries.Envelope, now: datetime) -> list[Any]:
    link = {"text": f"Nyckel {one.key.number}", "url": reverse("portal_operations:seal", args=[one.key.pk])}
    tested = local(one.tested_at).strftime("%Y-%m-%d") if one.tested_at else "Aldrig"
    return [link, one.key.place, _state(one, now), tested]


def _state(one: queries.Envelope, now: datetime) -> str:
    """How a key is, in a word or two."""
    if one.key.ended_at is not None:
        return one.key.get_ended_why_display()
    if one.key.made_at is None:
        return "Begärd"
    if one.whole is False:
        return "Trasig: ersätt den"
    return "Ska kontrolleras" if one.due_at and one.due_at < now else "Gäller"
