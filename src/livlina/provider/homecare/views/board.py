"""The board: a day of one unit, people by time; placed by hand, proposed, moved."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core.access import may
from livlina.core.clock import local
from livlina.core.views import Request, page
from livlina.provider.homecare import planning
from livlina.provider.homecare.actions import visits as actions
from livlina.provider.homecare.actions.moving import place_visit
from livlina.provider.homecare.clockwork import moment
from livlina.provider.homecare.forms_visits import TimeField
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries import board as queries
from livlina.provider.homecare.queries.names import Names, listed
from livlina.provider.homecare.views.common import (
    attempt,
    board_at,
    day_asked,
    uuid_or_none,
    visit_of,
)


@page("provider", "homecare.day")
def board(request: Request) -> HttpResponse:
    """The day, who goes where, and beside it in words what does not add up."""
    day = day_asked(request)
    found = queries.board(request.actor, day, request.now)
    listed(request.actor, "homecare.day", [visit.person_id for visit in found.visits], now=request.now)
    context = {
        "board": found,
        "day": day,
        "before": board_at(day - timedelta(days=1)),
        "after": board_at(day + timedelta(days=1)),
        "plans": may(request.actor, "homecare.schedule"),
        "done": sum(visit.state == "done" for visit in found.visits),
        "waiting": sum(conflict.code in ("nobody", "fewer") for conflict in found.conflicts),
    }
    return render(request, "homecare/board.html", context)


@require_POST
@page("provider", "homecare.schedule", once=True)
def place(request: Request) -> HttpResponse:
    """Put a visit at a time and with a carer: what dragging and the arrow keys send."""
    key = uuid_or_none(request.POST.get("visit", ""))
    if key is None:
        return redirect("homecare_provider:board")
    visit = visit_of(request, key, "homecare.schedule")
    on = local(visit.starts_at).date()
    try:
        clock = TimeField(required=False).clean(request.POST.get("at", ""))
    except ValidationError:
        clock = None
    starts_at = moment(on, clock) if clock else visit.starts_at
    giver, taker = (uuid_or_none(request.POST.get(name, "")) for name in ("giver", "taker"))
    put = partial(place_visit, visit, starts_at, giver=giver, taker=taker, by=request.actor, now=request.now)
    attempt(request, put, f"Besöket ligger {local(starts_at):%H:%M}.")
    return redirect(board_at(on, visit.pk))


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.schedule", once=True)
def proposal(request: Request) -> HttpResponse:
    """What the greedy planner would do; only what is ticked is done."""
    day = day_asked(request)
    if request.method == "POST":
        return _take_proposal(request)
    found = queries.board(request.actor, day, request.now)
    met = queries.met_lately(request.actor, day)
    made = planning.propose(found.jobs, found.hands, met=met)
    jobs = {job.key: job for job in found.jobs}
    called = {hand.carer: hand.name for hand in found.hands}
    listed(request.actor, "homecare.day", [job.person for job in found.jobs], now=request.now)
    context = {
        "day": day,
        "given": [
            (f"{visit}:{carer}", jobs[visit], called[carer], met.get((jobs[visit].person, carer), 0))
            for visit, carer in made.given
        ],
        "left": [(jobs[visit], why) for visit, why in made.left],
        "back": board_at(day),
    }
    return render(request, "homecare/proposal.html", context)


def _take_proposal(request: Request) -> HttpResponse:
    """Give what was ticked. What no longer can be given is said."""
    given, refused = 0, []
    names = Names(request.actor, request.now)
    for text in request.POST.getlist("give")[:500]:
        visit_key, _, carer_key = text.partition(":")
        key, carer = uuid_or_none(visit_key), uuid_or_none(carer_key)
        if key is None or carer is None:
            continue
        visit: Visit = visit_of(request, key, "homecare.schedule")
        try:
            actions.give_visit(visit, carer, by=request.actor, now=request.now)
            given += 1
        except actions.VisitRefused as refusal:
            refused.append(f"{local(visit.starts_at):%H:%M} {names(visit.person)}: {refusal}")
    messages.success(request, f"{given} besök har fått någon.")
    for words in refused[:5]:
        messages.warning(request, words)
    return redirect(board_at(day_asked(request)))
