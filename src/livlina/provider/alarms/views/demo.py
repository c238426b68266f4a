"""In the demo alone: buttons that let something happen to the simulated alarm units, and how they are.

The fleet runs beside the web server (`livlina simulate alarms`). A command is a file it takes within half a second, how
it stands another; what may stand in them is told in `cli/simulate/commands.py`.
"""

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from livlina.core.access import allowed
from livlina.core.views import Request, page
from livlina.provider.alarms.models import AlarmUnit

WHILE = 20 * 60
"""Seconds an outage lasts: long enough to see the silence noticed, the call round opened and some of it rung."""
FRESH = 15.0
"""Seconds since the fleet last told how it stands."""
COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "press": ("Någon trycker på sitt larm", {"what": "press"}),
    "telia-down": ("Telia går ner", {"what": "outage", "operator": "Telia", "seconds": WHILE}),
    "telia-up": ("Telia fungerar igen", {"what": "end", "operator": "Telia"}),
    "tele2-down": ("Tele2 går ner", {"what": "outage", "operator": "Tele2", "seconds": WHILE}),
    "tele2-up": ("Tele2 fungerar igen", {"what": "end", "operator": "Tele2"}),
    "a-down": ("Mottagare A nås inte", {"what": "outage", "receiver": "a", "seconds": WHILE}),
    "a-up": ("Mottagare A nås igen", {"what": "end", "receiver": "a"}),
    "battery": ("Ett batteri håller på att ta slut", {"what": "low_battery"}),
    "storm": ("Alla larmenheter hör av sig samtidigt", {"what": "storm"}),
}


OURS = ("press", "battery")
"""What happens to one unit happens to one whose alarms whoever presses the button sees."""


@page("provider", "alarms.desk")
@never_cache
@require_safe
def fleet(request: Request) -> HttpResponse:
    """How the simulated units are, and what can be let happen to them."""
    commands = [(name, words) for name, (words, _) in COMMANDS.items()]
    return render(request, "alarms/demo.html", {"commands": commands, "status": status()})


@page("provider", "alarms.desk")
@require_POST
def let(request: Request, name: str) -> HttpResponse:
    """Let one thing happen."""
    if name in COMMANDS and status():
        words, command = COMMANDS[name]
        tell(command | (_whose(request) if name in OURS else {}))
        messages.success(request, f"{words}.")
    else:
        messages.error(request, "De låtsade larmenheterna är inte i gång.")
    return HttpResponseRedirect(reverse("alarms_provider:fleet"))


def _whose(request: Request) -> dict[str, Any]:
    units = allowed(request.actor, "alarms.units", AlarmUnit.objects.filter(state="active"))
    number = units.order_by("?").values_list("number", flat=True).first()
    return {"unit": number} if number else {}


def folder() -> Path:
    """Where commands are put."""
    return Path(settings.STATE_DIR) / "fleet"


def tell(command: dict[str, Any]) -> None:
    """Give the fleet a command, written whole before it is seen."""
    place = folder() / f"{time.time_ns()}-{uuid4().hex[:8]}"
    place.with_suffix(".half").write_text(json.dumps(command), encoding="utf-8")
    place.with_suffix(".half").rename(place.with_suffix(".json"))


def status() -> dict[str, Any] | None:
    """How the fleet stands, or None when it does not run."""
    try:
        said: dict[str, Any] = json.loads((folder() / "status").read_text(encoding="utf-8"))
        if time.time() - said["at"] > FRESH:
            return None
        said["outages"] = [
            {
                "of": one.get("operator") or f"mottagare {str(one.get('receiver', '')).upper()}",
                "minutes": -(-one["left"] // 60),
            }
            for one in said["outages"]
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return said


def _of(outage: dict[str, Any]) -> str:
    return str(outage.get("operator") or f"mottagare {str(outage.get('receiver', '')).upper()}")


ROUTES = [
    path("alarms/demo", fleet, name="fleet"),
    path("alarms/demo/<slug:name>", let, name="let_happen"),
]
"""Hung up by `urls.py` in the demo."""
