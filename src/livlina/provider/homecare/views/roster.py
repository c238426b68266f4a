"""Pages of the roster: a week's shifts, absence, a week copied, stand-ins for who is away."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core.access import fetch, may
from livlina.core.clock import local
from livlina.core.views import Request, page
from livlina.provider.homecare import planning
from livlina.provider.homecare.actions import roster as actions
from livlina.provider.homecare.actions import visits
from livlina.provider.homecare.clockwork import day_span, monday_of
from livlina.provider.homecare.forms_visits import ShiftForm
from livlina.provider.homecare.models import Shift, Visit
from livlina.provider.homecare.queries import board as queries
from livlina.provider.homecare.queries.day import shifts_of_unit
from livlina.provider.homecare.queries.names import listed
from livlina.provider.homecare.views.common import (
    REFUSALS,
    at_clock,
    attempt,
    board_at,
    day_asked,
    uuid_or_none,
    visit_of,
)

SHOWN = 3
"""Stand-ins shown for each visit; the rest can be chosen on the visit's own page."""


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.shifts", once=True)
def roster(request: Request) -> HttpResponse:
    """A week's shifts, carer by carer; the manager adds one here."""
    monday = monday_of(day_asked(request, "week"))
    plans = may(request.actor, "homecare.roster")
    carers = queries.carers_of(request.actor, monday + timedelta(days=6))
    form = ShiftForm(request.POST or None, carers=carers, initial={"day": monday})
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect(f"{reverse('homecare_provider:roster')}?week={monday_of(form.cleaned_data['day'])}")
    shifts = shifts_of_unit(request.actor, day_span(monday)[0], day_span(monday + timedelta(days=6))[1])
    days = [monday + timedelta(days=number) for number in range(7)]
    context = {
        "days": days,
        "rows": [(one, [_on(shifts, one.pk, day) for day in days]) for one in carers],
        "form": form if plans else None,
        "plans": plans,
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
    }
    again = request.method == "POST"
    return render(
        request, "homecare/roster.html", context | {"has_errors": again}, status=422 if again else 200
    )


@require_POST
@page("provider", "homecare.roster", once=True)
def copy_week(request: Request) -> HttpResponse:
    """Copy a week to the next."""
    monday = monday_of(day_asked(request, "week"))
    later = monday + timedelta(days=7)
    try:
        made = actions.copy_week(monday, later, by=request.actor, now=request.now)
        left = f" {made.left} besök gick inte att ge." if made.left else ""
        messages.success(request, f"{made.shifts} pass och {made.given} besök är kopierade.{left}")
    except REFUSALS as refusal:
        messages.warning(request, str(refusal))
        later = monday
    return redirect(f"{reverse('homecare_provider:roster')}?week={later}")


@require_POST
@page("provider", "homecare.roster", once=True)
def absence(request: Request, pk: UUID) -> HttpResponse:
    """Say that a carer is sick or away, or comes after all; then find stand-ins."""
    shift = fetch(request.actor, "homecare.roster", Shift.objects.select_related("carer__user"), pk=pk)
    state, on = request.POST.get("state", ""), local(shift.starts_at).date()
    if state == "planned":
        back = partial(actions.set_present, shift, by=request.actor, now=request.now)
        attempt(request, back, f"{shift.carer.user.name} kommer.")
        return redirect(board_at(on))
    away = partial(actions.set_absent, shift, state, by=request.actor, now=request.now)
    if attempt(request, away, f"{shift.carer.user.name} är borta {on}. Välj vem som går i stället."):
        return redirect("homecare_provider:stand_ins", shift.pk)
    return redirect(board_at(on))


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.roster", once=True)
def stand_ins(request: Request, pk: UUID) -> HttpResponse:
    """Who can make the visits of somebody who is away, the best first."""
    shift = fetch(request.actor, "homecare.roster", Shift.objects.select_related("carer__user"), pk=pk)
    if request.method == "POST":
        return _swap(request, shift)
    day = local(shift.starts_at).date()
    found = queries.board(request.actor, day, request.now)
    met = queries.met_lately(request.actor, day)
    rows = [
        (job, planning.stand_ins(job, found.jobs, found.hands, met=met)[:SHOWN])
        for job in found.jobs
        if shift.carer_id in job.goers and job.state == "planned"
    ]
    listed(request.actor, "homecare.day", [job.person for job, _ in rows], now=request.now)
    context = {"shift": shift, "rows": rows, "day": day, "back": board_at(day)}
    return render(request, "homecare/stand_ins.html", context)


def _swap(request: Request, shift: Shift) -> HttpResponse:
    """Let the chosen stand-in make the visit."""
    key, taker = uuid_or_none(request.POST.get("visit", "")), uuid_or_none(request.POST.get("taker", ""))
    if key is not None and taker is not None:
        visit: Visit = visit_of(request, key, "homecare.schedule")
        give = partial(visits.swap_visit, visit, shift.carer_id, taker, by=request.actor, now=request.now)
        attempt(request, give, "Besöket har bytt hand.")
    return redirect("homecare_provider:stand_ins", shift.pk)


def _add(request: Request, form: ShiftForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    day: date = said["day"]
    starts, ends = at_clock(day, said["starts"]), at_clock(day, said["ends"])
    if ends <= starts:
        ends = at_clock(day + timedelta(days=1), said["ends"])
    pause: dict[str, Any] = {}
    for name in ("break_from", "break_to"):
        if said[name] is not None:
            at = at_clock(day, said[name])
            pause[name] = at if at >= starts else at_clock(day + timedelta(days=1), said[name])
    try:
        actions.add_shift(
            UUID(said["carer"]), starts, ends, by=request.actor, now=request.now, area=said["area"],
            travel=said["travel"], **pause,
        )  # fmt: skip
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Passet är inlagt.")
    return True


def _on(shifts: list[Shift], carer: UUID, day: date) -> list[Shift]:
    return [one for one in shifts if one.carer_id == carer and local(one.starts_at).date() == day]
