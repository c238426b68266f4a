"""A carer's own day, and one visit: what has happened, and telling it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.access import fetch, may
from livlina.core.clock import day_of, local
from livlina.core.ids7 import uuid7
from livlina.core.views import Request, page
from livlina.provider.homecare import forms_visits as forms
from livlina.provider.homecare import wording
from livlina.provider.homecare.actions import visits as actions
from livlina.provider.homecare.clockwork import day_span
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries import board, day
from livlina.provider.homecare.queries import visit as queries
from livlina.provider.homecare.queries.names import Names, listed
from livlina.provider.homecare.views.common import (
    REFUSALS,
    at_clock,
    attempt,
    board_at,
    day_asked,
    uuid_or_none,
    visit_of,
    wrote_wrong,
)
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person

DAYS_OF_PERSONS = timedelta(days=28)


@page("provider", "homecare.day")
def own_day(request: Request) -> HttpResponse:
    """The visits one is to make, a day at a time."""
    on = day_asked(request)
    start, end = day_span(on)
    mine = request.actor.assignment_id
    rows = [one for one in day.visits_of_unit(request.actor, start, end) if one.state != "cancelled"]
    rows = [one for one in rows if mine in [row.carer_id for row in board.goers_of(one)]]
    shifts = [one for one in day.shifts_of_unit(request.actor, start, end) if one.carer_id == mine]
    names = Names(request.actor, request.now)
    listed(request.actor, "homecare.day", [one.person_id for one in rows], now=request.now)
    shown = [(one, names(one.person), "" if names.hides(one.person) else one.person.street) for one in rows]
    context = {
        "rows": shown,
        "shifts": [one for one in shifts if one.state == "planned"],
        "day": on,
        "today": on == day_of(request.now),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
    }
    return render(request, "homecare/day.html", context)


@page("provider", "homecare.day")
def visit(request: Request, pk: UUID) -> HttpResponse:
    """One visit: what is to be done, what has happened, the five figures, and the ways to tell."""
    found = visit_of(request, pk)
    actor, now = request.actor, request.now
    person = people.read(actor, found.person_id, now=now) if may(actor, "people.read", found.person) else None
    if person is None:
        audit.read(actor, "homecare.day", now=now, obj=found, person_id=found.person_id)
    said, plans = queries.outcome(found), may(actor, "homecare.schedule")
    on = local(found.starts_at).date()
    context = {
        "visit": found,
        "name": Names(actor, now)(found.person),
        "header": people.header(actor, person, now=now) if person else None,
        "ends_at": found.starts_at + timedelta(minutes=found.minutes),
        "goers": board.goers_of(found),
        "tasks": queries.tasks_of(found.task_ids),
        "figures": queries.five_figures(actor, found, said),
        "events": queries.history(found),
        "inside": any(stay.end is None for stay in said.stays),
        "plans": plans,
        "board": board_at(on, found.pk),
        "submission_new": uuid7(),
    } | _forms(request, found, said.performed, plans)
    return render(request, "homecare/visit.html", context)


@require_POST
@page("provider", "homecare.visit", once=True)
def tell(request: Request, pk: UUID, what: str) -> HttpResponse:
    """Tell what happened at a visit, or change it. What is told wrong is said in words."""
    if what not in TELLINGS:
        raise Http404
    found = visit_of(request, pk, "homecare.visit")
    make, do, words = TELLINGS[what]
    form: Form = make(request, found)
    if not form.is_valid():
        wrote_wrong(request, form)
    else:
        attempt(request, partial(do, request, found, form.cleaned_data), words)
    if request.POST.get("back") == "day":
        return redirect(f"{reverse('homecare_provider:own_day')}?day={local(found.starts_at).date()}")
    return redirect("homecare_provider:visit", found.pk)


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.visit", once=True)
def deviation(request: Request, pk: UUID) -> HttpResponse:
    """Say that something went wrong: this page is the first tap, a button on it the second."""
    found = visit_of(request, pk, "homecare.visit")
    name = Names(request.actor, request.now)(found.person)
    if request.method == "POST":
        kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
        if kind in wording.TAPPED:
            report = partial(actions.report_deviation, found, kind, text, by=request.actor, now=request.now)
            attempt(request, report, "Avvikelsen är sparad. Chefen får veta det.")
            return redirect("homecare_provider:visit", found.pk)
    audit.read(request.actor, "homecare.visit", now=request.now, obj=found, person_id=found.person_id)
    kinds = [(code, wording.DEVIATIONS[code]) for code in wording.TAPPED]
    return render(request, "homecare/deviation.html", {"visit": found, "name": name, "kinds": kinds})


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.correct", once=True)
def correct(request: Request, pk: UUID) -> HttpResponse:
    """Correct when something happened, or say that it never did."""
    event = fetch(request.actor, "homecare.correct", Visit.objects.filter(events=pk)).events.get(pk=pk)
    form = CorrectForm(request.POST or None, initial={"at": local(event.at).time()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        at = None if said["never"] else at_clock(local(event.at).date(), said["at"])
        right = partial(
            actions.correct_event, event, at=at, reason=said["reason"], by=request.actor, now=request.now
        )
        attempt(request, right, "Det är rättat. Det som stod först finns kvar att läsa.")
        return redirect("homecare_provider:visit", event.visit_id)
    audit.read(
        request.actor, "homecare.correct", now=request.now, obj=event.visit, person_id=event.visit.person_id
    )
    again = request.method == "POST"
    context = {"event": event, "form": form, "has_errors": again}
    return render(request, "homecare/correct.html", context, status=422 if again else 200)


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.extra", once=True)
def extra(request: Request) -> HttpResponse:
    """Make a visit besides the plan, at somebody the unit visits."""
    persons = _persons(request)
    first = {"day": day_asked(request), "at": local(request.now).time().replace(second=0)}
    form = forms.ExtraForm(request.POST or None, persons=persons, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        key = uuid_or_none(request.POST.get("submission_key", "")) or uuid7()
        try:
            made = actions.extra_visit(
                Person.objects.get(pk=said["person"]), starts_at=at_clock(said["day"], said["at"]), minutes=said["minutes"],
                reason=said["reason"], client_id=key, by=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, "Besöket är inlagt.")
            return redirect("homecare_provider:visit", made.pk)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
    listed(request.actor, "homecare.extra", [UUID(key) for key, _ in persons], now=request.now)
    again = request.method == "POST"
    return render(
        request, "homecare/extra.html", {"form": form, "has_errors": again}, status=422 if again else 200
    )


class CorrectForm(forms.CameForm):
    """When it happened instead, or that it never did."""

    at = forms.TimeField(label="Rätt klockslag", required=False)
    never = forms.forms.BooleanField(label="Det hände aldrig", required=False)
    reason = forms.forms.CharField(
        label="Varför rättas det?", max_length=400, error_messages={"required": "Skriv varför det rättas."}
    )
    text = None  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        """Ask for the one or the other."""
        said = cast("dict[str, Any]", super().clean())
        if not said.get("never") and said.get("at") is None and "at" not in self.errors:
            self.add_error("at", "Skriv rätt klockslag, eller att det aldrig hände.")
        return said


def _persons(request: Request) -> list[tuple[str, str]]:
    """Whom the unit visits, by name; the protected by who may see them alone."""
    names = Names(request.actor, request.now)
    since = request.now - DAYS_OF_PERSONS
    keys = Visit.objects.filter(unit_id=request.actor.unit_id, starts_at__gt=since).values("person_id")
    found = Person.objects.filter(municipality_id=request.actor.municipality_id, pk__in=keys)
    rows = [
        person for person in found.order_by("family_name", "given_names", "pk") if not names.hides(person)
    ]
    return [(str(person.pk), person.name) for person in rows]


def _forms(request: Request, found: Visit, performed: int, plans: bool) -> dict[str, Any]:
    """The forms a visit's page shows, by what can be told of it now."""
    clock = {"at": local(request.now).time().replace(second=0, microsecond=0)}
    shown: dict[str, Any] = {
        "came": forms.CameForm(initial=clock, prefix="came"),
        "left": forms.CameForm(initial=clock, prefix="left"),
        "missed": forms.NothingForm(prefix="missed"),
        "not_home": forms.NotHomeForm(prefix="not_home"),
    }
    if plans:
        start, carers = local(found.starts_at), board.carers_of(request.actor, local(found.starts_at).date())
        gone = {row.carer_id for row in board.goers_of(found)}
        shown |= {
            "move": forms.MoveForm(initial={"day": start.date(), "at": start.time()}, prefix="move"),
            "cancel": forms.CancelForm(prefix="cancel"),
            "give": forms.CarerForm(carers=[one for one in carers if one.pk not in gone], prefix="give"),
            "approve": forms.ApproveForm(initial={"minutes": performed}, prefix="approve"),
        }
    return shown


