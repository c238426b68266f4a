"""The disclosure register: requests, each item tried, the written answer, and the handing out."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.records import actions, queries
from livlina.across.records.actions import DisclosureRefused, Judgement
from livlina.across.records.forms import DecideForm, HandOutForm, JudgeForm, RequestForm
from livlina.across.records.models import DisclosureDecision, DisclosureItem, DisclosureRequest
from livlina.across.records.queries import STAGES
from livlina.across.records.views.shared import client_id, download, own_branches, status_of
from livlina.authority.cases.models import CaseParty
from livlina.core import audit
from livlina.core.access import Refused, demand, fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person

COLORS = {"whole": "success", "masked": "warning", "refused": "danger"}


@page("officer", "records.disclose")
def requests(request: Request) -> HttpResponse:
    """The register of the unit, newest first."""
    rows = [
        [
            {"text": row.reference, "url": reverse("records:request", args=[row.pk])},
            row.asked_on.isoformat(),
            row.get_asker_kind_display(),
            STAGES[queries.stage(row)],
            row.unit.name if row.unit else "Nämndkansliet",
        ]
        for row in queries.requests(request.actor)[:100]
    ]
    heads = ["Begäran", "Kom", "Vem frågar", "Läge", "Enhet"]
    return render(request, "records/requests.html", {"rows": rows, "heads": heads})


@page("officer", "records.request", once=True)
def new_request(request: Request, person_id: UUID) -> HttpResponse:
    """Take down a request that came another way than by the e-service."""
    person = people.read(request.actor, person_id, now=request.now)
    parties = queries.parties_of(request.actor, person_id)
    form = RequestForm(
        own_branches(request.actor),
        [(str(row.person_id), f"{row.person.name} ({row.get_part_display().lower()})") for row in parties],
        day_of(request.now),
        request.POST or None,
        initial={"asked_on": day_of(request.now)},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        asked = actions.Asked(
            told["asker_kind"],
            told["asker_name"],
            told["asked_on"],
            told["asked_how"],
            told["what"],
            person if told["asker_kind"] == "self" else _party(parties, told["party"]),
        )
        made = actions.register_request(
            person,
            told["compartment"],
            asked,
            client_id=client_id(request),
            by=request.actor,
            now=request.now,
        )
        messages.success(request, f"Begäran {made.reference} är registrerad.")
        if may(request.actor, "records.disclose", made):
            return HttpResponseRedirect(reverse("records:request", args=[made.pk]))
        return HttpResponseRedirect(reverse("people:person", args=[person.pk]))
    facts = {
        "form": form,
        "header": people.header(request.actor, person, now=request.now, current="records:person"),
    }
    return render(request, "records/new_request.html", facts, **status_of(request))


@page("officer", "records.disclose")
def one_request(request: Request, request_id: UUID) -> HttpResponse:
    """One request: what there is to hand out, how each item is judged, the answer and what was handed out."""
    asked, person, header = _opened(request, request_id)
    judged = queries.judged(asked)
    rows = [
        {
            "source": source,
            "item": judged.get((source.kind, source.pk)),
            "url": reverse("records:judge", args=[asked.pk, source.kind.replace(".", "-"), source.pk]),
            "color": COLORS.get(getattr(judged.get((source.kind, source.pk)), "verdict", ""), "neutral"),
        }
        for source in queries.sources(queries.akt_of(request.actor, person, asked.compartment, request.now))
    ]
    facts = {
        "asked": asked,
        "header": header,
        "rows": rows,
        "judged": judged,
        "decision": queries.newest_decision(asked),
        "handed": queries.handed_out(asked),
        "may_refuse": may(request.actor, "records.refuse", asked),
    }
    return render(request, "records/request.html", facts)


@page("officer", "records.disclose", once=True)
def judge(request: Request, request_id: UUID, kind: str, source_id: UUID) -> HttpResponse:
    """Read one item and judge it."""
    asked, person, header = _opened(request, request_id)
    akt = queries.akt_of(request.actor, person, asked.compartment, request.now)
    wanted = (kind.replace("-", "."), source_id)
    source = {(one.kind, one.pk): one for one in queries.sources(akt)}.get(wanted)
    if source is None:
        raise Refused("records.disclose", person_id=person.pk)
    before = queries.judged(asked).get(wanted)
    form = JudgeForm(request.POST or None, initial=_before(before) if before else None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        told["masked"] = tuple(line.strip() for line in told["masked"].splitlines() if line.strip())
        try:
            actions.judge(asked, *wanted, Judgement(**told), by=request.actor, now=request.now)
            return HttpResponseRedirect(reverse("records:request", args=[asked.pk]))
        except DisclosureRefused as refusal:
            form.add_error(None, str(refusal))
    facts = {"asked": asked, "header": header, "source": source, "form": form}
    return render(request, "records/judge.html", facts, **status_of(request))


@page("officer", "records.disclose", once=True)
def decide(request: Request, request_id: UUID) -> HttpResponse:
    """Write the answer."""
    asked, _, header = _opened(request, request_id)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_disclosure(asked, form.cleaned_data["reasons"], by=request.actor, now=request.now)
            return HttpResponseRedirect(reverse("records:request", args=[asked.pk]))
        except DisclosureRefused as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "asked": asked, "header": header, "form": form, "items": list(queries.judged(asked).values()),
        "title": "Besluta om utlämnande", "button": "Fatta beslutet",
    }  # fmt: skip
    return render(request, "records/act.html", facts, **status_of(request))


@page("officer", "records.disclose", once=True)
def hand_out(request: Request, request_id: UUID) -> HttpResponse:
    """Hand out what was judged so: the bytes are made and kept."""
    asked, _, header = _opened(request, request_id)
    first = {"to_name": asked.asker_name, "how": "e_service" if asked.asked_how == "e_service" else "handed"}
    form = HandOutForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_out(asked, **form.cleaned_data, by=request.actor, now=request.now)
            return HttpResponseRedirect(reverse("records:request", args=[asked.pk]))
        except DisclosureRefused as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "asked": asked, "header": header, "form": form, "items": list(queries.judged(asked).values()),
        "title": "Lämna ut", "button": "Lämna ut",
    }  # fmt: skip
    return render(request, "records/act.html", facts, **status_of(request))


@page("officer", "records.disclose")
def handed(request: Request, handed_id: UUID) -> HttpResponse:
    """What was handed out, byte for byte."""
    found = actions.read_handed(handed_id, by=request.actor, now=request.now)
    return download(found.filename, found.content_type, found.content)


@page("officer", "records.disclose")
def answer(request: Request, decision_id: UUID) -> HttpResponse:
    """The written answer, as it was made."""
    found = DisclosureDecision.objects.select_related("request").filter(pk=decision_id).first()
    if found is None:
        raise Refused("records.disclose", obj=f"records.disclosuredecision:{decision_id}")
    demand(request.actor, "records.disclose", found.request)
    audit.read(
        request.actor, "records.disclose", now=request.now, person_id=found.request.person_id, obj=found
    )
    return download(f"beslut-{found.request.reference}.pdf", "application/pdf", found.pdf)


def _party(parties: list[CaseParty], chosen: str) -> Person | None:
    """The one who asks, when they have a part in the matter."""
    return next((row.person for row in parties if str(row.person_id) == chosen), None)


def _opened(request: Request, request_id: UUID) -> tuple[DisclosureRequest, Person, people.PersonHeader]:
    """A request with whose file it is, opened by the request's own rule and recorded."""
    rows = DisclosureRequest.objects.select_related("person", "unit")
    found = fetch(request.actor, "records.disclose", rows, pk=request_id)
    audit.read(request.actor, "records.disclose", now=request.now, person_id=found.person_id, obj=found)
    header = people.header(request.actor, found.person, now=request.now, current="records:person")
    if not may(request.actor, "people.read", found.person):
        header = replace(
            header, tabs=[]
        )  # the secretary answers the request, and opens nothing else of the person
    return found, found.person, header


def _before(item: DisclosureItem) -> dict[str, str]:
    """How the item was judged last, as the form says it."""
    names = ("verdict", "ground", "rule", "harm_test", "refusal")
    return {name: getattr(item, name) for name in names} | {"masked": "\n".join(item.masked)}
