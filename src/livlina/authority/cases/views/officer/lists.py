"""Lists: the work list, a person's cases, the delegation list; and where a new case begins."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.authority.cases import actions, engine, queries
from livlina.authority.cases.forms.officer import PeriodForm, RegisterForm
from livlina.authority.cases.models import Application, Deadline
from livlina.authority.cases.queries import workshop
from livlina.authority.cases.queries.worklist import ENOUGH, TABS, Wanted, choices
from livlina.core.access import Refused, demand, fetch, may
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people

PIECE = 8
"""So many cases stand on the start page; the rest are a press away."""


@page("officer", "cases.list")
def worklist(request: Request) -> HttpResponse:
    """Mina ärenden, enhetens, och de som ska fördelas: nearest day first."""
    number = request.GET.get("page", "1")
    asked = Wanted.read(request.GET) if request.GET else None
    found = queries.worklist(
        request.actor,
        request.now,
        wanted=asked,
        page=int(number) if number.isdigit() and number != "0" else 1,
    )
    wanted = found.wanted
    context = {
        "found": found,
        "wanted": wanted,
        "tabs": [
            (tab, words, found.counts[tab], found.counts[tab] >= ENOUGH, wanted.but(tab=tab))
            for tab, words in TABS.items()
            if tab != "absent" or found.counts[tab] or tab == found.tab
        ],
        "title": TABS[found.tab],
        "choices": choices(request.actor, wanted),
        "here": wanted.but(),
        "plain": wanted.but(area="", process="", state="", due="", unit=""),
        "enough": ENOUGH,
        "may_assign": may(request.actor, "cases.assign"),
    }
    return render(request, "cases/officer/worklist.html", context)


@page("officer", "cases.list", once=True)
@require_POST
def save_worklist(request: Request) -> HttpResponse:
    """Let the list open like this for me, or as the house has it."""
    query = (
        Wanted.read(QueryDict(request.POST.get("query", ""))).but()
        if request.POST.get("do") == "save"
        else ""
    )
    actions.save_worklist(query, by=request.actor, now=request.now)
    said = "Listan öppnas så här för dig från och med nu." if query else "Listan öppnas som vanligt igen."
    messages.success(request, said)
    address = reverse("cases:list")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


@page("officer", "cases.list")
def worklist_piece(request: Request) -> HttpResponse:
    """The nearest of them, as a piece of the start page."""
    found = queries.worklist(request.actor, request.now)
    context = {"rows": found.rows[:PIECE], "words": TABS[found.tab], "count": found.counts[found.tab]}
    return render(request, "cases/officer/worklist_piece.html", context)


@page("officer", "cases.find")
def find(request: Request) -> HttpResponse:
    """Open a case by its number; at reception, the decisions it has, to register what came in against."""
    number = request.POST.get("number", "")
    receives = request.actor.role == "reception"
    case = queries.by_number(request.actor, number, verb="cases.receive" if receives else "cases.read")
    if case is None or (receives and not number):
        asked = request.method == "POST"
        return render(
            request,
            "cases/officer/find.html",
            {"number": number, "asked": asked},
            status=404 if asked else 200,
        )
    if not receives:
        return HttpResponseRedirect(reverse("cases:case", args=[case.pk]))
    decisions = queries.decisions_to_appeal(request.actor, case, request.now)
    return render(request, "cases/officer/received.html", {"case": case, "decisions": decisions})


@page("officer", "cases.read")
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The person's cases."""
    found = people.read(request.actor, person_id, now=request.now)
    header = people.header(request.actor, found, now=request.now, current="cases:person")
    rows = queries.person_cases(request.actor, person_id)
    catalogue = engine.load()
    cases = [(case, catalogue.process(case.process_code, case.process_version)) for case in rows]
    context = {
        "header": header,
        "person": found,
        "may_begin": may(request.actor, "cases.begin"),
        "cases": [(case, process.label, process.state(case.state).label) for case, process in cases],
    }
    return render(request, "cases/officer/person.html", context)


@page("officer", "cases.register", once=True)
def register(request: Request, person_id: UUID) -> HttpResponse:
    """Take down an application that came on paper, by telephone or at a visit."""
    found = people.read(request.actor, person_id, now=request.now)
    header = people.header(request.actor, found, now=request.now)
    today = day_of(request.now)
    wanted = request.GET.get("q", "").strip()[:80]
    processes = workshop.to_register(request.actor, today, wanted=wanted)
    form = RegisterForm(processes, today, request.POST or None, initial={"how": "post"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answers = _in_own_words(data["process_code"], data["help_in_own_words"], today)
        application = actions.register_application(
            data["process_code"], found, answers, found_on=data["found_on"], how=Channel(data["how"]),
            improbable=data["improbable"], by=request.actor, now=request.now,
        )  # fmt: skip
        return HttpResponseRedirect(reverse("cases:registered", args=[application.pk]))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "header": header, "wanted": wanted, "found": bool(processes)}
    return render(request, "cases/officer/register.html", context, status=status)


@page("officer", "cases.register")
def registered(request: Request, application_id: UUID) -> HttpResponse:
    """The number to give the one who asked."""
    application = fetch(
        request.actor, "cases.registered", Application.objects.select_related("person"), pk=application_id
    )
    case = application.cases.get()
    return render(request, "cases/officer/registered.html", {"application": application, "case": case})


@page("officer", "cases.decisions")
def delegation_list(request: Request) -> HttpResponse:
    """What was decided on delegation in a period, for the board."""
    today = day_of(request.now)
    initial = {"first": today - timedelta(days=30), "last": today}
    form = PeriodForm(request.GET or None, initial=initial)
    first, last = initial["first"], initial["last"]
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    rows = queries.delegation_list(request.actor, first, last, request.now)
    context = {"form": form, "rows": rows, "first": first, "last": last}
    return render(request, "cases/officer/delegation_list.html", context, status=422 if form.errors else 200)


@page("officer", "cases.read")
def deadline(request: Request, deadline_id: UUID) -> HttpResponse:
    """Where the watch of a clock leads: to its case."""
    row = Deadline.objects.select_related("case").filter(pk=deadline_id).first()
    if row is None:
        raise Refused("cases.read", obj=f"cases.deadline:{deadline_id}")
    demand(request.actor, "cases.read", row.case)
    return HttpResponseRedirect(reverse("cases:case", args=[row.case_id]))


def _in_own_words(code: str, words: str, today: date) -> dict[str, str]:
    """What was said, as the answer to the question of the process that asks for it in own words."""
    form = engine.load().current(code, on=today).forms.get("application")
    asked = form.fields() if form is not None and words else []
    names = [item.fact.name for item in asked if item.fact.type == "long_text" and item.show_if is None]
    own = "help_in_own_words" if "help_in_own_words" in names else next(iter(names), "")
    return {own: words} if own else {}
