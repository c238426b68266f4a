"""The pages about watches, the same for officer and provider: only the layout and the addresses differ."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from livlina.core import audit
from livlina.core.access import Actor, fetch
from livlina.core.views import Request
from livlina.registers.watches import actions, queries
from livlina.registers.watches.forms import HandOverForm, IgnoreForm, SnoozeForm
from livlina.registers.watches.models import Watch, WatchDesk

LAYOUTS = {"officer": ("ui/officer.html", "watches"), "provider": ("ui/provider.html", "watches_provider")}


def line(desk: WatchDesk, now: datetime) -> dict[str, Any]:
    """What one line of the list shows. A protected person's name stands in no list (domain: OSL 22:1)."""
    watch = desk.watch
    late = desk.due_at < now
    return {
        "watch": watch,
        "kind": watch.kind,
        "level": "acute" if watch.kind.danger else ("high" if late else "normal"),
        "late": late,
        "climbed": desk.rung > 0,
        "name": shown_name(watch),
        "link": link_to(watch),
        "due_at": desk.due_at,
    }


def shown_name(watch: Watch) -> str:
    """The person's name, or that it is protected."""
    if watch.person is None:
        return ""
    return "Skyddade personuppgifter" if watch.person.is_protected else watch.person.name


def link_to(watch: Watch) -> str:
    """The address of what the watch is about, or nothing if its room has no page for it."""
    if not watch.kind.link:
        return ""
    try:
        return reverse(watch.kind.link, args=[watch.object_id])
    except NoReverseMatch:
        return ""


def today(request: Request, audience: str, template: str) -> HttpResponse:
    """Show what can be acted on today; whose names were read is recorded in one row."""
    found = queries.todays(request.actor, request.now)
    lines = [line(desk, request.now) for desk in found.lines]
    if lines:
        persons = [str(row["watch"].person_id) for row in lines if row["watch"].person_id]
        audit.read(request.actor, "watches.read", now=request.now, detail={"persons": persons})
    layout, names = LAYOUTS[audience]
    return render(request, template, {"found": found, "lines": lines, "layout": layout, "names": names})


def one(request: Request, audience: str, pk: UUID, **forms: Any) -> HttpResponse:
    """Show one watch: why it is there, what happens if nothing is done, what was done, and what one can do."""
    watch = fetch(request.actor, "watches.read", queries.readable(request.actor), pk=pk)
    audit.read(request.actor, "watches.read", now=request.now, obj=watch)
    layout, names = LAYOUTS[audience]
    context = {
        "watch": watch,
        "state": watch.state(request.now),
        "name": shown_name(watch),
        "link": link_to(watch),
        "late": watch.due_at < request.now,
        "history": queries.history(watch),
        "layout": layout,
        "names": names,
        "snooze_form": SnoozeForm(watch=watch, now=request.now, prefix="snooze"),
        "ignore_form": IgnoreForm(prefix="ignore"),
        "hand_over_form": HandOverForm(places=queries.places(request.actor, request.now), prefix="hand_over"),
    }
    context |= forms
    context["has_errors"] = bool(forms)
    return render(request, "watches/watch.html", context, status=422 if forms else 200)


def done(request: Request, audience: str, pk: UUID) -> HttpResponse:
    """Close the watch as done."""
    watch = _of(request, pk)
    do = partial(actions.act_on, watch, by=request.actor, now=request.now, close=True)
    return _after(request, audience, do, "Bevakningen är avslutad.")


def snooze(request: Request, audience: str, pk: UUID) -> HttpResponse:
    """Put the watch off until another day."""
    watch = _of(request, pk)
    form = SnoozeForm(request.POST, watch=watch, now=request.now, prefix="snooze")
    if not form.is_valid():
        return one(request, audience, pk, snooze_form=form)
    try:
        actions.snooze(
            watch,
            until=form.moment(watch),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            now=request.now,
        )
    except (actions.CannotSnooze, actions.SnoozeTooLong, actions.IsFirm) as fault:
        form.add_error("until", str(fault))
        return one(request, audience, pk, snooze_form=form)
    messages.success(request, "Bevakningen är uppskjuten.")
    return redirect(f"{LAYOUTS[audience][1]}:list")


def ignore(request: Request, audience: str, pk: UUID) -> HttpResponse:
    """Record that this was nothing for the reader."""
    watch = _of(request, pk)
    form = IgnoreForm(request.POST, prefix="ignore")
    if not form.is_valid():
        return one(request, audience, pk, ignore_form=form)
    reason = form.cleaned_data["reason"]
    do = partial(actions.ignore, watch, reason=reason, by=request.actor, now=request.now)
    return _after(request, audience, do, "Tack, svaret är räknat. Bevakningen ligger kvar hos enheten.")


def hand_over(request: Request, audience: str, pk: UUID) -> HttpResponse:
    """Give the watch to someone else."""
    watch = _of(request, pk)
    form = HandOverForm(request.POST, places=queries.places(request.actor, request.now), prefix="hand_over")
    if not form.is_valid():
        return one(request, audience, pk, hand_over_form=form)
    reason = form.cleaned_data["reason"]
    do = partial(actions.hand_over, watch, to=form.owner(), reason=reason, by=request.actor, now=request.now)
    return _after(request, audience, do, "Bevakningen är överlämnad.")


def _of(request: Request, pk: UUID) -> Watch:
    actor: Actor = request.actor
    return fetch(actor, "watches.read", queries.readable(actor), pk=pk)


def _after(request: HttpRequest, audience: str, do: Callable[[], object], words: str) -> HttpResponse:
    """Do it, say so, and go back to the list; what someone else did first is said in words."""
    try:
        do()
    except (actions.AlreadyClosed, actions.NobodyThere, actions.IsFirm) as fault:
        messages.warning(request, str(fault))
    else:
        messages.success(request, words)
    return redirect(f"{LAYOUTS[audience][1]}:list")
