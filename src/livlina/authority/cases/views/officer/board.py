"""The board's own pages: matters for the next meeting, what is delegated, and who gets new cases."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.actions.board import decides_here
from livlina.authority.cases.actions.letters import render_pdf
from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.names import KNOWN_ROLES
from livlina.authority.cases.forms.board import EndForm, IntakeForm, RuleForm, TryForm, WhyForm
from livlina.authority.cases.models import DelegationRule
from livlina.authority.cases.queries import board
from livlina.authority.cases.queries.workshop.shown import area_label
from livlina.authority.cases.views.officer.shared import opened, shown, to_case
from livlina.core.access import Refused
from livlina.core.clock import day_of
from livlina.core.models import Unit
from livlina.core.views import Request, page


@page("officer", "cases.board")
def matters(request: Request) -> HttpResponse:
    """What waits for the board's next meeting."""
    context = {"rows": board.board_matters(request.actor, request.now), "today": day_of(request.now)}
    return render(request, "cases/officer/board.html", context)


@page("officer", "cases.change")
@require_POST
def by_number(request: Request) -> HttpResponse:
    """Lead from a case's number to its newest decision, to change it: the board changes what it alone may."""
    case = queries.by_number(request.actor, request.POST.get("number", ""), verb="cases.change")
    decision = board.newest_decision(case) if case else None
    if decision is None:
        messages.error(request, "Inget öppet ärende med det numret har ett beslut att ändra.")
        return HttpResponseRedirect(reverse("cases:board"))
    return HttpResponseRedirect(reverse("cases:change", args=[decision.pk]))


@page("officer", "cases.board")
def matters_pdf(request: Request) -> HttpResponse:
    """The same on paper."""
    rows, today = board.board_matters(request.actor, request.now), day_of(request.now)
    said = render_to_string("cases/print/board.html", {"rows": rows, "today": today})
    answer = HttpResponse(render_pdf(said, "Ärenden till nämnden"), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="namnden-{today:%Y-%m-%d}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("officer", "cases.write", once=True)
def refer(request: Request, case_id: UUID) -> HttpResponse:
    """Hand a matter to the board's next meeting."""
    found = opened(request, case_id, verb="cases.write")
    if not decides_here(found.case):
        return shown(request, "too_late", found, name="Lämna till nämnden", status=409)
    form = WhyForm(request.POST or None)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.refer_to_board(
                found.case, why=form.cleaned_data["why"], by=request.actor, now=request.now
            )
            return to_case(request, case_id, "Ärendet är lämnat till nämnden. Du står som föredragande.")
        except StepRefused as wrong:
            refused = list(wrong.reasons)
    status = 422 if request.method == "POST" else 200
    return shown(request, "refer", found, form=form, refused=refused, has_errors=bool(refused), status=status)


@page("officer", "cases.delegate", once=True)
def rules(request: Request) -> HttpResponse:
    """What is delegated; and a rule more."""
    today = day_of(request.now)
    form = RuleForm(
        _roles(), _processes(today), _services(today), request.POST or None, initial={"valid_from": today}
    )
    if request.method == "POST" and form.is_valid():
        rule = actions.add_delegation_rule(**form.cleaned_data, by=request.actor, now=request.now)
        messages.success(request, f"Punkt {rule.point} är tillagd.")
        return HttpResponseRedirect(reverse("cases:delegation_rules"))
    asked = TryForm(_processes(today), _services(today), request.GET or None, prefix="try")
    tried = None
    if asked.is_bound and asked.is_valid():
        said = asked.cleaned_data
        process = load().current(said["process_code"], on=today)
        tried = board.who_may(
            request.actor, process, said["outcome"], today, service=said["service"],
            quantity=said["quantity"] or Decimal(1), months=said["months"],
        )  # fmt: skip
    ended = "ended" in request.GET
    context = {
        "rows": board.rules_of(request.actor, today, ended=ended), "ended": ended, "form": form, "asked": asked,
        "tried": tried,
    }  # fmt: skip
    status = 422 if form.errors or asked.errors else 200
    return render(request, "cases/officer/delegation_rules.html", context, status=status)


@page("officer", "cases.delegate", once=True)
def end_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Let a rule hold to and with a day."""
    rule = DelegationRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise Refused("cases.delegate", obj=f"cases.delegationrule:{rule_id}")
    today = day_of(request.now)
    form = EndForm(rule.valid_from, request.POST or None, initial={"last_day": max(today, rule.valid_from)})
    if request.method == "POST" and form.is_valid():
        last = form.cleaned_data["last_day"]
        actions.end_delegation_rule(rule, last_day=last, by=request.actor, now=request.now)
        messages.success(request, f"Punkt {rule.point} gäller till och med {last}.")
        return HttpResponseRedirect(reverse("cases:delegation_rules"))
    context = {"rule": board.rule_as_read(rule, today), "form": form}
    return render(request, "cases/officer/delegation_end.html", context, status=422 if form.errors else 200)


@page("officer", "cases.arrange")
def intake(request: Request) -> HttpResponse:
    """Which unit gets new cases of each area and process."""
    rows = board.intake(request.actor, day_of(request.now))
    return render(request, "cases/officer/intake.html", {"rows": rows})


@page("officer", "cases.arrange", once=True)
def intake_of(request: Request, code: str) -> HttpResponse:
    """Choose the unit for one of them."""
    today = day_of(request.now)
    units = {str(unit.pk): unit for unit in board.units_for(request.actor, code, today)}
    row = next((each for each in board.intake(request.actor, today) if each.code == code), None)
    if row is None:
        raise Refused("cases.arrange", obj=f"cases.intakeunit:{code}")
    chosen: Unit | None = row.unit
    form = IntakeForm(
        [(pk, unit.name) for pk, unit in units.items()], request.POST or None,
        initial={"unit": str(chosen.pk) if chosen else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        unit = units[form.cleaned_data["unit"]]
        actions.set_intake_unit(unit, process_code=code, by=request.actor, now=request.now)
        messages.success(request, f"{row.label}: nya ärenden går till {unit.name}.")
        return HttpResponseRedirect(reverse("cases:intake"))
    context = {"row": row, "form": form, "units": units}
    return render(request, "cases/officer/intake_of.html", context, status=422 if form.errors else 200)


def _roles() -> list[tuple[str, str]]:
    return [(role, KNOWN_ROLES[role].capitalize()) for role in board.DECIDERS]


def _processes(today: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The processes that decide anything, by area."""
    found: dict[str, list[tuple[str, str]]] = {}
    for process in board.in_use(today):
        found.setdefault(process.area, []).append((process.code, process.label))
    return [(area_label(area), rows) for area, rows in found.items()]


def _services(today: Any) -> list[tuple[str, str]]:
    """What processes in use may grant."""
    codes = {code for process in board.in_use(today) for code in process.services}
    table = load().codes("services", on=today)
    rows = [(code, table.code(code)) for code in codes]
    named = [(code, f"{row.label} ({row.also.get('unit', '')})") for code, row in rows if row]
    return sorted(named, key=lambda pair: pair[1])
