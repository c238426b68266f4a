"""An alarm that nobody accepts goes further, to the second, whatever was restarted meanwhile."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from livlina.core.access import Actor, demand
from livlina.provider.alarms.actions import notices
from livlina.provider.alarms.actions.holding import happened, turn
from livlina.provider.alarms.actions.raising import steps_of
from livlina.provider.alarms.models import Alarm

log = structlog.get_logger(__name__)

MOST = 1000
"""So many times an alarm goes further by the clock, two days' worth. After that it is called once more each time."""


def escalate_due(*, by: Actor, now: datetime) -> int:
    """Let every waiting alarm whose moment has come go further, and return how many did.

    The moment stands in the row and is counted from when the alarm came: whoever asks late does not move the next one.
    Steps that were missed while nothing ran are taken at once, and only the last of them calls.
    """
    demand(by, "alarms.escalate")
    due = Alarm.objects.filter(municipality_id=by.municipality_id, state="waiting", next_at__lte=now)
    if not due.exists():
        return 0
    turn(by.municipality_id)
    rows = list(due.select_for_update(of=("self",)).select_related("unit", "team").order_by("next_at"))
    seconds = steps_of(by.municipality_id)
    for alarm in rows:
        try:
            with transaction.atomic():
                _further(alarm, seconds, by, now)
        except Exception:  # one that cannot go further holds up none of the others
            log.exception("alarm_could_not_go_further", alarm=str(alarm.pk))
    return len(rows)


def moment_of(received: datetime, step: int, seconds: list[int]) -> datetime:
    """Return when the step after `step` is taken: after 30, 60, 180 seconds, and then once more every 180."""
    beyond = step - len(seconds) + 1
    last = seconds[-1]
    return received + timedelta(seconds=seconds[step] if beyond <= 0 else last + beyond * last)


def _further(alarm: Alarm, seconds: list[int], by: Actor, now: datetime) -> None:
    while alarm.next_at is not None and alarm.next_at <= now and alarm.step < MOST:
        alarm.step += 1
        alarm.next_at = moment_of(alarm.received_at, alarm.step, seconds)
    if alarm.step >= MOST:
        alarm.next_at = now + timedelta(seconds=seconds[-1])
    alarm.priority = max(1, alarm.priority - 1)
    alarm.save(update_fields=["step", "next_at", "priority"])
    waited = int((now - alarm.received_at).total_seconds())
    happened(alarm, "escalated", by=by, now=now, text=f"Ingen har tagit emot larmet på {waited} sekunder.")
    notices.call(alarm, alarm.step, by=by, now=now)
