"""What every template may use without asking."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from livlina.core import shedding
from livlina.core.models import Municipality

_names: dict[int, str] = {}


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the municipality's name, whether this is the demo, and what all must know of how it goes."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "municipality": municipality_name(actor.municipality_id) if actor else "",
        "demo": settings.DEMO,
        "downtime": shedding.words(actor),
        "status_origin": settings.STATUS_ORIGIN,
    }


def municipality_name(municipality_id: int) -> str:
    """Return a municipality's name; asked of the database once per process, since names do not change by the day."""
    if municipality_id not in _names:
        _names[municipality_id] = Municipality.objects.values_list("name", flat=True).get(pk=municipality_id)
    return _names[municipality_id]
