"""Reports of concern, for those who sort them and those who work with the children."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case
from livlina.authority.cases.models.report import ConcernReport
from livlina.authority.cases.processes import parse_facts
from livlina.core import audit
from livlina.core.access import Actor, allowed, fetch


@dataclass(frozen=True)
class ReportPage:
    """A report in words, and the cases it began."""

    report: ConcernReport
    rows: list[dict[str, str]]
    cases: list[tuple[Case, bool]]
    """Each with whether one may open it."""


def unsorted_reports(actor: Actor) -> list[ConcernReport]:
    """Return the reports that wait to be sorted, the one that came in first at the top. One statement."""
    rows = ConcernReport.objects.filter(sorted_at=None).order_by("received_on", "at")
    return list(allowed(actor, "cases.sort_report", rows)[:200])


def report_page(actor: Actor, report_id: UUID, now: datetime) -> ReportPage:
    """Open a report and record it for each person it is about. Raises Refused."""
    report = fetch(actor, "cases.sort_report", ConcernReport.objects.all(), pk=report_id)
    reported = list(report.reported.select_related("case", "person").order_by("id"))
    people: list[UUID | None] = [one.person_id for one in reported] or [None]
    for person_id in people:
        audit.read(actor, "cases.sort_report", now=now, person_id=person_id, obj=report)
    form = load().process(report.process_code, report.process_version).form("report")
    values = parse_facts(report.answers)
    rows = [
        {"question": str(field.fact.label), "answer": field.fact.show(values[field.fact.name])}
        for field in form.fields()
        if field.fact.name in values
    ]
    cases = [one.case for one in reported]
    mine = Case.objects.filter(pk__in=[case.pk for case in cases])
    seen, opens = (set(allowed(actor, verb, mine)) for verb in ("cases.receive", "cases.read"))
    return ReportPage(report, rows, [(case, case in opens) for case in cases if case in seen | opens])


def report_of(actor: Actor, case_id: UUID) -> ConcernReport:
    """Return the report a case began by. Raises Refused for a case one may not open, or that no report began."""
    case = fetch(actor, "cases.read", Case.objects.all(), pk=case_id)
    return fetch(actor, "cases.sort_report", ConcernReport.objects.filter(reported__case=case))
