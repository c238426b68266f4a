"""Asking for something in a person's file: by the citizen in the e-service, or taken down by staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from livlina.across.records.models import DisclosureRequest
from livlina.authority.cases.models import Case, signature
from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, demand
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.registers.journal.models import File
from livlina.registers.people.models import Person


@dataclass(frozen=True)
class Asked:
    """Who asked for what, when and how."""

    kind: str
    name: str
    on: date
    how: str
    what: str
    person: Person | None = None


def ask_for_own_file(
    branches: Iterable[int], what: str, *, client_id: UUID, by: Actor, now: datetime
) -> list[DisclosureRequest]:
    """Ask for one's own file, in each branch named: whether there is one is not told here. Raises Refused.

    Insight in one's own data: OSL 12:1; where one is a party FL 10 §.
    """
    demand(by, "records.ask")
    person = Person.objects.get(pk=by.person_id)
    if person.is_protected:
        raise Refused("records.ask", person_id=person.pk)
    asked = Asked("self", person.full_name, day_of(now), Channel.E_SERVICE.value, what.strip(), person)
    wanted = [branch for branch in sorted(set(branches)) if branch in settings.BRANCHES]
    return [_store(person, branch, asked, client_id, _unit_of(person, branch), by, now) for branch in wanted]


def register_request(
    person: Person, compartment: int, asked: Asked, *, client_id: UUID, by: Actor, now: datetime
) -> DisclosureRequest:
    """Take down a request that came another way, in a branch the actor works in. Raises Refused."""
    demand(by, "records.request")
    if compartment not in settings.BRANCHES or compartment not in by.compartments:
        raise Refused("records.request", person_id=person.pk)
    unit_id = by.unit_id if by.role in ("case_worker", "unit_manager") else _unit_of(person, compartment)
    return _store(person, compartment, asked, client_id, unit_id, by, now)


def _store(
    person: Person,
    compartment: int,
    asked: Asked,
    client_id: UUID,
    unit_id: UUID | None,
    by: Actor,
    now: datetime,
) -> DisclosureRequest:
    request, made = DisclosureRequest.objects.get_or_create(
        municipality_id=by.municipality_id,
        client_id=client_id,
        compartment=compartment,
        defaults=signature(by, now)
        | {
            "person": person,
            "unit_id": unit_id,
            "asker_kind": asked.kind,
            "asker_name": asked.name,
            "asker_person": asked.person,
            "asked_on": asked.on,
            "asked_how": asked.how,
            "what": asked.what,
        },
    )
    if made:
        audit.wrote(by, "records.request", now=now, person_id=person.pk, obj=request)
        outbox.announce("records.requested", request, now=now)
    return request


def _unit_of(person: Person, compartment: int) -> UUID | None:
    """The unit that answers: the newest case's, else the newest file's; of nothing at all the secretary answers."""
    case = Case.objects.filter(person=person, compartment=compartment).order_by("-received_on", "-pk").first()
    if case is not None:
        return case.unit_id
    file = File.objects.filter(person=person, compartment=compartment).order_by("-opened_at").first()
    return file.unit_id if file else None
