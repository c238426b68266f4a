"""A month as the calculation and the warnings see it: household, rows, answers, and the month before."""

from datetime import date
from decimal import Decimal

from livlina.authority.aid.calculation import ZERO, next_month
from livlina.authority.aid.causes import Known, Picture
from livlina.authority.aid.models import (
    AppliedRow,
    Calculation,
    CalculationLine,
    Household,
    HouseholdMember,
    MonthApplication,
    SourceAnswer,
    SupportMonth,
)
from livlina.authority.aid.models.household import ADULTS, PARTS
from livlina.authority.aid.norm import Household as NormHousehold
from livlina.authority.aid.norm import Member
from livlina.authority.aid.queries.amounts import caps_for
from livlina.authority.aid.ssbtek.port import Answered, Row, Status


def members_in(household: Household, month: date) -> list[HouseholdMember]:
    """Return the members counted in a month, the applicant first. One statement."""
    rows = HouseholdMember.objects.filter(household=household, since__lt=next_month(month))
    there = [
        member for member in rows.select_related("person") if member.until is None or member.until >= month
    ]
    order = [code for code, _ in PARTS]
    return sorted(there, key=lambda member: (order.index(member.part), member.since, str(member.pk)))


def adults_in(household: Household, month: date) -> list[HouseholdMember]:
    """Return the adults counted in a month."""
    return [member for member in members_in(household, month) if member.part in ADULTS]


def norm_household(household: Household, month: date) -> NormHousehold:
    """Return the household as the norm counts it, by age on the month's first day."""
    members = [
        Member(
            key=str(member.person_id),
            age=member.person.age(month) or 0,
            adult=member.part in ADULTS,
            no_lunch=member.no_lunch,
            days=member.days,
            deviation=member.deviation,
        )
        for member in members_in(household, month)
    ]
    return NormHousehold(members, household.persons)


def newest_answers(month: MonthApplication) -> list[SourceAnswer]:
    """Return the latest answer of each source about each person. One statement."""
    rows = SourceAnswer.objects.filter(month_application=month).order_by("person_id", "source", "-attempt")
    return list(rows.distinct("person_id", "source").select_related("person"))


def newest_calculation(month: MonthApplication) -> Calculation | None:
    """Return the last counting of a month."""
    return Calculation.objects.filter(month_application=month).order_by("-number").first()


def last_approved(month: MonthApplication) -> Calculation | None:
    """Return the approved calculation of the month decided before this one: the reference."""
    return (
        Calculation.objects.filter(
            case_id=month.case_id, month_application__month__lt=month.month,
            month_application__state="decided", approved_at__isnull=False,
        )
        .select_related("month_application")
        .order_by("-month_application__month", "-number")
        .first()
    )  # fmt: skip


def granted_months(person_id: object, before: date) -> dict[date, bool]:
    """Return month → granted for a person; the newest row of a month holds."""
    rows = SupportMonth.objects.filter(person_id=person_id, month__lt=before).order_by("at", "id")
    return {row.month: row.granted for row in rows}


def picture_of(month: MonthApplication) -> Picture:
    """Return everything the causes of warnings are found in."""
    household = Household.objects.filter(case_id=month.case_id).first()
    applied = list(AppliedRow.objects.filter(month_application__in=_of_month(month)))
    lines = _lines(newest_calculation(month))
    reference = last_approved(month)
    before = _lines(reference)
    rent, rent_before = _housing(applied), _housing_line(before)
    persons = len(members_in(household, month.month)) if household else 1
    caps = caps_for(
        month.municipality_id, month.month, max(persons, (household.persons or 0) if household else 0)
    )
    every = (
        HouseholdMember.objects.filter(household=household) if household else HouseholdMember.objects.none()
    )
    return Picture(
        month=month.month,
        applied=_known_rows(month, applied),
        counted=_known_lines(month, lines),
        before=_known_lines(month, before),
        had_month_before=reference is not None,
        answers=_answers(month),
        members_since={str(member.person_id): member.since for member in every if member.part != "applicant"},
        members_until={str(member.person_id): member.until for member in every if member.until},
        told_change=month.household_changed,
        housing=rent,
        housing_before=rent_before,
        capped=[("housing", rent, caps["housing"])] if rent and rent > caps.get("housing", rent) else [],
        duplicates=[str(each.pk) for each in MonthApplication.objects.filter(linked_to=month)],
    )


def _of_month(month: MonthApplication) -> list[MonthApplication]:
    return [month, *MonthApplication.objects.filter(linked_to=month)]


def _lines(calculation: Calculation | None) -> list[CalculationLine]:
    return list(calculation.lines.all()) if calculation else []


def _known_rows(month: MonthApplication, rows: list[AppliedRow]) -> list[Known]:
    """Incomes as applied for; one with no person is the applicant's."""
    return [
        Known(row.kind, str(row.person_id or month.case.person_id), row.amount)
        for row in rows
        if row.group == "income"
    ]


def _known_lines(month: MonthApplication, lines: list[CalculationLine]) -> list[Known]:
    return [
        Known(line.kind, str(line.person_id or month.case.person_id), line.applied)
        for line in lines
        if line.group == "income"
    ]


def _housing(rows: list[AppliedRow]) -> Decimal | None:
    found = [row.amount for row in rows if row.group == "cost" and row.kind == "housing"]
    return sum(found, ZERO) if found else None


def _housing_line(lines: list[CalculationLine]) -> Decimal | None:
    found = [line.applied for line in lines if line.group == "cost" and line.kind == "housing"]
    return sum(found, ZERO) if found else None


def _answers(month: MonthApplication) -> dict[str, list[Answered]]:
    found: dict[str, list[Answered]] = {}
    for row in newest_answers(month):
        rows = tuple(
            Row(each["kind"], Decimal(each["amount"]), date.fromisoformat(each["on"]), each["text"])
            for each in row.rows
        )
        answer = Answered(row.source, Status(row.status), rows, row.fault)
        found.setdefault(str(row.person_id), []).append(answer)
    return found


def child_wages_before(month: MonthApplication) -> dict[str, Decimal]:
    """Return what each child has earned earlier in the calendar year, by the approved calculations."""
    lines = CalculationLine.objects.filter(
        calculation__case_id=month.case_id, calculation__approved_at__isnull=False, kind="child_wage",
        calculation__month_application__state="decided",
        calculation__month_application__month__gte=date(month.month.year, 1, 1),
        calculation__month_application__month__lt=month.month,
    )  # fmt: skip
    found: dict[str, Decimal] = {}
    for line in lines:
        found[str(line.person_id)] = found.get(str(line.person_id), ZERO) + line.applied
    return found
