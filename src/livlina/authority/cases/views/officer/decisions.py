"""Deciding: the form, the text of the letter to read before signing, and when the party got it."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import DecisionDraft, StepRefused
from livlina.authority.cases.actions.change import outcomes
from livlina.authority.cases.actions.favour import CHANGES
from livlina.authority.cases.actions.parties import guardians_of
from livlina.authority.cases.forms.deciding import DecisionForm
from livlina.authority.cases.forms.officer import AppealForm, ServiceForm
from livlina.authority.cases.models import Decision
from livlina.authority.cases.views.officer.shared import opened, shown, to_case
from livlina.authority.cases.views.officer.weighing import Act, a_decision, line_set, rows_of, weigh
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.views import Request, page


@page("officer", "cases.step", once=True)
def decide(request: Request, case_id: UUID) -> HttpResponse:
    """The decision's form; then the letter to read; then the decision."""
    found = opened(request, case_id)
    if "decide" not in [step.name for step in found.steps]:
        return shown(request, "too_late", found, name="Fatta beslut", status=409)
    final = next((row for row in found.decisions if not row["interim"] and not row["subject"]), None)
    lines = line_set(request, found, rows_of(final or next(iter(found.decisions), None)))
    board = request.actor.role == "committee_secretary"
    form = DecisionForm(
        request.POST or None, offered=outcomes(found.process), former=final is not None, board=board,
        initial={"presented_by": found.case.responsible.name if board and found.case.responsible else ""},
    )  # fmt: skip

    def linked(draft: DecisionDraft) -> DecisionDraft:
        """A decision that says it takes the place of another says of which."""
        if draft.result not in CHANGES or final is None:
            return draft
        return replace(draft, previous=Decision.objects.get(pk=final["id"]), relation="changes")

    act = Act(
        lambda draft: actions.rehearse_decision(found.case, linked(draft), by=request.actor, now=request.now),
        lambda draft: actions.decide(found.case, linked(draft), by=request.actor, now=request.now),
    )
    return weigh(request, found, "decision", lines, form, act)


@page("officer", "cases.step", once=True)
def service(request: Request, decision_id: UUID) -> HttpResponse:
    """Record how and when the party got a decision."""
    decision, found = a_decision(request, decision_id)
    guardians = {str(row.person_id): row.person for row in guardians_of(decision.case)}
    own = [("", f"{found.case.person.name}, den ärendet gäller")]
    several = own + [(pk, f"{one.name}, vårdnadshavare") for pk, one in guardians.items()]
    form = ServiceForm(
        day_of(request.now),
        decision.decided_on,
        request.POST or None,
        initial={"sent_on": day_of(request.now)},
        parties=several if guardians else (),
    )
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            said_of = form.cleaned_data | {"party": guardians.get(form.cleaned_data.get("party", ""))}
            row = actions.record_service(decision, **said_of, by=request.actor, now=request.now)
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
    decision, found = a_decision(request, decision_id, verb="cases.receive")
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
