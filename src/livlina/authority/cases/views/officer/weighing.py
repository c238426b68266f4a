"""One way to decide on a page: write it, read the letter, sign. Nothing typed is lost when it is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe

from livlina.authority.cases.actions import (
    CorrectionRefused,
    DecisionDraft,
    FactsWrong,
    LineDraft,
    StepRefused,
)
from livlina.authority.cases.actions.rehearsal import Rehearsal
from livlina.authority.cases.forms.officer import LineSet
from livlina.authority.cases.models import Decision
from livlina.authority.cases.processes import code_label, service_unit
from livlina.authority.cases.queries import CasePage
from livlina.authority.cases.views.officer.shared import opened, sentences, shown, to_case
from livlina.core.access import Refused, demand, may
from livlina.core.clock import day_of
from livlina.core.views import Request

REFUSALS = (StepRefused, FactsWrong, CorrectionRefused)


@dataclass(frozen=True)
class Act:
    """What is decided: tried out, and done; and what is said of it afterwards."""

    rehearse: Callable[[DecisionDraft], Rehearsal]
    sign: Callable[[DecisionDraft], Decision]
    said: str = "Beslut {} är fattat. Brevet ligger under Brev."


def line_set(request: Request, found: CasePage, first: list[dict[str, Any]]) -> Any:
    """The lines as posted, or as they stand in the decision before."""
    services = services_of(request, found)
    data = request.POST or None
    return LineSet(data, prefix="line", form_kwargs={"services": services}, initial=None if data else first)


def weigh(
    request: Request, found: CasePage, template: str, lines: Any, form: Any, act: Act, **context: Any
) -> HttpResponse:
    """Show the form; then the letter to read; then decide."""
    asked = request.method == "POST" and request.POST.get("do") != "edit"
    refused: list[str] = []
    if asked and all([lines.is_valid(), form.is_valid()]) and _fits(form, lines):
        draft = draft_of(lines, form)
        try:
            if request.POST.get("do") == "sign":
                return _done(request, found, act.said.format(act.sign(draft).number))
            return _read(request, found, act.rehearse(draft))
        except REFUSALS as wrong:
            refused = sentences(wrong)
    wrong_lines = any(line.errors for line in lines) if lines.is_bound else False
    return shown(
        request, template, found, form=form, lines=lines, refused=refused,
        has_errors=bool(refused or wrong_lines or form.errors) and asked, status=422 if asked else 200, **context,
    )  # fmt: skip


def _done(request: Request, found: CasePage, words: str) -> HttpResponse:
    """Back to the case; the board's secretary, whose turn it may no longer be there, to the board's list."""
    if may(request.actor, "cases.read", found.case):
        return to_case(request, found.case.pk, words)
    messages.success(request, words)
    return HttpResponseRedirect(reverse("cases:board"))


def _fits(form: Any, lines: Any) -> bool:
    return form.fits(lines) if hasattr(form, "fits") else True


def _read(request: Request, found: CasePage, tried: Rehearsal) -> HttpResponse:
    """The letter before it is signed, with everything that was typed along in hidden fields."""
    kept = [
        (key, value)
        for key, values in request.POST.lists()
        for value in values
        if key not in ("csrfmiddlewaretoken", "do")
    ]
    return shown(request, "decision_check", found, tried=tried, letter=_inside(tried.letter_html), kept=kept)


def draft_of(lines: Any, form: Any) -> DecisionDraft:
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
    said = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    return DecisionDraft(lines=tuple(rows), **said)


def services_of(request: Request, found: CasePage) -> list[tuple[str, str]]:
    """The process's services with the unit each is counted in."""
    on = day_of(request.now)
    return [
        (code, f"{code_label('services', code, on)} ({service_unit(code, on)})")
        for code in found.process.services
    ]


def rows_of(
    decision: dict[str, Any] | None, *, days: bool = False, granted: bool = False
) -> list[dict[str, Any]]:
    """The lines of a decision as the form begins with them: with their days, or the granted ones, when asked for."""
    if decision is None:
        return []
    return [
        {
            "service": line["service"],
            "granted": "yes" if line["granted"] else "no",
            "quantity": f"{float(line['quantity']):g}".replace(".", ","),
        }
        | ({name: line[name] for name in ("valid_from", "valid_to", "reasons")} if days else {})
        for line in decision["lines"]
        if line["granted"] or not granted
    ]


def a_decision(request: Request, decision_id: UUID, *, verb: str = "cases.read") -> tuple[Decision, CasePage]:
    """A decision and its case, opened by the case's own rule. Raises Refused."""
    decision = Decision.objects.select_related("case").filter(pk=decision_id).first()
    if decision is None:
        raise Refused(verb, obj=f"cases.decision:{decision_id}")
    demand(request.actor, verb, decision.case)
    return decision, opened(request, decision.case_id, verb=verb)


def _inside(html: str) -> str:
    """The letter within a page: its headings one level down, so that the page's own comes first."""
    html = re.sub(r"<(/?)h2\b", r"<\1h3", html)
    return mark_safe(re.sub(r"<(/?)h1\b", r"<\1h2", html))  # noqa: S308 - the letter's own escaped template
