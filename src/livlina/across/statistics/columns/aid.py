"""Ekonomiskt bistånd: the households that were granted it for a month."""

from uuid import UUID

from livlina.across.statistics.columns.base import Record, facts, rows
from livlina.across.statistics.periods import Period
from livlina.authority.aid.models import Calculation, HouseholdMember, MonthApplication
from livlina.authority.cases.models import CaseFact

facts("aid", "adults", "children", "norm", "costs", "income", "aid", "reason", "kind")


@rows("aid.monthly")
def monthly(period: Period) -> list[Record]:
    """One row for each household with an approved calculation above nothing, and a decision, for the month."""
    months = MonthApplication.objects.filter(month=period.first, state="decided", decision__isnull=False)
    found = {one.pk: one for one in months.select_related("case__person").order_by("case__number")}
    approved = Calculation.objects.filter(month_application_id__in=list(found), approved_at__isnull=False)
    counted: dict[UUID, Calculation] = {one.month_application_id: one for one in approved.order_by("number")}
    cases = [one.case_id for one in found.values()]
    said = CaseFact.objects.filter(case_id__in=cases, name="aid_reason").order_by("at", "id")
    reasons = {row.case_id: str(row.value) for row in said}
    members: dict[UUID, list[HouseholdMember]] = {}
    for member in HouseholdMember.objects.filter(
        household__case_id__in=cases, since__lte=period.last
    ).select_related("household", "person"):
        if member.until is None or member.until >= period.first:
            members.setdefault(member.household.case_id, []).append(member)
    return [
        _record(month, counted[month.pk], members.get(month.case_id, []), reasons.get(month.case_id))
        for month in found.values()
        if month.pk in counted and counted[month.pk].aid > 0
    ]


def _record(
    month: MonthApplication, counted: Calculation, members: list[HouseholdMember], reason: str | None
) -> Record:
    case = month.case
    co = [one.person for one in members if one.part == "co_applicant"]
    children = sum("child" in one.part for one in members)
    told = {
        "adults": 1 + len(co), "children": children, "norm": counted.norm, "costs": counted.costs,
        "income": counted.income, "aid": counted.aid, "reason": reason, "kind": month.kind,
    }  # fmt: skip
    return Record(case.person, case.number, told, co)
