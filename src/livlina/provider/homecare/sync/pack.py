"""The shift's pack: what a carer needs for the visits of one shift, signed, made from few statements however many visits.

Needed and no more: persons who are visited, their plan as it holds, warnings, two weeks of notes, doors. A protected
person's address stands only with the time around the visit it is for.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from livlina.core import audit, bulk, keys, outbox
from livlina.core.access import Actor, allowed, demand
from livlina.core.clock import day_of
from livlina.core.models.audit import AuditEvent
from livlina.provider.doors import queries as doors
from livlina.provider.homecare import wording
from livlina.provider.homecare.models import CarePlan, Pack, Phone, PlannedTask, Shift, Visit
from livlina.provider.homecare.models.words import HEALTH
from livlina.provider.homecare.queries import day
from livlina.provider.homecare.queries.nursing import as_needed_for, delegations_of, doses_for, may_do
from livlina.provider.homecare.sync import doorkeys, wire
from livlina.provider.homecare.sync.wire import b64u, written
from livlina.registers.journal.models import Note
from livlina.registers.orders.models import Provider
from livlina.registers.people.models import Contact, Person, Relation

AFTER = timedelta(hours=2)
"""How long after the shift it is wiped, and how long around a visit a protected address shows."""
NOTES_FOR = timedelta(days=14)
NOTES_EACH = 40
TEXT = 1200
WARNINGS = {
    "secrecy_marked": "Sekretessmarkerad",
    "protected_registration": "Skyddad folkbokföring",
    "fictitious": "Skyddade personuppgifter",
}


class NoShift(Exception):
    """Du har inget arbetspass som börjar inom en timme."""


class PhoneEnded(Exception):
    """Telefonen är spärrad. Vänd dig till din chef."""


@dataclass(frozen=True)
class Made:
    """A pack as it goes on the wire."""

    payload: bytes
    kid: str
    signature: bytes


@dataclass
class _Held:
    """What the pack is made from."""

    by: Actor
    now: datetime
    shift: Shift
    visits: list[Visit]
    persons: dict[UUID, Person]

    @property
    def until(self) -> datetime:
        return self.shift.ends_at + AFTER


def make(phone_id: UUID, *, by: Actor, now: datetime) -> Made:
    """Return the pack of the shift under way, or the next within the hour, signed for this phone.

    Raises Refused for another's phone, PhoneEnded for one that is ended, NoShift when no shift is near.
    """
    demand(by, "field.phone")
    phone = Phone.objects.filter(pk=phone_id, user_id=by.user_id, carer_id=by.assignment_id).first()
    if phone is None or phone.revoked_at is not None:
        raise PhoneEnded(PhoneEnded.__doc__)
    shift = day.shift_of(by, now)
    if shift is None:
        raise NoShift(NoShift.__doc__)
    visits = day.visits_of(by.assignment_id, shift.starts_at - AFTER, shift.ends_at + AFTER)  # type: ignore[arg-type]
    persons = _readable(by, visits)
    held = _Held(by, now, shift, [one for one in visits if one.person_id in persons], persons)
    said = _pack(held, phone)
    payload = wire.canonical(said)
    pair = keys.current(by.municipality_id, wire.SIGN, now)
    _record(held, phone, payload)
    return Made(payload, pair.name, pair.sign(payload))


def _readable(by: Actor, visits: Iterable[Visit]) -> dict[UUID, Person]:
    """The persons whom the carer may read today: a protected one only as one of the few. One statement."""
    wanted = {visit.person_id for visit in visits}
    return {one.pk: one for one in allowed(by, "people.read", Person.objects.filter(pk__in=wanted))}


def _record(held: _Held, phone: Phone, payload: bytes) -> None:
    """Write that the phone was given this, and that each of the persons was read."""
    row = Pack.objects.create(
        municipality_id=held.by.municipality_id, phone=phone, shift=held.shift, made_at=held.now, until=held.until,
        size=len(payload), digest=sha256(payload).hexdigest(), persons=len(held.persons),
    )  # fmt: skip
    Phone.objects.filter(pk=phone.pk).update(heard_at=held.now)
    by = held.by
    bulk.insert(
        AuditEvent, ("person_id", "object_id"), [(key, str(row.pk)) for key in held.persons],
        municipality_id=by.municipality_id, user_id=by.user_id, assignment_id=by.assignment_id, actor_name=by.name,
        role=by.role, unit_id=by.unit_id, unit_name=by.unit_name, at=held.now, verb="field.pack", outcome="read",
        object_type="homecare.pack",
    )  # fmt: skip
    audit.wrote(by, "field.pack", now=held.now, obj=row, detail={"persons": row.persons, "size": row.size})
    outbox.announce("field.packed", row, now=held.now)


def _pack(held: _Held, phone: Phone) -> dict[str, Any]:
    by, now, shift = held.by, held.now, held.shift
    ids = list(held.persons)
    locks = doors.locks_of(ids)
    issuer = doors.issuer(by.municipality_id, now)
    nursing = _nursing(held)
    return {
        "v": 1,
        "serial": int(now.timestamp() * 1000),
        "phone": str(phone.pk),
        "made_at": written(now),
        "until": written(held.until),
        "shift": {"id": str(shift.pk), "from": written(shift.starts_at), "to": written(shift.ends_at)},
        "carer": {"id": str(by.assignment_id), "name": by.name, "title": by.title},
        "unit": by.unit_name,
        "visits": _visits(held, nursing),
        "persons": _persons(held, locks),
        "tokens": doorkeys.tokens(held.shift, locks, phone, by=by, now=now),
        "issuer": {"kid": issuer.name, "public": b64u(issuer.public)},
        "revocations": b64u(doors.revocation_list(by.municipality_id, now)),
        "door_time": b64u(doors.signed_time(by.municipality_id, now)),
        "colleagues": _colleagues(held, phone),
        "numbers": _numbers(held),
        "nursing": nursing.as_needed,
        "words": _words(),
    }


# Visits and nursing -------------------------------------------------------------------------------------------------------


def _visits(held: _Held, nursing: "_Nursing") -> list[dict[str, Any]]:
    tasks = _tasks(held.visits)
    own = held.by.assignment_id
    rows = []
    for visit in held.visits:
        others = [goer for goer in visit.goers if goer.carer_id != own]  # type: ignore[attr-defined]
        row: dict[str, Any] = {
            "id": str(visit.pk),
            "person": str(visit.person_id),
            "starts_at": written(visit.starts_at),
            "minutes": visit.minutes,
            "window": visit.window,
            "title": visit.title,
            "state": visit.state,
            "kind": visit.kind,
            "carers": [{"name": goer.carer.user.name} for goer in others],
            "double": visit.carers_needed > 1,
            "tasks": [tasks[key] for key in visit.task_ids if key in tasks],
            "doses": [one for one in nursing.as_needed if one["person"] == str(visit.person_id)],
            "changed": visit.starts_at.date() != visit.on,
        }
        if held.persons[visit.person_id].is_protected:
            row["address"] = _address_around(held.persons[visit.person_id], visit)
        rows.append(row)
    _give_doses(rows, nursing.doses)
    return rows


def _address_around(person: Person, visit: Visit) -> dict[str, str]:
    """A protected person's address, and the only time it shows."""
    end = visit.starts_at + timedelta(minutes=visit.minutes) + AFTER
    return {"address": _address(person), "from": written(visit.starts_at - AFTER), "until": written(end)}


