"""The keys a pack brings: of the doors of the shift, and sealed ones for emergencies and long outages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from livlina.core.access import Actor, Refused
from livlina.core.models import Assignment
from livlina.provider.doors import actions as doors
from livlina.provider.doors.models import Grant, Lock
from livlina.provider.doors.queries import locks_in_area
from livlina.provider.homecare.models import Phone, Shift
from livlina.provider.homecare.sync import continuation
from livlina.provider.homecare.sync.wire import b64u, written

log = structlog.get_logger(__name__)
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=2)
SEALED = ("emergency", "continuation")
Ask = Callable[..., dict[str, Any] | None]


def tokens(
    shift: Shift, locks: dict[UUID, list[Lock]], phone: Phone, *, by: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Return the keys for the shift: its own doors, and its area's for an emergency (sealed: used with a reason).

    Beside them, sealed too, the key for the carer's next shift, which a leader opens if the system is still down then.

    A door that no key can be made for (a consent that was withdrawn, a lock to be fitted) costs the others nothing.
    """
    holder = Assignment.objects.select_related("user").get(pk=by.assignment_id)

    def ask(kind: str, wanted: list[Lock], at: Shift = shift, **more: Any) -> dict[str, Any] | None:
        from_, until = at.starts_at - BEFORE, at.ends_at + AFTER
        try:
            with transaction.atomic():
                row, token = doors.grant(
                    kind, holder=holder, public=bytes(phone.public), locks=wanted, not_before=from_, expires=until,
                    by=by, now=now, **more,
                )  # fmt: skip
        except (doors.GrantRefused, Refused) as fault:
            log.info("field_key_not_made", kind=kind, doors=len(wanted), why=str(fault))
            return None
        return _told(row, token, sealed=kind in SEALED)

    kind = "nursing" if by.role == "nurse" else "shift"
    found = _own(ask, kind, [lock for own in locks.values() for lock in own])
    if shift.area and (near := locks_in_area(by.unit_id, shift.area)):  # type: ignore[arg-type]
        if shift.round:  # each opening then says its reason at the door
            found.append(ask("round", near, area=shift.area, reason="Nattpatrull eller larm"))
        found.append(ask("emergency", near, area=shift.area, reason="Följer med passet, förseglad"))
    found += _continuing(ask, shift, by, now)
    return [one for one in found if one is not None]


def _continuing(ask: Ask, shift: Shift, by: Actor, now: datetime) -> list[dict[str, Any] | None]:
    """The key for the next shift, where there is one soon, with doors, and somebody to open it."""
    following = continuation.next_shift(shift, now)
    if following is None or not (wanted := continuation.doors_of(following, by)):
        return []
    leaders = continuation.leaders_of(following)
    return [ask("continuation", wanted, following, leaders=leaders)] if leaders else []


def _own(ask: Ask, kind: str, wanted: list[Lock]) -> list[dict[str, Any] | None]:
    """One key for all the doors; where it cannot be made, one for each door that it can be made for."""
    if not wanted:
        return []
    whole = ask(kind, wanted)
    if whole is not None or len(wanted) == 1:
        return [whole]
    return [ask(kind, [lock]) for lock in wanted]


def _told(row: Grant, token: bytes, *, sealed: bool) -> dict[str, Any]:
    return {
        "kind": row.kind, "token": b64u(token), "from": written(row.not_before), "until": written(row.expires),
        "locks": list(row.lock_numbers), "sealed": sealed,
    }  # fmt: skip
