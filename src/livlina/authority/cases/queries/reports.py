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
    cases: list[Case]


def unsorted_reports(actor: Actor) -> list[ConcernReport]:
    """Return the reports that wait to be sorted, the one that came in first at the top. One statement."""
    rows = ConcernReport.objects.filter(sorted_at=None).order_by("received_on", "at")
    return list(allowed(actor, "cases.sort_report", rows)[:200])


def report_page(actor: Actor, report_id: UUID, now: datetime) -> ReportPage:
    """Open a report and record it for each person it is about. Raises Refused."""
    report = fetch(actor, "cases.sort_report", ConcernReport.objects.all(), pk=report_id)
    reported = list(report.reported.select_related("case", "person").order_by("id"))
    for one in reported or [None]:
        person_id = one.person_id if one else None
        audit.read(actor, "cases.sort_report", now=now, person_id=person_id, obj=report)
    form = load().process(report.process_code, report.process_version).form("report")
    values = parse_facts(report.answers)
    rows = [
        {"question": str(field.fact.label), "answer": field.fact.show(values[field.fact.name])}
        for field in form.fields()
        if field.fact.name in values
    ]
    cases = [one.case for one in reported]
    seen = set(allowed(actor, "cases.receive", Case.objects.filter(pk__in=[case.pk for case in cases])))
    return ReportPage(report, rows, [case for case in cases if case in seen])
