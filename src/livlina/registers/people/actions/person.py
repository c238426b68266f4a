"""The person's own facts: who they are, which number and name they have, that they have died."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.ids import IdentityNumber
from livlina.registers.people.actions.mirror import demand_own, mirror
from livlina.registers.people.faults import (
    AlreadyHolds,
    FictitiousIdentity,
    NumberTaken,
    TestNumberRefused,
    UnsoundDates,
)
from livlina.registers.people.models import FormerName, NameToken, Person, PersonNumber, ProtectedAccess

DETAILS = frozenset(
    {"birth_date", "sex", "language", "interpreter", "street", "postcode", "city", "home_municipality"}
)


def register_person(
    *,
    given_names: str,
    family_name: str,
    by: Actor,
    now: datetime,
    number: IdentityNumber | None = None,
    called_name: str = "",
    protection: str = Person.Protection.NONE,
    **details: Any,
) -> Person:
    """Register someone the municipality has not met before; `details` are those of `change_details`.

    Birth date and sex are taken from the number when they are not given. Raises NumberTaken (nothing is
    written then), TestNumberRefused, UnsoundDates, Refused.
    """
    demand(by, "people.register")
    _only(details)
    if number is not None:
        details.setdefault("birth_date", number.birth_date)
        details.setdefault("sex", number.sex or "")
    _sound(details.get("birth_date"), now)
    person = Person(
        municipality_id=by.municipality_id,
        given_names=given_names.strip(),
        called_name=called_name.strip(),
        family_name=family_name.strip(),
        protection=protection,
        **details,
    )
    if number is not None:
        _claim(person, number, now)  # first: a number that is taken leaves nothing behind
    person.save(force_insert=True)
    _index_names(person)
    if person.is_protected and by.user_id is not None:
        _name(by, person, now)
    audit.wrote(by, "people.register", now=now, person_id=person.pk, obj=person)
    outbox.announce("person.registered", person, now=now)
    return person


def change_details(person: Person, *, by: Actor, now: datetime, **details: Any) -> Person:
    """Change birth date, sex, language, interpreter or registered address; only the named ones are written."""
    demand(by, "people.write", person)
    demand_own(person)
    _only(details)
    _sound(details.get("birth_date", person.birth_date), now)
    for name, value in details.items():
        setattr(person, name, value)
    person.save(update_fields=[*details])
    audit.wrote(
        by, "people.write", now=now, person_id=person.pk, obj=person, detail={"fields": sorted(details)}
    )
    mirror(person, by=by, now=now)
    return person


def change_name(
    person: Person, *, given_names: str, family_name: str, by: Actor, now: datetime, called_name: str = ""
) -> Person:
    """Give a person a new name; the former one is kept and still found. Raises FictitiousIdentity."""
    demand(by, "people.write", person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    demand_own(person)
    if person.protection == Person.Protection.FICTITIOUS:
        raise FictitiousIdentity
    before = (person.given_names, person.family_name)
    person.given_names, person.family_name = given_names.strip(), family_name.strip()
    person.called_name = called_name.strip()
    person.save(update_fields=["given_names", "family_name", "called_name"])
    if before != (person.given_names, person.family_name):
        FormerName.objects.create(
            municipality_id=person.municipality_id,
            person=person,
            given_names=before[0],
            family_name=before[1],
            until=now,
        )
        _index_names(person)
    audit.wrote(by, "people.change_name", now=now, person_id=person.pk, obj=person)
    mirror(person, by=by, now=now)
    return person


def add_number(person: Person, number: IdentityNumber, *, by: Actor, now: datetime) -> Person:
    """Make `number` the person's current one; earlier numbers stay theirs and are still found.

    A samordningsnummer that becomes a personnummer keeps the person. Raises NumberTaken, FictitiousIdentity.
    """
    demand(by, "people.write", person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    demand_own(person)
    if person.protection == Person.Protection.FICTITIOUS:
        raise FictitiousIdentity
    if PersonNumber.objects.filter(person=person, value=number, current=True).exists():
        return person
    PersonNumber.objects.filter(person=person, current=True).update(current=False, until=now)
    if not PersonNumber.objects.filter(person=person, value=number).update(current=True, until=None):
        _claim(person, number, now)
    audit.wrote(
        by, "people.add_number", now=now, person_id=person.pk, obj=person, detail={"kind": number.kind}
    )
    return person


def record_death(person: Person, died_on: date, *, by: Actor, now: datetime) -> Person:
    """Record that a person has died on the Swedish day `died_on`.

    Closes nothing: it announces `person.died` once, from which the rooms above raise their work items.
    Raises AlreadyHolds when a death is recorded, UnsoundDates when the day is impossible.
    """
    demand(by, "people.write", person)
    demand_own(person)
    if died_on > day_of(now) or (person.birth_date and died_on < person.birth_date):
        raise UnsoundDates
    if not Person.objects.filter(pk=person.pk, died_on__isnull=True).update(died_on=died_on):
        raise AlreadyHolds
    person.died_on = died_on
    audit.wrote(by, "people.record_death", now=now, person_id=person.pk, obj=person)
    for one in (person, *mirror(person, by=by, now=now)):
        outbox.announce("person.died", one, now=now)
    return person


def _index_names(person: Person) -> None:
    """Write the person's search rows anew, from the current and all former names."""
    former: list[tuple[str, str]] = []
    if person.protection != Person.Protection.FICTITIOUS:
        former = list(FormerName.objects.filter(person=person).values_list("given_names", "family_name"))
    NameToken.objects.filter(person=person).delete()
    NameToken.objects.bulk_create(NameToken.rows_of(person, former))


def _claim(person: Person, number: IdentityNumber, now: datetime) -> None:
    """Take the number for the person. ON CONFLICT, so that no database error ever repeats the number."""
    if number.is_test and not (settings.DEMO or settings.TEST):
        raise TestNumberRefused
    row = PersonNumber(
        municipality_id=person.municipality_id, person=person, value=number, kind=number.kind, since=now
    )
    PersonNumber.objects.bulk_create([row], ignore_conflicts=True)
    if not PersonNumber.objects.filter(pk=row.pk).exists():
        raise NumberTaken


def _name(by: Actor, person: Person, now: datetime) -> None:
    """Whoever registers or protects a person is the first of the named few, or nobody could go on."""
    ProtectedAccess.objects.create(
        municipality_id=person.municipality_id,
        person=person,
        user_id=by.user_id,
        granted_by_id=by.user_id,
        reason="Registrerade skyddet",
        since=now,
    )


def _only(details: dict[str, Any]) -> None:
    if unknown := set(details) - DETAILS:
        raise TypeError(f"A person has no detail called {', '.join(sorted(unknown))}.")


def _sound(birth_date: date | None, now: datetime) -> None:
    if birth_date and birth_date > day_of(now):
        raise UnsoundDates
