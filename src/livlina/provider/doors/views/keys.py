"""The provider's pages about metal keys, emergency openings and what the night opened."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from livlina.core import audit
from livlina.core.access import demand, fetch, may
from livlina.core.models import Assignment
from livlina.core.views import Request, page
from livlina.provider.doors import actions, queries
from livlina.provider.doors.faults import DoorRefused
from livlina.provider.doors.forms import KeyForm, SignOutForm, WhyForm
from livlina.provider.doors.models import Grant, MetalKey, Opening
from livlina.provider.doors.protocol.faults import REASONS
from livlina.provider.doors.queries import locks as reads
from livlina.registers.people.models import Person

NIGHT = timedelta(hours=24)


@page("provider", "doors.keys")
@require_safe
def keys(request: Request) -> HttpResponse:
    """The unit's metal keys: by number alone."""
    return _keys(request)


@page("provider", "doors.keep_keys", once=True)
@require_POST
def add(request: Request) -> HttpResponse:
    """Take a key into keeping."""
    form = KeyForm(request.POST, persons=_persons(request))
    if form.is_valid():
        said = form.cleaned_data
        person = fetch(request.actor, "people.read", Person.objects.all(), pk=said.pop("person"))
        try:
            key = actions.add_key(person=person, **said, by=request.actor, now=request.now)
        except DoorRefused as refusal:
            form.add_error("number", str(refusal))
        else:
            return redirect("doors_provider:key", key.pk)
    return _keys(request, form=form)


@page("provider", "doors.keys")
@require_safe
def key(request: Request, pk: UUID) -> HttpResponse:
    """One key: whose door it fits, who has it, and who has had it."""
    return _key(request, fetch(request.actor, "doors.keys", _with_holder(), pk=pk))


@page("provider", "doors.keys", once=True)
@require_POST
def sign_out(request: Request, pk: UUID) -> HttpResponse:
    """Hand a key out."""
    found = fetch(request.actor, "doors.keys", _with_holder(), pk=pk)
    form = SignOutForm(request.POST, staff=_staff(request))
    if not form.is_valid():
        return _key(request, found, form=form)
    holder = Assignment.objects.select_related("user").get(pk=form.cleaned_data["holder"])
    note = form.cleaned_data["note"]
    return _done(
        request, found, lambda: actions.sign_out(found, holder, note=note, by=request.actor, now=request.now),
        f"Nyckel {found.number} är utlämnad till {holder.user.name}.",
    )  # fmt: skip


@page("provider", "doors.keys", once=True)
@require_POST
def sign_in(request: Request, pk: UUID) -> HttpResponse:
    """Take a key in."""
    found = fetch(request.actor, "doors.keys", _with_holder(), pk=pk)
    return _done(
        request, found, lambda: actions.sign_in(found, by=request.actor, now=request.now), "Nyckeln är inlämnad."
    )  # fmt: skip


SAYINGS: dict[str, tuple[str, Callable[..., object], str, str]] = {
    "lost": ("doors.keys", actions.report_lost, "Vad hände? När och var sågs nyckeln senast?",
             "Nyckeln är anmäld som förlorad. Enhetschefen har fått veta det."),
    "return": ("doors.keep_keys", actions.give_back, "Vem tog emot nyckeln?", "Nyckeln är lämnad tillbaka."),
}  # fmt: skip


@page("provider", "doors.keys", once=True)
@require_http_methods(["GET", "POST"])
def say(request: Request, pk: UUID, deed: str) -> HttpResponse:
    """Say that a key is lost, or given back."""
    verb, act, label, words = SAYINGS[deed]
    demand(request.actor, verb)
    found = fetch(request.actor, "doors.keys", _with_holder(), pk=pk)
    form = WhyForm(request.POST or None, label=label)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return _done(request, found, lambda: act(found, text, by=request.actor, now=request.now), words)
    context = {"key": found, "form": form, "deed": deed}
    return render(request, "doors/key_say.html", context, status=422 if form.is_bound else 200)


@page("provider", "doors.emergencies")
@require_safe
def emergencies(request: Request) -> HttpResponse:
    """Emergency openings, and what night patrol and alarms opened in the last day."""
    rows = queries.rounds(request.actor, request.now - NIGHT)
    context = {"grants": reads.emergencies(request.actor), "rows": rows, "reasons": REASONS}
    return render(request, "doors/emergencies.html", context)


@page("provider", "doors.review", once=True)
@require_http_methods(["GET", "POST"])
def review(request: Request, pk: UUID) -> HttpResponse:
    """Review one emergency opening."""
    row = fetch(request.actor, "doors.review", Grant.objects.select_related("holder", "unit"), pk=pk)
    form = WhyForm(request.POST or None, label="Vad visade granskningen?")
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_emergency(row, form.cleaned_data["text"], by=request.actor, now=request.now)
        except DoorRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Granskningen är sparad.")
            return redirect("doors_provider:emergencies")
    openings = row.openings.select_related("lock").order_by("at")
    audit.read(request.actor, "doors.review", now=request.now, obj=row)
    context = {"grant": row, "openings": openings, "form": form}
    return render(request, "doors/review.html", context, status=422 if form.is_bound else 200)


@page("provider", "doors.keep", once=True)
@require_http_methods(["GET", "POST"])
def unplanned(request: Request, pk: UUID) -> HttpResponse:
    """Say why a door was opened outside a visit."""
    opening = get_object_or_404(Opening.objects.select_related("lock", "grant"), pk=pk)
    lock = queries.lock_of(request.actor, opening.lock_id, "doors.keep")
    form = WhyForm(request.POST or None, label="Varför öppnades dörren?")
    if request.method == "POST" and form.is_valid():
        actions.explain_opening(opening, form.cleaned_data["text"], by=request.actor, now=request.now)
        messages.success(request, "Förklaringen är sparad.")
        return redirect("doors_provider:door", lock.pk)
    audit.read(request.actor, "doors.read_log", now=request.now, person_id=lock.person_id, obj=opening)
    context = {"opening": opening, "lock": lock, "form": form}
    return render(request, "doors/unplanned.html", context, status=422 if form.is_bound else 200)


def _keys(request: Request, form: KeyForm | None = None) -> HttpResponse:
    keeps = may(request.actor, "doors.keep_keys")
    new = KeyForm(persons=_persons(request)) if keeps and form is None else form
    context = {"keys": queries.keys_of(request.actor), "form": new, "has_errors": form is not None}
    return render(request, "doors/keys.html", context, status=422 if form else 200)


def _key(request: Request, found: MetalKey, form: SignOutForm | None = None) -> HttpResponse:
    person = fetch(request.actor, "people.read", Person.objects.all(), pk=found.person_id)
    audit.read(request.actor, "doors.keys", now=request.now, person_id=found.person_id, obj=found)
    context = {
        "key": found,
        "person": person,
        "events": found.events.order_by("-at", "-id"),
        "form": form or SignOutForm(staff=_staff(request)),
        "keeps": may(request.actor, "doors.keep_keys"),
        "has_errors": form is not None,
    }
    return render(request, "doors/key.html", context, status=422 if form else 200)


def _done(request: Request, found: MetalKey, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except DoorRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("doors_provider:key", found.pk)


def _with_holder() -> QuerySet[MetalKey]:
    return MetalKey.objects.select_related("holder__user", "unit")


def _persons(request: Request) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in reads.clients(request.actor)]


def _staff(request: Request) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.user.name}, {one.title}") for one in reads.staff(request.actor, request.now)]
