"""The receivers and telephone exchanges this house trusts: entered by the municipality's own support, each with a key
that is shown once.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from livlina.core.access import fetch
from livlina.core.views import Request, page
from livlina.provider.alarms.actions import receivers as actions
from livlina.provider.alarms.forms import ReceiverForm, SwitchboardForm
from livlina.provider.alarms.models import Receiver, Switchboard
from livlina.provider.alarms.queries.alarm import pulses, switchboards


@page("operations", "alarms.keep_receivers")
@never_cache
@require_safe
def keys(request: Request) -> HttpResponse:
    """The receivers, and when each was last heard."""
    return _keys(request)


@page("operations", "alarms.keep_receivers")
@never_cache
@require_POST
def add_key(request: Request) -> HttpResponse:
    """Enter a receiver, or give one a new key. The key is shown in the answer and never again."""
    form = ReceiverForm(request.POST)
    if not form.is_valid():
        return _keys(request, form=form, status=422)
    made, key = actions.register_receiver(**form.cleaned_data, by=request.actor, now=request.now)
    return _keys(request, key=key, made=made)


@page("operations", "alarms.keep_receivers")
@never_cache
@require_POST
def add_switchboard(request: Request) -> HttpResponse:
    """Enter a telephone exchange, or give one a new key. The key is shown in the answer and never again."""
    exchange = SwitchboardForm(request.POST, prefix="exchange")
    if not exchange.is_valid():
        return _keys(request, exchange=exchange, status=422)
    made, key = actions.register_switchboard(**exchange.cleaned_data, by=request.actor, now=request.now)
    return _keys(request, key=key, made=made)


@page("operations", "alarms.keep_receivers")
@require_POST
def end_key(request: Request, pk: UUID) -> HttpResponse:
    """Trust a receiver no more."""
    receiver = fetch(request.actor, "alarms.keep_receivers", Receiver.objects.all(), pk=pk)
    actions.end_trust(receiver, by=request.actor, now=request.now)
    return HttpResponseRedirect(reverse("alarms_operations:keys"))


@page("operations", "alarms.keep_receivers")
@require_POST
def end_switchboard(request: Request, pk: UUID) -> HttpResponse:
    """Trust a telephone exchange no more."""
    exchange = fetch(request.actor, "alarms.keep_receivers", Switchboard.objects.all(), pk=pk)
    actions.end_trust(exchange, by=request.actor, now=request.now)
    return HttpResponseRedirect(reverse("alarms_operations:keys"))


def _keys(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "pulses": pulses(request.actor, request.now),
        "form": ReceiverForm(),
        "exchanges": switchboards(request.actor),
        "exchange": SwitchboardForm(prefix="exchange"),
        "has_errors": status == 422,
    }
    return render(request, "alarms/keys.html", context | more, status=status)
