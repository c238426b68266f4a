"""What a lock's maker is to do: kept as a row until it is done. A failure is told and tried again, never lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.provider.doors.adapters import VendorFault, adapter_for
from livlina.provider.doors.models import Lock, VendorCall
from livlina.registers.watches import actions as watches

LABEL = "doors.lock"
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
TOLD_AFTER = 3
"""Tries in vain before a manager hears of it."""
AT_A_TIME = 50


def ask(what: str, lock: Lock, detail: Mapping[str, Any], *, now: datetime) -> VendorCall | None:
    """Put up a call, in the caller's transaction. A lock whose maker has no such call needs none: None."""
    if what not in adapter_for(lock.vendor).takes:
        return None
    return VendorCall.objects.create(
        municipality_id=lock.municipality_id,
        lock=lock,
        what=what,
        detail=dict(detail),
        made_at=now,
        next_at=now,
    )


def call_due(*, by: Actor, now: datetime) -> int:
    """Make the calls that are due, and return how many were done. One that fails waits, longer each time."""
    demand(by, "doors.call_vendor")
    due = VendorCall.objects.filter(municipality_id=by.municipality_id, done_at=None, next_at__lte=now)
    waiting = due.select_for_update(skip_locked=True, of=("self",)).select_related("lock").order_by("next_at")
    return sum(_make(call, by=by, now=now) for call in waiting[:AT_A_TIME])


def _make(call: VendorCall, *, by: Actor, now: datetime) -> bool:
    call.tries += 1
    try:
        raw = adapter_for(call.lock.vendor).do(call.what, call.lock, call.detail)
    except VendorFault as fault:
        _put_off(call, str(fault), by=by, now=now)
        return False
    call.done_at, call.fault = now, ""
    call.save(update_fields=["tries", "done_at", "fault"])
    if raw:
        from livlina.provider.doors.actions.openings import take_openings

        take_openings(raw, carried_by=f"vendor:{call.lock.vendor}", by=by, now=now)
    if not VendorCall.objects.filter(lock=call.lock, done_at=None, tries__gte=TOLD_AFTER).exists():
        watches.close_for(
            (LABEL, call.lock_id), types=["doors.vendor"], why="Leverantören svarar.", by=by, now=now
        )
    audit.wrote(by, "doors.call_vendor", now=now, obj=call.lock, detail={"what": call.what})
    return True


def _put_off(call: VendorCall, fault: str, *, by: Actor, now: datetime) -> None:
    call.fault = fault[:200]
    call.next_at = now + min(FIRST * 2 ** (call.tries - 1), LONGEST)
    call.save(update_fields=["tries", "fault", "next_at"])
    if call.tries == TOLD_AFTER:
        owner = watches.Owner("provider_manager", call.lock.unit_id)
        watches.raise_watch(
            "doors.vendor", (LABEL, call.lock_id), owner=owner, due_at=now + timedelta(hours=4),
            person_id=call.lock.person_id, by=by, now=now,
        )  # fmt: skip
