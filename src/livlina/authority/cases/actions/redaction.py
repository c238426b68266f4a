"""What one party may not learn of another: every letter and communication is read once more for its recipient.

In a matter with opposing parties a text to one of them must not carry where the other is found: address, telephone,
workplace, school, places (OSL 21:3, 22:1, 26:1; JO's criticism of a workplace that reached the other parent in the
communication of an investigation). The check names the place in the text, never what stands there. Of a protected
identity nothing passes; of others a worker may let it pass by a reasoned confirmation, which is kept.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from livlina.authority.cases.actions.finding import Secret, Text, secrets_in_address, secrets_in_words
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Case, CaseEvent, CaseFact, CaseParty
from livlina.authority.cases.processes import process_of, spec
from livlina.core import audit, parameters
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.registers.people.models import Contact, Mandate, Person, PersonNumber, Relation

PROTECTED = "protected"
"""The class of secrecy of facts that say where someone is found."""

CHILD = "child_"
OWNERS = {
    "opposing_": "opposing_party",
    "child_": "child",
    "reporter_": "reporter",
    "caregiver_": "close_one",
}
"""Whose a protected fact is, by how its name begins; the others are those of the person the case is about."""

FAMILY_LAW = "family_law"
CONFIRMED = "confirm_disclosure"
SHORTEST_REASON = 10
BLOCK = re.compile(
    r"</?(?:p|br|li|ul|ol|h\d|div|section|article|header|footer|address|td|tr|table)\b[^>]*>", re.I
)


@dataclass(frozen=True)
class Leak:
    """A protected value of someone else stands in a text: where, and whose. The value is never shown."""

    where: str
    secret: Secret = field(repr=False)


class Withheld(StepRefused):
    """Texten innehåller en uppgift som mottagaren inte får se; `confirmable` om en motiverad bekräftelse räcker."""

    def __init__(self, leaks: Iterable[Leak], *, to_citizen: bool = False) -> None:
        found = list(leaks)
        self.leaks = found
        self.confirmable = not any(leak.secret.absolute for leak in found)
        super().__init__(
            *(["Det går inte att göra här. Ring din handläggare."] if to_citizen else _sentences(found))
        )


@dataclass
class Matter:
    """Those in a matter, and their parts in it; fetched once for each letter."""

    case: Case
    people: dict[UUID, Person]
    parts: dict[UUID, set[str]]

    @property
    def opposing(self) -> bool:
        """Whether anyone in it has interests against another, or may not be known to the others."""
        parts = set().union(*self.parts.values())
        parents = [who for who, held in self.parts.items() if "parent" in held]
        family = bool(parents) and process_of(self.case).area == FAMILY_LAW
        return bool(parts & {"opposing_party", "reporter"}) or len(parents) > 1 or family

    def hidden_from(self, recipient: Person) -> list[Person]:
        """Those whose protected values the recipient may not learn."""
        others = [person for person in self.people.values() if person.pk != recipient.pk]
        if self.opposing:
            return others
        guardians = {who for who, held in self.parts.items() if "guardian" in held}
        apart = guardians if recipient.pk in guardians else set()  # they may live apart, and in hiding
        return [person for person in others if person.is_protected or person.pk in apart]

    def owners(self, fact: str) -> set[UUID]:
        """Whose a protected fact is."""
        part = next((part for begins, part in OWNERS.items() if fact.startswith(begins)), "")
        if not part:
            return {self.case.person_id}
        return {who for who, held in self.parts.items() if part in held}


def matter_of(case: Case) -> Matter:
    """Return those in a case, also those who have left it. One statement for a case with nobody else in it."""
    rows = list(CaseParty.objects.filter(case=case).select_related("person"))
    people, parts = {case.person_id: case.person}, {case.person_id: {"person"}}
    for row in rows:
        people.setdefault(row.person_id, row.person)
        parts.setdefault(row.person_id, set()).add(row.part)
    return Matter(case, people, parts)


def leaks_in(case: Case, recipient: Person, texts: Iterable[tuple[str, str]]) -> list[Leak]:
    """Return where texts (named by the place they stand in) carry what `recipient` may not learn of another."""
    matter = matter_of(case)
    hidden = matter.hidden_from(recipient)
    if not hidden:
        return []
    secrets = secrets_of(matter, hidden)
    known = Text(_known_to(matter, recipient))
    told = [secret for secret in secrets if not known.holds(secret)]
    found = []
    for where, text in texts:
        paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
        for number, part in enumerate(paragraphs, start=1):
            read = Text(part)
            place = where if len(paragraphs) == 1 else f"{where}, stycke {number}"
            found += [Leak(place, secret) for secret in told if read.holds(secret)]
    return found


def demand_clean(
    case: Case, recipient: Person, texts: Iterable[tuple[str, str]], *, by: Actor, now: datetime
) -> None:
    """Return if nothing in the texts is hidden from the recipient, or all that is has been confirmed.

    Raises Withheld, which says where and never what.
    """
    leaks = leaks_in(case, recipient, texts)
    if leaks:
        confirmed = _confirmed(case, recipient, by=by, now=now)
        left = [leak for leak in leaks if leak.secret.absolute or str(leak.secret.about) not in confirmed]
        if left:
            raise Withheld(left, to_citizen=by.kind == "citizen")


def demand_clean_letter(
    case: Case,
    recipient: Person,
    title: str,
    letter: str,
    facts: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Read a letter (HTML) for its recipient. What leaks is named by the fact it stands in, else by the letter.

    Raises Withheld.
    """
    try:
        demand_clean(case, recipient, [(title, plain(letter))], by=by, now=now)
    except Withheld as withheld:
        said = [(str(spec(name).label), shown) for name, shown in facts.items() if shown]
        values = {leak.secret for leak in withheld.leaks}
        named = [leak for leak in leaks_in(case, recipient, said) if leak.secret in values]
        raise Withheld(named or withheld.leaks, to_citizen=by.kind == "citizen") from None


