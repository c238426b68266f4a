"""One person: opened (and recorded), shown in the header that never leaves, with what hangs on them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from livlina.core import audit, compiled
from livlina.core.access import RULES, Actor, allowed, may
from livlina.core.clock import day_of, today
from livlina.core.ids import IdentityNumber
from livlina.registers.people import names
from livlina.registers.people.models import (
    Contact,
    Person,
    PersonNumber,
    ProtectedAccess,
    Reach,
    Relation,
    SamePerson,
)
from livlina.registers.people.queries.search import with_number

PROTECTION_WORDS = {
    "secrecy_marked": "Pröva skadan före varje utlämnande. Adressen visas inte.",
    "protected_registration": "Adressen i folkbokföringen är inte den verkliga. Använd bara skyddad kontaktväg.",
    "fictitious": "Lämna inte ut något. Adressen visas inte.",
}


_TO_REAL = '<a class="ds-link" href="{}">visa den med personnummer</a>'


@dataclass
class Tab:
    """One part of the person's pages, each with its own address."""

    label: str
    url: str
    current: bool = False
    count: int = 0


@dataclass
class PersonHeader:
    """What `ui/components/person_header.html` shows. The address is never part of it."""

    person: Person
    name: str
    number: str
    facts: list[tuple[str, str]]
    protection: str = ""
    protection_words: str = ""
    tabs: list[Tab] = field(default_factory=list)


def read(
    actor: Actor, person_id: UUID, *, now: datetime, verb: str = "people.read", reason: str = ""
) -> Person:
    """Open a person and record it, with what a manager should look at. Two statements. Raises Refused.

    The person carries `number` (IdentityNumber | None) and `reached` (whether the actor's unit has a relation).
    """
    person = compiled.fetch(actor, verb, _carrying, person_id)
    audit.read(
        actor, verb, now=now, person_id=person.pk, obj=person, review=review_of(actor, person), reason=reason
    )
    return person


def header(actor: Actor, person: Person, *, now: datetime, current: str = "people:person") -> PersonHeader:
    """Return the header of a person opened by `read`. No statement. `current` is the URL name of the open tab."""
    number: IdentityNumber | None = person.number if hasattr(person, "number") else _number(person)
    years = person.age(day_of(now))
    facts: list[tuple[str, str]] = []
    if person.died_on:
        facts.append(("Avliden", person.died_on.isoformat()))
    if years is not None:
        facts.append(("Ålder", f"{years} år"))
    if person.language or person.interpreter:
        facts.append(
            ("Språk", f"{person.language or 'svenska'}{', behöver tolk' if person.interpreter else ''}")
        )
    if person.same_as_id is not None:
        side = "people_provider" if _is_provider(actor) else "people"
        link = format_html(_TO_REAL, reverse(f"{side}:person", args=[person.same_as_id]))
        facts.append(("Tidig registrering", link))
    protected = person.is_protected
    return PersonHeader(
        person,
        person.name,
        number.display() if number else "saknar personnummer",
        facts,
        person.get_protection_display() if protected else "",
        PROTECTION_WORDS.get(person.protection, ""),
        _tabs(actor, person, current),
    )


def review_of(actor: Actor, person: Person) -> str:
    """Why a manager should look at this reading: protected, self, namesake, outside; empty when all is as usual."""
    if person.is_protected:
        return "protected"
    mine, theirs = names.parts(actor.name), names.parts(f"{person.name}")
    if mine and mine == theirs:
        return "self"
    if mine and mine[-1] in names.parts(person.family_name):
        return "namesake"
    reached = getattr(person, "reached", True)
    return "" if reached or actor.kind != "staff" else "outside"


def by_number(actor: Actor, number: IdentityNumber) -> Person | None:
    """Return the person who has or has had `number`, if the actor may read them. One statement; not recorded."""
    holds = PersonNumber.objects.filter(municipality_id=actor.municipality_id, value=number).values(
        "person_id"
    )
    return allowed(actor, "people.read", _carrying(actor)).filter(pk__in=holds).first()


def contacts(person: Person) -> list[Contact]:
    """Ways to reach a person now; of a protected one the protected routes alone, when there are any."""
    rows = list(
        Contact.objects.filter(person=person, ended_at__isnull=True).order_by(
            "-protected_route", "kind", "id"
        )
    )
    routes = [contact for contact in rows if contact.protected_route]
    return routes if person.is_protected and routes else rows


def relations(person: Person) -> list[Relation]:
    """Those near a person, the first to call first."""
    rows = Relation.objects.filter(person=person, ended_at__isnull=True)
    return list(rows.order_by("-first_choice", "name"))


def samenesses(person: Person) -> list[SamePerson]:
    """What says that the row is an earlier one of someone, or someone's earlier rows. One statement."""
    rows = SamePerson.objects.filter(Q(person=person) | Q(same_as=person), ended_at=None)
    return list(rows.order_by("at"))


def grants_of(person: Person) -> list[ProtectedAccess]:
    """The named few of a protected person."""
    rows = ProtectedAccess.objects.filter(person=person).running(today())
    return list(rows.select_related("user").order_by("user__name"))


def protected_to_name(actor: Actor) -> list[Person]:
    """Protected persons whose named few the actor picks."""
    rows = allowed(actor, "people.name_the_few", with_number(Person.objects.all()))
    return list(rows.order_by("family_name", "given_names", "pk"))


def to_follow(municipality_id: int, before: datetime, limit: int) -> list[Person]:
    """Persons with a number whose facts were last taken in before that moment, longest ago first."""
    current = PersonNumber.objects.filter(person_id=OuterRef("pk"), current=True)
    rows = with_number(
        Person.objects.filter(Exists(current), municipality_id=municipality_id, died_on__isnull=True)
    )
    never = rows.filter(followed_at__isnull=True).order_by("pk")[:limit]
    stale = rows.filter(followed_at__lt=before).order_by("followed_at")[:limit]
    return [*never, *stale][:limit]


def _carrying(actor: Actor) -> QuerySet[Person]:
    """Persons with their number and whether the actor's unit has a relation to them."""
    reach = Reach.objects.running(today()).filter(person_id=OuterRef("pk"), unit_id=actor.unit_id)
    return with_number(Person.objects.annotate(reached=Exists(reach)))


def _number(person: Person) -> IdentityNumber | None:
    return PersonNumber.objects.filter(person=person, current=True).values_list("value", flat=True).first()


def _tabs(actor: Actor, person: Person, current: str) -> list[Tab]:
    """The parts other rooms hang on a person: rows (words, URL name, verb) in the setting PERSON_TABS."""
    rows = getattr(settings, "PERSON_TABS", {}).get("provider" if _is_provider(actor) else "officer", ())
    found = []
    for label, name, verb in rows:
        if verb not in RULES or not may(actor, verb):
            continue
        try:
            found.append(Tab(label, reverse(name, args=[person.pk]), name == current))
        except NoReverseMatch:
            continue
    return found


def _is_provider(actor: Actor) -> bool:
    return actor.role in settings.AUDIENCES["provider"]
