"""What those who run the system see on every page of theirs: a broken seal that nobody has looked into, a late check."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from livlina.across.portal.queries import seals


def alerts(request: HttpRequest) -> dict[str, Any]:
    """Return sentences for the top of the page: for roles of operations only, two statements, none for others."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.role not in settings.AUDIENCES["operations"]:
        return {}
    return {"alerts": lambda: _words(actor.municipality_id, request.now)}  # type: ignore[attr-defined]


def _words(municipality_id: int, now: Any) -> list[str]:
    broken = [
        f"Nödnyckel {one.key.number} öppnades av {one.user_name} och är inte granskad."
        for one in seals.not_reviewed(municipality_id)
    ]
    late = [
        f"Nödnyckel {one.key.number} är trasig: ersätt den."
        if one.whole is False
        else f"Nödnyckel {one.key.number} behöver kontrolleras på sin plats."
        for one in seals.overdue(municipality_id, now)
    ]
    return broken + late
