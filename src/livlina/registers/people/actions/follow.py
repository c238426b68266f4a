"""What the population register says, taken in without harm to what people here know better."""

from datetime import datetime
from typing import Any

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.registers.people.actions.person import add_number, change_details, change_name, record_death
from livlina.registers.people.actions.protection import set_protection
from livlina.registers.people.adapters.base import Record
from livlina.registers.people.models import Person

_ADDRESS = ("street", "postcode", "city", "home_municipality")


def follow_population_register(person: Person, record: Record, *, by: Actor, now: datetime) -> list[str]:
    """Bring a person in step with the register. Return the codes of what changed.

    1. A new number joins the history; the person stays the same. 2. New protection is taken in at once, but
    the register never *ends* a protection set here: a person does that. 3. A protected person's address is
    not the real one and is not taken in; contacts written here are never touched. 4. A death is recorded and
    announced once; it closes nothing. 5. Fictitious data are followed for death only.
    """
    demand(by, "people.follow", person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    changed: list[str] = []
    if person.protection != Person.Protection.FICTITIOUS:
        person = _identity(person, record, changed, by, now)
    if record.died_on is not None and not person.is_dead:
        person = record_death(person, record.died_on, by=by, now=now)
        changed.append("death")
    Person.objects.filter(pk=person.pk).update(followed_at=now)
    audit.wrote(by, "people.follow", now=now, person_id=person.pk, obj=person, detail={"changed": changed})
    return changed


def _identity(person: Person, record: Record, changed: list[str], by: Actor, now: datetime) -> Person:
    """Number, protection, name, and the details that may be trusted."""
    current = person.numbers.filter(current=True).first()
    if current is None or current.value != record.number:
        person = add_number(person, record.number, by=by, now=now)
        changed.append("number")
    if record.protection != Person.Protection.NONE and person.protection == Person.Protection.NONE:
        person = set_protection(person, record.protection, by=by, now=now)
        changed.append("protection")
    names = {
        "given_names": record.given_names,
        "family_name": record.family_name,
        "called_name": record.called_name or person.called_name,
    }
    if any(getattr(person, field) != value for field, value in names.items()):
        person = change_name(person, by=by, now=now, **names)
        changed.append("name")
    if details := _details(person, record):
        person = change_details(person, by=by, now=now, **details)
        changed.append("details")
    return person


def _details(person: Person, record: Record) -> dict[str, Any]:
    """The register's details that differ from ours and may replace them."""
    said: dict[str, Any] = {"birth_date": record.birth_date, "sex": record.sex}
    if not person.is_protected:
        said |= {field: getattr(record, field) for field in _ADDRESS}
    return {field: value for field, value in said.items() if value and getattr(person, field) != value}
