"""Reports of concern: those that wait, one taken down with its children, and one opened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.authority.cases import engine
from livlina.authority.cases.actions import reports
from livlina.authority.cases.actions.reports import CHILD_CONCERN, FORM
from livlina.authority.cases.forms.citizen import PageForm
from livlina.authority.cases.forms.reports import ChildFormSet, ReceivedForm, children_of
from livlina.authority.cases.processes import FactsWrong
from livlina.authority.cases.queries.reports import report_of, report_page, unsorted_reports
from livlina.core.access import may
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.views import Request, page

WRONG = (reports.AlreadySorted, reports.CannotOpenChild, FactsWrong)


@page("officer", "cases.sort_report")
def waiting(request: Request) -> HttpResponse:
    """Reports that nobody has sorted yet."""
    return render(request, "cases/officer/reports.html", {"rows": unsorted_reports(request.actor)})


@page("officer", "cases.report", once=True)
def new(request: Request) -> HttpResponse:
    """Take down a report and its children on one page. Without children it waits for those who may open them."""
    today = day_of(request.now)
    data = request.POST if request.method == "POST" else None
    pages = report_pages(today, data)
    received = ReceivedForm(today, data, initial={"found_on": today, "how": "phone"})
    children = ChildFormSet(data, prefix="child")
    may_sort = request.actor.role != "committee_secretary"
    refused: list[str] = []
    fine = [form.is_valid() for form in pages]  # each of them, so that all faults are told at once
    fine += [received.is_valid(), children.is_valid()]
    if data is not None and all(fine):
        answers = {name: value for form in pages for name, value in form.as_typed().items()}
        given: dict[str, Any] = {
            "found_on": received.cleaned_data["found_on"], "how": Channel(received.cleaned_data["how"]),
            "by": request.actor, "now": request.now,
        }  # fmt: skip
        try:
            listed = children_of(children)
            if listed:
                report, _ = reports.register_report(answers, listed, **given)
            else:
                report = reports.receive_report(answers, **given)
            return _after(request, report)
        except WRONG as wrong:
            refused = list(wrong.errors.values()) if isinstance(wrong, FactsWrong) else [str(wrong)]
    context = {
        "pages": pages, "received": received, "children": children, "may_sort": may_sort, "refused": refused,
        "has_errors": data is not None,
    }  # fmt: skip
    return render(request, "cases/officer/report_new.html", context, status=200 if data is None else 422)


@page("officer", "cases.sort_report", once=True)
def report(request: Request, report_id: UUID) -> HttpResponse:
    """A report as it came in; one that waits is given its children here."""
    found = report_page(request.actor, report_id, request.now)
    data = request.POST if request.method == "POST" else None
    children = ChildFormSet(data, prefix="child")
    refused: list[str] = []
    if data is not None and children.is_valid():
        try:
            cases = reports.sort_report(
                found.report, children_of(children), by=request.actor, now=request.now
            )
            messages.success(request, f"{len(cases)} barn har fått var sin aktualisering.")
            return HttpResponseRedirect(reverse("cases:report", args=[report_id]))
        except WRONG as wrong:
            refused = list(wrong.errors.values()) if isinstance(wrong, FactsWrong) else [str(wrong)]
    context = {"found": found, "children": children, "refused": refused, "has_errors": data is not None}
    return render(request, "cases/officer/report.html", context, status=200 if data is None else 422)


@page("officer", "cases.sort_report")
def of_case(request: Request, case_id: UUID) -> HttpResponse:
    """From a case to the report it began by."""
    found = report_of(request.actor, case_id)
    return HttpResponseRedirect(reverse("cases:report", args=[found.pk]))


def report_pages(today: Any, data: Any) -> list[PageForm]:
    """The report's own questions, as the process has them."""
    form = engine.load().current(CHILD_CONCERN, on=today).form(FORM)
    return [PageForm(part, {}, {}, today=lambda: today, data=data) for part in form.pages()]


def _after(request: Request, report: Any) -> HttpResponse:
    """To the report if one may open it, else to where one may take down another."""
    if may(request.actor, "cases.sort_report", report):
        return HttpResponseRedirect(reverse("cases:report", args=[report.pk]))
    messages.success(request, f"Anmälan {report.receipt_number} är mottagen och lämnad till barnenheten.")
    return HttpResponseRedirect(reverse("cases:report_new"))
