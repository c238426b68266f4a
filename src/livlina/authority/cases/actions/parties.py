"""Who else has a part in a case: taken in, and let go."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from livlina.authority.cases.models import Case, CaseParty
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.registers.people.models import Person


class NotAParty(Exception):
    """Den ärendet gäller är redan part i det."""


def guardians_of(case: Case) -> QuerySet[CaseParty]:
    """Return the guardians who are written into the case now."""
    rows = CaseParty.objects.filter(case=case, part="guardian", ends_on=None)
    return rows.select_related("person").order_by("begins_on", "id")


@transaction.atomic
def add_party(case: Case, person: Person, part: str, *, by: Actor, now: datetime) -> CaseParty:
    """Write that a person has a part in the case from today; again is the same row. Raises NotAParty, Refused."""
    demand(by, "cases.write", case)
    if person.pk == case.person_id:
        raise NotAParty(NotAParty.__doc__)
    row, new = CaseParty.objects.get_or_create(
        municipality_id=case.municipality_id,
        case=case,
        person=person,
        part=part,
        ends_on=None,
        defaults={"begins_on": day_of(now), "compartment": case.compartment},
    )
    if new:
        audit.wrote(by, "cases.add_party", now=now, obj=row, person_id=person.pk, detail={"part": part})
    return row


@transaction.atomic
def end_party(party: CaseParty, *, by: Actor, now: datetime) -> CaseParty:
    """Write that the part ends today; ended twice is ended once. Raises Refused."""
    demand(by, "cases.write", party.case)
    if party.ends_on is None:
        party.ends_on = day_of(now)
        party.save(update_fields=["ends_on"])
        audit.wrote(by, "cases.end_party", now=now, obj=party, person_id=party.person_id)
    return party
