"""Steps of the process, each with its own form; and the investigation, saved while it is written."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.authority.cases.engine import Step
from livlina.authority.cases.forms.officer import WIDGETS, FactForm
from livlina.authority.cases.models import Case
from livlina.authority.cases.queries import CasePage
from livlina.authority.cases.queries.forms import PageView
from livlina.authority.cases.views.officer.shared import opened, shown, to_case
from livlina.core.access import Actor, Refused
from livlina.core.clock import local
from livlina.core.views import Request, page

Take = Callable[[Case, Mapping[str, Any], Actor, Any], Any]


def _communicate(case: Case, answers: Mapping[str, Any], by: Actor, now: Any) -> Any:
    for name in ("proposed_decision", "communicated_how", "answer_by"):
        if not answers.get(name):
            raise FactsWrong({name: "Fyll i uppgiften."})
    return actions.communicate(
        case, what=answers["proposed_decision"], how=answers["communicated_how"], answer_by=answers["answer_by"],
        sent_on=answers.get("communicated_on"), by=by, now=now,
    )  # fmt: skip


OWN: dict[str, Take] = {
    "communicate": _communicate,
    "receive_answer": lambda case, answers, by, now: actions.answer(
        case, answers.get("party_answer") or "", by=by, now=now
    ),
    "continue_service": lambda case, answers, by, now: actions.follow_up(
        case, answers, result="continue", by=by, now=now
    ),
    "change_service": lambda case, answers, by, now: actions.follow_up(
        case, answers, result="change", by=by, now=now
    ),
}
"""Steps that also write a row of their own; the others are taken as the process says."""

STOPS = {"write_off", "end_service", "end_unexecuted", "end_interrupted", "place_orders"}
"""Steps that are asked about before they are taken, in words."""


@page("officer", "cases.step", once=True)
def step(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """Show what a step asks and take it when it is answered. Nothing typed is lost when it is refused."""
    found = opened(request, case_id)
    chosen = next((each for each in found.steps if each.name == name), None)
    if chosen is None:
        return shown(request, "too_late", found, name=_label(found, name), status=409)
    pages = queries.form_fields(request.actor, found, chosen.form) if chosen.form else []
    form = _form(pages, request.POST if request.method == "POST" else None)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            _take(chosen, found.case, form.cleaned_data["answers"], request)
            return to_case(request, case_id, f"Klart: {chosen.label.lower()}.")
        except StepRefused as wrong:
            refused = list(wrong.reasons)
        except FactsWrong as wrong:
            form.add_refusal(wrong.errors)
    context = {"step": chosen, "form": form, "pages": pages, "refused": refused, "stop": name in STOPS}
    status = 422 if request.method == "POST" else 200
    return shown(request, "step", found, status=status, has_errors=bool(refused or form.errors), **context)


@page("officer", "cases.write", once=True)
def investigation(request: Request, case_id: UUID) -> HttpResponse:
    """The investigation: what is known stands there with its source, and what is typed is kept as it is typed."""
    found = opened(request, case_id)
    if "investigation" not in found.process.forms:
        raise Http404
    draft = queries.draft_of(request.actor, found.case, "investigation")
    pages = queries.form_fields(request.actor, found, "investigation")
    if request.method == "POST":
        form = _form(pages, request.POST)
        if form.is_valid():
            try:
                actions.record_facts(
                    found.case,
                    form.cleaned_data["answers"],
                    by=request.actor,
                    now=request.now,
                    form="investigation",
                )
                return to_case(request, case_id, "Utredningen är sparad i ärendet.")
            except FactsWrong as wrong:
                form.add_refusal(wrong.errors)
        return _investigation(request, found, pages, form, None, status=422)
    if draft is not None:
        pages = queries.form_fields(request.actor, found, "investigation", typed=_typed(pages, draft.answers))
    return _investigation(request, found, pages, _form(pages, None), draft)


@page("officer", "cases.write")
@require_POST
def save_draft(request: Request, case_id: UUID) -> HttpResponse:
    """Keep what is typed so far: called a second after the last key."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise Refused("cases.write", obj=f"cases.case:{case_id}")
    version = request.POST.get("version", "")
    kept = {
        key: values
        for key, values in request.POST.lists()
        if key not in ("csrfmiddlewaretoken", "submission_key", "version")
    }
    try:
        draft = actions.save_draft(
            case,
            "investigation",
            kept,
            version=int(version) if version.isdigit() else 0,
            by=request.actor,
            now=request.now,
        )
    except actions.DraftChanged as changed:
        theirs = "\n".join(" ".join(values) for values in changed.draft.answers.values() if any(values))
        return JsonResponse({"theirs": theirs, "version": changed.draft.version}, status=409)
    return JsonResponse({"saved": f"{local(draft.saved_at):%H:%M:%S}", "version": draft.version})


@page("officer", "cases.write", once=True)
def waive(request: Request, case_id: UUID) -> HttpResponse:
    """Ask and record why it is plainly unnecessary to communicate the material."""
    found = opened(request, case_id, verb="cases.write")
    reason = request.POST.get("reason", "")
    refused: list[str] = []
    if request.method == "POST":
        try:
            actions.waive_communication(found.case, reason=reason, by=request.actor, now=request.now)
            return to_case(request, case_id, "Bedömningen är sparad under Kommunicering.")
        except StepRefused as wrong:
            refused = list(wrong.reasons)
    return shown(
        request, "waive", found, refused=refused, reason=reason, has_errors=bool(refused),
        status=422 if refused else 200,
    )  # fmt: skip


def _investigation(
    request: Request, found: CasePage, pages: list[PageView], form: FactForm, draft: Any, *, status: int = 200
) -> HttpResponse:
    missing = queries.what_is_missing(found.process, "investigation", found.values)
    context = {
        "form": form,
        "parts": [
            (part.title, part.fields, [form[f.spec.name] for f in part.fields if f.spec.name in form.fields])
            for part in pages
        ],
        "draft": draft,
        "version": draft.version if draft else 0,
        "saved": f"{local(draft.saved_at):%H:%M:%S}" if draft else "",
        "missing": missing,
    }
    return shown(request, "investigation", found, status=status, **context)


def _take(step: Step, case: Case, answers: Mapping[str, Any], request: Request) -> None:
    """Take the step by its own verb, or as the process says."""
    own = OWN.get(step.name)
    if own is not None:
        own(case, answers, request.actor, request.now)
    else:
        actions.take_step(case, step.name, by=request.actor, now=request.now, answers=answers)


def _form(pages: list[PageView], data: Any) -> FactForm:
    return FactForm([field for part in pages for field in part.fields], data)


def _typed(pages: list[PageView], answers: Mapping[str, list[str]]) -> dict[str, Any]:
    """What stands in a draft, as each question's widget reads it."""
    data = MultiValueDict({key: list(values) for key, values in answers.items()})
    found = {}
    for part in pages:
        for view in part.fields:
            if not view.carried:
                widget = WIDGETS[view.spec.type](view.spec).widget
                found[view.spec.name] = widget.value_from_datadict(data, {}, view.spec.name)
    return found


def _label(found: CasePage, name: str) -> str:
    return next((each.label for each in found.process.steps if each.name == name), name)
