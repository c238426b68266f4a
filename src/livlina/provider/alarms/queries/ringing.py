"""Whom to ring, and how: a person with a unit as somebody who must reach them needs to see it, on screen and on paper."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from livlina.core.access import Actor
from livlina.provider.alarms.models import AlarmUnit, CallEntry
from livlina.provider.alarms.queries.pack import address, contact_words
from livlina.registers.people.models import Contact, ProtectedAccess, Relation

RISKS = {0: "Låg", 1: "Vanlig", 2: "Hög", 3: "Mycket hög"}
PROTECTED = "Skyddade personuppgifter"


@dataclass(frozen=True)
class Number:
    """A telephone number: as it is written, and as a telephone dials it."""

    shown: str
    words: str = ""

    @property
    def dial(self) -> str:
        """The address of a link that rings it."""
        return "tel:" + re.sub(r"[^\d+]", "", self.shown)


@dataclass(frozen=True)
class Call:
    """One person to reach. A protected person's row says only that, and which unit it is."""

    unit: AlarmUnit
    name: str
    address: str
    numbers: list[Number]
    near: list[Number]
    risk: int
    heard_at: datetime | None
    protected: bool = False
    entry: CallEntry | None = None

    @property
    def risk_words(self) -> str:
        """The risk in words."""
        return RISKS[self.risk]


def of_entries(entries: Sequence[CallEntry], sees: frozenset[UUID] = frozenset()) -> list[Call]:
    """Return the rows of a round with what it takes to reach each. Two statements more."""
    ways = _Ways([entry.person_id for entry in entries])
    return [_call(entry.unit, entry.person_id, ways, sees, entry) for entry in entries]


def of_units(units: Sequence[AlarmUnit], sees: frozenset[UUID] = frozenset()) -> list[Call]:
    """Return rows for units in use. Two statements more."""
    ways = _Ways([unit.person_id for unit in units if unit.person_id])
    return [_call(unit, unit.person_id, ways, sees) for unit in units if unit.person_id]


def named(actor: Actor, on: date) -> frozenset[UUID]:
    """The protected persons of whose named few the actor is one. One statement."""
    rows = ProtectedAccess.objects.running(on).filter(user_id=actor.user_id)
    return frozenset(rows.values_list("person_id", flat=True))


class _Ways:
    """Telephone numbers of many persons and of those near them who may be told."""

    def __init__(self, people: list[UUID]) -> None:
        self.own: dict[UUID, list[Contact]] = defaultdict(list)
        self.near: dict[UUID, list[Relation]] = defaultdict(list)
        numbers = Contact.objects.filter(person_id__in=people, ended_at=None, kind__in=("mobile", "phone"))
        for contact in numbers.order_by("-protected_route", "kind", "id"):
            self.own[contact.person_id].append(contact)
        told = Relation.objects.filter(person_id__in=people, ended_at=None, consent=True).exclude(phone="")
        for relation in told.order_by("-first_choice", "name"):
            self.near[relation.person_id].append(relation)

    def numbers(self, person_id: UUID, protected: bool) -> list[Number]:
        """The person's own numbers; of a protected one the protected routes alone, when there are any."""
        rows = self.own[person_id]
        routes = [row for row in rows if row.protected_route]
        return [Number(row.value, row.note) for row in (routes if protected and routes else rows)]


def _call(
    unit: AlarmUnit, person_id: UUID, ways: _Ways, sees: frozenset[UUID], entry: CallEntry | None = None
) -> Call:
    person = (entry or unit).person
    risk, heard = (entry.risk, entry.heard_at) if entry else (unit.risk, unit.heard_at)
    if person is None or (person.is_protected and person_id not in sees):
        return Call(unit, PROTECTED, "", [], [], risk, heard, True, entry)
    numbers = ways.numbers(person_id, person.is_protected)
    near = [] if person.is_protected else ways.near[person_id]
    there = "" if person.is_protected else address(person)
    people = [Number(row.phone, contact_words(row).removesuffix(row.phone).strip()) for row in near]
    return Call(unit, person.name, there, numbers, people, risk, heard, person.is_protected, entry)
