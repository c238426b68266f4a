"""A carer's day: which shift, which visits. What the phone's pack and the day list are made of."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from livlina.core.access import Actor, allowed
from livlina.provider.homecare.models import Shift, Visit, VisitCarer

BEFORE, AFTER = timedelta(minutes=60), timedelta(hours=2)
"""A shift is near from an hour before it begins; what it gives lasts two hours after it."""


def with_carers(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits with their person, and `goers`: the carers who are to go. Two statements."""
    going = VisitCarer.objects.filter(taken_at=None).select_related("carer__user").order_by("given_at", "id")
    return visits.select_related("person", "series").prefetch_related(
        Prefetch("carers", going, to_attr="goers")
    )


def visits_of(carer_id: UUID, start: datetime, end: datetime) -> list[Visit]:
    """Return the visits a carer is to make (or has made) that begin in [start, end), with person and `goers`."""
    mine = VisitCarer.objects.filter(carer_id=carer_id, taken_at=None).values("visit_id")
    rows = Visit.objects.filter(pk__in=mine, starts_at__gte=start, starts_at__lt=end)
    return list(with_carers(rows).order_by("starts_at", "id"))


def shift_of(actor: Actor, now: datetime) -> Shift | None:
    """Return the actor's shift that is under way, else the one that begins within the hour, else None."""
    rows = Shift.objects.filter(carer_id=actor.assignment_id, state="planned")
    near = rows.filter(starts_at__lte=now + BEFORE, ends_at__gt=now)
    return near.order_by("starts_at").first()


def visits_of_unit(actor: Actor, start: datetime, end: datetime) -> list[Visit]:
    """Return every visit of the actor's unit that begins in [start, end), with person and `goers`."""
    rows = allowed(actor, "homecare.day", Visit.objects.filter(starts_at__gte=start, starts_at__lt=end))
    return list(with_carers(rows).order_by("starts_at", "id"))


def shifts_of_unit(actor: Actor, start: datetime, end: datetime) -> list[Shift]:
    """Return every shift of the actor's unit that touches [start, end), with its carer."""
    rows = allowed(actor, "homecare.shifts", Shift.objects.filter(starts_at__lt=end, ends_at__gt=start))
    return list(rows.select_related("carer__user").order_by("starts_at", "carer__user__name", "id"))
