"""Anyone may report concern for a child, without signing in. The answer is the same whatever we know of the child."""

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from livlina.authority.cases.actions import reports
from livlina.authority.cases.processes import FactsWrong
from livlina.authority.cases.views.officer.reports import report_pages
from livlina.core.access import system
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.ids7 import uuid7
from livlina.core.models import Municipality
from livlina.core.views import page

PER_HOUR = 10
"""Reports from one address in an hour. The address is never stored: only a digest, in memory, for that hour."""


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
    place = _place(slug)
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
        "key": _key(data.get("key", "")) if data else uuid7(),
    }  # fmt: skip
    return render(request, "cases/public/report.html", context, status=200 if data is None else 422)


@page("public", None)
@never_cache
@require_GET
def reported(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The receipt: the same for every report, and nothing is looked up."""
    place = _place(slug)
    said = {"place": place, "municipality": place.name, "number": number}
    return render(request, "cases/public/reported.html", said)


def _receive(request: Any, place: Municipality, pages: list[Any], today: date) -> str:
    _within_rate(request)
    answers = {name: value for form in pages for name, value in form.as_typed().items()}
    found = reports.receive_report(
        answers, found_on=today, how=Channel.E_SERVICE, by=system(place.pk), now=request.now,
        key=_key(request.POST.get("key", "")),
    )  # fmt: skip
    return found.receipt_number


def _within_rate(request: HttpRequest) -> None:
    """Raise TooManyReports when one address sends more than people do."""
    address = get_adapter(request).get_client_ip(request)
    name = "report:" + hashlib.sha256(f"{settings.SECRET_KEY}:{address}".encode()).hexdigest()
    cache.add(name, 0, timeout=3600)
    if cache.incr(name) > PER_HOUR:
        raise reports.TooManyReports(reports.TooManyReports.__doc__)


def _key(text: str) -> UUID:
    """The page's own key, so that a double press is one report."""
    try:
        return UUID(text)
    except ValueError:
        return uuid7()


def _place(slug: str) -> Municipality:
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
