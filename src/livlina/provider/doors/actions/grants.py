"""Keys for doors: made for one phone, named doors and a short time; ended by number on a list that any phone carries.

What a kind of key takes stands in `access.KINDS`; whose shift and whose visits they are, the rooms above say.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max

from livlina.core import audit, keys, outbox
from livlina.core.access import Actor, Refused, allowed, demand, may
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality
from livlina.provider.doors.access import AFTER_SHIFT, KINDS, LONGEST, Kind
from livlina.provider.doors.actions import vendors
from livlina.provider.doors.faults import GrantRefused
from livlina.provider.doors.models import CONSENTS, Consent, Grant, Lock, Revocation
from livlina.provider.doors.protocol import cose
from livlina.provider.doors.protocol.token import Claims, mint, to_end_at
from livlina.provider.doors.queries import errands
from livlina.provider.doors.queries.lists import PURPOSE

AREA_EPOCH = 1
AS_LONG_AS = LONGEST


@dataclass(frozen=True)
class Window:
    """When a key holds, in the time of the shift it was made for."""

    not_before: datetime
    expires: datetime


def grant(
    kind: str,
    *,
    holder: Assignment,
    public: bytes,
    locks: Sequence[Lock],
    not_before: datetime,
    expires: datetime,
    by: Actor,
    now: datetime,
    area: str = "",
    reason: str = "",
    leaders: Sequence[bytes] = (),
) -> tuple[Grant, bytes]:
    """Make a key for a phone, and return its row and the token. `public` is the phone's point of 65 bytes.

    It is cut to what its kind allows round the holder's shift: read `not_before` and `expires` off the row; no lock opens
    after `expires`, however its clock differs. Area kinds (round, emergency) name an `area`; a continuation names its
    `leaders` (thumbprints, 32 bytes each). Raises Refused for whoever may not ask or hold, and GrantRefused, in words, for
    doors, times and grounds that do not go together.
    """
    what = KINDS[kind]
    _may_ask(kind, holder, by, now)
    wanted = _doors(kind, what, locks, holder, area, now)
    thumbprint = _sound(public)
    if what.reason and not reason.strip():
        raise GrantRefused("Nyckeln behöver ett skäl.")
    window = _window(kind, what, holder, not_before, expires, wanted, area, now)
    row = Grant.objects.create(
        municipality_id=holder.municipality_id, kind=kind, name=secrets.token_hex(16), unit_id=holder.unit_id,
        holder=holder, holder_name=holder.user.name, thumbprint=thumbprint,
        lock_numbers=sorted(lock.number for lock in wanted), area=area, not_before=window.not_before,
        expires=window.expires, reason=reason.strip()[:200], made_at=now,
    )  # fmt: skip
    token = _token(row, public, wanted, leaders, now)
    for lock in wanted:
        vendors.ask("issue", lock, {"grant": row.name, "until": window.expires.isoformat()}, now=now)
    audit.wrote(by, "doors.grant", now=now, obj=row, detail={"kind": kind, "doors": len(wanted)})
    outbox.announce("door.granted", row, now=now)
    return row, token


def _sound(public: bytes) -> str:
    """Return what a phone's key is called, if it is one and is not ended. Raises GrantRefused."""
    if not cose.is_point(public):
        raise GrantRefused("Telefonens nyckel går inte att läsa.")
    thumbprint = keys.thumbprint(public)
    if Revocation.objects.filter(thumbprint=thumbprint).exists():
        raise GrantRefused("Telefonen är spärrad.")
    return thumbprint


def revoke_key(thumbprint: str, *, reason: str, by: Actor, now: datetime) -> Revocation:
    """End a phone's key: it opens nothing where the list has come. Ending it again is the same. Raises Refused."""
    demand(by, "doors.revoke")
    held = Grant.objects.filter(thumbprint=thumbprint)
    if by.role != "system" and held.exclude(unit_id=by.unit_id).exists():
        raise Refused("doors.revoke")
    until = held.aggregate(last=Max("expires"))["last"] or now
    return _revoke(held, max(until, now + AS_LONG_AS), reason, by, now, thumbprint=thumbprint)


