"""Delegations: by carer or by task, with their last day; given, renewed and taken back by a nurse."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from livlina.core import audit
from livlina.core.access import allowed, fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.provider.homecare.actions import delegation as actions
from livlina.provider.homecare.forms_nursing import GiveForm, RenewForm, RevokeForm
from livlina.provider.homecare.models import Delegation
from livlina.provider.homecare.models.words import HEALTH, NURSING_TASKS
from livlina.provider.homecare.queries import nursing as queries
from livlina.registers.people.models import Person

SOON = 60
Row = tuple[Delegation, str, str, str]


@require_safe
@page("provider", "nursing.delegations")
def delegations(request: Request) -> HttpResponse:
    """Who may do what, until when: by carer, or by task."""
    by_task, ended = request.GET.get("by") == "task", request.GET.get("show") == "ended"
    groups: dict[str, list[Row]] = {}
    found = queries.delegations(request.actor, request.now, ended=ended)
    named = _named(request, found)
    for one in found:
        name, what = one.carer.user.name, NURSING_TASKS[one.task]
        key, other = (what, name) if by_task else (name, what)
        groups.setdefault(key, []).append(
            (one, other, _for_whom(one, named), state(one, day_of(request.now)))
        )
    gives = may(request.actor, "nursing.delegate")
    context = {
        "groups": sorted(groups.items()), "by_task": by_task, "ended": ended, "gives": gives,
        "unopened": _unopened(request) if gives and not ended else [],
    }  # fmt: skip
    return render(request, "homecare/nursing/delegations.html", context)


@require_safe
@page("provider", "nursing.delegations")
def delegation(request: Request, pk: UUID) -> HttpResponse:
    """One delegation in writing."""
    return _one(request, _found(request, pk, "nursing.delegations"))


@require_http_methods(["GET", "POST"])
@page("provider", "nursing.delegate", once=True)
def give(request: Request) -> HttpResponse:
    """Delegate one or several tasks to a carer."""
    patients = queries.patients(request.actor, request.now) if may(request.actor, "nursing.list") else []
    form = GiveForm(
        request.POST or None, today=day_of(request.now),
        carers=[(str(one.pk), f"{one.user.name}, {one.title}") for one in queries.carers(request.actor, request.now)],
        persons=[(str(one.person.pk), one.person.name) for one in patients],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            _give(request, form)
            messages.success(request, "Delegeringen är given.")
            return redirect("homecare_provider:delegations")
        except actions.DelegationRefused as refusal:
            form.add_error(None, str(refusal))
    elif patients:
        persons = [str(one.person.pk) for one in patients]
        audit.read(request.actor, "nursing.list", now=request.now, detail={"persons": persons})
    status = 422 if request.method == "POST" else 200
    return render(request, "homecare/nursing/give.html", {"form": form}, status=status)


@require_POST
@page("provider", "nursing.delegate", once=True)
def renew(request: Request, pk: UUID) -> HttpResponse:
    """Give the same again, from the day after."""
    found, form = _found(request, pk, "nursing.delegate"), RenewForm(request.POST, prefix="renew")
    if form.is_valid():
        said = form.cleaned_data
        try:
            new = actions.renew_delegation(
                found, said["valid_to"], said["tested"], by=request.actor, now=request.now
            )
            messages.success(request, "Delegeringen är förnyad.")
            return redirect("homecare_provider:delegation", new.pk)
        except actions.DelegationRefused as refusal:
            form.add_error(None, str(refusal))
    return _one(request, found, renewing=form)


@require_POST
@page("provider", "nursing.delegate", once=True)
def revoke(request: Request, pk: UUID) -> HttpResponse:
    """Take it back at once."""
    found, form = _found(request, pk, "nursing.delegate"), RevokeForm(request.POST, prefix="revoke")
    if not form.is_valid():
        return _one(request, found, revoking=form)
    actions.revoke_delegation(found, form.cleaned_data["reason"], by=request.actor, now=request.now)
    messages.success(
        request, "Delegeringen är återkallad. Chefen får veta det, och besöken visas som konflikter."
    )
    return redirect("homecare_provider:delegation", pk)


def state(one: Delegation, today: date) -> str:
    """`revoked`, `over`, `coming`, `soon` (ends within 60 days) or `holds`."""
    if one.revoked_at is not None:
        return "revoked"
    if one.valid_to < today:
        return "over"
    if one.valid_from > today:
        return "coming"
    return "soon" if one.valid_to <= today + timedelta(days=SOON) else "holds"


def _give(request: Request, form: GiveForm) -> None:
    said = form.cleaned_data
    for task in said["tasks"]:
        actions.give_delegation(
            UUID(said["carer"]), task, valid_from=said["valid_from"], valid_to=said["valid_to"], tested=said["tested"],
            person_id=UUID(said["person"]) if said["person"] else None, by=request.actor, now=request.now,
        )  # fmt: skip


def _found(request: Request, pk: UUID, verb: str) -> Delegation:
    rows = Delegation.objects.select_related("carer__user", "giver__user", "person", "unit")
    return fetch(request.actor, verb, rows, pk=pk)


def _named(request: Request, rows: list[Delegation]) -> frozenset[UUID]:
    """Persons who are named to the actor: that somebody has home nursing is told to whoever may read it. Recorded."""
    asked = [one.person_id for one in rows if one.person_id is not None]
    if not asked or not may(request.actor, "nursing.round"):
        return frozenset()
    found = allowed(request.actor, "people.read", Person.objects.filter(pk__in=asked))
    named = frozenset(found.values_list("pk", flat=True))
    persons = sorted(map(str, named))
    audit.read(request.actor, "nursing.delegations", now=request.now, detail={"persons": persons})
    return named


def _for_whom(one: Delegation, named: frozenset[UUID]) -> str:
    if one.person is None:
        return "Alla vid enheten"
    return one.person.name if one.person_id in named else "En viss person"


def _unopened(request: Request) -> list[str]:
    """Carers with a delegation whose assignment does not open the nursing book: they cannot sign."""
    rows = queries.delegations(request.actor, request.now)
    return sorted({one.carer.user.name for one in rows if HEALTH not in one.carer.compartments})


def _one(
    request: Request, found: Delegation, renewing: RenewForm | None = None, revoking: RevokeForm | None = None
) -> HttpResponse:
    today = day_of(request.now)
    whom = _for_whom(found, _named(request, [found]))
    first = {"valid_to": max(found.valid_to, today) + timedelta(days=364)}
    context = {
        "one": found, "what": NURSING_TASKS[found.task], "whom": whom, "state": state(found, today),
        "left": (found.valid_to - today).days, "changes": may(request.actor, "nursing.delegate", found),
        "renewing": renewing or RenewForm(prefix="renew", initial=first),
        "revoking": revoking or RevokeForm(prefix="revoke"), "has_errors": bool(renewing or revoking),
    }  # fmt: skip
    return render(
        request, "homecare/nursing/delegation.html", context, status=422 if renewing or revoking else 200
    )
