"""What staff did on the receiver's own page while this house was away: done here as well, by the name it was done in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from livlina.core.access import Actor, demand
from livlina.provider.alarms.actions.closing import write_entry
from livlina.provider.alarms.actions.holding import happened
from livlina.provider.alarms.actions.raising import alarm_of, moment
from livlina.provider.alarms.models import Alarm, EmergencyCode, Receipt
from livlina.provider.alarms.models.words import OUTCOMES

NOBODY = 0
"""Who holds an alarm that was accepted there with a code we do not know: anyone here may take it over."""


def merge(receipt: Receipt, record: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """Do here what was done there. A deed about an alarm that has not come yet waits for it."""
    demand(by, "alarms.exchange")
    try:
        key = UUID(str(_facts(record).get("alarm")))
    except ValueError:
        return
    alarm = alarm_of(key)
    if alarm is not None:
        _do(alarm, receipt, record, by, now)


def catch_up(alarm: Alarm, record_id: UUID, *, by: Actor, now: datetime) -> None:
    """Do what was done there before the alarm itself came here."""
    demand(by, "alarms.exchange")
    waiting = Receipt.objects.filter(
        municipality_id=by.municipality_id, kind="deed", said__facts__alarm=str(record_id)
    )
    for receipt in waiting.order_by("at", "number"):
        _do(alarm, receipt, receipt.said, by, now)


def _do(alarm: Alarm, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> None:
    said = _facts(record)
    did, who, at = str(said.get("did")), str(said.get("by") or "Okänd")[:160], min(moment(record), now)
    note = str(said.get("note") or "").strip()
    over = False
    if did == "accepted":
        over = _accept(alarm, who, at, knowing=bool(note))
    elif did == "closed":
        _close(alarm, receipt, who, at, by, now)
    elif did not in ("noted", "shown", "told"):
        return
    happened(
        alarm, "handed_over" if over else did, by=by, now=now, at=at, by_name=who, to_name=who if over else "", text=note,
        receipt=receipt,
    )  # fmt: skip


def _accept(alarm: Alarm, who: str, at: datetime, *, knowing: bool) -> bool:
    """Give the alarm to whoever was first; return whether it was taken over, by somebody who knew who had it."""
    if alarm.state == "closed":
        return False
    over = alarm.state != "waiting" and knowing and alarm.holder_name != who
    if not over and alarm.accepted_at and alarm.accepted_at <= at:
        return False
    if not over:
        alarm.accepted_at = max(at, alarm.pressed_at)
    if alarm.state == "waiting":
        alarm.state = "accepted"
    alarm.next_at, alarm.holder_id, alarm.holder_name = None, _user(who), who
    alarm.save(update_fields=["state", "accepted_at", "next_at", "holder_id", "holder_name"])
    return over


def _close(alarm: Alarm, receipt: Receipt, who: str, at: datetime, by: Actor, now: datetime) -> None:
    if alarm.state == "closed":
        return
    said = _facts(receipt.said)
    outcome = str(said.get("outcome") or "")
    alarm.outcome = outcome if outcome in dict(OUTCOMES) else "helped_by_visit"
    alarm.state, alarm.next_at = "closed", None
    alarm.closed_at = max(at, alarm.accepted_at or at)
    if alarm.holder_id is None:
        alarm.holder_id, alarm.holder_name = _user(who), who
    alarm.save(update_fields=["outcome", "state", "next_at", "closed_at", "holder_id", "holder_name"])
    where = f"Skrivet av {who} på larmmottagarens egen sida ({receipt.receiver.name})."
    write_entry(alarm, f"{str(said.get('note') or '').strip()} {where}".strip(), by=by, now=now)


def _facts(record: Mapping[str, Any]) -> Mapping[str, Any]:
    facts = record.get("facts")
    return facts if isinstance(facts, Mapping) else {}


def _user(name: str) -> int:
    """Return whose code was used, if we know it."""
    rows = EmergencyCode.objects.filter(name=name).order_by("-made_at")
    return rows.values_list("user_id", flat=True).first() or NOBODY
