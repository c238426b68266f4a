"""Work phones: taken into use, and ended when one is lost."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from livlina.core import audit, keys, outbox
from livlina.core.access import Actor, demand
from livlina.provider.doors import actions as doors
from livlina.provider.doors.protocol import cose
from livlina.provider.homecare.models import Pack, Phone
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import Watch

SILENT = "homecare.phone_silent"
PHONE = "homecare.phone"
QUIET = timedelta(hours=2)
"""So long a phone may be silent during a shift before somebody rings its carer."""


class PhoneRefused(Exception):
    """It cannot be done with this phone. The sentence is for a person, in Swedish."""


def register_phone(public: bytes, name: str, *, by: Actor, now: datetime, again: UUID | None = None) -> Phone:
    """Take a phone into use for the carer who acts, and return it; the same key again is the same phone.

    `again` is the id it had: a server restored from an older backup may have lost it, and what the phone carries is
    signed under that id. Raises Refused, and PhoneRefused for a key that is no key, another's, or ended.
    """
    demand(by, "field.phone")
    if not cose.is_point(public):
        raise PhoneRefused("Telefonens nyckel går inte att läsa.")
    thumbprint = keys.thumbprint(public)
    phone = Phone.objects.select_for_update(of=("self",)).filter(thumbprint=thumbprint).first()
    if phone is not None:
        return _known(phone, name, by)
    try:
        with transaction.atomic():
            phone = _make(public, thumbprint, name, again or uuid4(), by, now)
    except IntegrityError:  # the id, or the key, is somebody's
        phone = Phone.objects.filter(thumbprint=thumbprint).first()
        if phone is not None:
            return _known(phone, name, by)
        phone = _make(public, thumbprint, name, uuid4(), by, now)
    audit.wrote(by, "field.phone", now=now, obj=phone)
    return phone


def revoke_phone(phone: Phone, reason: str, *, by: Actor, now: datetime) -> Phone:
    """End a phone that is lost: it gets no pack, its keys open nothing where the list has come, and what is written on it
    from now on is looked at by a person. Ended twice is once. Raises Refused, and PhoneRefused without a reason."""
    demand(by, "field.revoke", phone)
    if len(reason.strip()) < 3:
        raise PhoneRefused("Skriv varför telefonen spärras. Skälet sparas.")
    held = Phone.objects.select_for_update(of=("self",)).get(pk=phone.pk)
    if held.revoked_at is None:
        held.revoked_at, held.revoked_reason = now, reason.strip()[:200]
        held.save(update_fields=["revoked_at", "revoked_reason"])
        doors.revoke_key(held.thumbprint, reason=reason, by=by, now=now)
        audit.wrote(by, "field.revoke", now=now, obj=held, reason=reason.strip()[:200])
        outbox.announce("phone.revoked", held, now=now)
    return held


def _make(public: bytes, thumbprint: str, name: str, key: UUID, by: Actor, now: datetime) -> Phone:
    phone = Phone(
        id=key, municipality_id=by.municipality_id, user_id=by.user_id or 0, carer_id=by.assignment_id,
        unit_id=by.unit_id, name=name.strip()[:80] or "Telefon", public=public, thumbprint=thumbprint,
        registered_at=now,
    )  # fmt: skip
    phone.save(force_insert=True)
    return phone


def _known(phone: Phone, name: str, by: Actor) -> Phone:
    """Return a phone that is known, under the assignment its carer acts under today. Raises PhoneRefused."""
    if phone.user_id != by.user_id:
        raise PhoneRefused("Telefonen är registrerad på någon annan.")
    if phone.revoked_at is not None:
        raise PhoneRefused("Telefonen är spärrad. Vänd dig till din chef.")
    phone.carer_id, phone.unit_id = cast(UUID, by.assignment_id), cast(UUID, by.unit_id)
    phone.name = name.strip()[:80] or phone.name
    phone.save(update_fields=["carer", "unit", "name"])
    return phone


def watch_silent(*, by: Actor, now: datetime) -> int:
    """Tell the managers of phones that are silent during a shift; close what was told of those heard since. Return how many.

    A phone is missed from two hours into a shift it was given a pack for, when it has not been heard for two hours.
    """
    demand(by, "field.clock")
    quiet = silent(by.municipality_id, now)
    duties = [
        watches.Duty(SILENT, (PHONE, phone.pk), watches.Owner("provider_manager", phone.unit_id), now)
        for phone in quiet
    ]
    told = watches.raise_watches(duties, by=by, now=now) if duties else 0
    lies = Watch.objects.filter(municipality_id=by.municipality_id, type=SILENT, closed_at=None)
    for key in lies.exclude(object_id__in=[phone.pk for phone in quiet]).values_list("object_id", flat=True):
        watches.close_for(
            (PHONE, key), types=[SILENT], why="Telefonen har hörts av, eller passet är slut.", by=by, now=now
        )
    return told


def silent(municipality_id: int, now: datetime) -> list[Phone]:
    """Return phones that carry a pack of a shift under way and have been silent for two hours. One statement."""
    carried = Pack.objects.filter(
        municipality_id=municipality_id,
        shift__state="planned",
        shift__starts_at__lt=now - QUIET,
        shift__ends_at__gt=now,
    )
    rows = Phone.objects.filter(pk__in=carried.values("phone_id"), revoked_at=None, heard_at__lt=now - QUIET)
    return list(rows.select_related("carer__user"))
