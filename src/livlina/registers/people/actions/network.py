"""Contacts, relations and mandates."""

from datetime import date, datetime, timedelta

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.registers.people.faults import AlreadyHolds, UnsoundDates
from livlina.registers.people.models import Contact, Mandate, Person, Relation

OF_AGE = 18
"""Years: parental custody ends (FB 6:2)."""


def add_contact(
    person: Person,
    kind: str,
    value: str,
    *,
    by: Actor,
    now: datetime,
    note: str = "",
    protected_route: bool = False,
) -> Contact:
    """Write down a way to reach a person; a protected route is the only one used for a protected person."""
    demand(by, "people.write", person)
    contact = Contact.objects.create(
        municipality_id=person.municipality_id,
        person=person,
        kind=Contact.Kind(kind),
        value=value.strip(),
        note=note.strip(),
        protected_route=protected_route,
        since=now,
    )
    audit.wrote(by, "people.contact", now=now, person_id=person.pk, obj=contact, detail={"kind": kind})
    return contact


def end_contact(contact: Contact, *, by: Actor, now: datetime) -> None:
    """Stop using a way to reach a person; it stays in the history. Raises AlreadyHolds."""
    demand(by, "people.write", contact.person)
    if not Contact.objects.filter(pk=contact.pk, ended_at__isnull=True).update(ended_at=now):
        raise AlreadyHolds
    audit.wrote(
        by, "people.contact", now=now, person_id=contact.person_id, obj=contact, detail={"ended": True}
    )


def add_relation(
    person: Person,
    kind: str,
    name: str,
    *,
    by: Actor,
    now: datetime,
    other: Person | None = None,
    phone: str = "",
    email: str = "",
    consent: bool = False,
    first_choice: bool = False,
) -> Relation:
    """Write down someone near a person. `consent`: the person lets us talk with them about the care (OSL 12:2)."""
    demand(by, "people.write", person)
    relation = Relation.objects.create(
        municipality_id=person.municipality_id,
        person=person,
        kind=Relation.Kind(kind),
        name=name.strip(),
        other=other,
        phone=phone.strip(),
        email=email.strip(),
        consent=consent,
        consent_at=now if consent else None,
        first_choice=first_choice,
        since=now,
    )
    audit.wrote(
        by, "people.relation", now=now, person_id=person.pk, obj=relation, detail={"consent": consent}
    )
    return relation


def end_relation(relation: Relation, *, by: Actor, now: datetime) -> None:
    """End a relation, and with it the consent. Raises AlreadyHolds."""
    demand(by, "people.write", relation.person)
    if not Relation.objects.filter(pk=relation.pk, ended_at__isnull=True).update(ended_at=now):
        raise AlreadyHolds
    audit.wrote(
        by, "people.relation", now=now, person_id=relation.person_id, obj=relation, detail={"ended": True}
    )


def give_mandate(
    principal: Person,
    holder: Person,
    kind: str,
    *,
    proof: str,
    valid_from: date,
    by: Actor,
    now: datetime,
    scope: str = Mandate.Scope.SERVICES,
    valid_to: date | None = None,
) -> Mandate:
    """Write down that `holder` may act for `principal`, from and including `valid_from` to `valid_to`.

    `proof` says what was shown and where it is kept. Custody never reaches past the child's eighteenth
    birthday (FB 6:2). Raises UnsoundDates.
    """
    demand(by, "people.write", principal)
    if kind == Mandate.Kind.GUARDIAN:
        valid_to = _custody_ends(principal, valid_to)
    if principal.pk == holder.pk or (valid_to is not None and valid_to < valid_from):
        raise UnsoundDates
    mandate = Mandate.objects.create(
        municipality_id=principal.municipality_id,
        principal=principal,
        holder=holder,
        kind=Mandate.Kind(kind),
        scope=Mandate.Scope(scope),
        valid_from=valid_from,
        valid_to=valid_to,
        proof=proof.strip(),
        given_at=now,
    )
    audit.wrote(by, "people.mandate", now=now, person_id=principal.pk, obj=mandate, detail={"kind": kind})
    outbox.announce("mandate.given", mandate, now=now)
    return mandate


def end_mandate(mandate: Mandate, *, reason: str, by: Actor, now: datetime) -> None:
    """End the right to act at once. Raises AlreadyHolds when it has ended or run out."""
    demand(by, "people.write", mandate.principal)
    over = mandate.valid_to is not None and mandate.valid_to < day_of(now)
    running = Mandate.objects.filter(pk=mandate.pk, ended_at__isnull=True)
    if over or not running.update(ended_at=now, end_reason=reason.strip()):
        raise AlreadyHolds
    audit.wrote(
        by, "people.mandate", now=now, person_id=mandate.principal_id, obj=mandate, detail={"ended": True}
    )
    outbox.announce("mandate.ended", mandate, now=now)


def _custody_ends(child: Person, wished: date | None) -> date:
    """The day before the child comes of age, or earlier if so wished."""
    if child.birth_date is None:
        raise UnsoundDates
    year = child.birth_date.year + OF_AGE
    try:
        birthday = child.birth_date.replace(year=year)
    except ValueError:  # born on 29 February
        birthday = date(year, 3, 1)
    last = birthday - timedelta(days=1)
    return min(wished, last) if wished else last
