"""From the person's page: a case nobody applied for."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.authority.cases import actions, queries
from livlina.authority.cases.actions import NotBegun, NoUnit
from livlina.authority.cases.actions.own_motion import may_begin
from livlina.authority.cases.forms.board import BeginForm
from livlina.authority.cases.queries import board
from livlina.authority.cases.queries.workshop.shown import area_label
from livlina.core.access import Actor, may
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people


@page("officer", "cases.begin", once=True)
def begin(request: Request, person_id: UUID) -> HttpResponse:
    """Choose what it is about, since when and why; then the case is there."""
    found = people.read(request.actor, person_id, now=request.now)
    header = people.header(request.actor, found, now=request.now, current="cases:person")
    today = day_of(request.now)
    cases = {str(case.pk): case for case in queries.person_cases(request.actor, person_id)}
    known = [(pk, f"{case.number}, {board.label_of(case)}") for pk, case in cases.items()]
    form = BeginForm(
        _processes(request.actor, today), known, today, request.POST or None,
        initial={"how": "phone", "received_on": today},
    )  # fmt: skip
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            case = actions.begin_on_own_motion(
                said["process_code"], found, received_on=said["received_on"], how=Channel(said["how"]),
                ground=said["ground"], why=said["why"], continues=cases.get(said.get("continues", "")),
                by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, f"Ärende {case.number} är öppnat hos {case.unit.name}.")
            if may(request.actor, "cases.read", case):
                return HttpResponseRedirect(reverse("cases:case", args=[case.pk]))
            return HttpResponseRedirect(reverse("cases:person", args=[person_id]))
        except (NotBegun, NoUnit) as wrong:
            refused = [str(wrong)]
    context = {
        "form": form,
        "header": header,
        "person": found,
        "refused": refused,
        "has_errors": bool(refused),
    }
    return render(
        request, "cases/officer/begin.html", context, status=422 if request.method == "POST" else 200
    )


def _processes(actor: Actor, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the actor may begin, by area: their own branches' processes that have no page of their own."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for process in board.in_use(today):
        if may_begin(actor, process):
            areas.setdefault(process.area, []).append((process.code, process.label))
    return [(area_label(area), rows) for area, rows in areas.items()]
