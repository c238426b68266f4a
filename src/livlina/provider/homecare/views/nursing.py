"""Home nursing's pages: who has it, a person's signing list on screen and on paper, what is due today, orders."""

from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from livlina.core import audit
from livlina.core.access import Refused, may
from livlina.core.clock import day_of, local
from livlina.core.paper import pdf
from livlina.core.views import Request, page
from livlina.provider.homecare import signing_paper
from livlina.provider.homecare.actions import balance
from livlina.provider.homecare.actions import nursing as actions
from livlina.provider.homecare.forms_nursing import CountForm, EndForm, OrderForm, PauseForm
from livlina.provider.homecare.models import Dose, NursingTask
from livlina.provider.homecare.queries import nursing as queries
from livlina.provider.homecare.queries.signing import SigningList, signing_list
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person

WEEK = 7


@require_safe
@page("provider", "nursing.list")
def patients(request: Request) -> HttpResponse:
    """Persons of the unit with home nursing."""
    found = queries.patients(request.actor, request.now)
    persons = [str(one.person.pk) for one in found]
    audit.read(request.actor, "nursing.list", now=request.now, detail={"persons": persons})
    return render(request, "homecare/nursing/patients.html", {"patients": found})


@require_safe
@page("provider", "nursing.round")
def today(request: Request) -> HttpResponse:
    """What is missed, due now, later today and signed; and what may be given as needed."""
    doses = queries.due_today(request.actor, request.now)
    needed = queries.when_needed(request.actor)
    persons = sorted(
        {str(key) for key in (*(one.person_id for one in doses), *(one.person_id for one in needed))}
    )
    audit.read(request.actor, "nursing.read", now=request.now, detail={"persons": persons})
    context = {"groups": _groups(request, doses), "needed": needed, "day": day_of(request.now)}
    return render(request, "homecare/nursing/today.html", context)


