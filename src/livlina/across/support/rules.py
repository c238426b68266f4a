"""What a municipality may set for its support, over what the house says (`settings.PARAMETERS["support"]`)."""

from typing import Any

from django.conf import settings

from livlina.across.support.hours import Hours
from livlina.core import parameters


def rules(municipality_id: int) -> dict[str, Any]:
    """Return the rules: hours, times in working minutes by priority, days of silence, address and telephone."""
    return settings.PARAMETERS["support"] | parameters.value(municipality_id, "support")


def hours(municipality_id: int, priority: str) -> Hours:
    """Return the working hours a priority is counted in."""
    return Hours.of(rules(municipality_id), priority)
