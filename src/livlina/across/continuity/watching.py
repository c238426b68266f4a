"""What is late: told to the status page each day, and to support."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from livlina.across.continuity import queries
from livlina.core import outbox
from livlina.core.access import demand, system
from livlina.core.models import Municipality, Unit
from livlina.status import parts

OVERDUE = "continuity.drill_overdue"


def watch_drills(municipality_id: int, now: datetime) -> int:
    """Tell the status page which drills are late, and announce it once a day; return how many are late.

    Drills are of the whole installation: the municipality that was entered first tells.
    """
    if municipality_id != Municipality.objects.order_by("id").values_list("id", flat=True).first():
        return 0
    demand(system(municipality_id), "continuity.tell_of_drills")
    late = [due for due in queries.calendar(now) if due.overdue]
    words = ", ".join(f"{due.story.title} ({due.words})" for due in late)
    told = f"Försenat: {words}." if late else "Alla övningar är gjorda i tid."
    parts.write(
        Path(settings.STATE_DIR), "drills", not late, told, at=now, late=[due.story.name for due in late]
    )
    unit = Unit.objects.filter(side="operations", ended_on=None).order_by("pk").first()
    if late and unit:
        outbox.announce(OVERDUE, unit, now=now)
    return len(late)
