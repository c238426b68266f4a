"""Is the reserve one? For those who run the house, and to read for managers: what has been proved, and when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from livlina.across.continuity import actions, queries, shown
from livlina.across.continuity.forms import SignForm
from livlina.across.continuity.models import Drill
from livlina.core.access import RULES
from livlina.core.views import Request, page

LAYOUTS = {"operations": "ui/officer.html", "officer": "ui/officer.html", "provider": "ui/provider.html"}
ROOMS = {
    "operations": "continuity_operations",
    "officer": "continuity",
    "provider": "continuity_provider",
}


@page("operations", "continuity.reserves")
@require_safe
def operations(request: Request) -> HttpResponse:
    """Everything, for those who run the house."""
    return _reserves(request, "operations")


@page("officer", "continuity.reserves")
@require_safe
def officer(request: Request) -> HttpResponse:
    """The same, to read, for a unit's manager."""
    return _reserves(request, "officer")


@page("provider", "continuity.reserves")
@require_safe
def provider(request: Request) -> HttpResponse:
    """The same, to read, for a provider's manager."""
    return _reserves(request, "provider")


@page("operations", "continuity.drill")
@require_safe
def operations_drill(request: Request, pk: UUID) -> HttpResponse:
    """One drill, step by step, and who has signed it."""
    return _drill(request, "operations", pk)


@page("officer", "continuity.drill")
@require_safe
def officer_drill(request: Request, pk: UUID) -> HttpResponse:
    """One drill, to read."""
    return _drill(request, "officer", pk)


@page("provider", "continuity.drill")
@require_safe
def provider_drill(request: Request, pk: UUID) -> HttpResponse:
    """One drill, to read."""
    return _drill(request, "provider", pk)


@page("operations", "continuity.sign", once=True)
@require_POST
def sign(request: Request, pk: UUID) -> HttpResponse:
    """The one responsible has read what the drill showed."""
    drill = queries.drill(request.actor, pk)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            actions.sign(drill, form.cleaned_data["words"], by=request.actor, now=request.now)
            messages.success(request, "Övningen är undertecknad.")
            return redirect("continuity_operations:drill", pk=pk)
        except actions.AlreadySigned as wrong:
            form.add_error(None, str(wrong))
    return _drill(request, "operations", pk, form)


def _reserves(request: Request, audience: str) -> HttpResponse:
    test = queries.newest_restore_test()

    def address(drill: Drill) -> str:
        return reverse(f"{ROOMS[audience]}:drill", args=[drill.pk])

    seen: dict[str, Any] = {
        "volume_heads": shown.VOLUME_HEADS,
        "layout": LAYOUTS[audience],
        "lead": shown.lead(test, request.now),
        "reserves": shown.reserves(queries.told(), request.now),
        "volumes": shown.volumes(queries.storage()),
        "calendar": shown.calendar(queries.calendar(request.now), address, request.now),
        "drills": shown.drills(queries.drills(request.actor)[: queries.SHOWN], address, request.now),
        "tests": shown.tests(queries.restore_tests(), request.now),
    }
    return render(request, "continuity/reserves.html", seen)


def _drill(request: Request, audience: str, pk: UUID, form: SignForm | None = None) -> HttpResponse:
    drill = queries.drill(request.actor, pk)
    signed = list(drill.signatures.order_by("at"))
    mine = any(one.user_id == request.actor.user_id for one in signed)
    may = audience == "operations" and RULES["continuity.sign"].lets_in(request.actor) and not mine
    seen = {
        "layout": LAYOUTS[audience],
        "back": reverse(f"{ROOMS[audience]}:reserves"),
        "drill": drill,
        "title": shown.title(drill),
        "outcome": shown.OUTCOMES[drill.outcome],
        "facts": shown.facts(drill),
        "steps": [shown.step(one) for one in drill.steps],
        "signed": signed,
        "form": form or (SignForm() if may else None),
        "has_errors": bool(form and form.errors),
    }
    return render(request, "continuity/drill.html", seen, status=422 if form and form.errors else 200)
