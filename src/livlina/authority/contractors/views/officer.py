"""Pages: the branch's homes, one home, each act on it; and for every branch, homes with room."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.authority.cases.models import Case
from livlina.authority.contractors import actions, queries
from livlina.authority.contractors.forms import ACTS, FreeForm, HomeForm
from livlina.authority.contractors.models import KINDS, Home
from livlina.core.access import Refused, fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page

HEADS = ["Namn", "Uppdrag", "Kommun", "Läge"]
FREE_HEADS = ["Namn", "Uppdrag", "Kommun", {"number": "Lediga platser"}]


@page("officer", "contractors.read")
def homes(request: Request) -> HttpResponse:
    """Every home of the branch."""
    rows = [
        [
            {"text": home.name, "url": reverse("contractors:home", args=[home.pk])},
            ", ".join(dict(KINDS)[kind] for kind in home.kinds),
            home.place,
            "Avslutad" if home.ended_on else "Aktuell",
        ]
        for home in queries.homes(request.actor)[:500]
    ]
    waiting = [
        [
            {"text": row.contract.home.name, "url": reverse("contractors:home", args=[row.contract.home_id])},
            f"{row.month:%Y-%m}",
            kronor(row.fee_ore + row.expenses_ore),
        ]
        for row in queries.to_approve(request.actor)[:100]
    ]
    fresh = [
        [
            {"text": case.number, "url": reverse("contractors:register", args=[case.pk])},
            case.person.name,
            f"{case.received_on}",
        ]
        for case in queries.cases_without_home(request.actor)
    ]
    context = {"fresh": fresh, "fresh_heads": ["Ärende", "Namn", "Inkommen"]}
    context |= {"pays": may(request.actor, "contractors.payroll")}
    context |= {"rows": rows, "heads": HEADS, "waiting": waiting, "waiting_heads": ["Hem", "Månad", "Kronor"]}
    return render(request, "contractors/homes.html", context)


@page("officer", "contractors.list")
def free(request: Request) -> HttpResponse:
    """Homes with room: name, kinds and places, and nothing of the investigation."""
    form = FreeForm(request.GET or None, initial={"on": day_of(request.now).isoformat()})
    rows: list[list[Any]] = []
    asked = form.is_bound and form.is_valid()
    if asked:
        said = form.cleaned_data
        found = queries.free_homes(request.actor, said["kind"], said["age"], said["on"])
        rows = [[one.name, one.kinds, one.place, {"number": str(one.free)}] for one in found]
    context = {"form": form, "rows": rows, "heads": FREE_HEADS, "asked": asked}
    return render(request, "contractors/free.html", context, status=422 if form.errors else 200)


@page("officer", "contractors.read")
def home(request: Request, home_id: UUID) -> HttpResponse:
    """One home: adults and extracts, approval, contracts and pay, reviews."""
    found = queries.home_page(request.actor, home_id, now=request.now)
    context = {
        "found": found,
        "home": found.home,
        "kinds": ", ".join(dict(KINDS)[kind] for kind in found.home.kinds),
        "approvals": [(row, ", ".join(dict(KINDS)[kind] for kind in row.kinds)) for row in found.approvals],
        "contracts": [
            (
                contract,
                [(row, kronor(row.fee_ore), kronor(row.expenses_ore)) for row in paid],
                [(row, kronor(row.fee_ore + row.expenses_ore)) for row in bases],
            )
            for contract, paid, bases in found.contracts
        ],
        "decides": may(request.actor, "contractors.approve", found.home),
    }
    return render(request, "contractors/home.html", context)


@page("officer", "contractors.register", once=True)
def register(request: Request, case_id: UUID) -> HttpResponse:
    """Register the home that a case investigates; the one the case is about is its contact."""
    case = fetch(request.actor, "cases.write", Case.objects.select_related("person"), pk=case_id)
    known = queries.home_of_case(case.pk)
    if known is not None:
        return HttpResponseRedirect(reverse("contractors:home", args=[known.pk]))
    form = HomeForm(request.POST or None, initial={"name": case.person.name, "place": case.person.city})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.register_home(
            name=said["name"], kinds=said["kinds"], place=said["place"], contact=case.person, case=case,
            by=request.actor, now=request.now,
        )  # fmt: skip
        return HttpResponseRedirect(reverse("contractors:home", args=[made.pk]))
    context = {"form": form, "case": case, "title": "Registrera hem eller person", "button": "Registrera"}
    return render(request, "contractors/act.html", context, status=422 if form.errors else 200)


@page("officer", "contractors.write", once=True)
def act(request: Request, home_id: UUID, name: str, row_id: UUID | None = None) -> HttpResponse:
    """One act on a home, on a page of its own."""
    kind = ACTS.get(name)
    if kind is None:
        raise Refused("contractors.write")
    found = fetch(request.actor, kind.verb, Home.objects.select_related("contact"), pk=home_id)
    try:
        form = kind(
            request.POST if request.method == "POST" else None,
            home=found, row_id=row_id, actor=request.actor, now=request.now,
        )  # fmt: skip
    except ObjectDoesNotExist:
        raise Refused(kind.verb) from None
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
            messages.success(request, f"Klart: {kind.title.lower()}.")
            return HttpResponseRedirect(reverse("contractors:home", args=[home_id]))
        except actions.ContractorRefused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "home": found, "title": kind.title, "button": kind.button}
    return render(request, "contractors/act.html", context, status=422 if form.errors else 200)


def kronor(ore: int) -> str:
    """12 000,00: as a Swede writes it."""
    return f"{ore // 100:,}".replace(",", "\u00a0") + f",{ore % 100:02d}"
