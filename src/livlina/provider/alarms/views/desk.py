"""The desk and one alarm: what is asked of staff, and what they do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from livlina.core import audit
from livlina.core.access import may
from livlina.core.views import Request, page
from livlina.provider.alarms import live
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.actions.alarm import AlarmFault
from livlina.provider.alarms.forms import CloseForm, NoteForm, OfferForm, TieForm
from livlina.provider.alarms.queries import alarm as queries
from livlina.provider.alarms.queries.history import history
from livlina.registers.people import queries as people

DESK = "alarms_provider:desk"
Doing = Callable[[Request, UUID], Any]

DEEDS: dict[str, Doing] = {
    "accept": lambda request, pk: deeds.accept(pk, by=request.actor, now=request.now),
    "agree": lambda request, pk: deeds.answer_offer(pk, agree=True, by=request.actor, now=request.now),
    "decline": lambda request, pk: deeds.answer_offer(pk, agree=False, by=request.actor, now=request.now),
    "on-way": lambda request, pk: deeds.move(pk, "on_way", by=request.actor, now=request.now),
    "on-site": lambda request, pk: deeds.move(pk, "on_site", by=request.actor, now=request.now),
    "called": lambda request, pk: deeds.call(pk, "called", by=request.actor, now=request.now),
    "call-came": lambda request, pk: deeds.call(pk, "call_came", by=request.actor, now=request.now),
    "no-call": lambda request, pk: deeds.call(pk, "no_call", by=request.actor, now=request.now),
    "open": lambda request, pk: deeds.open_protected(pk, by=request.actor, now=request.now),
}
"""What is done with one press: the word in the address, and the deed."""


@dataclass(frozen=True)
class Saying:
    """What is done with something said: the form it is said in, and the deed."""

    form: Callable[[Request, UUID], forms.Form]
    deed: Callable[..., Any]


SAYINGS = {
    "note": Saying(
        lambda request, pk: NoteForm(request.POST, prefix="note"),
        lambda pk, said, **how: deeds.note(pk, said["text"], **how),
    ),
    "offer": Saying(
        lambda request, pk: OfferForm(
            request.POST, prefix="offer", colleagues=_others(request, queries.one(request.actor, pk).alarm)
        ),
        lambda pk, said, **how: deeds.offer(pk, said["colleague"], **how),
    ),
    "tie": Saying(
        lambda request, pk: TieForm(request.POST, prefix="tie"),
        lambda pk, said, **how: deeds.tie(pk, said["number"], **how),
    ),
    "close": Saying(
        lambda request, pk: CloseForm(request.POST, prefix="close"),
        lambda pk, said, **how: deeds.close(pk, said["outcome"], said["text"], **how),
    ),
}
"""The word is the one in the address, the form's prefix, and its name on the alarm's page."""


@page("provider", "alarms.desk")
@never_cache
@require_safe
def desk(request: Request) -> HttpResponse:
    """Every open alarm of one's team, live."""
    return render(request, "alarms/desk.html", _board(request))


@page("provider", "alarms.desk")
@never_cache
@require_safe
def piece(request: Request) -> HttpResponse:
    """The desk's list, as the page fetches it; with `?shown=<alarm>` only those that wait besides the one that is open."""
    shown = request.GET.get("shown")
    template = "alarms/desk_short.html" if shown else "alarms/desk_piece.html"
    context = _board(request)
    return render(
        request, template, context | {"shown": shown, "others": context["board"].others(shown or "")}
    )


@page("provider", "alarms.desk")
@never_cache
@require_safe
def start_piece(request: Request) -> HttpResponse:
    """How many alarms wait, for the start page. Nobody is named on it, so it counts as no reading."""
    waiting, taken = queries.counts(request.actor)
    return render(request, "alarms/desk_start.html", {"waiting": waiting, "taken": taken})


@page("provider", "alarms.read")
@never_cache
@require_safe
def alarm(request: Request, pk: UUID) -> HttpResponse:
    """One alarm: who, where, what happened, and what to do."""
    return _alarm(request, pk)