def _tasks(visits: Iterable[Visit]) -> dict[UUID, dict[str, str]]:
    wanted = {key for visit in visits for key in visit.task_ids}
    rows = PlannedTask.objects.filter(pk__in=wanted)
    return {
        row.pk: {"id": str(row.pk), "what": row.what, "how": row.how, "area": row.life_area} for row in rows
    }


@dataclass(frozen=True)
class _Nursing:
    doses: dict[UUID, list[dict[str, Any]]]
    as_needed: list[dict[str, Any]]


def _nursing(held: _Held) -> _Nursing:
    """What the carer may sign: by own right, or by today's delegations and only with the health compartment."""
    by, ids = held.by, list(held.persons)
    if HEALTH not in by.compartments or not ids:
        return _Nursing({}, [])
    licensed = by.role == "nurse"
    mine = set() if licensed else delegations_of(by.assignment_id, day_of(held.now))  # type: ignore[arg-type]
    doses: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for dose in doses_for(ids, held.shift.starts_at - AFTER, held.shift.ends_at + AFTER):
        task = dose.task
        if licensed or (task.delegated and may_do(mine, task.task, dose.person_id)):
            doses[dose.person_id].append(
                {
                    "id": str(dose.pk), "task": str(task.pk), "what": task.what, "amount": task.amount, "how": task.how,
                    "due_at": written(dose.due_at), "window": task.window, "state": dose.state,
                    "narcotic": task.narcotic, "as_needed": False,
                }
            )  # fmt: skip
    needed = [
        {
            "id": None, "task": str(task.pk), "person": str(task.person_id), "what": task.what, "amount": task.amount,
            "how": task.how, "most_per_day": task.most_per_day, "narcotic": task.narcotic, "as_needed": True,
            "due_at": None, "window": 0, "state": "due",
        }
        for task in as_needed_for(ids)
        if licensed or (task.delegated and may_do(mine, task.task, task.person_id))
    ]  # fmt: skip
    return _Nursing(doses, needed)


def _give_doses(rows: list[dict[str, Any]], doses: dict[UUID, list[dict[str, Any]]]) -> None:
    """Put each dose with the person's visit that begins nearest to when it is due."""
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of[row["person"]].append(row)
    for person_id, own in doses.items():
        for dose in own:
            due = wire.moment(dose["due_at"])
            near = min(of[str(person_id)], key=lambda row, due=due: abs(wire.moment(row["starts_at"]) - due))
            near["doses"].append(dose)


# Persons ------------------------------------------------------------------------------------------------------------------


