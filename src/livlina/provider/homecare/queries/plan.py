"""The care plan that holds for an order, and those before it."""

from uuid import UUID

from django.db.models import QuerySet

from livlina.core.access import Actor, allowed
from livlina.provider.homecare.models import CarePlan


def plan_of(actor: Actor, order_id: UUID) -> CarePlan | None:
    """Return the plan that holds for an order, with its tasks, or None. Two statements."""
    plans = allowed(actor, "homecare.read", CarePlan.objects.filter(order_id=order_id))
    return plans.prefetch_related("tasks", "reviews").order_by("-number").first()


def versions_of(actor: Actor, order_id: UUID) -> QuerySet[CarePlan]:
    """Return every version of an order's plan, newest first."""
    return allowed(actor, "homecare.read", CarePlan.objects.filter(order_id=order_id)).order_by("-number")