@page("provider", "alarms.answer")
@require_POST
def do(request: Request, pk: UUID, deed: str) -> HttpResponse:
    """Do what one press does, and go on to the alarm; what could not be done is told in words."""
    try:
        DEEDS[deed](request, pk)
    except AlarmFault as fault:
        messages.warning(request, str(fault))
    back = DESK if deed == "decline" else None
    return HttpResponseRedirect(reverse(back) if back else _address(pk))


@page("provider", "alarms.answer", once=True)
@require_POST
def say(request: Request, pk: UUID, what: str) -> HttpResponse:
    """Do what a form asks for, and go on to the alarm; a form with faults is shown again with what was written."""
    saying = SAYINGS[what]
    form = saying.form(request, pk)
    if form.is_valid():
        try:
            saying.deed(pk, form.cleaned_data, by=request.actor, now=request.now)
        except AlarmFault as fault:
            form.add_error(None, str(fault))
        else:
            return HttpResponseRedirect(_address(pk))
    return _alarm(request, pk, **{what: form})


@page("provider", "alarms.read")
@require_safe
def of_person(request: Request, person_id: UUID) -> HttpResponse:
    """Every alarm of a person."""
    person = people.read(request.actor, person_id, now=request.now)
    head = people.header(request.actor, person, now=request.now, current="alarms_provider:person")
    rows = queries.of_person(request.actor, person_id)
    return render(request, "alarms/alarm_person.html", {"head": head, "person": person, "alarms": rows})


def _board(request: Request) -> dict[str, Any]:
    board = queries.board(request.actor, request.now)
    if board.unseen:
        deeds.shown(board.unseen, by=request.actor, now=request.now)
    return {"board": board, "live": live.address(request.actor.municipality_id, request.actor.unit_name)}


def _alarm(request: Request, pk: UUID, **forms_with_faults: forms.Form) -> HttpResponse:
    card = queries.one(request.actor, pk)
    if not card.seen:
        deeds.shown([card.alarm], by=request.actor, now=request.now)
    elif request.method == "GET" and not card.hidden:
        _read(request, card)
    silent, board = card.without_call(request.now), queries.board(request.actor, request.now)
    facts: dict[str, Any] = {
        "card": card,
        "shown": str(pk),
        "board": board,
        "others": board.others(str(pk)),
        "live": live.address(request.actor.municipality_id, request.actor.unit_name),
        "journal": _journal(request, card),
        "lines": history(card.events),
        "entry": _entry(request, card),
        "without_call": silent,
        "switchboards": queries.switchboards(request.actor) if silent else [],
        "notices": queries.notices(card.alarm),
        "note": NoteForm(prefix="note"),
        "close": CloseForm(prefix="close"),
        "tie": TieForm(prefix="tie"),
        "has_errors": bool(forms_with_faults),
    }
    if card.mine:
        facts["offer"] = OfferForm(prefix="offer", colleagues=_others(request, card.alarm))
    status = 422 if forms_with_faults else 200
    return render(request, "alarms/alarm.html", facts | forms_with_faults, status=status)


def _read(request: Request, card: queries.Card) -> None:
    """Record that somebody opened an alarm once more; its first sight is recorded as such."""
    person = card.alarm.person
    review = "protected" if person is not None and person.is_protected else ""
    audit.read(
        request.actor,
        "alarms.read",
        now=request.now,
        person_id=card.alarm.person_id,
        obj=card.alarm,
        review=review,
    )


def _others(request: Request, one: queries.Alarm) -> list[tuple[int, str]]:
    return [row for row in deeds.colleagues(one, now=request.now) if row[0] != request.actor.user_id]


def _journal(request: Request, card: queries.Card) -> str:
    """Return the address of the person's journal, if the actor may open it."""
    person = card.alarm.person
    if person is None or card.hidden or not may(request.actor, "journal.open", person):
        return ""
    return reverse("journal_provider:person", args=[person.pk])


def _entry(request: Request, card: queries.Card) -> str:
    """Return what the journal says of it, for whoever wrote it and for whoever may open that journal."""
    mine = card.alarm.holder_id == request.actor.user_id
    reads = card.alarm.note_id and not card.hidden and (mine or _journal(request, card))
    return queries.entry(card.alarm) if reads else ""


def _address(pk: UUID) -> str:
    return reverse("alarms_provider:alarm", args=[pk])
