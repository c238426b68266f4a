"""What every deed about an alarm does the same way: wait one's turn, hold the row, write down what happened."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max

from livlina.core import audit
from livlina.core.access import Actor, Refused, demand
from livlina.provider.alarms.models import Alarm, AlarmEvent, Receipt

_LOCK = 0x616C6172
"""The first half of the advisory lock's key; the other is the municipality."""


def turn(municipality_id: int) -> None:
    """Wait for one's turn among all who change alarms of the municipality; it lasts until the transaction ends.

    It makes the numbers of events come into sight in their order, which is what the receivers follow them by. Taken
    before any row, so that nobody waits for a row while holding up the others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, municipality_id])


def hold(pk: UUID, verb: str, by: Actor) -> Alarm:
    """Wait one's turn, lock the alarm, and then ask whether `by` may. Raises Refused."""
    demand(by, verb)
    turn(by.municipality_id)
    held = Alarm.objects.select_for_update(of=("self",)).select_related("unit", "person").filter(pk=pk)
    alarm = held.first()
    if alarm is None:
        raise Refused(verb, obj=f"alarms.alarm:{pk}")
    demand(by, verb, alarm)
    return alarm


def happened(
    alarm: Alarm,
    did: str,
    *,
    by: Actor,
    now: datetime,
    at: datetime | None = None,
    by_name: str = "",
    to_name: str = "",
    text: str = "",
    receipt: Receipt | None = None,
) -> AlarmEvent:
    """Write down what happened to an alarm, under the turn, and wake every desk."""
    last = AlarmEvent.objects.filter(municipality_id=alarm.municipality_id).aggregate(last=Max("number"))
    event = AlarmEvent.objects.create(
        municipality_id=alarm.municipality_id,
        number=(last["last"] or 0) + 1,
        alarm=alarm,
        did=did,
        at=at or now,
        by_id=by.user_id,
        by_name=(by_name or ("" if by.kind == "system" else by.name))[:160],
        to_name=to_name[:160],
        text=shortened(" ".join(text.split())),
        receipt=receipt,
    )
    if did != "shown":  # that one desk shows it is no reason for the others to fetch it once more
        audit.wrote(by, f"alarms.{did}", now=now, person_id=alarm.person_id, obj=alarm)
        wake(alarm.municipality_id)
    return event


def shortened(text: str, most: int = 300) -> str:
    """Return a text as an event can hold it; what is cut is cut in sight."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def wake(municipality_id: int) -> None:
    """Tell every desk, when this transaction is committed, that there is something new to fetch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('livlina_alarms', %s)", [str(municipality_id)])
