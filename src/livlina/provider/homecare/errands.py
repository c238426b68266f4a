"""What the doors below ask: who works when, who visits whom, whom nursing goes to, and which phones the unit has."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from livlina.core.clock import day_of
from livlina.provider.doors.queries import Errands, PhoneKey, Shift
from livlina.provider.homecare.models import NursingTask, Phone, VisitCarer
from livlina.provider.homecare.models import Shift as Rostered


class HomecareErrands(Errands):
    """The answers of home care, from its rosters, visits and tasks. One statement each."""

    def shifts(self, carer_id: UUID, start: datetime, end: datetime) -> Collection[Shift]:
        """Return the carer's shifts that overlap the time and are worked."""
        rows = Rostered.objects.filter(
            carer_id=carer_id, state="planned", starts_at__lt=end, ends_at__gt=start
        )
        return [Shift(row.starts_at, row.ends_at, row.area, row.round) for row in rows]

    def visited(self, carer_id: UUID, start: datetime, end: datetime) -> Collection[UUID]:
        """Return the persons of the visits that the carer is to make, or has made, and that begin within the time."""
        rows = VisitCarer.objects.filter(
            carer_id=carer_id, taken_at=None, visit__starts_at__gte=start, visit__starts_at__lte=end
        ).exclude(visit__state="cancelled")
        return set(rows.values_list("visit__person_id", flat=True))

    def nursed(self, unit_id: UUID, start: datetime, end: datetime) -> Collection[UUID]:
        """Return the persons with a nursing task of the unit that runs."""
        rows = NursingTask.objects.filter(unit_id=unit_id, state="active", first_on__lte=day_of(end))
        return set(rows.exclude(last_on__lt=day_of(start)).values_list("person_id", flat=True))

    def phones(self, unit_id: UUID) -> Collection[PhoneKey]:
        """Return the unit's phones that have not been ended."""
        rows = Phone.objects.filter(unit_id=unit_id, revoked_at=None)
        return [PhoneKey(row.name, row.carer_id, bytes(row.public)) for row in rows]
