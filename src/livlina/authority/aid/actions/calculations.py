"""Calculations: counted as often as one likes, each a row that stays; the newest is approved by a named worker."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from livlina.authority.aid.actions.households import household_of
from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.actions.warnings import refresh_warnings
from livlina.authority.aid.calculation import (
    COSTS,
    INCOMES,
    ZERO,
    AmountWrong,
    Cost,
    Income,
    Result,
    calculate,
    child_wage_not_counted,
    incentive_in,
)
from livlina.authority.aid.models import FINANCIAL_AID, Calculation, CalculationLine, MonthApplication
from livlina.authority.aid.norm import HouseholdWrong, NormUnknown, norm_of, price_base, table_for
from livlina.authority.aid.queries.amounts import caps_for, entered_for
from livlina.authority.aid.queries.picture import (
    adults_in,
    child_wages_before,
    granted_months,
    members_in,
    newest_calculation,
    norm_household,
)
from livlina.authority.aid.told import calculation_told, month_words
from livlina.authority.cases.actions import record_facts, take_step
from livlina.authority.cases.models import Case, signature
from livlina.core import audit
from livlina.core.access import Actor, demand


@transaction.atomic
def calculate_month(
    month: MonthApplication, costs: Sequence[Cost], incomes: Sequence[Income], *, by: Actor, now: datetime
) -> Calculation:
    """Count a month: norm of the household, costs as approved, incomes with the incentive. Raises Refused, AidRefused."""
    demand(by, "aid.month", month)
    case = Case.objects.select_for_update(of=("self",)).get(pk=month.case_id)
    if month.state != "open":
        raise AidRefused("Månaden är redan avgjord.")
    try:
        year, result = _result(month, costs, incomes)
    except (AmountWrong, HouseholdWrong, NormUnknown) as wrong:
        raise AidRefused(str(wrong)) from None
    calculation = _store(month, case, year, result, by=by, now=now)
    refresh_warnings(month, now=now)
    return calculation


@transaction.atomic
def approve_calculation(calculation: Calculation, *, by: Actor, now: datetime) -> Calculation:
    """Approve the newest calculation of a month: the case is then ready to decide. Done twice is done once.

    Raises Refused, AidRefused, StepRefused (warnings nobody has seen, sources that have not answered).
    """
    month = calculation.month_application
    demand(by, "aid.month", month)
    calculation = Calculation.objects.select_for_update().get(pk=calculation.pk)
    if calculation.approved_at is not None:
        return calculation
    newest = newest_calculation(month)
    if newest is None or newest.pk != calculation.pk:
        raise AidRefused("Det finns en nyare beräkning. Godkänn den i stället.")
    calculation.approved_by_id, calculation.approved_by_name, calculation.approved_at = (
        by.user_id,
        by.name,
        now,
    )
    calculation.save(update_fields=["approved_by_id", "approved_by_name", "approved_at"])
    facts = {"aid_month": month_words(month.month), "aid_calculation": calculation_told(calculation)}
    record_facts(calculation.case, facts, by=by, now=now)
    take_step(calculation.case, "calculate", by=by, now=now)
    audit.wrote(by, "aid.approve_calculation", now=now, obj=calculation, person_id=calculation.case.person_id,
                detail={"aid": str(calculation.aid)})  # fmt: skip
    return calculation


def _result(month: MonthApplication, costs: Sequence[Cost], incomes: Sequence[Income]) -> tuple[int, Result]:
    household = household_of(month.case)
    table = table_for(month.month, entered_for(month.municipality_id, month.month))
    counted = norm_household(household, month.month)
    norm = norm_of(counted, table)
    persons = max(len(counted.members), household.persons or 0)
    entitled = [
        str(member.person_id)
        for member in adults_in(household, month.month)
        if incentive_in(month.month, granted_months(member.person_id, month.month)).applies
    ]
    result = calculate(
        norm, costs, _with_child_wages(month, incomes),
        caps=caps_for(month.municipality_id, month.month, persons), incentive=entitled,
    )  # fmt: skip
    return table.valid_from.year, result


def _with_child_wages(month: MonthApplication, incomes: Sequence[Income]) -> list[Income]:
    """Leave out what a child at home may earn in a year before it counts: one price base amount."""
    children = {
        str(member.person_id)
        for member in members_in(household_of(month.case), month.month)
        if member.part in ("child", "visiting_child")
    }
    before = child_wages_before(month)
    found = []
    for income in incomes:
        if income.kind != "child_wage" or income.person not in children:
            found.append(income)
            continue
        earned = before.get(income.person, ZERO)
        before[income.person] = earned + income.net
        left_out = child_wage_not_counted(earned, income.net, price_base(month.month.year))
        why = "Hemmavarande barns lön räknas inte upp till ett prisbasbelopp om året."
        found.append(
            Income(income.kind, income.net, income.person, left_out, income.reason or why, income.key)
        )
    return found


def _store(
    month: MonthApplication, case: Case, year: int, result: Result, *, by: Actor, now: datetime
) -> Calculation:
    last = Calculation.objects.filter(month_application=month).aggregate(last=Max("number"))["last"] or 0
    calculation = Calculation.objects.create(
        **signature(by, now), case=case, month_application=month, number=last + 1, norm_year=year,
        norm=result.norm.total, costs=result.cost_total, income=result.counted, aid=result.aid, sought=result.sought,
    )  # fmt: skip
    rows = _lines(result)
    CalculationLine.objects.bulk_create(
        CalculationLine(
            **signature(by, now), compartment=FINANCIAL_AID, calculation=calculation, position=place, **row
        )
        for place, row in enumerate(rows, 1)
    )
    audit.wrote(by, "aid.calculate", now=now, obj=calculation, person_id=case.person_id,
                detail={"number": calculation.number, "aid": str(calculation.aid)})  # fmt: skip
    return calculation


def _lines(result: Result) -> list[dict[str, Any]]:
    """The rows of a result, as they are stored."""
    norm: list[dict[str, Any]] = [
        {
            "group": "norm", "kind": line.part, "label": line.label, "person_id": line.member or None,
            "applied": Decimal(line.amount), "approved": Decimal(line.amount),
        }
        for line in result.norm.lines
    ]  # fmt: skip
    costs: list[dict[str, Any]] = [
        {
            "group": "cost", "kind": line.cost.kind, "label": COSTS[line.cost.kind], "applied": line.cost.applied,
            "approved": line.approved, "capped": line.capped, "reason": line.cost.reason[:400],
        }
        for line in result.costs
    ]  # fmt: skip
    incomes: list[dict[str, Any]] = [
        {
            "group": "income", "kind": line.income.kind, "label": INCOMES[line.income.kind],
            "person_id": line.income.person or None, "applied": line.income.net, "approved": line.counted,
            "incentive": line.incentive, "reason": line.income.reason[:400],
        }
        for line in result.incomes
    ]  # fmt: skip
    return [*norm, *costs, *incomes]
