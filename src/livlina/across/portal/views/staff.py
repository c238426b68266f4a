"""Staff and their assignments: for the administrator all of the municipality's, for a manager those of the unit."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livlina.across.portal import actions, forms
from livlina.across.portal.access import ADMINISTRATOR
from livlina.across.portal.queries import links, staff, units
from livlina.across.portal.views.own import _page, layout
from livlina.core.access import RULES, allowed, fetch, may, system
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.core.views import Request, page


@page("staff", "portal.staff")
@require_GET
def staff_list(request: Request) -> HttpResponse:
    """Those of the staff one administers, by name."""
    text, ended, number = (
        request.GET.get("q", "").replace("\0", "").strip()[:80],
        "ended" in request.GET,
        _page(request),
    )
    found = staff.colleagues(request.actor, text, ended, day_of(request.now), number)
    asked = {"q": text} | ({"ended": "1"} if ended else {})
    rows = [
        [
            {"text": one.user.name, "url": reverse("portal_public:colleague", args=[one.user.pk])},
            "; ".join(f"{held.title}, {held.unit.name}" for held in one.current) or "Inget uppdrag",
            one.user.email,
            "" if one.user.is_active else "Avslutat konto",
        ]
        for one in found[: staff.PAGE]
    ]
    seen = {
        "rows": rows,
        "heads": ["Namn", "Uppdrag", "E-postadress", "Konto"],
        "q": text,
        "ended": ended,
        "newer": "?" + urlencode(asked | {"page": number - 1}) if number > 1 else "",
        "older": "?" + urlencode(asked | {"page": number + 1}) if len(found) > staff.PAGE else "",
    }
    return render(request, "portal/staff/list.html", seen | _frame(request))


@page("staff", "portal.staff")
@require_GET
def colleague(request: Request, user_id: int) -> HttpResponse:
    """One of the staff: assignments, and for the administrator the account and the ways in."""
    found = staff.colleague(request.actor, user_id, day_of(request.now))
    return _colleague(request, found)


@page("staff", "portal.assign", once=True)
@require_http_methods(["GET", "POST"])
def assign(request: Request, user_id: int) -> HttpResponse:
    """Give one of the staff another assignment."""
    found = staff.colleague(request.actor, user_id, day_of(request.now))
    form = forms.AssignmentForm(_sent(request), **_choices(request))
    if form.is_valid():
        try:
            actions.give_assignment(found.user, form.duty(), by=request.actor, now=request.now)
            messages.success(request, f"{found.user.name} har fått uppdraget.")
            return redirect("portal_public:colleague", user_id)
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    return _form(request, form, f"Nytt uppdrag för {found.user.name}", "Ge uppdraget", _to(user_id))


@page("staff", "portal.assign", once=True)
@require_http_methods(["GET", "POST"])
def assign_by_address(request: Request) -> HttpResponse:
    """Give someone an assignment in one's own unit who works elsewhere in the municipality."""
    form = forms.AddressForm(_sent(request), **_choices(request))
    if form.is_valid():
        try:
            user = staff.colleague_at(request.actor, form.cleaned_data["email"])
            if user is None:
                raise actions.NobodyThere
            actions.give_assignment(user, form.duty(), by=request.actor, now=request.now)
            messages.success(request, f"{user.name} har fått uppdraget.")
            return redirect("portal_public:colleague", user.pk)
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    back = reverse("portal_public:staff")
    return _form(request, form, "Ge ett uppdrag i enheten", "Ge uppdraget", back)


@page("staff", "portal.assign", once=True)
@require_http_methods(["GET", "POST"])
def end_assignment(request: Request, assignment_id: UUID) -> HttpResponse:
    """End an assignment: on a day, or at once."""
    rows = Assignment.objects.select_related("user", "unit")
    found = fetch(request.actor, "portal.assign", rows, pk=assignment_id)
    form = forms.EndForm(_sent(request), today=day_of(request.now))
    if form.is_valid():
        try:
            actions.end_assignment(found, form.cleaned_data["last_day"], by=request.actor, now=request.now)
            messages.success(request, "Sista dagen är sparad.")
            return redirect("portal_public:colleague", found.user_id)
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    text = f"{found.title} i {found.unit.name}, {found.user.name}. Det som ligger på skrivbordet lämnas över för sig."
    return _form(request, form, "Avsluta uppdraget", "Spara sista dagen", _to(found.user_id), text)


