"""In the demo alone: turn the phones' server off and on, and see the simulated locks."""

import json
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from livlina.core.views import Request, page
from livlina.provider.doors import outage, queries

WAIT = 1.0  # seconds
MOST = 1_000_000


@page("provider", "doors.list")
@never_cache
@require_safe
def pretend(request: Request) -> HttpResponse:
    """What can be let happen, and how the simulated locks are."""
    found = simulated()
    known = {lock.number: lock for lock in queries.unit_locks(request.actor)}
    locks = [
        {"number": one["number"], "said": one, "lock": known[one["number"]]}
        for one in found or ()
        if one.get("number") in known
    ]
    context = {"down": outage.is_down(), "runs": found is not None, "locks": locks, "bridge": _bridge()}
    return render(request, "doors/demo.html", context)


@page("provider", "doors.list")
@require_POST
def switch(request: Request, to: str) -> HttpResponse:
    """Turn the phones' server off or on."""
    outage.set_down(to == "off")
    words = "Servern är avstängd för telefonerna." if to == "off" else "Telefonerna når servern igen."
    messages.success(request, words)
    return redirect("doors_provider:pretend")


def simulated() -> list[dict[str, Any]] | None:
    """Return the simulated locks as their simulator tells of them, or None when it does not run."""
    if not _bridge():
        return None
    try:
        with urlopen(f"{_bridge()}/locks.json", timeout=WAIT) as answer:  # noqa: S310 - an address of settings
            said = json.loads(answer.read(MOST))
    except (URLError, OSError, ValueError):
        return None
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else None


def _bridge() -> str:
    return str(getattr(settings, "LOCK_BRIDGE", ""))


ROUTES = [
    path("doors/demo", pretend, name="pretend"),
    path("doors/demo/on", switch, {"to": "on"}, name="switch_on"),
    path("doors/demo/off", switch, {"to": "off"}, name="switch_off"),
]
"""Hung up by `urls.py` in the demo."""
