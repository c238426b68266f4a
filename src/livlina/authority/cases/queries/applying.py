"""What is known of an applicant before they answer: by reference, with the source and its day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from livlina.authority.cases.models import Application
from livlina.authority.cases.queries.citizen import readable_answers
from livlina.core import audit
from livlina.core.access import Actor, Refused, allowed, fetch
from livlina.core.clock import day_of
from livlina.registers.people.models import Mandate, Person

NEVER_REUSED = frozenset(
    {"applying_for", "urgent", "urgent_reason", "consent_to_obtain", "consent_from", "other_information",
     "wanted_from", "stay_period", "discharge_on"}
)  # fmt: skip
"""Answers that belong to one application: asked anew each time."""

SERVICES = ("everything", "services")
"""The scopes of a mandate that cover applications and decisions."""


@dataclass(frozen=True)
class Said:
    """An answer given before: its stored value, the application's number (or empty: the register of persons), its day."""

    value: Any
    number: str
    as_of: date


def mandates(actor: Actor, now: datetime) -> list[Mandate]:
    """Return the mandates by which the citizen may apply for others today, each with its principal. One statement."""
    served = allowed(actor, "people.act_for", Person.objects.all())
    rows = Mandate.objects.in_force(day_of(now)).filter(
        holder_id=actor.person_id, scope__in=SERVICES, principal__in=served
    )
    found: dict[UUID, Mandate] = {}
    for row in rows.select_related("principal").order_by("principal__given_names", "kind", "pk"):
        found.setdefault(row.principal_id, row)
    return list(found.values())


def concerned(actor: Actor, person_id: UUID, now: datetime) -> Person:
    """Return the person a matter is about: the citizen, or one they act for today. Raises Refused."""
    person = fetch(actor, "people.act_for", Person.objects.all(), pk=person_id)
    if person.pk != actor.person_id and person.pk not in {row.principal_id for row in mandates(actor, now)}:
        raise Refused("cases.apply", person_id=person.pk)
    return person


def served(actor: Actor) -> Person | None:
    """Return the citizen's own person; None for one whom the e-service does not serve. One statement."""
    return allowed(actor, "people.act_for", Person.objects.filter(pk=actor.person_id)).first()


def known_answers(actor: Actor, person: Person, now: datetime) -> dict[str, Said]:
    """Return answers from the newest application that the citizen may read, and from the register of persons.

    The reading is recorded. Two statements.
    """
    found: dict[str, Said] = {}
    if person.followed_at and (person.interpreter or person.language):
        day = day_of(person.followed_at)
        found["interpreter_needed"] = Said(person.interpreter, "", day)
        if person.language:
            found["interpreter_language"] = Said(person.language, "", day)
    rows = allowed(actor, "cases.applied", Application.objects.filter(person=person, taken_down=False))
    newest = rows.order_by("-at").first()
    if newest is not None:
        for name, value in readable_answers(actor, newest).items():
            if name not in NEVER_REUSED:
                found[name] = Said(value, newest.receipt_number, newest.received_on)
    audit.read(actor, "cases.applied", now=now, person_id=person.pk, obj=newest)
    return found