@require_safe
@page("provider", "nursing.round")
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The signing list of a person, a week or a month of it."""
    found, tasks = _opened(request, person_id)
    shown = _listed(request, tasks)
    month = len(shown.days) > WEEK
    context = {
        "person": found,
        "header": people.header(
            request.actor, found, now=request.now, current="homecare_provider:nursing_person"
        ),
        "tasks": tasks,
        "list": shown,
        "month": month,
        "before": shown.first - timedelta(days=1 if month else WEEK),
        "after": shown.days[-1] + timedelta(days=1),
        "orders": may(request.actor, "nursing.order"),
    }
    return render(request, "homecare/nursing/person.html", context)


@require_safe
@page("provider", "nursing.round")
def on_paper(request: Request, person_id: UUID) -> HttpResponse:
    """The same for a printer; days to come have boxes to sign by hand in, for when nothing else works."""
    found, tasks = _opened(request, person_id)
    shown = _listed(request, tasks)
    body = pdf(signing_paper.html(found, shown, request.actor.unit_name, now=request.now))
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="signeringslista-{shown.first}.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
@page("provider", "nursing.order", once=True)
def order(request: Request, person_id: UUID) -> HttpResponse:
    """Order something for a person."""
    found = people.read(request.actor, person_id, now=request.now)
    form = OrderForm(request.POST or None, today=day_of(request.now))
    if request.method == "POST" and form.is_valid():
        try:
            actions.order_task(
                person_id, actions.Ordering(**form.cleaned_data), by=request.actor, now=request.now
            )
            messages.success(request, "Ordinationen är sparad och ligger i signeringslistan.")
            return redirect("homecare_provider:nursing_person", person_id)
        except actions.NursingRefused as refusal:
            form.add_error(None, str(refusal))
    tab = "homecare_provider:nursing_person"
    header = people.header(request.actor, found, now=request.now, current=tab)
    context = {"person": found, "form": form, "header": header}
    return render(
        request, "homecare/nursing/order.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "POST"])
@page("provider", "nursing.read", once=True)
def task(request: Request, pk: UUID) -> HttpResponse:
    """One order: what it says, what was signed, and for narcotics what is left."""
    return _task(request, queries.task(request.actor, pk))


@require_POST
@page("provider", "nursing.end", once=True)
def end(request: Request, pk: UUID) -> HttpResponse:
    """End an order."""
    found, form = queries.task(request.actor, pk, "nursing.end"), EndForm(request.POST, prefix="end")
    if not form.is_valid():
        return _task(request, found, ending=form)
    actions.end_task(found, form.cleaned_data["reason"], by=request.actor, now=request.now)
    messages.success(request, "Ordinationen är avslutad. Kommande doser utgår.")
    return redirect("homecare_provider:nursing_person", found.person_id)


@require_POST
@page("provider", "nursing.pause", once=True)
def pause(request: Request, pk: UUID) -> HttpResponse:
    """Let an order rest."""
    found, form = queries.task(request.actor, pk, "nursing.pause"), PauseForm(request.POST, prefix="pause")
    if not form.is_valid():
        return _task(request, found, pausing=form)
    actions.pause_task(found, form.cleaned_data["reason"], by=request.actor, now=request.now)
    messages.success(request, "Ordinationen är pausad. Kommande doser utgår tills den går i gång igen.")
    return redirect("homecare_provider:nursing_task", pk)


@require_POST
@page("provider", "nursing.pause", once=True)
def resume(request: Request, pk: UUID) -> HttpResponse:
    """Let an order go on."""
    found = queries.task(request.actor, pk, "nursing.pause")
    try:
        actions.resume_task(found, by=request.actor, now=request.now)
        messages.success(request, "Ordinationen gäller igen.")
    except actions.NursingRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("homecare_provider:nursing_task", pk)


@require_POST
@page("provider", "nursing.count", once=True)
def count(request: Request, pk: UUID) -> HttpResponse:
    """Write down a delivery, a count or a discarding."""
    found, form = queries.task(request.actor, pk, "nursing.count"), CountForm(request.POST, prefix="count")
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = balance.count(
                found, said["kind"], said["quantity"], said["witness"], text=said["text"], by=request.actor,
                now=request.now,
            )  # fmt: skip
            messages.success(request, f"Sparat. Saldo: {made.left:g}.")
            return redirect("homecare_provider:nursing_task", pk)
        except balance.CountRefused as refusal:
            form.add_error(None, str(refusal))
    return _task(request, found, counting=form)


def _task(request: Request, found: NursingTask, **again: Form) -> HttpResponse:
    """Show one order; `again` holds the form that could not be taken, by its name on the page."""
    audit.read(request.actor, "nursing.read", now=request.now, obj=found)
    context: dict[str, object] = {
        "task": found,
        "person": found.person,
        "left": balance.balance_of(found) if found.narcotic else None,
        "signatures": queries.signatures(found),
        "counts": queries.counts(found) if found.narcotic else [],
        "ends": may(request.actor, "nursing.end"),
        "ending": EndForm(prefix="end"),
        "pausing": PauseForm(prefix="pause"),
        "counting": CountForm(prefix="count"),
        "has_errors": bool(again),
    }
    return render(request, "homecare/nursing/task.html", context | again, status=422 if again else 200)


def _opened(request: Request, person_id: UUID) -> tuple[Person, list[NursingTask]]:
    """A person opened and recorded, with what is ordered that the actor may see; refused a carer who may see nothing."""
    found = people.read(request.actor, person_id, now=request.now)
    tasks = queries.tasks_of(request.actor, person_id)
    if not tasks and not may(request.actor, "nursing.order"):
        raise Refused("nursing.read", person_id=person_id)
    audit.read(request.actor, "nursing.read", now=request.now, person_id=person_id)
    return found, tasks


def _listed(request: Request, tasks: list[NursingTask]) -> SigningList:
    """The part of the list that is asked for: a week, from Monday this week unless told, or a calendar month."""
    day = day_of(request.now)
    first = day - timedelta(days=day.weekday())
    month = request.GET.get("show") == "month"
    with suppress(ValueError):
        first = date.fromisoformat(request.GET.get("from", day.isoformat() if month else ""))
    first = min(max(first, date(2020, 1, 1)), day + timedelta(days=366))
    days = monthrange(first.year, first.month)[1] if month else WEEK
    return signing_list(request.actor, tasks, first.replace(day=1) if month else first, days, request.now)


def _groups(request: Request, doses: list[Dose]) -> list[tuple[str, list[tuple[str, Dose]]]]:
    """Doses by how urgent they are, each with its time of day."""
    groups: dict[str, list[tuple[str, Dose]]] = {
        name: [] for name in ("Inte signerade i tid", "Att ge nu", "Senare i dag", "Signerade")
    }
    for dose in doses:
        window = timedelta(minutes=dose.task.window)
        if dose.state in ("given", "not_given"):
            name = "Signerade"
        elif request.now > dose.due_at + window:
            name = "Inte signerade i tid"
        else:
            name = "Att ge nu" if request.now >= dose.due_at - window else "Senare i dag"
        groups[name].append((f"{local(dose.due_at):%H:%M}", dose))
    return [(name, rows) for name, rows in groups.items() if rows]
