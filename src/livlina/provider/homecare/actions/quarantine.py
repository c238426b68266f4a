"""What could not be taken in from phones: opened by who may read it, settled by a person, never removed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from livlina.core import audit, keys
from livlina.core.access import Actor, demand
from livlina.provider.homecare.models import FieldEvent, Phone
from livlina.provider.homecare.sync import notes, outbox, takes, wire
from livlina.registers.people.models import Person
from livlina.registers.watches import actions as watches

WAITS = "homecare.quarantine"
EVENT = "homecare.fieldevent"
A_DAY = timedelta(days=1)
AT_ONCE = 200
SETTLEMENTS = {"taken": "Togs in", "note": "Blev en anteckning", "dismissed": "Lades åt sidan"}


class QuarantineRefused(Exception):
    """It cannot be settled so. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Opened:
    """What an event says, for whoever may read it. `fault` is why it cannot be read; then the rest is empty."""

    kind: str = ""
    text: str = ""
    at: datetime | None = None
    fault: str = ""


def open_event(row: FieldEvent, *, by: Actor, now: datetime) -> Opened:
    """Return what an event in quarantine says, and record the reading. Raises Refused."""
    demand(by, "field.open", row)
    audit.read(by, "field.open", now=now, person_id=row.person_id, obj=row)
    try:
        event = _event(row)
    except QuarantineRefused as fault:
        return Opened(fault=str(fault))
    return Opened(event.kind, _text(event.kind, event.body), event.at)


@transaction.atomic
def take_in(row: FieldEvent, reason: str, *, by: Actor, now: datetime) -> FieldEvent:
    """Let an event have its effect after all, in its author's name. Raises Refused, QuarantineRefused."""
    _begin(row, "taken", reason, by, now)
    event = _event(row)
    phone = Phone.objects.select_related("carer__user", "carer__unit").get(pk=row.phone_id)
    try:
        with transaction.atomic():
            made = takes.take(event, phone, takes.carer_of(phone.carer), now)
    except Exception as fault:
        raise QuarantineRefused(outbox.why_not(fault, row.event_id)[1]) from fault
    return _end(row, "accepted", made.result_id, by, now)


@transaction.atomic
def keep_as_note(row: FieldEvent, reason: str, *, by: Actor, now: datetime) -> FieldEvent:
    """Keep what an event says as a note by its author, whatever else it would have done. Raises as `take_in`."""
    _begin(row, "note", reason, by, now)
    event = _event(row)
    person = Person.objects.filter(pk=event.person).first()
    phone = Phone.objects.select_related("carer__user", "carer__unit").get(pk=row.phone_id)
    if person is None:
        raise QuarantineRefused("Händelsen säger inte vem den gäller, så den kan inte bli en anteckning.")
    text = _text(event.kind, event.body)
    late = f"Kom in från en telefon och granskades av {by.name}: {reason.strip()}"[:400]
    given = notes.Given(person, min(event.at, now), text, late)
    author = takes.carer_of(phone.carer)
    try:
        made = notes.write(given, row.event_id, author, now, written_at=event.at, decided=True)
    except Exception as fault:
        raise QuarantineRefused(takes.sentence_of(fault) or "Anteckningen kunde inte skrivas.") from fault
    return _end(row, "accepted", made.result_id, by, now)


@transaction.atomic
def dismiss(row: FieldEvent, reason: str, *, by: Actor, now: datetime) -> FieldEvent:
    """Put an event aside with a reason. It stays as it came. Raises Refused, QuarantineRefused."""
    _begin(row, "dismissed", reason, by, now)
    return _end(row, row.verdict, None, by, now)


