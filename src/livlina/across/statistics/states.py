"""How far a delivery has come, read from its events."""

from livlina.across.statistics.models import EVENTS, Delivery
from livlina.across.statistics.periods import Period

ORDER = ("checked", "ordered", "sent", "unknown", "receipt", "failed", "withdrawn")
"""How far a delivery has come; several things may be told in the same moment."""


def state_of(delivery: Delivery) -> str:
    """Return how far a delivery has come: its furthest event, or “made”."""
    return max((one.kind for one in delivery.events.all()), key=ORDER.index, default="made")


def state_words(state: str) -> str:
    """Return a state in Swedish."""
    return dict(EVENTS).get(state, "Gjord, inte kontrollerad")


def latest(flow: str, period: Period) -> Delivery | None:
    """Return the newest delivery of a period, with its events."""
    return (
        Delivery.objects.filter(flow=flow, period=str(period))
        .prefetch_related("events")
        .order_by("-number")
        .first()
    )
