"""What the pages of assistance show, filtered by access; every read of a person is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from livlina.authority.assistance.actions.accounts import csv_of, rows_of, shares
from livlina.authority.assistance.models import (
    AssistanceDecision,
    AssistanceMonth,
    Assistant,
    MonthAccount,
    TimeReport,
    TimeRow,
)
from livlina.authority.assistance.rates import HourlyAmount, hourly_amount
from livlina.authority.assistance.sums import counted, granted_minutes
from livlina.authority.cases.models import Case
from livlina.core import audit
from livlina.core.access import Actor, Refused, allowed, fetch, may
from livlina.core.clock import day_of

LISTED = 200
ASSISTANCE = ("lass", "lss_personal_assistance")
"""The processes whose cases may have a decision on assistance."""


@dataclass(frozen=True)
class DecisionPage:
    """A decision, its months, and how much of the running accounting period is used."""

    decision: AssistanceDecision
    months: list[AssistanceMonth]
    period: tuple[date, date] | None
    granted: int
    used: int


@dataclass(frozen=True)
class ReportView:
    """One assistant's month."""

    report: TimeReport
    rows: list[TimeRow]
    minutes: int
    may_approve: bool


@dataclass(frozen=True)
class MonthPage:
    """A month: the reports, the sums so far, and what has been sent."""

    month: AssistanceMonth
    reports: list[ReportView]
    minutes: int
    first_minutes: int
    rate: HourlyAmount
    accounts: list[MonthAccount]
    assistants: list[Assistant]


def running(actor: Actor, today: date) -> list[AssistanceDecision]:
    """Return the decisions that hold today, or have a month left to account for, by person. One statement."""
    rows = allowed(actor, "assistance.read", AssistanceDecision.objects.filter(valid_to__gte=today))
    return list(
        rows.select_related("case__person").order_by("case__person__family_name", "-valid_from")[:LISTED]
    )


def unsent(actor: Actor, today: date) -> list[AssistanceMonth]:
    """Return the months that have ended and are not accounted for, the first due first. One statement."""
    rows = allowed(
        actor,
        "assistance.month",
        AssistanceMonth.objects.filter(sent_on=None, first_day__lt=today.replace(day=1)),
    )
    return list(rows.select_related("decision__case__person").order_by("due_on", "id")[:LISTED])


def links_of_case(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what a case's own page leads to here: words and address. One statement, for assistance alone."""
    if case.process_code not in ASSISTANCE:
        return []
    rows = allowed(actor, "assistance.read", AssistanceDecision.objects.filter(case=case))
    newest = rows.order_by("-valid_from", "-id").values_list("pk", flat=True).first()
    if newest:
        return [("Assistans, månad för månad", reverse("assistance:decision", args=[newest]))]
    if not may(actor, "assistance.decide", case):
        return []
    return [("Lägg in beslutet om assistans", reverse("assistance:decide", args=[case.pk]))]


def case_to_decide(actor: Actor, case_id: UUID) -> Case:
    """Return a case the actor may write a decision on assistance in. Raises Refused."""
    return fetch(actor, "assistance.decide", Case.objects.select_related("person"), pk=case_id)


def decision_page(actor: Actor, decision_id: UUID, *, now: datetime) -> DecisionPage:
    """Open a decision, and record it. Raises Refused."""
    rows = AssistanceDecision.objects.select_related("case__person")
    decision = fetch(actor, "assistance.read", rows, pk=decision_id)
    audit.read(actor, "assistance.read", now=now, person_id=decision.case.person_id, obj=decision)
    day = min(max(day_of(now), decision.valid_from), decision.valid_to)
    first, last = decision.accounting_period(day)
    counts = TimeRow.objects.filter(
        report__month__decision=decision, struck_at=None, day__range=(first, last)
    )
    return DecisionPage(
        decision=decision,
        months=list(decision.months.order_by("-first_day")),
        period=(first, last),
        granted=granted_minutes(decision.hours_per_week, first, last),
        used=counted(_by_kind(counts), first),
    )


def month_page(actor: Actor, month_id: UUID, *, now: datetime) -> MonthPage:
    """Open a month, and record it. Raises Refused."""
    month = _month(actor, month_id)
    audit.read(actor, "assistance.month", now=now, person_id=month.decision.case.person_id, obj=month)
    rows = list(TimeRow.objects.filter(report__month=month).order_by("begins_at", "id"))
    reports = []
    for report in month.reports.select_related("assistant").order_by("assistant__name", "id"):
        own = [row for row in rows if row.report_id == report.pk]
        minutes = counted(_by_kind(row for row in own if row.struck_at is None), month.first_day)
        reports.append(ReportView(report, own, minutes, _may_approve(actor, report, own)))
    total, first = shares(month, [row for row in rows if row.struck_at is None])
    return MonthPage(
        month=month,
        reports=reports,
        minutes=total,
        first_minutes=first,
        rate=hourly_amount(month.first_day),
        accounts=list(month.accounts.defer("content").order_by("-number")),
        assistants=assistants(actor, month.first_day, month.last_day),
    )


def month_file(actor: Actor, month_id: UUID, *, now: datetime) -> tuple[AssistanceMonth, bytes]:
    """Return a month as a file: exactly what was sent, or what it is so far. Recorded as a read. Raises Refused."""
    month = _month(actor, month_id)
    audit.read(actor, "assistance.month", now=now, person_id=month.decision.case.person_id, obj=month)
    sent = month.accounts.order_by("-number").first() if month.sent_on else None
    return month, bytes(sent.content) if sent else csv_of(month, rows_of(month))


def report_of(actor: Actor, report_id: UUID) -> TimeReport:
    """Return a report in a month the actor may open. Raises Refused."""
    row = TimeReport.objects.select_related("month__decision__case", "assistant").filter(pk=report_id).first()
    if row is None:
        raise Refused("assistance.month", obj=f"assistance.timereport:{report_id}")
    row.month = _month(actor, row.month_id)
    return row


def row_of(actor: Actor, row_id: UUID) -> TimeRow:
    """Return a row in a month the actor may open. Raises Refused."""
    row = TimeRow.objects.select_related("report").filter(pk=row_id).first()
    if row is None:
        raise Refused("assistance.month", obj=f"assistance.timerow:{row_id}")
    row.report = report_of(actor, row.report_id)
    return row


def assistants(actor: Actor, first: date, last: date) -> list[Assistant]:
    """Return who is employed some day of a period, by name. One statement."""
    rows = allowed(actor, "assistance.assistants", Assistant.objects.filter(employed_from__lte=last))
    return [one for one in rows.order_by("name", "id") if one.employed_to is None or one.employed_to >= first]


def _month(actor: Actor, month_id: UUID) -> AssistanceMonth:
    return fetch(
        actor,
        "assistance.month",
        AssistanceMonth.objects.select_related("decision__case__person"),
        pk=month_id,
    )


def _by_kind(rows: Iterable[TimeRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.kind] = found.get(row.kind, 0) + row.minutes
    return found


def _may_approve(actor: Actor, report: TimeReport, rows: list[TimeRow]) -> bool:
    """Whether the actor is another than whoever handed it in or wrote any of it."""
    if report.state != "handed_in" or report.reported_by_user_id == actor.user_id:
        return False
    return all(row.by_user_id != actor.user_id for row in rows)