def _at(found: Visit, clock: Any, now: datetime) -> datetime:
    """The moment a clock time of a visit means: on its day, or past midnight for a late one."""
    at = at_clock(local(found.starts_at).date(), clock)
    return at if abs(at - found.starts_at) < timedelta(hours=12) else at + timedelta(days=1)


def _came(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.check_in(found, at=_at(found, said["at"], request.now), by=request.actor, now=request.now)


def _left(request: Request, found: Visit, said: dict[str, Any]) -> None:
    tasks = [key for text in request.POST.getlist("done") if (key := uuid_or_none(text))]
    actions.check_out(
        found, at=_at(found, said["at"], request.now), done_ids=[key for key in tasks if key in found.task_ids],
        text=said["text"], by=request.actor, now=request.now,
    )  # fmt: skip


def _missed(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.missed(
        found, reason=said["reason"], follow_up=said["follow_up"], by=request.actor, now=request.now
    )


def _not_home(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.not_home(
        found,
        reason=said["reason"],
        follow_up=said["follow_up"],
        at=request.now,
        by=request.actor,
        now=request.now,
    )


def _move(request: Request, found: Visit, said: dict[str, Any]) -> None:
    starts_at = at_clock(said["day"], said["at"])
    actions.move_visit(found, starts_at, reason=said["reason"], by=request.actor, now=request.now)


def _cancel(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.cancel_visit(found, reason=said["reason"], by=request.actor, now=request.now)


def _give(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.give_visit(found, UUID(said["carer"]), by=request.actor, now=request.now)


def _take(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.take_visit(found, UUID(said["carer"]), by=request.actor, now=request.now)


def _approve(request: Request, found: Visit, said: dict[str, Any]) -> None:
    actions.approve_visit(found, said["minutes"], by=request.actor, now=request.now)


def _carers(prefix: str) -> Callable[[Request, Visit], Form]:
    def make(request: Request, found: Visit) -> Form:
        goers = [row.carer for row in board.goers_of(found)]
        there = goers if prefix == "take" else board.carers_of(request.actor, local(found.starts_at).date())
        return forms.CarerForm(request.POST, carers=there, prefix=prefix)

    return make


def _plain(kind: type[Form], prefix: str) -> Callable[[Request, Visit], Form]:
    return lambda request, found: kind(request.POST, prefix=prefix)


TELLINGS: dict[
    str, tuple[Callable[[Request, Visit], Form], Callable[[Request, Visit, dict[str, Any]], None], str]
] = {
    "came": (_plain(forms.CameForm, "came"), _came, "Besöket är påbörjat."),
    "left": (_plain(forms.CameForm, "left"), _left, "Besöket är avslutat."),
    "missed": (_plain(forms.NothingForm, "missed"), _missed, "Antecknat. Chefen får veta det."),
    "not_home": (_plain(forms.NotHomeForm, "not_home"), _not_home, "Antecknat. Chefen får veta det."),
    "move": (_plain(forms.MoveForm, "move"), _move, "Besöket är flyttat."),
    "cancel": (_plain(forms.CancelForm, "cancel"), _cancel, "Besöket är inställt."),
    "give": (_carers("give"), _give, "Besöket har fått någon."),
    "take": (_carers("take"), _take, "Besöket är taget från den som hade det."),
    "approve": (_plain(forms.ApproveForm, "approve"), _approve, "Tiden är godkänd."),
}
"""What can be told of a visit: how the form is read, what is done, and the words when it is."""
