"""What runs by the clock here."""

from datetime import datetime

from livlina.core.access import system
from livlina.registers.watches import actions


def escalate(municipality_id: int, now: datetime) -> int:
    """Write down the climbs whose moment has passed. Driven by rows alone: may be missed, doubled or restarted."""
    return actions.escalate_due(by=system(municipality_id), now=now)
