"""Metal keys: a number, whose door it fits, where it hangs and who has it. The number is never a name or an address."""

import re
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.doors.faults import KeyRefused
from livlina.provider.doors.models import MetalKey, MetalKeyEvent
from livlina.registers.people.models import Person
from livlina.registers.watches import actions as watches

LABEL = "doors.metalkey"
NUMBER = re.compile(r"[A-Z]{0,2}[0-9]{1,6}")
LOST_WITHIN = timedelta(hours=4)


def add_key(
    number: str, person: Person, place: str, *, by: Actor, now: datetime, reserve: bool = False
) -> MetalKey:
    """Take a metal key into keeping. Raises Refused, KeyRefused."""
    demand(by, "doors.keep_keys")
    demand(by, "people.read", person)
    number = number.strip().upper()
    if not NUMBER.fullmatch(number):
        raise KeyRefused(
            "Numret är högst två bokstäver och sedan siffror. Namn och adress får aldrig stå på en nyckel."
        )
    if not place.strip():
        raise KeyRefused("Skriv var nyckeln hänger.")
    try:
        with transaction.atomic():
            key = MetalKey.objects.create(
                municipality_id=by.municipality_id, number=number, person=person, unit_id=by.unit_id,
                place=place.strip(), reserve=reserve,
            )  # fmt: skip
    except IntegrityError:
        raise KeyRefused(f"Det finns redan en nyckel {number} på enheten.") from None
    _event(key, "made", by, now)
    return key


def sign_out(key: MetalKey, holder: Assignment, *, by: Actor, now: datetime, note: str = "") -> MetalKey:
    """Hand a key to somebody of the unit. Raises Refused, and KeyRefused when it is out, lost or ended."""
    key = _held(key, by)
    if key.holder_id == holder.pk:
        return key
    if key.holder_id is not None:
        raise KeyRefused("Nyckeln är redan utlämnad. Den ska in först.")
    if key.lost_at is not None:
        raise KeyRefused("Nyckeln är förlorad.")
    if (
        holder.unit_id != key.unit_id
        or not Assignment.objects.filter(pk=holder.pk).valid(day_of(now)).exists()
    ):
        raise KeyRefused("Den som får nyckeln ska arbeta på enheten.")
    if key.reserve and not note.strip():
        raise KeyRefused("Lådan är förseglad. Skriv varför den bryts.")
    key.holder, key.out_since = holder, now
    key.save(update_fields=["holder", "out_since"])
    _event(key, "out", by, now, holder.user.name, note)
    return key


def sign_in(key: MetalKey, *, by: Actor, now: datetime, note: str = "") -> MetalKey:
    """Take a key back; a lost one that is found too. Raises Refused, KeyRefused."""
    key = _held(key, by)
    if key.holder_id is None and key.lost_at is None:
        return key
    name = key.holder.user.name if key.holder else ""
    key.holder = key.out_since = key.lost_at = None
    key.save(update_fields=["holder", "out_since", "lost_at"])
    watches.close_for((LABEL, key.pk), types=["doors.key_lost"], why="Nyckeln är tillbaka.", by=by, now=now)
    _event(key, "in", by, now, name, note)
    return key


def report_lost(key: MetalKey, note: str, *, by: Actor, now: datetime) -> MetalKey:
    """Say that a key is gone: its manager is told at once, and it becomes a deviation. Raises Refused, KeyRefused."""
    key = _held(key, by)
    if key.lost_at is not None:
        return key
    if not note.strip():
        raise KeyRefused("Skriv vad som hände: när och var nyckeln sågs senast.")
    name = key.holder.user.name if key.holder else ""
    key.holder = key.out_since = None
    key.lost_at = now
    key.save(update_fields=["holder", "out_since", "lost_at"])
    owner = watches.Owner("provider_manager", key.unit_id)
    watches.raise_watch(
        "doors.key_lost", (LABEL, key.pk), owner=owner, due_at=now + LOST_WITHIN, person_id=key.person_id, by=by,
        now=now,
    )  # fmt: skip
    event = _event(key, "lost", by, now, name, note)
    outbox.announce("door.key_lost", event, now=now)
    return key


def give_back(key: MetalKey, to: str, *, by: Actor, now: datetime) -> MetalKey:
    """Give a key back to whose door it fits, and keep it no more. Raises Refused, KeyRefused."""
    key = _held(key, by)
    demand(by, "doors.keep_keys")
    if key.holder_id is not None:
        raise KeyRefused("Nyckeln är utlämnad. Den ska in först.")
    if not to.strip():
        raise KeyRefused("Skriv vem som tog emot nyckeln.")
    key.ended_at = now
    key.save(update_fields=["ended_at"])
    _event(key, "returned", by, now, to)
    return key


def _held(key: MetalKey, by: Actor) -> MetalKey:
    demand(by, "doors.keys", key)
    found = MetalKey.objects.select_for_update(of=("self",)).select_related("holder__user").get(pk=key.pk)
    if found.ended_at is not None:
        raise KeyRefused("Nyckeln är lämnad tillbaka och finns inte här längre.")
    return found


def _event(
    key: MetalKey, what: str, by: Actor, now: datetime, holder_name: str = "", note: str = ""
) -> MetalKeyEvent:
    event = MetalKeyEvent.objects.create(
        municipality_id=key.municipality_id, key=key, what=what, at=now, holder_name=holder_name.strip()[:160],
        by_id=by.user_id, by_name=by.name, note=note.strip()[:200],
    )  # fmt: skip
    audit.wrote(by, "doors.keys", now=now, person_id=key.person_id, obj=key, detail={"what": what})
    return event
