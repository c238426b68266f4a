"""Keys for the next shift, if the system is still down then: with the phone from now on, opened by a leader's signature.

Who leads: whoever works a round in the unit then, and its managers, each by the own work phone and no one for herself.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.doors import queries as doors
from livlina.provider.doors.models import Lock
from livlina.provider.doors.protocol.token import MOST_LEADERS
from livlina.provider.homecare.models import Phone, Shift
from livlina.provider.homecare.queries import day
from livlina.registers.people.models import Person

WITHIN = timedelta(hours=36)
"""How far ahead a shift may begin and have its key in the phone already."""
ROUNDS = 2
"""How many places those on a round have before the managers, when there are more than a key can name."""


def next_shift(shift: Shift, now: datetime) -> Shift | None:
    """Return the carer's planned shift after this one, if it begins soon."""
    rows = Shift.objects.filter(carer_id=shift.carer_id, state="planned", starts_at__gte=shift.ends_at)
    return rows.filter(starts_at__lte=now + WITHIN).order_by("starts_at").first()


def doors_of(shift: Shift, by: Actor) -> list[Lock]:
    """Return the locks behind the shift's visits, to persons whom the carer may read."""
    visits = day.visits_of(shift.carer_id, shift.starts_at, shift.ends_at)
    wanted = {visit.person_id for visit in visits if visit.state != "cancelled"}
    readable = allowed(by, "people.read", Person.objects.filter(pk__in=wanted)).values_list("pk", flat=True)
    return [lock for own in doors.locks_of(readable).values() for lock in own]


def leaders_of(shift: Shift) -> list[bytes]:
    """Return the thumbprints of the phones that may open the shift's key: at most four, none of them its holder's."""
    others = Phone.objects.filter(unit_id=shift.unit_id, revoked_at=None).exclude(carer_id=shift.carer_id)
    working = Shift.objects.filter(
        unit_id=shift.unit_id,
        state="planned",
        round=True,
        starts_at__lt=shift.ends_at,
        ends_at__gt=shift.starts_at,
    )
    managers = Assignment.objects.filter(unit_id=shift.unit_id, role="provider_manager", user__is_active=True)
    rounds = _prints(others, set(working.values_list("carer_id", flat=True)))
    office = _prints(others, set(managers.valid(day_of(shift.starts_at)).values_list("pk", flat=True)))
    return (rounds[:ROUNDS] + office + rounds[ROUNDS:])[:MOST_LEADERS]


def _prints(phones: QuerySet[Phone], carers: set[UUID]) -> list[bytes]:
    """The thumbprints of these carers' phones, the one heard of last first."""
    rows = phones.filter(carer_id__in=carers).order_by("-heard_at", "-registered_at", "id")
    return [bytes.fromhex(name) for name in rows.values_list("thumbprint", flat=True)]
