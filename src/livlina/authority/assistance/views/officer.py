"""Personal assistance: the decisions that run, the months to account for, and one month with its time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.assistance import actions, queries
from livlina.authority.assistance.actions import AssistanceRefused
from livlina.authority.assistance.forms import AssistantForm, DecisionForm, ReceiptForm, TimeForm, WhyForm
from livlina.authority.assistance.queries import MonthPage
from livlina.authority.assistance.rates import hourly_amounts
from livlina.core.access import Refused
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people


@page("officer", "assistance.list")
def overview(request: Request) -> HttpResponse:
    """The months to account for and the decisions that run, in the cases one may open."""
    today = day_of(request.now)
    context = {
        "unsent": queries.unsent(request.actor, today),
        "running": queries.running(request.actor, today),
        "amounts": hourly_amounts()[:3],
        "today": today,
    }
    return render(request, "assistance/list.html", context)


@page("officer", "assistance.decide", once=True)
def decide(request: Request, case_id: UUID) -> HttpResponse:
    """Write a decision on assistance, in a case."""
    case = queries.case_to_decide(request.actor, case_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_decision(case, **form.cleaned_data, by=request.actor, now=request.now)
            messages.success(request, "Beslutet är antecknat.")
            return HttpResponseRedirect(reverse("assistance:decision", args=[made.pk]))
        except AssistanceRefused as refused:
            form.add_error(None, str(refused))
    return _shown(request, "decide", case.person, form=form, case=case)


@page("officer", "assistance.read")
def decision(request: Request, decision_id: UUID) -> HttpResponse:
    """A decision: hours, period, months, and how much of the accounting period is used."""
    found = queries.decision_page(request.actor, decision_id, now=request.now)
    return _shown(request, "decision", found.decision.case.person, found=found, day=day_of(request.now))


@page("officer", "assistance.assistants", once=True)
def assistant(request: Request) -> HttpResponse:
    """Add someone who is employed to assist."""
    form = AssistantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_assistant(**form.cleaned_data, by=request.actor, now=request.now)
            messages.success(request, f"{made.name} finns bland assistenterna.")
            return HttpResponseRedirect(reverse("assistance:list"))
        except AssistanceRefused as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    return render(request, "assistance/assistant.html", {"form": form}, status=status)


@page("officer", "assistance.month", once=True)
def month(request: Request, month_id: UUID) -> HttpResponse:
    """A month: its time, and a form for one row more."""
    found = queries.month_page(request.actor, month_id, now=request.now)
    form = TimeForm(found.assistants, found.month.first_day, found.month.last_day, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rows = actions.report_time(
                found.month.decision, **form.cleaned_data, by=request.actor, now=request.now
            )
            parts = " Passet går över midnatt och är delat i två rader." if len(rows) > 1 else ""
            messages.success(request, f"Tiden är sparad.{parts}")
            return _to_month(month_id)
        except AssistanceRefused as refused:
            form.add_error(None, str(refused))
    return _month(request, found, form)


@page("officer", "assistance.read", once=True)
@require_POST
def begin_month(request: Request, decision_id: UUID) -> HttpResponse:
    """Open the month of a day, to write its time."""
    found = queries.decision_page(request.actor, decision_id, now=request.now)
    try:
        made = actions.begin_month(
            found.decision, request.POST.get("month", ""), by=request.actor, now=request.now
        )
    except AssistanceRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("assistance:decision", args=[decision_id]))
    return _to_month(made.pk)


@page("officer", "assistance.month", once=True)
@require_POST
def report_act(request: Request, report_id: UUID, name: str) -> HttpResponse:
    """Hand a report in, approve it, or give it back."""
    report = queries.report_of(request.actor, report_id)
    if name not in ("hand-in", "approve", "give-back"):
        raise Refused("assistance.month", obj=f"assistance.timereport:{report_id}")
    given: dict[str, Any] = {"by": request.actor, "now": request.now}
    does: dict[str, tuple[Callable[..., Any], str]] = {
        "hand-in": (actions.hand_in, "Tidredovisningen är inlämnad. Någon annan ska godkänna den."),
        "approve": (actions.approve, "Tidredovisningen är godkänd."),
        "give-back": (actions.give_back, "Tidredovisningen är lämnad tillbaka."),
    }
    act, words = does[name]
    if name == "give-back":
        given["reason"] = request.POST.get("reason", "")
    return _done(request, report.month_id, lambda: act(report, **given), words)


@page("officer", "assistance.month", once=True)
@require_POST
def strike(request: Request, row_id: UUID) -> HttpResponse:
    """Strike a row that is wrong."""
    row = queries.row_of(request.actor, row_id)
    why = request.POST.get("reason", "")
    return _done(
        request,
        row.report.month_id,
        lambda: actions.strike_row(row, reason=why, by=request.actor, now=request.now),
        "Raden är struken.",
    )


@page("officer", "assistance.month", once=True)
@require_POST
def account(request: Request, month_id: UUID) -> HttpResponse:
    """Account for the month to Försäkringskassan."""
    found = queries.month_page(request.actor, month_id, now=request.now)
    form = ReceiptForm(request.POST)
    receipt = form.cleaned_data["receipt"] if form.is_valid() else ""
    return _done(
        request,
        month_id,
        lambda: actions.account(found.month, receipt=receipt, by=request.actor, now=request.now),
        "Månaden är redovisad.",
    )


@page("officer", "assistance.month", once=True)
@require_POST
def reopen(request: Request, month_id: UUID) -> HttpResponse:
    """Open an accounted month for a correction."""
    found = queries.month_page(request.actor, month_id, now=request.now)
    why = request.POST.get("reason", "")
    return _done(
        request,
        month_id,
        lambda: actions.reopen(found.month, reason=why, by=request.actor, now=request.now),
        "Månaden är öppnad igen. Redovisningen som är skickad finns kvar.",
    )


@page("officer", "assistance.month")
def month_file(request: Request, month_id: UUID) -> HttpResponse:
    """The month as a file."""
    found, content = queries.month_file(request.actor, month_id, now=request.now)
    answer = HttpResponse(b"\xef\xbb\xbf" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="assistans-{found.first_day:%Y-%m}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _month(request: Request, found: MonthPage, form: TimeForm) -> HttpResponse:
    today = day_of(request.now)
    context = {"found": found, "form": form, "why": WhyForm(), "receipt": ReceiptForm(), "today": today}
    return _shown(request, "month", found.month.decision.case.person, **context)


def _shown(request: Request, name: str, person: Any, **context: Any) -> HttpResponse:
    """A page under the person's header; a refused form answers 422."""
    header = people.header(request.actor, person, now=request.now, current="cases:person")
    form = context.get("form")
    wrong = isinstance(form, django_forms.Form) and form.is_bound and bool(form.errors)
    return render(
        request, f"assistance/{name}.html", {"header": header, **context}, status=422 if wrong else 200
    )


def _done(request: Request, month_id: UUID, act: Callable[[], Any], words: str) -> HttpResponse:
    """Do it and say so, or say why not; then back to the month."""
    try:
        act()
        messages.success(request, words)
    except AssistanceRefused as refused:
        messages.error(request, str(refused))
    return _to_month(month_id)


def _to_month(month_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("assistance:month", args=[month_id]))
