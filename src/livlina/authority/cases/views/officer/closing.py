"""Closing and writing off: a choice for each thing that is still open, and a question before it is done."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.authority.cases.forms.officer import ClosingForm
from livlina.authority.cases.processes import spec
from livlina.authority.cases.views.officer.shared import opened, sentences, shown, to_case
from livlina.core.clock import day_of
from livlina.core.views import Request, page

FINAL = ("close", "close_ungranted", "write_off")


@page("officer", "cases.step", once=True)
def close(request: Request, case_id: UUID) -> HttpResponse:
    """Close a case, or write it off."""
    found = opened(request, case_id)
    writing_off = "write_off" in request.GET
    may = [step for step in found.steps if step.name in FINAL and (step.name == "write_off") is writing_off]
    if not may:
        return shown(request, "too_late", found, name="Avsluta ärendet", status=409)
    fact = spec("write_off_reason" if writing_off else "closure_reason")
    reasons = [(row.code, str(row.label)) for row in fact.options(day_of(request.now))]
    items = queries.open_items(found.case)
    form = ClosingForm(reasons, items, not writing_off, request.POST or None)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            _close(found.case, form, writing_off, request)
            return to_case(
                request, case_id, "Ärendet är avskrivet." if writing_off else "Ärendet är avslutat."
            )
        except (StepRefused, FactsWrong) as wrong:
            refused = sentences(wrong)
    groups = [(item, form[f"choice:{item.key}"], form[f"reason:{item.key}"]) for item in items]
    return shown(
        request, "close", found, form=form, groups=groups, refused=refused, step=may[0],
        has_errors=bool(refused or form.errors), status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _close(case: Any, form: ClosingForm, writing_off: bool, request: Request) -> None:
    data, choices = form.cleaned_data, form.choices
    if writing_off:
        actions.write_off(case, reason=data["reason"], choices=choices, by=request.actor, now=request.now)
    else:
        actions.close_case(
            case, reason=data["reason"], note=data["note"], choices=choices, by=request.actor, now=request.now
        )