def _persons(held: _Held, locks: dict[UUID, Any]) -> dict[str, dict[str, Any]]:
    ids = list(held.persons)
    notes, near, ways, plans = _notes(held), _relations(ids), _ways(ids), _plans(held)
    return {
        str(key): {
            "id": str(key),
            "name": person.name,
            "address": None if person.is_protected else _address(person),
            "entry": "",
            "phone": ways.get(key, ""),
            "protected": person.is_protected,
            "warnings": _warnings(person),
            "plan": plans.get(key, {"goal": "", "wishes": ""}),
            "contacts": near.get(key, []),
            "notes": notes.get(key, []),
            "locks": [{"number": lock.number, "place": lock.place} for lock in locks.get(key, [])],
        }
        for key, person in held.persons.items()
    }


def _address(person: Person) -> str:
    return ", ".join(part for part in (person.street, f"{person.postcode} {person.city}".strip()) if part)


def _warnings(person: Person) -> list[str]:
    found = [WARNINGS[person.protection]] if person.protection in WARNINGS else []
    if person.interpreter:
        found.append(f"Behöver tolk: {person.language}" if person.language else "Behöver tolk")
    elif person.language:
        found.append(f"Språk: {person.language}")
    if person.is_dead:
        found.append("Personen har avlidit")
    return found


def _notes(held: _Held) -> dict[UUID, list[dict[str, Any]]]:
    """Two weeks of the notes the carer may read, newest first, without what was struck or moved. One statement."""
    recent = Q(
        person_id__in=list(held.persons), placed_at__gte=held.now - NOTES_FOR, struck_at=None, sealed_at=None
    )
    rows = allowed(held.by, "journal.read_notes", Note.objects.filter(recent)).order_by("-placed_at", "-seq")
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    names = ("pk", "person_id", "placed_at", "author_name", "author_title", "text")
    for pk, person_id, at, author, title, text in rows.values_list(*names):
        if len(found[person_id]) < NOTES_EACH:
            said = text if len(text) <= TEXT else text[:TEXT] + " …"
            found[person_id].append(
                {"id": str(pk), "at": written(at), "author": f"{author}, {title}", "text": said}
            )
    return found


def _relations(ids: list[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """Those near the persons whom one may speak with, whoever is asked first at the top. One statement."""
    rows = Relation.objects.filter(person_id__in=ids, ended_at=None, consent=True)
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for row in rows.order_by("-first_choice", "name"):
        found[row.person_id].append(
            {"name": row.name, "relation": row.get_kind_display(), "phone": row.phone}
        )
    return found


def _ways(ids: list[UUID]) -> dict[UUID, str]:
    """How the persons themselves are rung. One statement."""
    rows = Contact.objects.filter(person_id__in=ids, ended_at=None, kind__in=("phone", "mobile"))
    return dict(rows.order_by("-kind", "since").values_list("person_id", "value"))


def _plans(held: _Held) -> dict[UUID, dict[str, str]]:
    """Goal and wishes of the plan that holds. One statement."""
    rows = CarePlan.objects.filter(person_id__in=list(held.persons), unit_id=held.by.unit_id)
    return {
        person: {"goal": goal, "wishes": wishes}
        for person, goal, wishes in rows.order_by("number").values_list("person_id", "goal", "wishes")
    }


# Others -------------------------------------------------------------------------------------------------------------------


def _colleagues(held: _Held, own: Phone) -> list[dict[str, str]]:
    """Colleagues who work at the same time, with their phones' public keys: a visit is swapped phone to phone."""
    shift = held.shift
    working = Shift.objects.filter(
        unit_id=held.by.unit_id, state="planned", starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
    )
    rows = Phone.objects.filter(carer_id__in=working.values("carer_id"), revoked_at=None).exclude(pk=own.pk)
    return [
        {
            "name": row.carer.user.name, "title": row.carer.title, "phone": "", "phone_id": str(row.pk),
            "public": b64u(bytes(row.public)),
        }
        for row in rows.select_related("carer__user").order_by("carer__user__name", "id")
    ]  # fmt: skip


def _numbers(held: _Held) -> list[dict[str, str]]:
    """Whom to ring: the unit, and where help is."""
    found = [{"name": "Nödnummer", "number": "112"}, {"name": "Sjukvårdsrådgivningen", "number": "1177"}]
    unit = Provider.objects.filter(unit_id=held.by.unit_id).exclude(phone="").values_list("name", "phone")
    return [*({"name": name, "number": number} for name, number in unit), *found]


def _words() -> dict[str, dict[str, str]]:
    """What the codes of choices are called."""
    kinds = {
        "missed": wording.MISSED,
        "not_home": wording.NOT_HOME,
        "moved": wording.MOVED,
        "extra": wording.EXTRA,
    }
    words = {name: {code: wording.REASONS[code] for code in codes} for name, codes in kinds.items()}
    return words | {"deviation": {code: wording.DEVIATIONS[code] for code in wording.TAPPED}}
