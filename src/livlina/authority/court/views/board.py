"""Pages about decisions that cannot wait, the board's list of them, and a case's way through the court."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.authority.cases.engine import Process, Step, load
from livlina.authority.cases.models import Case
from livlina.authority.court import actions, queries
from livlina.authority.court.forms import HearingForm, OpenForm, ReportForm, StepForm
from livlina.authority.court.models import Hearing, UrgentDecision
from livlina.core import audit
from livlina.core.access import fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people


@page("officer", "court.decide", once=True)
def decide(request: Request, case_id: UUID) -> HttpResponse:
    """Write down a decision that cannot wait: by the chair, or for the chair by whoever is on duty."""
    case = fetch(request.actor, "court.decide", Case.objects.select_related("person"), pk=case_id)
    audit.read(request.actor, "court.decide", now=request.now, obj=case, person_id=case.person_id)
    process = load().process(case.process_code, case.process_version)
    step = next((one for one in process.steps if one.name == "decide_immediate"), None)
    if step is None or case.state not in step.sources:
        messages.warning(request, "Inget omedelbart beslut kan fattas i ärendets läge.")
        return HttpResponseRedirect(reverse("court:list"))
    form = StepForm(process, step.form, day_of(request.now), request.POST or None, initial=_known(request))
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_now(case, form.answers(), by=request.actor, now=request.now)
            messages.success(request, "Beslutet är antecknat. Fristen till rätten löper.")
            return HttpResponseRedirect(reverse("court:list"))
        except (StepRefused, FactsWrong) as wrong:
            refused = _sentences(wrong)
    wrong_answer = request.method == "POST"
    context = {
        "form": form,
        "case": case,
        "name": _name(case),
        "step": step,
        "process": process,
        "refused": refused,
    }
    context |= {"has_errors": wrong_answer, "may_ask": request.actor.role != "committee_chair"}
    return render(request, "court/decide.html", context, status=422 if wrong_answer else 200)


@page("officer", "court.submit", once=True)
def step(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """A step that whoever is on duty must be able to take: executed, confirmed, lapsed."""
    found = fetch(request.actor, "court.submit", Case.objects.select_related("person"), pk=case_id)
    audit.read(request.actor, "court.submit", now=request.now, obj=found, person_id=found.person_id)
    process = load().process(found.process_code, found.process_version)
    chosen = next((one for one in _on_duty(process, found) if one.name == name), None)
    if chosen is None:
        messages.warning(request, "Steget går inte att ta i ärendets läge.")
        return HttpResponseRedirect(reverse("court:case", args=[case_id]))
    form = StepForm(process, chosen.form, day_of(request.now), request.POST or None)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.note(found, name, form.answers(), by=request.actor, now=request.now)
            messages.success(request, f"Klart: {chosen.label.lower()}.")
            return HttpResponseRedirect(reverse("court:case", args=[case_id]))
        except (StepRefused, FactsWrong) as wrong:
            refused = _sentences(wrong)
    posted = request.method == "POST"
    context = {"form": form, "case": found, "name": _name(found), "step": chosen, "process": process}
    context |= {"refused": refused, "has_errors": posted}
    return render(request, "court/step.html", context, status=422 if posted else 200)


@require_POST
@page("officer", "court.decide", once=True)
def ask_chair(request: Request, case_id: UUID) -> HttpResponse:
    """Lay the decision on the chair's desk."""
    case = fetch(request.actor, "court.decide", Case.objects.all(), pk=case_id)
    try:
        actions.ask_chair(case, by=request.actor, now=request.now)
        messages.success(request, "Ordföranden har fått ärendet på sin lista. Ring också.")
    except actions.NotSendable as wrong:
        messages.warning(request, str(wrong))
    return HttpResponseRedirect(reverse("court:decide", args=[case_id]))


@page("officer", "court.reports")
def reports(request: Request) -> HttpResponse:
    """Decisions of the chair and of appointed members that the board has not been told of."""
    rows = [(row, ReportForm(prefix=str(row.pk))) for row in queries.to_report(request.actor)]
    context = {"rows": rows, "may_report": may(request.actor, "court.report")}
    return render(request, "court/reports.html", context)


@page("officer", "court.reports")
def reported(request: Request, decision_id: UUID) -> HttpResponse:
    """Where a watch about one decision leads: the list it stands in."""
    fetch(request.actor, "court.reports", UrgentDecision.objects.all(), pk=decision_id)
    return HttpResponseRedirect(reverse("court:reports"))


