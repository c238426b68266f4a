"""A month's page for the officer, and the citizen's own months. Each opening of a person is recorded."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from livlina.authority.aid.calculation import incentive_in, months_after
from livlina.authority.aid.models import (
    FINANCIAL_AID,
    AidWarning,
    AppliedRow,
    Calculation,
    HouseholdMember,
    MonthApplication,
    Payment,
    PayoutAccount,
    SourceAnswer,
)
from livlina.authority.aid.queries.picture import (
    granted_months,
    last_approved,
    members_in,
    newest_answers,
    newest_calculation,
)
from livlina.authority.cases.models import Case, Decision
from livlina.core import audit
from livlina.core.access import Actor, allowed, fetch
from livlina.registers.people.models import Person

LIVELIHOOD = "livelihood_support"


@dataclass
class MonthPage:
    """Everything on the officer's page of one month."""

    month: MonthApplication
    months: list[MonthApplication]
    members: list[tuple[HouseholdMember, str]]
    applied: list[AppliedRow]
    answers: list[SourceAnswer]
    warnings: list[AidWarning]
    calculation: Calculation | None
    reference: Calculation | None
    payments: list[Payment]
    accounts: list[PayoutAccount]
    decision: Decision | None
    linked: list[MonthApplication] = field(default_factory=list)


@dataclass(frozen=True)
class CitizenMonth:
    """A month as the one who applied follows it."""

    month: MonthApplication
    rows: list[AppliedRow]
    payments: list[Payment]


def month_page(actor: Actor, month_id: UUID, now: datetime) -> MonthPage:
    """Open a month and record it. Raises Refused."""
    rows = MonthApplication.objects.select_related("case__person", "case__responsible", "decision")
    month = fetch(actor, "aid.month", rows, pk=month_id)
    audit.read(actor, "aid.month", now=now, person_id=month.case.person_id, obj=month)
    household = month.case.households.first()
    members = members_in(household, month.month) if household else []
    linked = list(MonthApplication.objects.filter(linked_to=month).order_by("at"))
    every = AppliedRow.objects.filter(month_application__in=[month, *linked]).select_related("person")
    payments = Payment.objects.filter(case=month.case, decision=month.decision, decision__isnull=False)
    return MonthPage(
        month=month,
        months=months_of(actor, month.case),
        members=[(member, _incentive(member, month.month)) for member in members],
        applied=list(every.order_by("month_application__at", "position")),
        answers=newest_answers(month),
        warnings=list(AidWarning.objects.filter(month_application=month).order_by("-raised_at", "id")),
        calculation=newest_calculation(month),
        reference=last_approved(month),
        payments=list(payments.select_related("account").order_by("created_at")),
        accounts=list(PayoutAccount.objects.filter(case=month.case, ended_at=None).order_by("at")),
        decision=month.decision,
        linked=linked,
    )


def months_of(actor: Actor, case: Case) -> list[MonthApplication]:
    """Return the months of a case, newest first, without those linked to another."""
    rows = allowed(actor, "aid.month", MonthApplication.objects.filter(case=case).exclude(state="linked"))
    return list(rows.order_by("-month", "-at"))


def links_of_case(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what a case's own page leads to here: words and address. One statement, in this branch alone."""
    if case.compartment != FINANCIAL_AID or not months_of(actor, case):
        return []
    return [("Månadens ansökan", reverse("aid:case", args=[case.pk]))]


def open_months(actor: Actor, *, mine: bool) -> list[MonthApplication]:
    """Return the months that wait to be decided, the oldest first: one's own, or all of the unit. One statement."""
    rows = allowed(actor, "aid.month", MonthApplication.objects.filter(state="open", case__closed_at=None))
    if mine:
        rows = rows.filter(case__responsible_id=actor.user_id)
    counted = rows.annotate(n_open=Count("warnings", filter=Q(warnings__state="open")))
    return list(
        counted.select_related("case__person", "case__responsible").order_by("received_on", "id")[:300]
    )


def person_months(actor: Actor, person: Person, now: datetime) -> list[tuple[Case, list[MonthApplication]]]:
    """Return a person's cases of financial aid that the actor works with, each with its months; recorded as a reading."""
    audit.read(actor, "aid.month", now=now, person_id=person.pk)
    cases = allowed(actor, "aid.work", Case.objects.filter(person=person, compartment=FINANCIAL_AID))
    return [(case, months_of(actor, case)) for case in cases.order_by("-received_on", "-number")]


def citizen_case(actor: Actor, case_id: UUID) -> Case:
    """Return one's own open case of försörjningsstöd. Raises Refused."""
    rows = Case.objects.select_related("person").filter(process_code=LIVELIHOOD, closed_at=None)
    return fetch(actor, "aid.apply", rows, pk=case_id)


def citizen_months(actor: Actor, now: datetime) -> list[tuple[Case, list[MonthApplication]]]:
    """Return the citizen's cases of försörjningsstöd with their months, newest first. Two statements and the record."""
    cases = allowed(actor, "aid.apply", Case.objects.filter(process_code=LIVELIHOOD).select_related("person"))
    months = list(
        MonthApplication.objects.filter(case__in=cases).exclude(state="linked").order_by("-month", "-at")
    )
    audit.read(actor, "aid.follow", now=now, person_id=actor.person_id, detail={"count": len(months)})
    found = list(cases.order_by("-received_on", "-number"))
    return [(case, [month for month in months if month.case_id == case.pk]) for case in found]


def citizen_month(actor: Actor, month_id: UUID, now: datetime) -> CitizenMonth:
    """Return one month to follow, and record the reading. Raises Refused."""
    rows = MonthApplication.objects.select_related("case__person", "decision")
    month = fetch(actor, "aid.follow", rows, pk=month_id)
    audit.read(actor, "aid.follow", now=now, person_id=month.case.person_id, obj=month)
    payments = Payment.objects.filter(decision=month.decision) if month.decision else Payment.objects.none()
    return CitizenMonth(
        month,
        list(month.rows.order_by("position").select_related("person")),
        list(payments.exclude(state__in=("cancelled", "replaced")).order_by("created_at")),
    )


def last_rows(case: Case) -> list[AppliedRow]:
    """Return what was applied for the last time: a renewal begins there. The person's own words and amounts."""
    last = (
        MonthApplication.objects.filter(case=case).exclude(state="linked").order_by("-month", "-at").first()
    )
    return list(last.rows.order_by("position").select_related("person")) if last else []


def months_to_apply_for(case: Case, today: date) -> list[date]:
    """Return the months that may be applied for now and are not: this one and the next."""
    this = today.replace(day=1)
    taken = set(
        MonthApplication.objects.filter(case=case, state__in=("open", "decided")).values_list(
            "month", flat=True
        )
    )
    return [month for month in (this, months_after(this, 1)) if month not in taken]


def _incentive(member: HouseholdMember, month: date) -> str:
    """Where an adult stands in the job incentive, in words; nothing for a child."""
    if member.part not in ("applicant", "co_applicant"):
        return ""
    stand = incentive_in(month, granted_months(member.person_id, month))
    if stand.applies:
        return f"Jobbstimulans till och med {stand.ends:%Y-%m}"
    return f"{stand.in_a_row} av 6 månader i följd mot jobbstimulans"


def as_rows(rows: list[dict[str, Any]]) -> str:
    """Return what a source answered, one amount after another."""
    return "; ".join(f"{row['text']} {row['amount']} kr {row['on']}" for row in rows)
