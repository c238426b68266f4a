"""The way in: choices of how to sign in, identity providers, and where each one starts."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livlina.across.portal import actions, fake_eid, health, oidc, sessions, signin
from livlina.across.portal.device import device
from livlina.across.portal.forms import DemoCitizenForm
from livlina.across.portal.outside import RETRY_AFTER, ProviderAway
from livlina.core.models import Municipality, User
from livlina.core.views import page

STARTS = {
    "officer": "portal:start",
    "provider": "portal_provider:start",
    "operations": "portal_operations:start",
    "citizen": "portal_citizen:start",
}


@page("public", None)
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The address without anything after it: home for those signed in, the way in for others."""
    return redirect("portal_public:start" if request.user.is_authenticated else "portal_public:sign_in")


@page("public", None)
@never_cache
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose how to sign in."""
    place = signin.municipality_for(request)
    apps = {one["provider_id"]: one for one in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]}
    seen = {
        "next": _safe(request, request.GET.get("next", "")),
        "places": [place] if place else list(Municipality.objects.order_by("name")),
        "eid": "eid" in apps,
        "fake_eid": fake_eid.allowed(),
        "staff_provider": apps.get("staff"),
        "state": health.state(request.now),  # type: ignore[attr-defined]
        "signed_in": request.user.is_authenticated,
        "open_to_all": settings.OPEN_TO_ALL,
    }
    return render(request, "portal/sign_in.html", seen)


@page("public", None)
@never_cache
@require_GET
def oidc_begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to an identity provider, or say at once that it does not answer."""
    slug = request.GET.get("municipality", "")
    if provider_id == "eid" and signin.municipality_for(request, slug) is None:
        return redirect("portal_public:sign_in")
    if provider_id == health.STAFF and health.state(request.now).down:  # type: ignore[attr-defined]
        return away(request, provider_id)  # measured: nobody waits to learn it anew
    remember = {"next": _safe(request, request.GET.get("next", "")), "municipality": slug}
    try:
        return HttpResponseRedirect(oidc.begin(request, provider_id, **remember))
    except ProviderAway:
        return away(request, provider_id)


@page("public", None)
@never_cache
@require_GET
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer, and sign in whom it names."""
    try:
        answer = oidc.complete(request, provider_id)
        next_url = answer.state.get("next") or reverse("portal_public:start")
        if provider_id == "eid":
            place = signin.municipality_for(request, answer.state.get("municipality", ""))
            if place is None:
                raise oidc.SignInFailed("municipality")
            who = signin.identity(answer.claims)
            return signin.citizen(request, who, place, kind="eid", next_url=next_url)
        health.told_truth(provider_id)
        trusted = bool(oidc.app(request, provider_id).settings.get("verified_email"))
        return signin.staff(request, answer.claims, trust_address=trusted, next_url=next_url)
    except ProviderAway:
        return away(request, provider_id)
    except oidc.SignInFailed as fault:
        if provider_id == health.STAFF and fault.why in ("signature", "key"):
            health.lied(provider_id, request.now)  # type: ignore[attr-defined]
        return failed(request, provider_id, fault.why)


@page("public", None)
@never_cache
@require_http_methods(["GET", "POST"])
def demo_eid(request: HttpRequest, slug: str) -> HttpResponse:
    """Be someone, in the demo. Not mounted elsewhere."""
    place = signin.municipality_for(request, slug)
    if place is None:
        raise Http404
    next_url = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    form = DemoCitizenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        who = signin.Identity(given["number"].value, given["given_names"], given["family_name"])
        try:
            return fake_eid.sign_in(request, who, place, next_url or reverse("portal_public:start"))
        except oidc.SignInFailed as fault:
            return failed(request, "demo", fault.why)
    seen = {"form": form, "place": place, "citizens": fake_eid.citizens(place), "next": next_url}
    return render(request, "portal/fake_eid.html", seen, status=422 if form.is_bound else 200)


@page("public", None)
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Send each one to their own start page; staff without a chosen assignment choose first."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor is not None:
        side = next((name for name, roles in settings.AUDIENCES.items() if actor.role in roles), actor.kind)
        return redirect(STARTS[side])
    if not request.user.is_authenticated:
        return redirect("portal_public:sign_in")
    held = sessions.choose_only(request, request.user)
    if len(held) == 1:
        return redirect("portal_public:start")
    return redirect("portal_public:assignment")


@page("public", None)
@never_cache
@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest) -> HttpResponse:
    """Choose under which assignment to act; only those that hold today."""
    user = request.user
    if not isinstance(user, User) or user.kind != "staff":
        return redirect("portal_public:sign_in")
    held = sessions.choices(request, user)
    if request.method == "POST":
        for one in held:
            if str(one.pk) == request.POST.get("assignment"):
                sessions.choose(request, one)
                return redirect("portal_public:start")
    actor = request.actor  # type: ignore[attr-defined]
    several = len({one.municipality_id for one in held}) > 1
    seen = {"held": held, "current": actor.assignment_id if actor else None, "several": several}
    return render(request, "portal/assignment.html", seen, status=422 if request.method == "POST" else 200)


@page("public", None)
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this user, this one too."""
    if isinstance(request.user, User):
        actions.end_sessions(by=request.user, now=request.now)  # type: ignore[attr-defined]
        request.session.flush()
        messages.success(request, "Du är utloggad överallt.")
    return redirect("portal_public:sign_in")


def away(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The page for a provider that does not answer: what still works."""
    seen = {"for_staff": provider_id != "eid", "seconds": int(RETRY_AFTER)}
    answer = render(request, "portal/away.html", seen, status=503)
    answer["Retry-After"] = str(int(RETRY_AFTER))
    return answer


def failed(request: HttpRequest, provider_id: str, why: str) -> HttpResponse:
    """The page for a sign-in that failed: the same whatever the reason, so that it tells nothing about anyone."""
    kind = provider_id if provider_id in ("eid", "demo") else "staff"
    words = device(request.headers.get("user-agent", ""))
    actions.note_sign_in(kind, by=None, now=request.now, device=words, why=why)  # type: ignore[attr-defined]
    return render(request, "portal/failed.html", {"for_staff": kind == "staff"}, status=401)


def _safe(request: HttpRequest, address: str) -> str:
    """Return the address if it leads into our own house."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else ""
