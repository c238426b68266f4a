"""One visit: what it was to be, what has happened, and its five figures."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from livlina.core.access import Actor, allowed
from livlina.core.clock import local
from livlina.provider.homecare import wording
from livlina.provider.homecare.folding import Outcome, fold
from livlina.provider.homecare.models import PlannedTask, Visit, VisitEvent
from livlina.provider.homecare.queries.outcomes import outcomes_of
from livlina.registers.orders.models import OrderVersion
from livlina.registers.orders.models.content import PROVIDER


@dataclass(frozen=True)
class Figure:
    """One of the five figures, with its own unit: they are never added."""

    name: str
    minutes: int | None
    unit: str


@dataclass(frozen=True)
class Told:
    """One event as it is read: who told what, and the times it has."""

    event: VisitEvent
    words: str
    times: str
    correctable: bool


def outcome(visit: Visit) -> Outcome:
    """Return what the visit's events say. One statement."""
    return outcomes_of([visit.pk]).get(visit.pk) or fold(())


def five_figures(actor: Actor, visit: Visit, said: Outcome) -> list[Figure]:
    """Return granted, ordered, planned, performed and approved minutes. One statement."""
    letters = OrderVersion.objects.filter(order_id=visit.order_id, compartment=PROVIDER).order_by("-number")
    letter = allowed(actor, "orders.read_content", letters).first() if visit.order_id else None
    performed = said.performed if said.stays else None
    return [
        Figure("Beviljat", letter.granted_minutes if letter else None, "minuter i månaden"),
        Figure("Beställt", letter.weekly_minutes if letter else None, "minuter i veckan"),
        Figure("Planerat", visit.minutes * visit.carers_needed, "minuter det här besöket"),
        Figure("Utfört", performed, "minuter det här besöket"),
        Figure("Godkänt", said.approved, "minuter det här besöket"),
    ]


def history(visit: Visit) -> list[Told]:
    """Return what has been told about a visit, the last first. Two statements."""
    rows = VisitEvent.objects.filter(visit=visit).select_related("carer__user").order_by("-heard_at", "-id")
    events = list(rows)
    corrected = {event.corrects_id for event in events if event.corrects_id}
    return [
        Told(event, _words(event), _times(event), event.kind in CORRECTABLE and event.pk not in corrected)
        for event in events
    ]


CORRECTABLE = ("in", "out", "not_home", "missed")


def tasks_of(ids: list[UUID]) -> QuerySet[PlannedTask]:
    """Return the tasks of a plan with these ids, in the plan's order. One statement."""
    return PlannedTask.objects.filter(pk__in=ids).order_by("position")


def _words(event: VisitEvent) -> str:
    """`Flyttades till 10:15. Dagen lades om.`"""
    who = event.carer.user.name if event.carer else ""
    parts = [event.get_kind_display()]
    if event.kind in ("given", "taken", "swapped"):
        parts[0] += f" {who}"
    elif event.kind in ("in", "out") and who and who != event.by_name:
        parts[0] = f"{who} {parts[0].lower()}"
    if event.to_at:
        parts[0] += f" till {local(event.to_at):%d/%m %H:%M}"
    if event.minutes is not None:
        parts[0] += f", {event.minutes} minuter"
    reasons = wording.DEVIATIONS if event.kind == "deviation" else wording.REASONS
    parts += [reasons.get(event.reason, event.reason), event.text]
    if event.follow_up:
        parts.append(f"I stället: {event.follow_up}")
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _times(event: VisitEvent) -> str:
    """Every time that differs: when it happened, by the door, by the phone, and when it was heard."""
    shown = [f"{local(event.at):%Y-%m-%d %H:%M}"] if event.kind not in ("planned", "moved") else []
    if event.lock_at:
        shown.append(f"dörren {local(event.lock_at):%H:%M}")
    if event.device_at and event.device_at != event.at:
        shown.append(f"telefonens klocka {local(event.device_at):%H:%M}")
    if not shown or event.heard_at != event.at:
        shown.append(f"inskrivet {local(event.heard_at):%Y-%m-%d %H:%M}")
    return (words := ", ".join(shown))[:1].upper() + words[1:]
