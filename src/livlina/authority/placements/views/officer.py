"""Placed children: one placement with its plans, and the register of a year."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Case
from livlina.authority.placements import actions, queries
from livlina.authority.placements.forms import ChooseForm, SeekForm
from livlina.authority.placements.models import YearlyList
from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people


@page("officer", "placements.read")
def placement(request: Request, placement_id: UUID) -> HttpResponse:
    """Where the child lives, on what ground, with which plans, and when it was last considered and visited."""
    found = queries.placement_page(request.actor, placement_id, now=request.now)
    header = people.header(request.actor, found.placement.person, now=request.now, current="cases:person")
    return render(request, "placements/placement.html", {"found": found, "header": header})


@page("officer", "placements.told")
def told(request: Request, letter_id: UUID) -> HttpResponse:
    """What one who reported under duty was told, byte for byte."""
    letter = queries.reporter_letter(request.actor, letter_id, now=request.now)
    answer = HttpResponse(bytes(letter.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{letter.case.number}-aterkoppling.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("officer", "placements.choose", once=True)
def choose(request: Request, case_id: UUID) -> HttpResponse:
    """The registered homes with room that fit the child, and the choice of one of them."""
    case = fetch(request.actor, "placements.choose", Case.objects.select_related("person"), pk=case_id)
    said = request.POST if request.method == "POST" else request.GET
    seek = SeekForm(said or None, initial={"kind": "foster_home", "since": day_of(request.now).isoformat()})
    asked, form, refused = seek.is_bound and seek.is_valid(), None, []
    if asked:
        kind, since = seek.cleaned_data["kind"], seek.cleaned_data["since"]
        free = queries.fitting_homes(request.actor, case, kind, since)
        if free:
            form = ChooseForm(free, kind, since, request.POST if request.method == "POST" else None)
        if form is not None and form.is_bound and form.is_valid():
            home_id = UUID(form.cleaned_data["home"])
            try:
                actions.choose_home(case, home_id, kind=kind, since=since, by=request.actor, now=request.now)
                messages.success(request, "Hemmet är valt. Platsen tas när barnet placeras.")
                step = "place_in_home" if case.state == "decided" else "move_to_home"
                return HttpResponseRedirect(reverse("cases:step", args=[case.pk, step]))
            except StepRefused as wrong:
                refused = list(wrong.reasons)
    header = people.header(request.actor, case.person, now=request.now, current="cases:person")
    context = {
        "case": case,
        "seek": seek,
        "choose": form,
        "asked": asked,
        "refused": refused,
        "header": header,
    }
    failed = request.method == "POST" or (seek.is_bound and not asked)
    return render(request, "placements/choose.html", context, status=422 if failed else 200)


@page("officer", "placements.register")
def placements(request: Request) -> HttpResponse:
    """The register of a year."""
    year = _year(request)
    rows = queries.placements(request.actor, year)
    context: dict[str, Any] = {
        "year": year,
        "years": range(day_of(request.now).year, day_of(request.now).year - 5, -1),
        "rows": rows,
        "children": len({row.person_id for row in rows}),
        "crowded": queries.crowded_homes(request.actor),
        "sent": queries.yearly_list(request.actor, year),
        "ended": year < day_of(request.now).year,
    }
    return render(request, "placements/list.html", context)


@page("officer", "placements.register")
def as_csv(request: Request) -> HttpResponse:
    """The register of a year as IVO gets it; of a year already sent, exactly what was sent."""
    year = _year(request)
    sent = queries.yearly_list(request.actor, year)
    made = queries.register_csv(request.actor, year, now=request.now)
    content = sent.content if sent and sent.sent_at else made
    answer = HttpResponse("\ufeff" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="placerade-barn-{year}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("officer", "placements.list", once=True)
@require_POST
def sent(request: Request) -> HttpResponse:
    """Record that the list has been sent to IVO."""
    year = _year(request)
    try:
        actions.send_yearly_list(year, by=request.actor, now=request.now)
        messages.success(request, f"Förteckningen för {year} är markerad som skickad till IVO.")
    except (actions.AlreadySent, actions.YearNotOver) as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(f"{reverse('placements:list')}?year={year}")


@page("officer", "placements.list")
def list_of(request: Request, list_id: UUID) -> HttpResponse:
    """Where the watch of a yearly list leads."""
    row = fetch(request.actor, "placements.list", YearlyList.objects.all(), pk=list_id)
    return HttpResponseRedirect(f"{reverse('placements:list')}?year={row.year}")


def _year(request: Request) -> int:
    """The year asked for, within reason; otherwise this one."""
    given = request.POST.get("year") or request.GET.get("year", "")
    this = day_of(request.now).year
    return int(given) if given.isdigit() and 1980 <= int(given[:5]) <= this else this
