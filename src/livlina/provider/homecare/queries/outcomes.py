"""What became of many visits at once, from their events."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from livlina.provider.homecare.folding import Outcome, Told, fold
from livlina.provider.homecare.models import VisitEvent

_FIELDS = (
    "visit_id", "id", "kind", "at", "device_at", "heard_at", "carer_id", "to_at", "minutes", "corrects_id", "reason",
    "event_id",
)  # fmt: skip
NOTHING = fold(())


def outcomes_of(visit_ids: Iterable[UUID]) -> dict[UUID, Outcome]:
    """Return what each visit's events say; one without events is left out. One statement."""
    told: dict[UUID, list[Told]] = defaultdict(list)
    rows = VisitEvent.objects.filter(visit_id__in=list(visit_ids)).exclude(kind="deviation")
    for (
        visit,
        key,
        kind,
        at,
        device,
        heard,
        carer,
        to_at,
        minutes,
        corrects,
        reason,
        event,
    ) in rows.values_list(*_FIELDS):
        told[visit].append(
            Told(key, kind, at, device or heard, carer, to_at, minutes, corrects, reason, event or key)
        )
    return {visit: fold(events) for visit, events in told.items()}
