"""What the portal does by itself."""

from datetime import datetime, timedelta
from typing import cast

from livlina.across.portal import health
from livlina.across.portal.models import SealOpening, SignInEvent
from livlina.across.portal.queries.shifts import shift_ends
from livlina.core import outbox
from livlina.core.access import system
from livlina.core.models import Session, Unit
from livlina.core.sessions import SessionStore
from livlina.registers.watches.actions import Owner, raise_watch
from livlina.registers.watches.models import declare

KEPT = timedelta(days=365)
"""How long attempts to sign in are kept."""
AFTER_SHIFT = timedelta(hours=2)
"""How long past the end of a shift a session is held open while the municipality's sign-in is away."""


def forget_old_sign_ins(municipality_id: int, now: datetime) -> int:
    """Remove sessions that have run out, and attempts to sign in older than a year. Global; twice does no harm."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    attempts, _ = SignInEvent.objects.filter(at__lt=now - KEPT).delete()
    return sessions + attempts


def hold_sessions(municipality_id: int, now: datetime) -> int:
    """While the municipality's own sign-in is away: let nobody be put out before two hours past the end of the shift.

    Others keep the ordinary twelve hours; a sealed key's hour is an hour. Returns how many were held open.
    """
    if not health.state(now).away:
        return 0
    until = {user: end + AFTER_SHIFT for user, end in shift_ends(municipality_id, now, AFTER_SHIFT).items()}
    rows = Session.objects.filter(municipality_id=municipality_id, user_id__in=until, expire_date__gt=now)
    held = 0
    for row in rows:
        end = until[cast(int, row.user_id)]
        store = SessionStore(row.session_key)
        store._session_cache = store.decode(row.session_data)  # type: ignore[attr-defined]
        if row.expire_date >= end or store.get("way_in") == "seal":
            continue
        store.set_expiry(end)
        store.save(must_create=False)
        held += 1
    return held


BROKEN = ("portal.seal_broken", "portal.seal_broken_duty")
"""For the manager of the unit, and for whoever is on duty: one watch on each side of the wall."""
for _type in BROKEN:
    declare(
        _type,
        "En förseglad nödnyckel är öppnad",
        "Någon loggade in med en kod ur ett förseglat kuvert.",
        "Ingen vet om det var rätt person, och nyckeln saknas på sin plats.",
        link="portal_public:opened_seal",
        snooze_days=1,
        closes_on=("portal.seal_reviewed",),
    )
LOOKED_INTO_WITHIN = timedelta(hours=1)


@outbox.subscribe("portal.seal_broken")
def tell_of_broken_seal(event: outbox.Event) -> None:
    """Lay a watch with the manager of the unit, and with whoever is on duty for the whole municipality."""
    opening = SealOpening.objects.get(pk=event.object_id)
    unit = Unit.objects.get(pk=opening.unit_id)
    manager = "provider_manager" if unit.side == "provider" else "unit_manager"
    for type, role in zip(BROKEN, (manager, "duty_officer"), strict=True):
        raise_watch(
            type, ("portal.sealopening", opening.pk),
            owner=Owner(role, unit.pk), due_at=event.at + LOOKED_INTO_WITHIN, by=system(event.municipality_id),
            now=event.at,
        )  # fmt: skip
