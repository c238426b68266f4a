"""Who stands in for whom: one's own, or for a manager the unit's."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.watches import queries, substitutes
from livlina.registers.watches.forms import SubstituteForm
from livlina.registers.watches.models import Substitute


@page("officer", "watches.appoint", once=True)
def substitute_list(request: Request) -> HttpResponse:
    """Those that hold or will, and a form for one more."""
    actor, today = request.actor, day_of(request.now)
    colleagues = queries.colleagues(actor, today)
    own = None if actor.role == "unit_manager" else actor.user_id
    form = SubstituteForm(colleagues, own, today, request.POST or None, initial={"first": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            substitutes.appoint(
                data["absent"], data["substitute"], first=data["first"], last=data["last"], by=actor, now=request.now
            )  # fmt: skip
        except substitutes.SubstituteRefused as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(
                request,
                f"{data['substitute'].name} ersätter {data['absent'].name} {data['first']}–{data['last']}.",
            )
            return redirect("watches:substitutes")
    context: dict[str, Any] = {"form": form, "rows": queries.substitutions(actor, today), "today": today}
    return render(request, "watches/substitutes.html", context, status=422 if form.errors else 200)


@require_POST
@page("officer", "watches.stand_in", once=True)
def end_substitute(request: Request, pk: UUID) -> HttpResponse:
    """End one before its last day."""
    row = fetch(
        request.actor, "watches.stand_in", Substitute.objects.select_related("substitute", "absent"), pk=pk
    )
    substitutes.end(row, by=request.actor, now=request.now)
    messages.success(request, f"{row.substitute.name} ersätter inte längre {row.absent.name}.")
    return redirect("watches:substitutes")