def revoke_grant(row: Grant, *, reason: str, by: Actor, now: datetime) -> Revocation:
    """End one key; the phone keeps its others. Raises Refused."""
    demand(by, "doors.revoke")
    if by.role != "system" and row.unit_id != by.unit_id:
        raise Refused("doors.revoke")
    return _revoke(Grant.objects.filter(pk=row.pk), row.expires, reason, by, now, name=row.name)


def _may_ask(kind: str, holder: Assignment, by: Actor, now: datetime) -> None:
    """Refuse whoever asks for another's key, and whoever's work takes no key of that kind."""
    demand(by, "doors.grant")
    own = by.assignment_id == holder.pk
    orders = kind == "fitting" and by.role == "provider_manager" and by.unit_id == holder.unit_id
    if not (own or orders or by.role == "system") or by.municipality_id != holder.municipality_id:
        raise Refused("doors.grant")
    if not may(as_actor(holder), f"doors.hold_{kind}"):
        raise GrantRefused(f"{holder.title} kan inte ha en sådan nyckel.")
    if not Assignment.objects.filter(pk=holder.pk, user__is_active=True).valid(day_of(now)).exists():
        raise GrantRefused("Uppdraget gäller inte i dag.")


def _doors(
    kind: str, what: Kind, locks: Sequence[Lock], holder: Assignment, area: str, now: datetime
) -> list[Lock]:
    """Return the locks as they stand, if all may be opened by the holder. Raises GrantRefused."""
    asked = {lock.pk for lock in locks}
    found = list(allowed(as_actor(holder), f"doors.hold_{kind}", Lock.objects.filter(pk__in=asked)))
    if not asked:
        raise GrantRefused("Nyckeln behöver minst en dörr.")
    if len(found) < len(asked):
        raise GrantRefused("En av dörrarna hör till en annan enhet.")
    usable = ("planned", "faulty") if what.doors == "one" else ("fitted", "faulty")
    for lock in found:
        if lock.state not in usable:
            raise GrantRefused(f"Lås {lock.number}: {lock.get_state_display().lower()}.")
        if what.doors == "area" and lock.area != area:
            raise GrantRefused(f"Lås {lock.number} ligger inte i området.")
    if what.doors == "one" and len(found) > 1:
        raise GrantRefused("En montering är en dörr i taget.")
    if what.doors == "area" and not area:
        raise GrantRefused("Nyckeln behöver ett område.")
    _agreed(found, now)
    return found


def _agreed(locks: Iterable[Lock], now: datetime) -> None:
    """Refuse a lock that the client or the owner has not agreed to. One statement."""
    numbers = {lock.pk: lock.number for lock in locks}
    held = set(
        Consent.objects.filter(lock_id__in=numbers, withdrawn_on=None, given_on__lte=day_of(now)).values_list(
            "lock_id", "whose"
        )
    )
    for key, number in numbers.items():
        for code, words in CONSENTS:
            if (key, code) not in held:
                raise GrantRefused(f"Lås {number}: samtycke saknas från {words.lower()}.")