@require_POST
@page("officer", "court.report", once=True)
def report(request: Request, decision_id: UUID) -> HttpResponse:
    """Say at which meeting a decision was reported."""
    decision = fetch(request.actor, "court.report", UrgentDecision.objects.all(), pk=decision_id)
    form = ReportForm(request.POST, prefix=str(decision_id))
    if form.is_valid():
        try:
            actions.report(
                decision, meeting_on=form.cleaned_data["meeting_on"], by=request.actor, now=request.now
            )
            messages.success(request, "Anmält till nämnden.")
            return HttpResponseRedirect(reverse("court:reports"))
        except (actions.ProofWrong, actions.AlreadyReported) as wrong:
            form.add_error("meeting_on", str(wrong))
    rows = [
        (row, form if row.pk == decision_id else ReportForm(prefix=str(row.pk)))
        for row in queries.to_report(request.actor)
    ]
    context = {"rows": rows, "may_report": True, "has_errors": True}
    return render(request, "court/reports.html", context, status=422)


@page("officer", "court.read")
def case(request: Request, case_id: UUID) -> HttpResponse:
    """A case's way through the court: sent, answered, called to."""
    return _case(request, case_id, HearingForm())


@require_POST
@page("officer", "court.hear", once=True)
def hearing(request: Request, case_id: UUID) -> HttpResponse:
    """Write down a hearing."""
    found = fetch(request.actor, "court.hear", Case.objects.select_related("person"), pk=case_id)
    form = HearingForm(request.POST)
    if not form.is_valid():
        return _case(request, case_id, form, status=422)
    actions.set_hearing(
        found, starts_at=form.starts_at(), place=form.cleaned_data["place"],
        court_case_number=form.cleaned_data["court_case_number"], by=request.actor, now=request.now,
    )  # fmt: skip
    messages.success(request, "Förhandlingen är antecknad.")
    return HttpResponseRedirect(reverse("court:case", args=[case_id]))


@require_POST
@page("officer", "court.hearing", once=True)
def cancel_hearing(request: Request, hearing_id: UUID) -> HttpResponse:
    """Say that a hearing is not held."""
    found = fetch(request.actor, "court.hearing", Hearing.objects.select_related("case"), pk=hearing_id)
    actions.cancel_hearing(found, by=request.actor, now=request.now)
    messages.success(request, "Förhandlingen är inställd.")
    return HttpResponseRedirect(reverse("court:case", args=[found.case_id]))


@page("officer", "court.open", once=True)
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The person's cases of compulsory care, and where a new one is opened."""
    found = people.read(request.actor, person_id, now=request.now)
    header = people.header(request.actor, found, now=request.now, current="court:person")
    today = day_of(request.now)
    processes = queries.can_open(request.actor, today)
    form = OpenForm(processes, today, request.POST or None, initial={"received_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_case(
                form.cleaned_data["process_code"], found, received_on=form.cleaned_data["received_on"],
                by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, f"Ärende {made.number} är öppnat.")
            return HttpResponseRedirect(reverse("court:case", args=[made.pk]))
        except actions.NotSendable as wrong:
            form.add_error(None, str(wrong))
    rows = queries.of_person(request.actor, person_id)
    context = {"form": form, "header": header, "rows": rows}
    status = 422 if request.method == "POST" else 200
    return render(request, "court/person.html", context, status=status)


def _case(request: Request, case_id: UUID, form: HearingForm, *, status: int = 200) -> HttpResponse:
    found = fetch(request.actor, "court.read", Case.objects.select_related("person"), pk=case_id)
    audit.read(request.actor, "court.read", now=request.now, obj=found, person_id=found.person_id)
    submissions, answers, hearings = queries.of_case(request.actor, found)
    process = load().process(found.process_code, found.process_version)
    context = {
        "case": found,
        "name": _name(found),
        "process": process,
        "clocks": queries.clocks(request.actor, request.now, found),
        "submissions": submissions,
        "answers": answers,
        "hearings": hearings,
        "on_duty": _on_duty(process, found),
        "may_decide": may(request.actor, "court.decide", found)
        and any(one.name == "decide_immediate" and found.state in one.sources for one in process.steps),
        "steps": [process.step(name) for name in queries.court_steps(found)],
        "may_hear": may(request.actor, "court.hear", found),
        "may_submit": may(request.actor, "court.submit", found),
        "form": form,
        "has_errors": status != 200,
    }
    return render(request, "court/case.html", context, status=status)


def _on_duty(process: Process, found: Case) -> list[Step]:
    """The steps of those on duty that the case can take now."""
    return [one for one in process.steps if one.name in actions.ON_DUTY and found.state in one.sources]


def _sentences(wrong: StepRefused | FactsWrong) -> list[str]:
    return list(wrong.reasons if isinstance(wrong, StepRefused) else wrong.errors.values())


def _name(found: Case) -> str:
    return "Skyddade personuppgifter" if found.person.is_protected else found.person.name


def _known(request: Request) -> dict[str, Any]:
    """The chair's own name and office; today for whoever writes it down."""
    known: dict[str, Any] = {"immediate_decided_on": day_of(request.now), "immediate_decided_by": "chair"}
    if request.actor.role == "committee_chair":
        known["immediate_decider"] = request.actor.name
    return known
