"""The shadow's own ways in: a passkey, verified against the public keys that came with the copy, or its sealed code.

Neither the municipality's sign-in nor the main system is asked. Nothing is written in the database: who signed in stands
among the readings that are taken home. Whoever comes in has care duties only, as in every outage.
"""

from pathlib import Path

from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from livlina.across.continuity.shadow.middleware import actor_of
from livlina.across.continuity.shadow.seal import SEAL, fits
from livlina.core import audit
from livlina.core.clock import day_of
from livlina.core.middleware import assignments_of
from livlina.core.models import User
from livlina.core.models.organisation import Assignment
from livlina.core.views import page

LASTS = 12 * 3600  # seconds
SEALED_LASTS = 3600
TRIES, WAIT = 5, 60  # wrong codes, and then seconds
NO_WORK = "Det finns inget uppdrag att logga in under i dag."


@page("public", None)
@require_http_methods(["GET"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The ways in."""
    return _shown(request)


@page("public", None)
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Ask the browser for a passkey, and take its answer."""
    if request.method == "GET":
        answer = JsonResponse({"request_options": auth.begin_authentication(user=None)})
        answer["Cache-Control"] = "no-store"
        return answer
    form = LoginWebAuthnForm(data=request.POST)
    if not form.is_valid():
        return _shown(request, "Det gick inte att logga in med den nyckeln. Försök igen.")
    return _begin(request, form.cleaned_data["credential"].user, "passkey")


@page("public", None)
@require_http_methods(["GET", "POST"])
def sealed(request: HttpRequest) -> HttpResponse:
    """The code from the shadow's envelope, and one's own address: loud, for an hour, and looked at afterwards."""
    if request.method == "GET":
        return _shown(request)
    tried = int(cache.get_or_set("shadow-seal", 0, WAIT) or 0)
    if tried >= TRIES:
        return _shown(request, "För många försök. Vänta en minut.")
    user = User.objects.filter(
        email=request.POST.get("email", "").strip().lower(), kind="staff", is_active=True
    ).first()
    if not fits(Path(settings.STATE_DIR), request.POST.get("code", "")) or user is None:
        cache.incr("shadow-seal")
        return _shown(request, "Koden eller e-postadressen stämmer inte.")
    return _begin(request, user, "sealed")


@page("public", None)
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here."""
    request.session.flush()
    return HttpResponseRedirect(settings.LOGIN_URL)


def _begin(request: HttpRequest, user: User, way: str) -> HttpResponse:
    """Begin a session on the shadow's disk, under the user's one assignment, or let them choose."""
    held = assignments_of(user, day_of(request.now)) if user.is_active and user.kind == "staff" else []  # type: ignore[attr-defined]
    if not held:
        return _shown(request, NO_WORK)
    session = request.session
    session.flush()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session["way_in"] = way
    session.set_expiry(SEALED_LASTS if way == "sealed" else LASTS)
    for one in held:
        _note(request, user, one, way)
    if len(held) == 1:
        session["municipality_id"], session["assignment_id"] = held[0].municipality_id, str(held[0].pk)
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect("/assignment/")


def _note(request: HttpRequest, user: User, held: Assignment, way: str) -> None:
    actor = actor_of(user, held.pk, held.municipality_id, day_of(request.now))  # type: ignore[attr-defined]
    if actor is not None:
        review = "emergency" if way == "sealed" else ""
        audit.read(actor, "continuity.shadow", now=request.now, obj=None, review=review, detail={"way": way})  # type: ignore[attr-defined]


def _shown(request: HttpRequest, fault: str = "") -> HttpResponse:
    translation.activate("sv")  # for staff, whatever the browser asks for
    seen = {"fault": fault, "has_seal": (Path(settings.STATE_DIR) / SEAL).exists(), "has_errors": bool(fault)}
    return render(request, "continuity/shadow/sign_in.html", seen, status=422 if fault else 200)
