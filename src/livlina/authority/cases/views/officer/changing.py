"""What is decided beside the process's own steps: interim decisions, changes, corrections, and requests to decide."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.actions.change import may_be_interim, outcomes, waited
from livlina.authority.cases.forms.deciding import (
    ChangeForm,
    CorrectionForm,
    InterimForm,
    RefusalForm,
    RequestForm,
)
from livlina.authority.cases.queries import CasePage
from livlina.authority.cases.views.officer.shared import opened, shown, to_case
from livlina.authority.cases.views.officer.weighing import Act, a_decision, line_set, rows_of, weigh
from livlina.core.calendar import add_months
from livlina.core.clock import day_of
from livlina.core.views import Request, page


@page("officer", "cases.step", once=True)
def interim(request: Request, case_id: UUID) -> HttpResponse:
    """Grant something until the matter is decided."""
    found = opened(request, case_id)
    if not may_be_interim(found.case, found.process, request.actor):
        return shown(request, "too_late", found, name="Interimistiskt beslut", status=409)
    act = Act(
        lambda draft: actions.rehearse_interim(found.case, draft, by=request.actor, now=request.now),
        lambda draft: actions.decide_interim(found.case, draft, by=request.actor, now=request.now),
        "Det interimistiska beslutet {} är fattat. Brevet ligger under Brev.",
    )
    lines = line_set(request, found, rows_of(next(iter(found.decisions), None)))
    return weigh(request, found, "interim", lines, InterimForm(request.POST or None), act)


@page("officer", "cases.change", once=True)
def change(request: Request, decision_id: UUID) -> HttpResponse:
    """Change, end or revoke a decision after trying it anew."""
    decision, found = a_decision(request, decision_id, verb="cases.change")
    offered = [code for code in outcomes(found.process) if code in ("changed", "ended", "revoked")]
    if not offered or not found.case.is_open or decision.interim or decision.subject:
        return shown(request, "too_late", found, name=f"Ändra beslut {decision.number}", status=409)
    form = ChangeForm(request.POST or None, offered=offered)
    act = Act(
        lambda draft: actions.rehearse_change(decision, draft, by=request.actor, now=request.now),
        lambda draft: actions.change_decision(decision, draft, by=request.actor, now=request.now),
        "Beslut {} är fattat. Kom ihåg att ändra beställningen om det behövs.",
    )
    row = _row(found, decision_id)
    lines = line_set(request, found, rows_of(row, days=True, granted=True))
    return weigh(request, found, "change", lines, form, act, decision=decision, before=row)


@page("officer", "cases.change", once=True)
def correct(request: Request, decision_id: UUID) -> HttpResponse:
    """Correct a slip of the pen or of counting by a new decision of the same outcome."""
    decision, found = a_decision(request, decision_id, verb="cases.change")
    row = _row(found, decision_id)
    lines = line_set(request, found, rows_of(row, days=True))
    first = {"reasons": decision.reasons, "follow_up_on": decision.follow_up_on}
    form = CorrectionForm(request.POST or None, initial=first)

    def reason() -> str:
        return str(form.cleaned_data["reason"])

    def whole(draft: Any) -> Any:
        """What the correction does not touch stands as it was."""
        kept = {
            "outcome": decision.outcome if decision.outcome not in ("granted", "partly_granted", "rejected") else "",
            "reserved_for": decision.reserved_for,
            "reservation": "" if decision.reserved_for not in ("", "other") else decision.reservation,
            "harm_ground": decision.harm_ground,
            "presented_by": decision.presented_by,
        }  # fmt: skip
        return replace(draft, **kept)

    act = Act(
        lambda draft: actions.rehearse_correction(
            decision, whole(draft), reason=reason(), by=request.actor, now=request.now
        ),
        lambda draft: actions.correct_decision(
            decision, whole(draft), reason=reason(), by=request.actor, now=request.now
        ),
        "Rättelsen är gjord i beslut {}. Brevet ligger under Brev.",
    )
    return weigh(request, found, "correct", lines, form, act, decision=decision, before=row)


@page("officer", "cases.write", once=True)
def request_to_decide(request: Request, case_id: UUID) -> HttpResponse:
    """Register the party's request that the matter be decided, and see by when it must be."""
    found = opened(request, case_id, verb="cases.write")
    today = day_of(request.now)
    form = RequestForm(today, request.POST or None, initial={"came_in": today})
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_decision(
                found.case, came_in=form.cleaned_data["came_in"], by=request.actor, now=request.now
            )
            last = waited(found.case)
            return to_case(
                request, case_id, f"Begäran är registrerad. Avgör ärendet eller avslå den senast {last}."
            )
        except StepRefused as wrong:
            refused = list(wrong.reasons)
    return _request_page(request, found, form, None, refused)


@page("officer", "cases.write", once=True)
def refuse_request(request: Request, case_id: UUID) -> HttpResponse:
    """Refuse the request by a decision of its own, which can be appealed."""
    found = opened(request, case_id, verb="cases.write")
    form = RefusalForm(request.POST or None)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.refuse_request(
                found.case, reasons=form.cleaned_data["reasons"], by=request.actor, now=request.now
            )
            return to_case(
                request, case_id, f"Begäran är avslagen i beslut {row.number}. Brevet ligger under Brev."
            )
        except StepRefused as wrong:
            refused = list(wrong.reasons)
    return _request_page(request, found, None, form, refused)


def _request_page(
    request: Request, found: CasePage, form: Any, refusal: Any, refused: list[str]
) -> HttpResponse:
    """One page for both: what can be done follows from whether a request waits."""
    last = waited(found.case)
    earliest: date = add_months(found.case.received_on, 6)
    context = {
        "form": None if last else form or RequestForm(day_of(request.now)),
        "refusal": (refusal or RefusalForm()) if last else None,
        "last": last,
        "earliest": earliest,
        "refused": refused,
        "has_errors": bool(refused or (form and form.errors) or (refusal and refusal.errors)),
    }
    return shown(request, "request", found, status=422 if request.method == "POST" else 200, **context)


def _row(found: CasePage, decision_id: UUID) -> dict[str, Any] | None:
    return next((row for row in found.decisions if str(row["id"]) == str(decision_id)), None)
