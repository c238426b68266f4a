"""Decisions that are not carried out: the list, why, and the quarter's report."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.unexecuted import actions, queries
from livlina.authority.unexecuted.forms import ReasonForm
from livlina.authority.unexecuted.models import QuarterReport
from livlina.authority.unexecuted.quarter import Quarter
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people

BACK = 6
"""So many quarters can be chosen."""
WRONG = (
    actions.ReasonsMissing,
    actions.QuarterNotOver,
    actions.NothingToReport,
)


@page("officer", "unexecuted.list")
def listed(request: Request) -> HttpResponse:
    """What is not carried out in a quarter, those without a reason first."""
    return _list(request, Quarter.parse(request.GET.get("quarter", "")) or Quarter.of(day_of(request.now)))


@page("officer", "unexecuted.report", once=True)
@require_POST
def settle(request: Request, quarter: str) -> HttpResponse:
    """Settle the quarter."""
    wanted = _quarter(quarter)
    try:
        actions.settle(wanted, by=request.actor, now=request.now)
    except WRONG as wrong:
        return _list(request, wanted, refused=str(wrong))
    messages.success(request, f"Rapporten för {wanted.words} är fastställd.")
    return HttpResponseRedirect(reverse("unexecuted:report", args=[wanted]))


@page("officer", "unexecuted.report")
def report(request: Request, quarter: str) -> HttpResponse:
    """What was reported, and the figures for the council."""
    wanted = _quarter(quarter)
    settled = _settled(request, wanted)
    context = {
        "quarter": wanted,
        "report": settled,
        "rows": queries.rows_of(request.actor, settled),
        "figures": queries.for_council(request.actor, settled),
    }
    return render(request, "unexecuted/report.html", context)


@page("officer", "unexecuted.report")
def as_csv(request: Request, quarter: str, reader: str) -> HttpResponse:
    """The report as a file: for IVO with numbers, for the auditors without anyone in it."""
    wanted = _quarter(quarter)
    make = {"ivo": queries.for_ivo, "auditors": queries.for_auditors}.get(reader)
    if make is None:
        raise Http404
    text = make(request.actor, _settled(request, wanted), request.now)
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="ej-verkstallda-{wanted}-{reader}.csv"'
    return answer


@page("officer", "unexecuted.explain", once=True)
def explain(request: Request, clock_id: UUID) -> HttpResponse:
    """Why one decision is not carried out."""
    clock = queries.one(request.actor, clock_id)
    last = queries.latest_reason(clock.case)
    before = (
        {"cause": last.cause, "text": last.text, "offered_on": last.offered_on, "answer": last.answer}
        if last
        else {}
    )
    form = ReasonForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_reason(clock.case, **form.cleaned_data, by=request.actor, now=request.now)
        except actions.ReasonWrong as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, "Skälet är sparat.")
            return HttpResponseRedirect(reverse("unexecuted:list"))
    header = people.header(request.actor, clock.case.person, now=request.now, current="cases:person")
    context = {"form": form, "clock": clock, "case": clock.case, "header": header}
    return render(request, "unexecuted/explain.html", context, status=422 if form.errors else 200)


@page("officer", "unexecuted.list")
def due(request: Request, key: UUID) -> HttpResponse:
    """Where the watch of a quarter leads."""
    quarter = Quarter.of(day_of(request.now))
    for _ in range(BACK):
        quarter = quarter.before
        if quarter.key(request.actor.municipality_id) == key:
            return HttpResponseRedirect(f"{reverse('unexecuted:list')}?quarter={quarter}")
    raise Http404


def _list(request: Request, quarter: Quarter, *, refused: str = "") -> HttpResponse:
    now = Quarter.of(day_of(request.now))
    quarters = [now]
    while len(quarters) < BACK:
        quarters.append(quarters[-1].before)
    found = queries.lines(request.actor, quarter, request.now)
    context = {
        "quarter": quarter,
        "quarters": quarters,
        "lines": found,
        "lacking": sum(line.lacks_reason for line in found),
        "report": queries.report_of(request.actor, quarter),
        "settles": request.actor.role == "committee_secretary",
        "explains": request.actor.role != "committee_secretary",
        "over": quarter < now,
        "refused": refused,
        "has_errors": bool(refused),
    }
    return render(request, "unexecuted/list.html", context, status=422 if refused else 200)


def _quarter(text: str) -> Quarter:
    quarter = Quarter.parse(text)
    if quarter is None:
        raise Http404
    return quarter


def _settled(request: Request, quarter: Quarter) -> QuarterReport:
    found = queries.report_of(request.actor, quarter)
    if found is None:
        raise Http404
    return found
