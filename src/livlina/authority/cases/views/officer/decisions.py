"""Deciding: the form, the text of the letter to read before signing, and when the party got it."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import DecisionDraft, FactsWrong, LineDraft, StepRefused
from livlina.authority.cases.forms.officer import AppealForm, DecisionForm, LineSet, ServiceForm
from livlina.authority.cases.models import Decision
from livlina.authority.cases.processes import code_label, service_unit
from livlina.authority.cases.queries import CasePage
from livlina.authority.cases.views.officer.shared import opened, sentences, shown, to_case
from livlina.core.access import Refused, demand
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.views import Request, page


@page("officer", "cases.step", once=True)
def decide(request: Request, case_id: UUID) -> HttpResponse:
    """The decision's form; then the letter to read; then the decision."""
    found = opened(request, case_id)
    if "decide" not in [step.name for step in found.steps]:
        return shown(request, "too_late", found, name="Fatta beslut", status=409)
    data = request.POST or None
    lines = LineSet(
        data,
        prefix="line",
        form_kwargs={"services": _services(request, found)},
        initial=None if data else _first(found),
    )
    form = DecisionForm(data)
    refused: list[str] = []
    if (
        request.method == "POST"
        and all([lines.is_valid(), form.is_valid()])
        and request.POST.get("do") != "edit"
    ):
        draft = _draft(lines, form)
        try:
            if request.POST.get("do") == "sign":
                decision = actions.decide(found.case, draft, by=request.actor, now=request.now)
                return to_case(
                    request, case_id, f"Beslut {decision.number} är fattat. Brevet ligger under Brev."
                )
            tried = actions.rehearse_decision(found.case, draft, by=request.actor, now=request.now)
            kept = [
                (key, value)
                for key, values in request.POST.lists()
                for value in values
                if key not in ("csrfmiddlewaretoken", "do")
            ]
            return shown(
                request, "decision_check", found, tried=tried, letter=_inside(tried.letter_html), kept=kept
            )
        except (StepRefused, FactsWrong) as wrong:
            refused = sentences(wrong)
    wrong_lines = any(line.errors for line in lines) if lines.is_bound else False
    status = 422 if request.method == "POST" and request.POST.get("do") != "edit" else 200
    return shown(
        request, "decision", found, form=form, lines=lines, refused=refused, units=_services(request, found),
        has_errors=bool(refused or wrong_lines or form.errors) and status == 422, status=status,
    )  # fmt: skip


@page("officer", "cases.step", once=True)
def service(request: Request, decision_id: UUID) -> HttpResponse:
    """Record how and when the party got a decision."""
    decision, found = _decision(request, decision_id)
    form = ServiceForm(
        day_of(request.now),
        decision.decided_on,
        request.POST or None,
        initial={"sent_on": day_of(request.now)},
    )
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.record_service(decision, **form.cleaned_data, by=request.actor, now=request.now)
            said = (
                f"Delgivningen är antecknad: {row.served_on}."
                if row.served_on
                else "Utskicket är antecknat. Dagen för delgivning är inte känd."
            )
            return to_case(request, found.case.pk, said)
        except StepRefused as wrong:
            refused = list(wrong.reasons)
    status = 422 if request.method == "POST" else 200
    return shown(request, "service", found, decision=decision, form=form, refused=refused, status=status)


@page("officer", "cases.receive", once=True)
def appeal(request: Request, decision_id: UUID) -> HttpResponse:
    """Register an appeal that came on paper, or was said."""
    decision, found = _decision(request, decision_id, verb="cases.receive")
    form = AppealForm(day_of(request.now), request.POST or None, initial={"how": "post"})
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.receive_appeal(
                decision, wish=data["wish"], reasons=data["reasons"], found_on=data["found_on"], how=Channel(data["how"]),
                by=request.actor, now=request.now,
            )  # fmt: skip
            said = queries.appeal_timing(row).reason
            if request.actor.role == "reception":  # takes in, and does not open the case
                messages.success(request, f"Överklagandet i ärende {found.case.number} är registrerat.")
                return HttpResponseRedirect(reverse("cases:find"))
            return to_case(request, found.case.pk, f"Överklagandet är registrerat. {said}")
        except StepRefused as wrong:
            refused = list(wrong.reasons)
    status = 422 if request.method == "POST" else 200
    return shown(
        request, "appeal_register", found, decision=decision, form=form, refused=refused, status=status
    )


def _decision(request: Request, decision_id: UUID, *, verb: str = "cases.read") -> tuple[Decision, CasePage]:
    """A decision and its case, opened by the case's own rule."""
    decision = Decision.objects.select_related("case").filter(pk=decision_id).first()
    if decision is None:
        raise Refused(verb, obj=f"cases.decision:{decision_id}")
    demand(request.actor, verb, decision.case)
    return decision, opened(request, decision.case_id, verb=verb)


def _draft(lines: Any, form: DecisionForm) -> DecisionDraft:
    """The decision as the forms say it."""
    rows = [
        LineDraft(
            row["service"], row["granted"] == "yes", row["quantity"],
            row["valid_from"] if row["granted"] == "yes" else None, row["valid_to"] if row["granted"] == "yes" else None,
            row["reasons"],
        )
        for row in lines.cleaned_data
        if row.get("service")
    ]  # fmt: skip
    return DecisionDraft(lines=tuple(rows), **form.cleaned_data)


def _services(request: Request, found: CasePage) -> list[tuple[str, str]]:
    """The process's services with the unit each is counted in."""
    on = day_of(request.now)
    return [
        (code, f"{code_label('services', code, on)} ({service_unit(code, on)})")
        for code in found.process.services
    ]


def _first(found: CasePage) -> list[dict[str, Any]]:
    """A decision anew begins with the lines of the one before."""
    if not found.decisions:
        return []
    return [
        {
            "service": line["service"],
            "granted": "yes" if line["granted"] else "no",
            "quantity": line["quantity"],
        }
        for line in found.decisions[0]["lines"]
    ]


def _inside(html: str) -> str:
    """The letter within a page: its headings one level down, so that the page's own comes first."""
    html = re.sub(r"<(/?)h2\b", r"<\1h3", html)
    return mark_safe(re.sub(r"<(/?)h1\b", r"<\1h2", html))  # noqa: S308 - the letter's own escaped template
