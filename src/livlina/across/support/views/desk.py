"""The support's desk: what lies where, the telephone form, and whose desk goes to whom."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from livlina.across.support import actions, queries
from livlina.across.support.actions import SupportRefused
from livlina.across.support.actions.asking import Question, opened
from livlina.across.support.actions.handling import colleagues
from livlina.across.support.forms import AbsenceForm, DeskForm, PhoneForm
from livlina.across.support.models import Absence, Sheet, Ticket
from livlina.across.support.queries.desk import VIEWS
from livlina.across.support.views.common import blame, client_id, frame, tone
from livlina.core.access import allowed, demand, fetch
from livlina.core.clock import local
from livlina.core.models import Unit
from livlina.core.views import Request, page
from livlina.registers.watches.queries import todays

MOST = 60


@page("operations", "support.desk")
@require_safe
def desk(request: Request) -> HttpResponse:
    """What waits, in lists; or what a word or a number finds."""
    text = request.GET.get("q", "").strip()[:80]
    view = request.GET.get("view", "")
    if view not in dict(VIEWS):
        view = "line1" if request.actor.role == "support" else "line2"
    found = list(queries.tickets(request.actor, view, request.now, text)[: MOST + 1])
    counts = queries.counts(request.actor, request.now)
    context = {
        "tickets": [_row(request, row) for row in found[:MOST]],
        "more": len(found) > MOST,
        "view": view,
        "q": text,
        "views": [{"code": code, "words": words, "count": counts.get(code)} for code, words in VIEWS],
        "watches": _watches(request),
    }
    return render(request, "support/desk.html", frame(request) | context)


@page("operations", "support.desk")
@require_safe
def piece(request: Request) -> HttpResponse:
    """The numbers that matter, as a piece of a start page."""
    found = queries.counts(request.actor, request.now)
    counts = [
        (words, found[code], code)
        for code, words in VIEWS
        if code in ("mine", "line1", "line2", "late", "silent")
    ]
    return render(request, "support/piece.html", {"counts": counts})


@page("operations", "support.phone", once=True)
def phone(request: Request) -> HttpResponse:
    """Write down a call, with what was tried while it lasted."""
    by, now = request.actor, request.now
    units = [
        (str(row.pk), row.name)
        for row in Unit.objects.filter(municipality_id=by.municipality_id, ended_on=None).order_by("name")
    ]
    found = queries.search(by, request.GET.get("q", ""), now, limit=8)
    every = [
        (str(row.pk), row.title)
        for row in allowed(by, "support.read_sheets", Sheet.objects.filter(ended_at=None)).order_by("title")
    ]
    form = PhoneForm(request.POST or None, units=units, sheets=every, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            made = _called(request, form.cleaned_data)
            return HttpResponseRedirect(reverse("support_operations:ticket", args=[made.pk]))
        except SupportRefused as fault:
            blame(form, fault)
    context = {"form": form, "sheets": found, "q": request.GET.get("q", "")}
    status = 422 if request.method == "POST" else 200
    return render(request, "support/phone.html", frame(request) | context, status=status)


@page("operations", "support.desks", once=True)
def desks(request: Request) -> HttpResponse:
    """Who has what, who is away, and handing a desk over."""
    by, now = request.actor, request.now
    found = queries.desks(by, now)
    people = list(colleagues(by.municipality_id, 1, now).items())
    form = DeskForm(
        None, owners=[(row.user_id, f"{row.name} ({row.running})") for row in found], people=people
    )
    away = AbsenceForm(None, people=people)
    if request.method == "POST":
        if "owner" in request.POST:
            form = DeskForm(request.POST, owners=[(row.user_id, row.name) for row in found], people=people)
            done = _handed(request, form)
        else:
            away = AbsenceForm(request.POST, people=people)
            done = _told_away(request, away)
        if done:
            return HttpResponseRedirect(request.path)
    rows = [[row.name, {"number": str(row.running)}, {"number": str(row.late)}] for row in found]
    context = {
        "rows": rows, "heads": ["Vem", {"number": "Pågår"}, {"number": "För sena"}], "form": form, "away": away,
        "absences": queries.absences(by, now),
    }  # fmt: skip
    return render(
        request,
        "support/desks.html",
        frame(request) | context,
        status=422 if request.method == "POST" else 200,
    )


@page("operations", "support.desks")
@require_POST
def back(request: Request, absence_id: UUID) -> HttpResponse:
    """Somebody is back earlier."""
    row = Absence.objects.filter(pk=absence_id, municipality_id=request.actor.municipality_id).first()
    if row is None:
        fetch(request.actor, "support.desk", Ticket.objects.none(), pk=absence_id)
    else:
        actions.come_back(row, by=request.actor, now=request.now)
        messages.success(request, f"{row.user_name} är tillbaka.")
    return HttpResponseRedirect(reverse("support_operations:desks"))


def _row(request: Request, row: Ticket) -> dict[str, Any]:
    words, color = tone(row, request.now)
    return {
        "ticket": row,
        "state": words,
        "color": color,
        "due": f"{local(row.first_due_at if row.answered_at is None else row.solve_due_at):%Y-%m-%d %H:%M}",
        "due_words": "Svar senast" if row.answered_at is None else "Löst senast",
        "running": row.is_running,
    }


def _watches(request: Request) -> list[Any]:
    return list(todays(request.actor, request.now).lines) if request.actor.role == "support" else []


def _called(request: Request, given: dict[str, Any]) -> Ticket:
    """Open the ticket of a call, with the sheet that was tried; if it helped the call is solved."""
    by, now, key = request.actor, request.now, client_id(request)
    demand(by, "support.phone")
    question = Question(
        key, given["subject"], given["text"], kind=given["kind"], priority=given["priority"], channel="phone"
    )
    about = {
        "reporter_kind": "outside", "reporter_name": given["name"], "reporter_phone": given["phone"],
        "unit_id": given["unit"] or None, "owner_id": by.user_id, "owner_name": by.name, "state": "open",
    }  # fmt: skip
    made = opened(question, about, by=by, now=now)
    if given["tried"]:
        actions.use_sheet(made, UUID(given["tried"]), by=by, now=now)
    if given["helped"]:
        actions.solve(
            made, "Det löste sig medan vi talade.", client_id=client_id(request, "solved"), by=by, now=now
        )
    return made


def _handed(request: Request, form: DeskForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        moved = actions.hand_over_desk(
            given["owner"],
            int(given["to"]) if given["to"] else None,
            given["why"],
            by=request.actor,
            now=request.now,
        )
    except SupportRefused as fault:
        blame(form, fault)
        return False
    messages.success(
        request, f"{moved} ärenden är överlämnade." if moved != 1 else "Ett ärende är överlämnat."
    )
    return True


def _told_away(request: Request, form: AbsenceForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    instead = int(given["substitute"]) if given["substitute"] else None
    try:
        row = actions.tell_absence(
            given["user"], given["first_day"], given["last_day"], instead, by=request.actor, now=request.now
        )
    except SupportRefused as fault:
        blame(form, fault)
        return False
    messages.success(
        request,
        f"{row.user_name} är borta {row.first_day} till {row.last_day}. Ärendena lämnas över när dagen kommer.",
    )
    return True