def _window(
    kind: str, what: Kind, holder: Assignment, start: datetime, end: datetime, locks: list[Lock], area: str,
    now: datetime,
) -> Window:  # fmt: skip
    """Return when the key holds. Raises GrantRefused for a time or a door that the holder's work does not give."""
    if not start < end or end <= now:
        raise GrantRefused("Tiden har redan varit.")
    if what.doors == "one":
        return _short(Window(start, end))
    shift = errands.shift_of(holder.pk, start, end, rounds=what.rounds)
    if shift is None:
        raise GrantRefused("Inget sådant arbetspass ligger vid den tiden.")
    if end > shift.ends_at + AFTER_SHIFT:
        raise GrantRefused("En nyckel gäller högst två timmar efter passet.")
    if what.doors == "area" and shift.area not in ("", area):
        raise GrantRefused("Passet gäller ett annat område.")
    people = {lock.person_id for lock in locks}
    if what.doors == "visited" and people - errands.visited(holder.pk, shift.starts_at, shift.ends_at):
        raise GrantRefused("Passet har inget besök bakom en av dörrarna.")
    if what.doors == "nursed" and people - errands.nursed(holder.unit_id, shift.starts_at, shift.ends_at):
        raise GrantRefused("En av dem har ingen hälso- och sjukvård av enheten.")
    cut = Window(max(start, shift.starts_at - what.before), min(end, shift.ends_at + what.after))
    if cut.expires <= max(cut.not_before, now):
        raise GrantRefused("Passet är slut.")
    return _short(cut)


def _short(window: Window) -> Window:
    if window.expires - window.not_before > LONGEST:
        raise GrantRefused("En nyckel gäller högst fjorton timmar.")
    return window


def _token(row: Grant, public: bytes, locks: list[Lock], leaders: Sequence[bytes], now: datetime) -> bytes:
    pair = keys.current(row.municipality_id, PURPOSE, now)
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=row.municipality_id)
    by_area = KINDS[row.kind].doors == "area"
    try:
        claims = Claims(
            issuer=slug, name=bytes.fromhex(row.name), not_before=int(row.not_before.timestamp()),
            expires=to_end_at(int(row.expires.timestamp())), key=public, kind=row.kind,
            doors={} if by_area else {lock.number: lock.epoch for lock in locks},
            area=row.area if by_area else "", epoch=AREA_EPOCH if by_area else 0, leaders=tuple(leaders),
        )  # fmt: skip
    except ValueError as fault:
        raise GrantRefused(f"Nyckeln går inte att göra: {fault}") from fault
    return mint(pair.sign, cose.kid_of(pair.public), claims)


def _revoke(
    held: "Iterable[Grant]", until: datetime, reason: str, by: Actor, now: datetime, *, thumbprint: str = "",
    name: str = "",
) -> Revocation:  # fmt: skip
    with connection.cursor() as cursor:  # numbers are given one at a time: two who revoke at once take turns
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"doors.revocation:{by.municipality_id}"],
        )
    rows = Revocation.objects.filter(municipality_id=by.municipality_id)
    before = rows.filter(thumbprint=thumbprint, name=name).first()
    if before is not None:
        return before
    last = rows.aggregate(last=Max("number"))["last"] or 0
    row = Revocation.objects.create(
        municipality_id=by.municipality_id, number=last + 1, thumbprint=thumbprint, name=name, until=until,
        reason=(reason.strip() or "Spärrad")[:200], at=now, by_id=by.user_id, by_name=by.name,
    )  # fmt: skip
    running = [one for one in held if one.revoked_at is None and one.expires > now]
    for one in running:
        one.revoked_at = now
        one.save(update_fields=["revoked_at"])
    _tell_vendors(running, row, now)
    audit.wrote(by, "doors.revoke", now=now, obj=row, detail={"number": row.number})
    outbox.announce("door.revoked", row, now=now)
    return row


def _tell_vendors(ended: list[Grant], row: Revocation, now: datetime) -> None:
    """Let makers that hold keys of their own end them. Locks of the open protocol hear it from any phone's list."""
    numbers = {number for one in ended for number in one.lock_numbers}
    for lock in Lock.objects.filter(number__in=numbers, state__in=("fitted", "faulty")):
        vendors.ask("revoke", lock, {"number": row.number, "names": [one.name for one in ended]}, now=now)


def as_actor(holder: Assignment) -> Actor:
    """Return whoever holds an assignment as the rules see them."""
    return Actor(
        "staff", holder.municipality_id, holder.role, holder.user.name, user_id=holder.user_id,
        assignment_id=holder.pk, unit_id=holder.unit_id, title=holder.title, compartments=tuple(holder.compartments),
    )  # fmt: skip
