"""When the shifts of staff end that are on now, or were a moment ago."""

from datetime import datetime, timedelta

from livlina.core import tenancy
from livlina.provider.homecare.models import Shift


def shift_ends(municipality_id: int, now: datetime, margin: timedelta) -> dict[int, datetime]:
    """Return when each user's shift ends that has begun and ended at most `margin` ago. One statement.

    Only home care has shifts; everybody else has the ordinary twelve hours.
    """
    with tenancy.acting(municipality_id, tenancy.EVERYTHING):
        on = Shift.objects.filter(
            municipality_id=municipality_id, starts_at__lte=now, ends_at__gt=now - margin, state="planned"
        )
        found: dict[int, datetime] = {}
        for user_id, ends_at in on.values_list("carer__user_id", "ends_at"):
            found[user_id] = max(ends_at, found.get(user_id, ends_at))
    return found
