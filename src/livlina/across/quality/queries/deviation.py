"""What others may read of the room."""

from django.db.models import OuterRef, QuerySet, Subquery

from livlina.across.quality.models import Deviation, DeviationStep
from livlina.core.access import Actor, allowed


def deviations(actor: Actor) -> QuerySet[Deviation]:
    """Return the reports `actor` may read, newest first, each with the kind of its last step as `stage`."""
    last = DeviationStep.objects.filter(deviation=OuterRef("pk")).order_by("-at").values("kind")[:1]
    return (
        allowed(actor, "deviation.read", Deviation.objects.all())
        .select_related("unit")
        .annotate(stage=Subquery(last))
        .order_by("-reported_at")
    )
