"""The visits of an order: which come again, which the plan asks for besides, and one changed from a day."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.access import allowed, fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.provider.homecare import queries
from livlina.provider.homecare.actions import series as actions
from livlina.provider.homecare.actions.series import Draft
from livlina.provider.homecare.forms_visits import SeriesForm
from livlina.provider.homecare.models import VisitSeries
from livlina.provider.homecare.queries.board import carers_of
from livlina.provider.homecare.queries.names import Names
from livlina.provider.homecare.views.common import REFUSALS, uuid_or_none
from livlina.provider.homecare.wording import week_words
from livlina.registers.orders.models import Order, OrderVersion

FIELDS = (
    "title", "at", "minutes", "weekdays", "every_weeks", "window", "carers_needed", "skills", "delegations", "preferred",
)  # fmt: skip


@page("provider", "homecare.series")
def series(request: Request, order_id: UUID) -> HttpResponse:
    """What comes again for an order, and what its plan asks for besides."""
    letter = _letter(request, order_id)
    plan = queries.plan_of(request.actor, order_id)
    audit.read(
        request.actor, "homecare.series", now=request.now, person_id=letter.person_id, obj=letter.order
    )
    rows = allowed(request.actor, "homecare.series", VisitSeries.objects.filter(order_id=order_id))
    today = day_of(request.now)
    running = [one for one in rows.order_by("at", "id") if one.last_on is None or one.last_on >= today]
    drafts = actions.drafts_of(plan, request.now) if plan and letter.order.is_running else []
    context = {
        "letter": letter,
        "order": letter.order,
        "name": Names(request.actor, request.now)(letter.person),
        "plan": plan,
        "running": [(one, week_words(one.weekdays, one.every_weeks)) for one in running],
        "drafts": [(place, one, week_words(one.weekdays, 1)) for place, one in enumerate(drafts)],
        "today": today,
    }
    return render(request, "homecare/series.html", context)


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.series", once=True)
def make(request: Request, order_id: UUID) -> HttpResponse:
    """Let a visit come again: filled in from the plan, or begun empty."""
    letter = _letter(request, order_id)
    carers = carers_of(request.actor, day_of(request.now))
    form = SeriesForm(request.POST or None, carers=carers, initial=_first(request, letter))
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_series(letter.order, _draft(form, letter.order), by=request.actor, now=request.now)
            messages.success(request, "Besöket kommer igen. De närmaste tre veckornas besök är gjorda.")
            return redirect("homecare_provider:series", order_id)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, letter, "Lägg in ett besök som kommer igen")


@require_http_methods(["GET", "POST"])
@page("provider", "homecare.series", once=True)
def change(request: Request, pk: UUID) -> HttpResponse:
    """Let a visit come in another way from a day."""
    found = fetch(
        request.actor,
        "homecare.series",
        VisitSeries.objects.exclude(order=None).select_related("order"),
        pk=pk,
    )
    order: Order = found.order  # type: ignore[assignment]
    letter = _letter(request, order.pk)
    initial: dict[str, Any] = {name: getattr(found, name) for name in FIELDS}
    initial["preferred"] = [str(key) for key in found.preferred]
    form = SeriesForm(
        request.POST or None, carers=carers_of(request.actor, day_of(request.now)), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        same: dict[str, Any] = {
            "task_ids": tuple(found.task_ids),
            "nursing_ids": tuple(found.nursing_ids),
            "kind": found.kind,
        }
        draft = replace(_draft(form, order), **same)
        try:
            actions.change_series(found, draft, by=request.actor, now=request.now)
            messages.success(request, f"Ändringen gäller från och med {draft.first_on}.")
            return redirect("homecare_provider:series", order.pk)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, letter, "Ändra besöket från en dag")


@require_POST
@page("provider", "homecare.series", once=True)
def end(request: Request, pk: UUID) -> HttpResponse:
    """Let a visit come for the last time today."""
    found = fetch(request.actor, "homecare.series", VisitSeries.objects.all(), pk=pk)
    count = actions.end_series(found, day_of(request.now), by=request.actor, now=request.now)
    messages.success(request, f"Besöket kommer inte mer. {count} planerade besök är inställda.")
    return redirect("homecare_provider:series", found.order_id)


def _letter(request: Request, order_id: UUID) -> OrderVersion:
    letters = (
        OrderVersion.objects.select_related("order", "person").filter(order_id=order_id).order_by("-number")
    )
    return fetch(request.actor, "orders.read_content", letters)


def _first(request: Request, letter: OrderVersion) -> dict[str, Any]:
    """What the form begins with: the chosen one of what the plan asks for, or the order's first day."""
    plan = queries.plan_of(request.actor, letter.order_id)
    drafts = actions.drafts_of(plan, request.now) if plan else []
    chosen = request.GET.get("draft", "")
    if chosen.isascii() and chosen.isdigit() and int(chosen) < len(drafts):
        draft = drafts[int(chosen)]
        keys = " ".join(str(key) for key in draft.task_ids)
        return {name: getattr(draft, name) for name in FIELDS} | {
            "first_on": draft.first_on,
            "task_ids": keys,
        }
    return {"first_on": max(letter.order.start_date or date.min, day_of(request.now))}


def _draft(form: SeriesForm, order: Order) -> Draft:
    said = form.cleaned_data
    listed: dict[str, Any] = {name: tuple(said[name]) for name in ("weekdays", "skills", "delegations")}
    tasks = tuple(key for text in said["task_ids"].split()[:40] if (key := uuid_or_none(text)))
    plain = {
        name: said[name]
        for name in ("title", "at", "minutes", "every_weeks", "window", "carers_needed", "first_on")
    }
    preferred = tuple(UUID(text) for text in said["preferred"])
    return Draft(**plain, **listed, task_ids=tasks, preferred=preferred, area=order.area)


def _form(request: Request, form: SeriesForm, letter: OrderVersion, title: str) -> HttpResponse:
    again = request.method == "POST"
    context = {"form": form, "letter": letter, "title": title, "has_errors": again}
    return render(request, "homecare/series_form.html", context, status=422 if again else 200)