@page("operations", "portal.account", once=True)
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Someone new, and the first assignment."""
    form = forms.NewUserForm(_sent(request), **_choices(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            user = actions.add_user(
                given["name"], given["email"], form.duty(), by=request.actor, now=request.now
            )
            messages.success(request, f"{user.name} har ett konto. Gör en länk nedan för att välja lösenord.")
            return redirect("portal_public:colleague", user.pk)
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    return _form(request, form, "Ny medarbetare", "Lägg upp", reverse("portal_public:staff"))


@page("operations", "portal.account", once=True)
@require_http_methods(["GET", "POST"])
def change(request: Request, user_id: int) -> HttpResponse:
    """Another name or address."""
    user = staff.colleague(request.actor, user_id, day_of(request.now)).user
    form = forms.UserForm(_sent(request), initial={"name": user.name, "email": user.email})
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_user(user, given["name"], given["email"], by=request.actor, now=request.now)
            messages.success(request, "Ändringen är sparad.")
            return redirect("portal_public:colleague", user_id)
        except actions.AdministrationRefused as wrong:
            form.add_error(None, str(wrong))
    text = "Det som redan är skrivet och beslutat behåller namnet det skrevs under."
    return _form(request, form, "Ändra namn eller adress", "Spara", _to(user_id), text)


@page("operations", "portal.account", once=True)
@require_http_methods(["GET", "POST"])
def end(request: Request, user_id: int) -> HttpResponse:
    """End an account, after asking; opened again the same way."""
    found = staff.colleague(request.actor, user_id, day_of(request.now))
    if request.method == "POST":
        act = actions.end_user if found.user.is_active else actions.reopen_user
        try:
            act(found.user, by=request.actor, now=request.now)
            said = "avslutat" if found.user.is_active is False else "öppet igen"
            messages.success(request, f"Kontot för {found.user.name} är {said}.")
            return redirect("portal_public:colleague", user_id)
        except actions.AdministrationRefused as wrong:
            return _colleague(request, found, refused=str(wrong))
    seen = {"one": found, "back": _to(user_id)}
    return render(request, "portal/staff/end.html", seen | _frame(request))


@page("operations", "portal.account")
@never_cache
@require_POST
def make_link(request: Request, user_id: int) -> HttpResponse:
    """Make a link to set a password, and show it this once."""
    found = staff.colleague(request.actor, user_id, day_of(request.now))
    try:
        link, token = actions.make_link(found.user, by=request.actor, now=request.now)
    except actions.AdministrationRefused as wrong:
        return _colleague(request, found, refused=str(wrong))
    address = request.build_absolute_uri(reverse("portal_public:first_password", args=[token]))
    seen = {"one": found, "link": link, "address": address, "back": _to(user_id)}
    return render(request, "portal/staff/link.html", seen | _frame(request))


@page("operations", "portal.account", once=True)
@require_POST
def remove_passkey(request: Request, user_id: int, key_id: int) -> HttpResponse:
    """Remove a passkey that is lost."""
    found = staff.colleague(request.actor, user_id, day_of(request.now))
    try:
        actions.remove_passkey(found.user, key_id, by=request.actor, now=request.now)
    except actions.AdministrationRefused as wrong:
        return _colleague(request, found, refused=str(wrong))
    messages.success(request, "Passkeyn är borttagen, och personen är utloggad överallt.")
    return redirect("portal_public:colleague", user_id)


@page("public", None)
@never_cache
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a link: the only thing the link can do, and it can do it once."""
    now = request.now  # type: ignore[attr-defined]
    link = links.link_of(token, now)
    if link is None:
        return render(request, "portal/staff/link_dead.html", status=410)
    form = forms.FirstPasswordForm(request.POST if request.method == "POST" else None, user=link.user)
    if form.is_valid():
        try:
            by = system(link.municipality_id)
            actions.set_password(link, form.cleaned_data["password1"], by=by, now=now)
        except actions.LinkIsDead:
            return render(request, "portal/staff/link_dead.html", status=410)
        messages.success(request, "Lösenordet är sparat. Logga in med det.")
        return redirect("account_login")
    seen = {"form": form, "user_name": link.user.name, "address": link.user.email}
    return render(request, "portal/staff/first_password.html", seen, status=422 if form.is_bound else 200)


def _colleague(request: Request, found: staff.Colleague, refused: str = "") -> HttpResponse:
    """The page of one of the staff; `refused` says why something was not done."""
    actor, user = request.actor, found.user
    mine = set(
        allowed(actor, "portal.assign", Assignment.objects.filter(user=user)).values_list("pk", flat=True)
    )
    seen: dict[str, Any] = {
        "one": found,
        "current": [_told(request, held, held.pk in mine) for held in found.current],
        "over": [_told(request, held, False) for held in found.over],
        "refused": refused,
        "has_errors": bool(refused),
        "own": user.pk == actor.user_id,
        "desk": reverse("cases:desks") if _hands_over(request) else "",
    }
    if may(actor, "portal.account"):
        seen |= {
            "passkeys": staff.passkeys_of(user),
            "last": staff.last_sign_in(user),
            "waiting": links.link_waiting(user.pk, request.now),
            "has_password": user.has_usable_password(),
            "elsewhere": staff.works_elsewhere(user, actor),
        }
    status = 422 if refused else 200
    return render(request, "portal/staff/one.html", seen | _frame(request), status=status)


def _told(request: Request, held: Assignment, mine: bool) -> dict[str, Any]:
    """An assignment in words, and where it is ended if one may."""
    today = day_of(request.now)
    return {
        "held": held,
        "role": settings.ROLES[held.role].swedish if held.role in settings.ROLES else held.role,
        "branches": staff.branches_of(held),
        "qualified": [settings.QUALIFICATIONS.get(code, code) for code in held.qualifications],
        "later": held.valid_from > today,
        "url": reverse("portal_public:end_assignment", args=[held.pk]) if mine else "",
    }


def _hands_over(request: Request) -> bool:
    return "cases.hand_over_desk" in RULES and may(request.actor, "cases.hand_over_desk")


def _frame(request: Request) -> dict[str, Any]:
    return {"layout": layout(request.actor), "administrator": request.actor.role == ADMINISTRATOR}


def _form(request: Request, form: Any, title: str, button: str, back: str, text: str = "") -> HttpResponse:
    """A page that is one form."""
    seen = {"form": form, "title": title, "button": button, "back": back, "text": text}
    status = 422 if form.is_bound else 200
    return render(request, "portal/staff/form.html", seen | _frame(request), status=status)


def _choices(request: Request) -> dict[str, Any]:
    """What an assignment's form needs to know."""
    return {"actor": request.actor, "units": units.units_to_give(request.actor), "today": day_of(request.now)}


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _to(user_id: int) -> str:
    return reverse("portal_public:colleague", args=[user_id])
