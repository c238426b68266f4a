"""Protected identity, and the named few who may open a protected person."""

from datetime import date, datetime

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.models import User
from livlina.registers.people.actions.mirror import demand_own, mirror
from livlina.registers.people.actions.person import _name
from livlina.registers.people.faults import AlreadyHolds
from livlina.registers.people.models import NameToken, Person, ProtectedAccess


def set_protection(person: Person, kind: str, *, by: Actor, now: datetime) -> Person:
    """Begin, change or end a person's protection (`Person.Protection`).

    Whoever does it by hand becomes one of the named few; from then on nobody else opens or finds the person.
    Announces `person.protected` or `person.unprotected`. Raises AlreadyHolds when nothing would change.
    """
    demand(by, "people.protect", person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    demand_own(person)
    kind = Person.Protection(kind)
    if person.protection == kind:
        raise AlreadyHolds
    person.protection = kind
    person.save(update_fields=["protection"])
    NameToken.objects.filter(person=person).update(hidden=person.is_protected)
    if person.is_protected and by.user_id is not None:
        mine = ProtectedAccess.objects.filter(person=person, user_id=by.user_id, ended_at__isnull=True)
        if not mine.exists():
            _name(by, person, now)
    audit.wrote(
        by,
        "people.protect",
        now=now,
        person_id=person.pk,
        obj=person,
        review="protected",
        detail={"kind": kind},
    )
    mirror(person, by=by, now=now)
    outbox.announce("person.protected" if person.is_protected else "person.unprotected", person, now=now)
    return person


def grant_protected_access(
    person: Person, user: User, *, reason: str, by: Actor, now: datetime, until: date | None = None
) -> ProtectedAccess:
    """Make `user` one of the few who may open a protected person, to and including the day `until`.

    Raises AlreadyHolds when they are, Refused when `by` does not pick the few for this person.
    """
    demand(by, "people.name_the_few", person)
    demand_own(Person.objects.select_for_update().get(pk=person.pk))
    if ProtectedAccess.objects.filter(person=person, user=user, ended_at__isnull=True).exists():
        raise AlreadyHolds
    access = ProtectedAccess.objects.create(
        municipality_id=person.municipality_id,
        person=person,
        user=user,
        granted_by_id=by.user_id,
        reason=reason,
        since=now,
        until=until,
    )
    audit.wrote(
        by,
        "people.name_the_few",
        now=now,
        person_id=person.pk,
        obj=access,
        review="protected",
        detail={"user": user.pk},
    )
    mirror(person, by=by, now=now)
    return access


def end_protected_access(access: ProtectedAccess, *, by: Actor, now: datetime) -> None:
    """Take someone off the list of the named few. Raises AlreadyHolds when they are off it."""
    demand(by, "people.name_the_few", access.person)
    demand_own(access.person)
    if not ProtectedAccess.objects.filter(pk=access.pk, ended_at__isnull=True).update(ended_at=now):
        raise AlreadyHolds
    audit.wrote(
        by,
        "people.name_the_few",
        now=now,
        person_id=access.person_id,
        obj=access,
        review="protected",
        detail={"user": access.user_id, "ended": True},
    )
    mirror(access.person, by=by, now=now)
