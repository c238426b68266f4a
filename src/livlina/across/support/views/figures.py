"""Figures and the review's material: pages made by themselves, of what has happened."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from livlina.across.support import queries
from livlina.across.support.forms import ROLE_NAMES
from livlina.across.support.hours import in_words
from livlina.across.support.models import Ticket
from livlina.across.support.queries.figures import Figures, Times
from livlina.across.support.queries.review import monday_of, name_of
from livlina.across.support.views.common import frame
from livlina.core.access import Refused
from livlina.core.clock import day_of
from livlina.core.ui.dates import NotADateError, parse_date
from livlina.core.views import Request, page

YEAR = timedelta(days=366)


@page("operations", "support.statistics")
@require_safe
def desk(request: Request) -> HttpResponse:
    """The whole support in figures."""
    return _figures(request)


@page("staff", "support.statistics")
@require_safe
def unit(request: Request) -> HttpResponse:
    """What a manager's own unit asked about, and how it was answered."""
    return _figures(request)


@page("operations", "support.statistics")
@require_safe
def csv_file(request: Request) -> HttpResponse:
    """The same figures as a file. Small numbers are left out here too."""
    first, last, _ = period(request)
    told = queries.figures(request.actor, first, last, request.now)
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["mått", "vad", "värde"])
    writer.writerows(table(told))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="support-{first}-{last}.csv"'
    return answer


@page("operations", "support.review")
@require_safe
def review(request: Request, week: str = "") -> HttpResponse:
    """A week's material for the meeting; without a week the one that is now."""
    today = day_of(request.now)
    if not week:
        return HttpResponseRedirect(reverse("support_operations:week", args=[name_of(today)]))
    monday = monday_of(week)
    if monday is None:
        raise Refused("support.review")
    told = queries.review(request.actor, monday, request.now)
    parts = [
        ("Nya", told.new, "Inget kom in."),
        ("Äldre än två veckor", told.old, "Inget är så gammalt."),
        ("Öppnade igen", told.reopened, "Inget öppnades igen."),
        ("Låg tysta", told.silent, "Inget låg tyst."),
        ("Hos leverantör", told.outside, "Inget ligger hos en leverantör."),
    ]
    heads = ["Ärende", "Slag", "Läge", "Vem har det"]
    context = {
        "review": told, "heads": heads, "now_week": name_of(today),
        "parts": [(title, [_row(one) for one in rows], len(rows), empty) for title, rows, empty in parts],
    }  # fmt: skip
    return render(request, "support/review.html", frame(request) | context)


def period(request: Request) -> tuple[date, date, str]:
    """Return the days asked about, and a sentence when they could not be read: then the last thirty."""
    today = day_of(request.now)
    first, last, fault = today - timedelta(days=29), today, ""
    try:
        if given := request.GET.get("from", ""):
            first = parse_date(given, today)
        if given := request.GET.get("to", ""):
            last = parse_date(given, today)
    except NotADateError as wrong:
        return today - timedelta(days=29), today, str(wrong)
    if last < first or last - first > YEAR:
        fault = "Perioden får vara högst ett år, och sista dagen kan inte ligga före den första."
        first, last = today - timedelta(days=29), today
    return first, last, fault


def table(told: Figures) -> list[tuple[str, str, str]]:
    """The figures as rows of measure, what and value, for a file and for the programme interface."""
    rows = [
        ("inkomna", "", str(told.came)),
        ("lösta", "", str(told.solved)),
        ("öppnade igen", "", _or_few(told.reopened)),
    ]
    for name, pairs in (
        ("slag", told.kinds),
        ("linje", told.lines),
        ("väg in", told.channels),
        ("vecka", told.weeks),
        ("enhet", told.units),
    ):
        rows += [(name, label, str(value)) for label, value in pairs]
    rows += [("enhet", label, "för få") for label in told.hidden_units]
    rows += [("slag", label, "för få") for label in told.hidden_kinds]
    for name, times in (("minuter till första svar", told.answer), ("minuter till lösning", told.solution)):
        rows += [(name, "median", _or_few(times.median)), (name, "p90", _or_few(times.p90))]
    return [*rows, ("första svar i tid, procent", "", _or_few(told.in_time))]


def _figures(request: Request) -> HttpResponse:
    first, last, fault = period(request)
    told = queries.figures(request.actor, first, last, request.now)
    context: dict[str, Any] = {
        "told": told, "fault": fault, "answer": _times(told.answer), "solution": _times(told.solution),
        "first": first, "last": last, "whole": request.actor.role in ("support", "administrator"),
        "role": ROLE_NAMES[request.actor.role],
    }  # fmt: skip
    return render(request, "support/figures.html", frame(request) | context, status=422 if fault else 200)


def _times(times: Times) -> str:
    if times.median is None:
        return "för få för att räknas"
    half = f"hälften inom {in_words(times.median)}"
    return half if times.p90 is None else f"{half}, nio av tio inom {in_words(times.p90)}"


def _or_few(value: int | None) -> str:
    return "för få" if value is None else str(value)


def _row(one: Ticket) -> list[Any]:
    link = {"text": f"{one.number} {one.subject}", "url": reverse("support_operations:ticket", args=[one.pk])}
    return [link, one.get_kind_display(), one.get_state_display(), one.has_it]
