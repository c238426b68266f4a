"""From what a receiver handed over to an alarm on the desk: nothing that asks for help is left out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from livlina.core import parameters
from livlina.core.access import Actor, demand
from livlina.core.models import Unit
from livlina.provider.alarms import wording
from livlina.provider.alarms.actions import notices
from livlina.provider.alarms.actions.holding import happened
from livlina.provider.alarms.models import Alarm, AlarmEvent, AlarmUnit, Receipt

Record = Mapping[str, Any]


class NobodyAnswers(Exception):
    """There is no team at any provider in this municipality that could be given an alarm."""


def raise_alarm(receipt: Receipt, record: Record, *, by: Actor, now: datetime) -> Alarm:
    """Put an alarm on the desk, or one more press on the alarm that is open. Called under the turn.

    A press of a unit whose alarm is still open raises that alarm's priority and is one of its events, so that one
    person who presses ten times is one line on the desk, and the first one. Raises NobodyAnswers.
    """
    demand(by, "alarms.exchange")
    unit = unit_called(str(record.get("unit", "")))
    running = _running(unit, record)
    if running is not None:
        return _again(running, receipt, record, by, now)
    alarm = _make(receipt, record, unit, by, now)
    happened(alarm, "received", by=by, now=now, at=alarm.pressed_at, text=alarm.what, receipt=receipt)
    notices.call(alarm, 0, by=by, now=now)
    return alarm


def add_to_alarm(receipt: Receipt, record: Record, did: str, *, by: Actor, now: datetime) -> None:
    """Tell those who have the alarm what its unit said more: it closes nothing, whatever it says."""
    demand(by, "alarms.exchange")
    running = _running(unit_called(str(record.get("unit", ""))), record)
    if running is not None:
        at = min(moment(record), now)
        happened(running, did, by=by, now=now, at=at, text=wording.what(record), receipt=receipt)


def unit_called(number: str) -> AlarmUnit | None:
    """Return the unit that calls itself this on the wire, unless it was given back."""
    if not number.strip():
        return None
    rows = AlarmUnit.objects.exclude(state="returned").select_related("person")
    return rows.filter(number=number.strip()).first()


def alarm_of(record: UUID) -> Alarm | None:
    """Return the alarm that a record is, or was counted as one more press of. Two statements at most."""
    found = Alarm.objects.select_for_update(of=("self",)).filter(pk=record).first()
    if found is None:
        event = AlarmEvent.objects.filter(receipt__record=record, did="repeated").first()
        if event is not None:
            return Alarm.objects.select_for_update(of=("self",)).get(pk=event.alarm_id)
    return found


def moment(record: Record) -> datetime:
    """Return when it happened, by the receiver's clock."""
    return datetime.fromtimestamp(float(record.get("at") or 0), UTC)


def steps_of(municipality_id: int) -> list[int]:
    """Return after how many seconds an alarm that nobody accepts goes further."""
    return sorted(parameters.value(municipality_id, "alarm_escalation_seconds"))


def _running(unit: AlarmUnit | None, record: Record) -> Alarm | None:
    """Return the open alarm this is about: the one the receiver names, or the one of the same unit."""
    rows = Alarm.objects.select_for_update(of=("self",)).exclude(state="closed")
    said = str(record.get("of") or "")
    if said:
        try:
            named = alarm_of(UUID(said))
        except ValueError:
            named = None
        if named is not None and named.state != "closed":
            return named
    if unit is not None:
        return rows.filter(unit=unit).order_by("received_at").first()
    sender = str(record.get("unit", "")).strip()[:40]
    return rows.filter(unit=None, sender=sender).order_by("received_at").first() if sender else None


def _again(alarm: Alarm, receipt: Receipt, record: Record, by: Actor, now: datetime) -> Alarm:
    alarm.presses += 1
    alarm.priority = max(1, alarm.priority - 1)
    alarm.call_back = wording.call_back(record) or alarm.call_back
    place = wording.where(record)
    alarm.where = alarm.where if place in ("", wording.AT_HOME) and alarm.where else place
    alarm.save(update_fields=["presses", "priority", "call_back", "where"])
    text = f"{wording.what(record)}. Tryckning {alarm.presses}."
    happened(alarm, "repeated", by=by, now=now, at=min(moment(record), now), text=text, receipt=receipt)
    return alarm


def _make(receipt: Receipt, record: Record, unit: AlarmUnit | None, by: Actor, now: datetime) -> Alarm:
    kind = "unreadable" if record.get("kind") == "unreadable" else "alarm" if unit else "unknown_unit"
    return Alarm.objects.create(
        id=receipt.record,
        municipality_id=by.municipality_id,
        kind=kind,
        unit=unit,
        person=unit.person if unit else None,
        team_id=unit.team_id if unit else _somebody(),
        sender=str(record.get("unit", "")).strip()[:40],
        device=wording.device(record),
        what=wording.what(record),
        where=wording.where(record),
        call_back=wording.call_back(record),
        pressed_at=min(moment(record), now),
        received_at=now,
        priority=wording.priority(record, unit.risk if unit else 0),
        next_at=now + timedelta(seconds=steps_of(by.municipality_id)[0]),
    )


def _somebody() -> UUID:
    """Return the team with the most units: its name stands on an alarm that all teams see until somebody knows whose."""
    units = AlarmUnit.objects.exclude(state="returned").values("team").annotate(n=Count("pk"))
    first = units.order_by("-n", "team").values_list("team", flat=True).first()
    first = (
        first or Unit.objects.filter(Q(side="provider")).order_by("name").values_list("pk", flat=True).first()
    )
    if first is None:
        raise NobodyAnswers(NobodyAnswers.__doc__)
    return first
