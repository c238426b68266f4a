"""Pages besides the desk: who is on call, how one is reached, and how quickly alarms are answered."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from livlina.core.access import may
from livlina.core.clock import SWEDEN, day_of
from livlina.core.views import Request, page
from livlina.provider.alarms import gateways
from livlina.provider.alarms.actions import rota as actions
from livlina.provider.alarms.actions.rota import RotaFault
from livlina.provider.alarms.forms import ChannelForm, DeviceForm, OnCallForm
from livlina.provider.alarms.queries import rota as queries
from livlina.provider.alarms.queries import statistics as figures

ROTA = "alarms_provider:rota"


@page("provider", "alarms.rota")
@require_safe
def rota(request: Request) -> HttpResponse:
    """Who is on call this week."""
    return _rota(request)


@page("provider", "alarms.plan_rota", once=True)
@require_POST
def add_on_call(request: Request) -> HttpResponse:
    """Put somebody on call."""
    form = _on_call_form(request, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.add(
                UUID(said["assignment"]), said["step"], _at(said["day"], said["begins"]),
                _at(said["until_day"], said["ends"]), area=said["area"], skill=said["skill"], by=request.actor,
                now=request.now,
            )  # fmt: skip
        except RotaFault as fault:
            form.add_error(None, str(fault))
        else:
            return HttpResponseRedirect(reverse(ROTA))
    return _rota(request, on_call=form, status=422)


@page("provider", "alarms.plan_rota")
@require_POST
def end_on_call(request: Request, pk: UUID) -> HttpResponse:
    """Take somebody off."""
    actions.end(pk, by=request.actor, now=request.now)
    return HttpResponseRedirect(reverse(ROTA))


@page("provider", "alarms.reach_me", once=True)
@require_POST
def reach_me(request: Request) -> HttpResponse:
    """Say how one is reached."""
    form = ChannelForm(request.POST)
    if not form.is_valid():
        return _rota(request, channel=form, status=422)
    said = form.cleaned_data
    actions.reach_me(said["kind"], said["address"], by=request.actor, now=request.now)
    messages.success(request, "Numret är sparat.")
    return HttpResponseRedirect(reverse(ROTA))


@page("provider", "alarms.reach_me")
@require_POST
def device(request: Request) -> HttpResponse:
    """Take notices in this browser."""
    form = DeviceForm(request.POST)
    if form.is_valid():
        actions.reach_me("push", form.cleaned_data["address"], by=request.actor, now=request.now)
        messages.success(request, "Notiser kommer till den här webbläsaren.")
    else:
        messages.error(request, "Webbläsaren kunde inte ta emot notiser.")
    return HttpResponseRedirect(reverse(ROTA))


@page("provider", "alarms.own_code")
@never_cache
@require_POST
def own_code(request: Request) -> HttpResponse:
    """Make a code for the receiver's own page; it is shown here and never again."""
    return _rota(request, code=actions.make_code(by=request.actor, now=request.now))


@page("provider", "alarms.statistics")
@require_safe
def statistics(request: Request) -> HttpResponse:
    """How quickly alarms were answered, a month at a time."""
    first = _month_of(request)
    before = first - timedelta(days=1)
    after = figures.following(first)
    context = {
        "month": figures.month(request.actor, first, request.now),
        "months": figures.months(request.actor, day_of(request.now).replace(day=1), request.now),
        "older": f"?month={before:%Y-%m}",
        "newer": f"?month={after:%Y-%m}" if after <= day_of(request.now) else "",
    }
    return render(request, "alarms/statistics.html", context)


def _rota(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    planner = may(request.actor, "alarms.plan_rota")
    context: dict[str, Any] = {
        "days": queries.week(request.actor, request.now),
        "hole": queries.holes(request.actor, request.now),
        "planner": planner,
        "channels": queries.channels(request.actor),
        "code_since": queries.code_since(request.actor),
        "channel": ChannelForm(),
        "push_key": gateways.push_key(),
        "has_errors": status == 422,
    }
    if planner and "on_call" not in more:
        context["on_call"] = _on_call_form(request)
    return render(request, "alarms/rota.html", context | more, status=status)


def _on_call_form(request: Request, said: Any = None) -> OnCallForm:
    today = day_of(request.now)
    first = {"step": 1, "day": today, "until_day": today + timedelta(days=1)}
    return OnCallForm(said, people=queries.people(request.actor, today), today=today, initial=first)


def _month_of(request: Request) -> date:
    """The first day of the month that is asked for, this month otherwise."""
    try:
        asked = datetime.strptime(request.GET.get("month", ""), "%Y-%m").replace(tzinfo=SWEDEN).date()
    except ValueError:
        return day_of(request.now).replace(day=1)
    return min(max(asked, date(2000, 1, 1)), day_of(request.now).replace(day=1))


def _at(day: date, time: Any) -> datetime:
    return datetime.combine(day, time, SWEDEN)
