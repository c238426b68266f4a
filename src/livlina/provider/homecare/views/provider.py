"""The provider's pages: read the plan, agree on a new version, follow it up."""

from uuid import UUID

from django.forms import formset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.core import audit
from livlina.core.access import fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.provider.homecare import actions, queries
from livlina.provider.homecare.actions import Plan, PlanRefused, Task
from livlina.provider.homecare.forms import PlanForm, ReviewForm, TaskForm
from livlina.provider.homecare.models import CarePlan
from livlina.registers.orders.models import OrderVersion

SPARE_ROWS = 2
Tasks = formset_factory(TaskForm, extra=SPARE_ROWS, max_num=40)


@page("provider", "homecare.read")
def plan(request: Request, order_id: UUID) -> HttpResponse:
    """Show the plan that holds, beside what was ordered; follow it up here."""
    letter = _letter(request, order_id)
    holds = queries.plan_of(request.actor, order_id)
    audit.read(request.actor, "homecare.read", now=request.now, person_id=letter.person_id, obj=holds)
    form = ReviewForm(request.POST or None)
    problem = ""
    if request.method == "POST" and holds and form.is_valid():
        said = form.cleaned_data
        try:
            actions.review_plan(
                holds, said["outcome"], said["text"], said["next_on"], by=request.actor, now=request.now
            )
            return HttpResponseRedirect(request.path)
        except PlanRefused as refusal:
            problem = str(refusal)
    facts = {
        "letter": letter,
        "order": letter.order,
        "person": letter.person,
        "plan": holds,
        "versions": queries.versions_of(request.actor, order_id),
        "form": form,
        "problem": problem,
        "change": reverse("homecare_provider:agree", args=[order_id]),
        "plans_visits": may(request.actor, "homecare.series"),
    }
    return render(request, "homecare/plan.html", facts, status=422 if request.method == "POST" else 200)


@page("provider", "homecare.plan", once=True)
def agree(request: Request, order_id: UUID) -> HttpResponse:
    """Write a plan, or its next version. What was ordered is filled in, so that nothing is asked twice."""
    letter = _letter(request, order_id)
    holds = queries.plan_of(request.actor, order_id)
    today = day_of(request.now)
    form = PlanForm(request.POST or None, today=today, initial=_kept(holds))
    tasks = Tasks(request.POST or None, initial=_rows(letter, holds), prefix="tasks")
    problem = ""
    if request.method == "POST" and form.is_valid() and tasks.is_valid():
        try:
            actions.agree_plan(letter.order, _plan(form, tasks), by=request.actor, now=request.now)
            return HttpResponseRedirect(reverse("homecare_provider:plan", args=[order_id]))
        except PlanRefused as refusal:
            problem = str(refusal)
    facts = {
        "letter": letter,
        "person": letter.person,
        "plan": holds,
        "form": form,
        "tasks": tasks,
        "problem": problem,
        "has_errors": bool(problem),
    }
    return render(request, "homecare/agree.html", facts, status=422 if request.method == "POST" else 200)


def _letter(request: Request, order_id: UUID) -> OrderVersion:
    """The order's content as it now reads, if it has been opened at the actor's unit."""
    letters = (
        OrderVersion.objects.select_related("order", "person").filter(order_id=order_id).order_by("-number")
    )
    return fetch(request.actor, "orders.read_content", letters)


def _kept(holds: CarePlan | None) -> dict[str, object]:
    if holds is None:
        return {}
    return {name: getattr(holds, name) for name in ("goal", "participation", "wishes", "follow_up_on")}


def _rows(letter: OrderVersion, holds: CarePlan | None) -> list[dict[str, object]]:
    """The tasks to begin from: the plan that holds, or one for each line of the order."""
    if holds is not None:
        names = ("what", "how", "times", "weekdays", "minutes", "double_staffing", "life_area")
        return [{name: getattr(task, name) for name in names} for task in holds.tasks.all()]
    return [
        {
            "what": line.what,
            "minutes": line.minutes or None,
            "times": [line.when] if line.when else [],
            "double_staffing": line.staff > 1,
        }
        for line in letter.order_lines
    ]


def _plan(form: PlanForm, tasks: object) -> Plan:
    said = form.cleaned_data
    rows = [row for row in tasks.cleaned_data if row.get("what")]  # type: ignore[attr-defined]
    return Plan(
        goal=said["goal"],
        participation=said["participation"],
        follow_up_on=said["follow_up_on"],
        wishes=said["wishes"],
        tasks=tuple(
            Task(
                row["what"],
                row["how"],
                row["life_area"],
                tuple(row["times"]),
                tuple(row["weekdays"]),
                row["minutes"],
                row["double_staffing"],
            )
            for row in rows
        ),
    )