def watch_waiting(*, by: Actor, now: datetime) -> int:
    """Tell of what has waited for more than a day: a nurse of what is nursing, else the unit's manager. Return how many."""
    demand(by, "field.clock")
    waiting = FieldEvent.objects.filter(
        municipality_id=by.municipality_id, settled_at=None, verdict__in=("quarantined", "variant"),
        sealed__isnull=False, received_at__lt=now - A_DAY,
    )  # fmt: skip
    rows = list(waiting.select_related("phone__carer").order_by("received_at")[:AT_ONCE])
    units = _claimed([row for row in rows if row.phone_id is None])
    duties = [
        watches.Duty(WAITS, (EVENT, row.pk), owner, now)
        for row in rows
        if (owner := _owner(row, units)) is not None
    ]
    return watches.raise_watches(duties, by=by, now=now) if duties else 0


def _owner(row: FieldEvent, units: dict[UUID, UUID]) -> watches.Owner | None:
    if row.phone is None:
        unit = units.get(row.pk)
        return watches.Owner("provider_manager", unit) if unit else None
    nursing = row.kind == "dose" or row.phone.carer.role == "nurse"
    if nursing:
        return watches.Owner("nurse", row.phone.unit_id, compartment=3)
    return watches.Owner("provider_manager", row.phone.unit_id)


def _claimed(rows: list[FieldEvent]) -> dict[UUID, UUID]:
    """The units of the phones that unsigned events say they come from, where those phones are known."""
    said: dict[UUID, str] = {}
    for row in rows:
        try:
            said[row.pk] = str(UUID(json.loads(bytes(row.sealed or b""))["phone"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    units = {str(key): unit for key, unit in _units(set(said.values()))}
    return {key: units[phone] for key, phone in said.items() if phone in units}


def _units(phones: set[str]) -> list[tuple[UUID, UUID]]:
    return list(Phone.objects.filter(pk__in=phones).values_list("pk", "unit_id"))


def _event(row: FieldEvent) -> wire.Event:
    """Open what was kept, of whatever version. Raises QuarantineRefused."""
    if row.phone_id is None:
        raise QuarantineRefused("Ingen känd telefon har undertecknat händelsen. Den går inte att öppna.")
    try:
        sealed = json.loads(bytes(row.sealed or b""))
        return wire.unseal(sealed, lambda name: keys.find(row.municipality_id, name), any_version=True)
    except (wire.Unfit, ValueError, TypeError) as fault:
        raise QuarantineRefused("Händelsen går inte att öppna. Den ligger kvar som den kom.") from fault


def _text(kind: str, body: object) -> str:
    """What an event says, in words: its text, and what else stands in it."""
    said = body if isinstance(body, dict) else {}
    text = str(said.get("text") or "").strip()
    if kind == "note" and text:
        return text
    rest = [f"{name}: {value}" for name, value in sorted(said.items()) if value and name != "text"]
    return "\n".join([part for part in (text, *rest) if part]) or "Händelsen säger inget mer."


def _begin(row: FieldEvent, what: str, reason: str, by: Actor, now: datetime) -> None:
    """Claim the event for whoever settles it. Raises Refused, and QuarantineRefused with no reason or settled already."""
    demand(by, "field.settle", row)
    if what != "dismissed":
        demand(by, "field.open", row)
    if len(reason.strip()) < 3:
        raise QuarantineRefused("Skriv varför. Skälet sparas.")
    words = f"{SETTLEMENTS[what]}: {reason.strip()}"[:300]
    waits = FieldEvent.objects.filter(pk=row.pk, settled_at=None, sealed__isnull=False)
    if not waits.update(settled_at=now, settled_by=by.name, settled_text=words):
        raise QuarantineRefused("Någon annan har redan avgjort det här.")


def _end(row: FieldEvent, verdict: str, result_id: UUID | None, by: Actor, now: datetime) -> FieldEvent:
    FieldEvent.objects.filter(pk=row.pk).update(verdict=verdict, result_id=result_id)
    watches.close_for((EVENT, row.pk), types=[WAITS], why="Avgjort.", by=by, now=now)
    row.refresh_from_db()
    audit.wrote(by, "field.settle", now=now, obj=row, person_id=row.person_id, detail={"verdict": verdict})
    return row
