"""Two rows that turn out to be one person: an unborn or unknown child whose number another row already has.

The honest way is the simple one: nothing is moved. The earlier row is marked, mirrors the one with the number from then
on, is found by no search, and each shows the way to the other. Undone, it says again what it said before.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.ids import IdentityKind
from livlina.registers.people.actions.mirror import MIRRORED, mirror_one
from livlina.registers.people.actions.person import _index_names
from livlina.registers.people.faults import (
    AlreadyHolds,
    FictitiousIdentity,
    NotTheSame,
    ProtectionDiffers,
    SayWhy,
)
from livlina.registers.people.models import Person, PersonNumber, SamePerson

REAL = (IdentityKind.PERSONNUMMER, IdentityKind.SAMORDNINGSNUMMER)
SHORTEST_REASON = 10


@transaction.atomic
def mark_same(person: Person, real: Person, *, reason: str, by: Actor, now: datetime) -> SamePerson:
    """Write that `person`, a row without a number, is `real`, a row with one. Raises Refused, PeopleFault."""
    demand(by, "people.merge", person)
    demand(by, "people.merge", real)
    rows = {
        row.pk: row
        for row in Person.objects.select_for_update().filter(pk__in=[person.pk, real.pk]).order_by("pk")
    }
    person, real = rows[person.pk], rows[real.pk]
    _demand_two_rows_of_one(person, real)
    if len(reason.strip()) < SHORTEST_REASON:
        raise SayWhy
    row = SamePerson.objects.create(
        municipality_id=by.municipality_id,
        person=person,
        same_as=real,
        reason=reason.strip(),
        before={name: _kept(getattr(person, name)) for name in MIRRORED},
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
    )
    person.same_as = real
    person.save(update_fields=["same_as"])
    mirror_one(person, real, by=by, now=now)
    for one, other in ((person, real), (real, person)):
        detail = {"row": str(row.pk), "other": str(other.pk)}
        audit.wrote(by, "people.merge", now=now, person_id=one.pk, obj=row, detail=detail)
    outbox.announce("person.same", row, now=now)
    return row


@transaction.atomic
def end_same(person: Person, *, reason: str, by: Actor, now: datetime) -> None:
    """Undo it: the row says again what it said before, but keeps a protection. Raises Refused, AlreadyHolds, SayWhy."""
    demand(by, "people.merge", person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    row = SamePerson.objects.filter(person=person, ended_at=None).first()
    if row is None:
        raise AlreadyHolds
    if len(reason.strip()) < SHORTEST_REASON:
        raise SayWhy
    row.ended_at, row.ended_by_name, row.end_reason = now, by.name, reason.strip()
    row.save(update_fields=["ended_at", "ended_by_name", "end_reason"])
    for name in set(MIRRORED) - {"protection"}:
        setattr(person, name, _given_back(name, row.before[name]))
    person.same_as = None
    person.save(update_fields=[*MIRRORED, "same_as"])
    _index_names(person)
    for one in (person.pk, row.same_as_id):
        audit.wrote(by, "people.merge", now=now, person_id=one, obj=row, detail={"ended": True})


def _demand_two_rows_of_one(person: Person, real: Person) -> None:
    """Raise PeopleFault unless the one can be an earlier row of the other."""
    if Person.Protection.FICTITIOUS in (person.protection, real.protection):
        raise FictitiousIdentity
    if person.same_as_id is not None:
        raise AlreadyHolds
    numbers = PersonNumber.objects.filter(kind__in=REAL)
    two = person.pk != real.pk and real.same_as_id is None
    if (
        not two
        or numbers.filter(person=person).exists()
        or not numbers.filter(person=real, current=True).exists()
    ):
        raise NotTheSame
    if Person.objects.filter(same_as=person).exists():
        raise NotTheSame
    if person.is_protected and not real.is_protected:
        raise ProtectionDiffers


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _given_back(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in ("birth_date", "died_on") and value else value
