"""A colleague's whole desk handed to others: who sits where, what lies there, how it is shared, and done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import HandOverRefused
from livlina.authority.cases.forms.desk import HandOverForm
from livlina.authority.cases.queries import desk as queries
from livlina.core.clock import day_of
from livlina.core.ids7 import uuid7
from livlina.core.views import Request, page


@page("officer", "cases.hand_over_desk")
def desks(request: Request) -> HttpResponse:
    """Those of the unit and how many cases each has; and what is to be handed over on a day to come."""
    context = {
        "seats": queries.seats(request.actor, request.now),
        "waiting": queries.waiting_hand_overs(request.actor),
    }
    return render(request, "cases/officer/desks.html", context)


@page("officer", "cases.hand_over_desk", once=True)
def desk(request: Request, user_id: int) -> HttpResponse:
    """What lies on one desk; who takes it over; the sharing, to look at and change; and then it is done."""
    found = queries.desk(request.actor, user_id, request.now)
    form = HandOverForm(
        found.colleagues, day_of(request.now), request.POST or None, initial={"from_day": day_of(request.now)}
    )
    context: dict[str, Any] = {"desk": found, "form": form}
    if request.method != "POST" or not form.is_valid() or request.POST.get("do") == "edit":
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "cases/officer/desk.html", context, status=status)
    takers = [user for user in found.colleagues if user.pk in form.cleaned_data["to"]]
    if request.POST.get("do") != "hand_over":
        context |= {"takers": takers, "key": uuid7(), "rows": _shared(found, [user.pk for user in takers])}
        return render(request, "cases/officer/desk_check.html", context)
    try:
        row = actions.hand_over_desk(
            _key(request), found.user, takers, from_day=form.cleaned_data["from_day"],
            reason=form.cleaned_data["reason"], chosen=_chosen(request), by=request.actor, now=request.now,
        )  # fmt: skip
    except HandOverRefused as wrong:
        form.add_error(None, str(wrong))
        return render(request, "cases/officer/desk.html", context, status=422)
    messages.success(request, _said(found.user.name, row))
    return HttpResponseRedirect(reverse("cases:desks"))


def _shared(found: queries.Desk, to: list[int]) -> list[dict[str, Any]]:
    """A proposal: in turn by nearest day, one person's cases together."""
    of_person: dict[UUID, int] = {}
    rows = []
    for row in found.cases:
        person_id = row["case"].person_id
        of_person.setdefault(person_id, to[len(of_person) % len(to)])
        rows.append(row | {"to": of_person[person_id]})
    return rows


def _chosen(request: Request) -> dict[UUID, int]:
    chosen = {}
    for name, value in request.POST.items():
        if name.startswith("case:") and str(value).isdigit():
            try:
                chosen[UUID(name.removeprefix("case:"))] = int(str(value))
            except ValueError:
                continue
    return chosen


def _key(request: Request) -> UUID:
    """The act's own name, made when the sharing was shown: sent twice it is one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def _said(name: str, row: Any) -> str:
    if row.done_at is None:
        return f"Skrivbordet efter {name} lämnas över den {row.from_day}."
    said = row.result
    kept = (
        f" {said['kept_drafts']} utkast ligger kvar, eftersom mottagaren har ett eget."
        if said["kept_drafts"]
        else ""
    )
    cases = f"{said['cases']} ärende{'' if said['cases'] == 1 else 'n'}"
    watches = f"{said['watches']} bevakning{'' if said['watches'] == 1 else 'ar'}"
    return f"Skrivbordet efter {name} är överlämnat: {cases}, {watches} och {said['drafts']} utkast.{kept}"