def visible_facts(case: Case, recipient: Person, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts without those that say where someone else than the recipient is found."""
    guarded = [name for name in facts if spec(name).secrecy == PROTECTED]
    if not guarded:
        return dict(facts)
    matter = matter_of(case)
    taken = {name for name in guarded if recipient.pk not in matter.owners(name)}
    return {name: value for name, value in facts.items() if name not in taken}


def confirm_disclosure(
    case: Case, recipient: Person, about: Person, *, reason: str, by: Actor, now: datetime
) -> CaseEvent:
    """Let one party's data pass to another, for today, with the reason on record. Never for a protected identity.

    Raises Refused, StepRefused.
    """
    from livlina.authority.cases.actions.steps import locked, note_event

    demand(by, "cases.write", case)
    case = locked(case)
    people = matter_of(case).people
    if recipient.pk not in people or about.pk not in people or recipient.pk == about.pk:
        raise StepRefused("Välj två olika personer i ärendet.")
    if people[about.pk].is_protected:
        raise StepRefused("Personen har skyddade personuppgifter. Uppgiften får inte lämnas ut.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise StepRefused(
            "Skriv varför uppgiften kan lämnas ut (26 kap. 1 § offentlighets- och sekretesslagen)."
        )
    detail = {"recipient": str(recipient.pk), "about": str(about.pk), "on": day_of(now).isoformat()}
    label = f"Uppgift om en part får lämnas till en annan: {reason.strip()}"[:160]
    event = note_event(case, CONFIRMED, label, by=by, now=now, law="", detail=detail)
    audit.wrote(by, "cases.confirm_disclosure", now=now, obj=case, detail=detail)
    return event


def plain(letter: str) -> str:
    """The text of a letter, with each of its blocks as a paragraph of its own."""
    return html.unescape(re.sub(r"<[^>]*>", "", BLOCK.sub("\n", letter)))


def secrets_of(matter: Matter, hidden: list[Person]) -> list[Secret]:
    """Return every protected value of some of those in a matter, from the register of people and from the facts."""
    found: list[Secret] = []
    wanted = {person.pk: person for person in hidden}
    for person in hidden:
        found += secrets_in_address(_all_of(person), person.pk, person.is_protected)
        if "reporter" in matter.parts[person.pk]:
            found += [Secret(person.pk, "text", person.full_name, person.is_protected)]
    for contact in Contact.objects.filter(person__in=hidden):
        found += _route(contact.kind, contact.value, wanted[contact.person_id])
    for number in PersonNumber.objects.filter(person__in=hidden):
        found.append(
            Secret(number.person_id, "number", number.value.display(), wanted[number.person_id].is_protected)
        )
    for relation in Relation.objects.filter(person__in=[who for who in hidden if who.is_protected]):
        owner = wanted[relation.person_id]
        found += _route("phone", relation.phone, owner) + _route("email", relation.email, owner)
    for mandate in Mandate.objects.filter(principal__in=hidden, ended_at=None).select_related("holder"):
        owner = wanted[mandate.principal_id]
        if owner.is_protected and mandate.holder_id not in matter.people:
            found += secrets_in_address(_all_of(mandate.holder), owner.pk, True)
    return [secret for secret in [*found, *_secret_facts(matter, wanted)] if secret.usable]


def _secret_facts(matter: Matter, wanted: Mapping[UUID, Person]) -> list[Secret]:
    """The values of protected facts, also of rows that a newer has replaced.

    Where a child is found gives away the parent it lives with: it is as secret as the most protected of them.
    """
    found = []
    protected_here = any(person.is_protected for person in matter.people.values())
    protected_other = any(person.is_protected for person in wanted.values())
    for row in CaseFact.objects.filter(case=matter.case).exclude(value=None):
        if spec(row.name).secrecy != PROTECTED or spec(row.name).type not in ("text", "long_text"):
            continue
        owners = matter.owners(row.name)
        text = spec(row.name).show(spec(row.name).parse(row.value))
        if row.name.startswith(CHILD):
            if protected_other or not protected_here:
                about = next(iter(owners & set(wanted)), next(iter(wanted)))
                found += secrets_in_words(text, about, protected_other)
            continue
        for who in owners & set(wanted):
            found += secrets_in_words(text, who, wanted[who].is_protected)
    return found


def _route(kind: str, value: str, owner: Person) -> list[Secret]:
    if not value.strip():
        return []
    if kind in ("mobile", "phone"):
        return [Secret(owner.pk, "number", value, owner.is_protected)]
    if kind == "email":
        return [Secret(owner.pk, "text", value, owner.is_protected)]
    return secrets_in_address(value, owner.pk, owner.is_protected)


def _all_of(person: Person) -> str:
    place = person.city if person.is_protected else ""
    return "\n".join((person.street, person.postcode, place))


def _known_to(matter: Matter, recipient: Person) -> str:
    """What the recipient knows without us: their own address and numbers, and how the municipality is reached."""
    municipality = Municipality.objects.values_list("name", flat=True).get(pk=matter.case.municipality_id)
    head = parameters.value(matter.case.municipality_id, "letterhead")
    routes = Contact.objects.filter(person=recipient).values_list("value", flat=True)
    number = [row.value.display() for row in PersonNumber.objects.filter(person=recipient)]
    own = (recipient.street, recipient.postcode, recipient.city, recipient.full_name)
    texts = (municipality, matter.case.unit.name, *head.values(), *own, *routes, *number)
    return "\n".join(str(text) for text in texts)


def _confirmed(case: Case, recipient: Person, *, by: Actor, now: datetime) -> set[str]:
    """Whose data this worker has confirmed today that the recipient may have."""
    rows = CaseEvent.objects.filter(case=case, step=CONFIRMED, by_user_id=by.user_id).values_list(
        "detail", flat=True
    )
    today = day_of(now).isoformat()
    return {row["about"] for row in rows if row["recipient"] == str(recipient.pk) and row["on"] == today}


def _sentences(leaks: list[Leak]) -> list[str]:
    places = list(dict.fromkeys((leak.where, leak.secret.absolute) for leak in leaks))
    said = []
    for where, absolute in places:
        said.append(
            f"”{where}” innehåller en uppgift om en person med skyddade personuppgifter, som mottagaren inte får se. "
            "Ta bort uppgiften."
            if absolute
            else f"”{where}” innehåller en uppgift om en annan part i ärendet. Ta bort uppgiften, "
            "eller bekräfta med skäl att mottagaren får se den."
        )
    return said
