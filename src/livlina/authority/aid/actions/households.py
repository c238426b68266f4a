"""Households: who is counted together, from a day and until another."""

from datetime import date, datetime

from django.db import transaction

from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.models import FINANCIAL_AID, Household, HouseholdMember
from livlina.authority.aid.models.household import PARTS
from livlina.authority.cases.models import Case
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.registers.people.models import Person


def household_of(case: Case) -> Household:
    """Return the case's household; made, with its person as applicant, if there is none. The caller holds the case."""
    household, new = Household.objects.get_or_create(
        municipality_id=case.municipality_id, case=case, defaults={"compartment": FINANCIAL_AID}
    )
    if new:
        HouseholdMember.objects.create(
            municipality_id=case.municipality_id,
            household=household,
            person_id=case.person_id,
            part="applicant",
            since=case.received_on.replace(day=1),
        )
    return household


@transaction.atomic
def open_household(case: Case, *, by: Actor, now: datetime) -> Household:
    """Return the household of a case, made if there is none. Raises Refused."""
    demand(by, "aid.work", case)
    household = household_of(case)
    audit.wrote(by, "aid.open_household", now=now, obj=household, person_id=case.person_id)
    return household


@transaction.atomic
def add_member(
    household: Household,
    person: Person,
    part: str,
    *,
    since: date,
    by: Actor,
    now: datetime,
    no_lunch: bool = False,
    days: int | None = None,
) -> HouseholdMember:
    """Add a person with a part, from a day; added twice is once. Raises Refused, AidRefused."""
    demand(by, "aid.work", household.case)
    demand(by, "people.read", person)
    Household.objects.select_for_update().get(pk=household.pk)
    now_in = HouseholdMember.objects.filter(household=household, until=None)
    same = now_in.filter(person=person).first()
    if same is not None:
        return same
    if part not in dict(PARTS) or part == "applicant":
        raise AidRefused("Välj om personen är medsökande eller barn.")
    if part == "co_applicant" and now_in.filter(part="co_applicant").exists():
        raise AidRefused("Hushållet har redan en medsökande.")
    if part == "visiting_child" and days is None:
        raise AidRefused("Skriv hur många dagar i månaden barnet bor här.")
    member = HouseholdMember.objects.create(
        municipality_id=by.municipality_id,
        household=household,
        person=person,
        part=part,
        since=since,
        no_lunch=no_lunch,
        days=days,
    )
    audit.wrote(by, "aid.add_member", now=now, obj=member, person_id=person.pk, detail={"part": part})
    return member


@transaction.atomic
def end_member(member: HouseholdMember, *, last_day: date, by: Actor, now: datetime) -> HouseholdMember:
    """Let a person leave the household after a day. Raises Refused, AidRefused for the applicant."""
    demand(by, "aid.work", member.household.case)
    if member.part == "applicant":
        raise AidRefused("Den sökande är alltid med i hushållet.")
    if last_day < member.since:
        raise AidRefused("Sista dagen kan inte vara före den första.")
    HouseholdMember.objects.filter(pk=member.pk, until=None).update(until=last_day)
    audit.wrote(by, "aid.end_member", now=now, obj=member, person_id=member.person_id)
    member.refresh_from_db()
    return member


@transaction.atomic
def set_persons(household: Household, persons: int | None, *, by: Actor, now: datetime) -> Household:
    """Say how many share the home, when more than the household does. Raises Refused, AidRefused."""
    demand(by, "aid.work", household.case)
    own = HouseholdMember.objects.filter(household=household, until=None).count()
    if persons is not None and not own <= persons <= 30:
        raise AidRefused(f"Hushållet har {own} personer. Så många bor det minst i bostaden.")
    household.persons = persons
    household.save(update_fields=["persons"])
    audit.wrote(by, "aid.set_persons", now=now, obj=household, detail={"persons": persons})
    return household
