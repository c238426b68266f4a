"""Anyone may report concern for a child, without signing in. The answer is the same whatever we know of the child."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from livlina.authority.cases.actions import reports
from livlina.authority.cases.processes import FactsWrong
from livlina.authority.cases.views.officer.reports import report_pages
from livlina.core import anonymous
from livlina.core.access import system
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.core.views import page

PER_HOUR = 10
"""Reports from one address in an hour."""


@page("public", None)
@require_GET
def where(request: HttpRequest) -> HttpResponse:
    """Choose the municipality, where there are several."""
    places = list(Municipality.objects.order_by("name"))
    if len(places) == 1:
        return HttpResponseRedirect(reverse("cases_public:report", args=[places[0].slug]))
    return render(request, "cases/public/where.html", {"places": places})


@page("public", None)
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: Any, slug: str) -> HttpResponse:
    """Report concern for a child."""
    place = anonymous.place_of(slug)
    today = day_of(request.now)
    data = request.POST if request.method == "POST" else None
    pages = report_pages(today, data)
    refused: list[str] = []
    fine = [form.is_valid() for form in pages]  # each of them, so that all faults are told at once
    if data is not None and all(fine):
        try:
            sent = _receive(request, place, pages, today)
            return HttpResponseRedirect(reverse("cases_public:reported", args=[slug, sent]))
        except FactsWrong as wrong:
            refused = [_(text) for text in wrong.errors.values()]
        except reports.TooManyReports as wrong:
            return render(
                request, "cases/public/busy.html", {"place": place, "why": _(str(wrong))}, status=429
            )
    context = {
        "place": place, "municipality": place.name, "pages": pages, "refused": refused, "has_errors": data is not None,
        "key": anonymous.own_key(data),
    }  # fmt: skip
    return render(request, "cases/public/report.html", context, status=200 if data is None else 422)


@page("public", None)
@never_cache
@require_GET
def reported(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The receipt: the same for every report, and nothing is looked up."""
    place = anonymous.place_of(slug)
    said = {"place": place, "municipality": place.name, "number": number}
    return render(request, "cases/public/reported.html", said)


def _receive(request: Any, place: Municipality, pages: list[Any], today: date) -> str:
    if not anonymous.within_rate(request, "report", PER_HOUR):
        raise reports.TooManyReports(reports.TooManyReports.__doc__)
    answers = {name: value for form in pages for name, value in form.as_typed().items()}
    found = reports.receive_report(
        answers, found_on=today, how=Channel.E_SERVICE, by=system(place.pk), now=request.now,
        key=anonymous.own_key(request.POST),
    )  # fmt: skip
    return found.receipt_number
