"""The case itself: everything about it on one page, and its letters."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from livlina.authority.cases import actions, queries
from livlina.authority.cases.engine import Step
from livlina.authority.cases.models import Case, Document
from livlina.authority.cases.queries import CasePage
from livlina.authority.cases.queries.case import FactView
from livlina.authority.cases.queries.happened import KINDS, told
from livlina.authority.cases.queries.missing import Lack, Missing, missing
from livlina.authority.cases.queries.workshop import newer_versions
from livlina.authority.cases.views.officer.acts import acts_of, decision_shown
from livlina.authority.cases.views.officer.shared import WRONG, opened, sentences, shown, to_case
from livlina.core.access import fetch, may
from livlina.core.clock import day_of, local
from livlina.core.views import Request, page
from livlina.registers.orders.models.words import STATES

COPIED = ("children", "adults")
"""Areas whose letters are also made for guardians, counsel and representatives."""

COLORS = {"granted": "success", "partly_granted": "warning", "rejected": "danger", "dismissed": "danger"}


@page("officer", "cases.read")
def case(request: Request, case_id: UUID) -> HttpResponse:
    """The person's header, where the case stands, what may be done now, facts, notes, decisions, clocks."""
    found = opened(request, case_id, notes=True)
    return shown(request, "case", found, **_parts(request, found))


@page("officer", "cases.read")
def timeline(request: Request, case_id: UUID) -> HttpResponse:
    """Every step that was taken, or those of a kind or by someone."""
    found = opened(request, case_id)
    events = queries.timeline(request.actor, case_id, request.now)
    kind, who = request.GET.get("kind", ""), request.GET.get("who", "")
    wanted = told(events, found.process, kind=kind, who=who)
    rows = [
        {
            "when": f"{local(e.at):%Y-%m-%d %H.%M}",
            "title": e.label,
            "text": _who(e.by_name, e.by_title, e.law_text, e.detail.get("reason", "")),
        }
        for e in wanted.events
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "kind": kind if kind in KINDS else "",
        "who": who if who.isdecimal() else "",
        "kinds": [(code, words, wanted.counts[code]) for code, words in KINDS.items() if wanted.counts[code]],
        "people": wanted.people,
    }
    return shown(request, "timeline", found, **context)


@page("officer", "cases.assign", once=True)
def assign(request: Request, case_id: UUID) -> HttpResponse:
    """Give the case to someone."""
    found = opened(request, case_id)
    workers = queries.workers_of(found.case, day_of(request.now))
    refused: list[str] = []
    if request.method == "POST":
        worker = next((each for each in workers if str(each.pk) == request.POST.get("worker")), None)
        if worker is None:
            refused = ["Välj vem som ska ha ärendet."]
        else:
            try:
                actions.assign_case(found.case, worker, by=request.actor, now=request.now)
                return to_case(request, case_id, f"Ärendet är fördelat till {worker.name}.")
            except WRONG as wrong:
                refused = sentences(wrong)
    return shown(
        request,
        "assign",
        found,
        workers=workers,
        refused=refused,
        has_errors=bool(refused),
        status=422 if refused else 200,
    )


@page("officer", "cases.letter")
def letter(request: Request, document_id: UUID) -> HttpResponse:
    """A stored letter, byte for byte."""
    document = queries.my_letter(request.actor, document_id, request.now)
    answer = HttpResponse(bytes(document.pdf), content_type="application/pdf")
    name = f"{document.case.number}-{document.kind}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("officer", "cases.step", once=True)
@require_POST
def letter_sent(request: Request, document_id: UUID) -> HttpResponse:
    """Record that a letter has left the house."""
    document = fetch(request.actor, "cases.letter", Document.objects.select_related("case"), pk=document_id)
    try:
        actions.mark_sent(document, by=request.actor, now=request.now)
    except actions.StepRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("cases:case", args=[document.case_id]))
    return to_case(request, document.case_id, f"”{document.title}” är markerat som skickat.")


def _parts(request: Request, found: CasePage) -> dict[str, Any]:
    """What the page's parts are made of."""
    svg, words = queries.drawing(found.process, found.states)
    for order in found.orders:
        order["url"] = reverse("orders:order", args=[order["order_id"]])
        order["words"] = f"{order['provider'] or 'Välj utförare'}: {dict(STATES)[order['state']].lower()}"
    lacking = missing(found, request.actor, request.now)
    return {
        "may_assign": may(request.actor, "cases.assign"),
        "may_write": (may_write := may(request.actor, "cases.write")),
        "copied": may_write and found.process.area in COPIED,
        "belonging": queries.belonging(request.actor, found.case),
        "svg": mark_safe(svg),  # noqa: S308 - made by the engine from our own files, every label escaped
        "outline": mark_safe(words),  # noqa: S308 - as above
        "steps": [(step, step_url(step.name, found.case)) for step in _pressing_first(found, lacking)],
        "fact_pages": _fact_pages(found),
        "events": [
            {
                "when": f"{local(e['at']):%Y-%m-%d %H.%M}",
                "title": e["label"],
                "text": _who(e["by_name"], e["by_title"], e["law_text"]),
            }
            for e in found.events[:8]
        ],
        "acts": acts_of(found, request.actor.role),
        "decisions": [
            decision_shown(row, found, request.actor.role, COLORS.get(row["outcome"], "neutral"))
            for row in found.decisions
        ],
        "late": [row for row in found.deadlines if row["left"] < 0],
        "missing": lacking,
        "newer": request.actor.role == "unit_manager"
        and found.case.is_open
        and bool(newer_versions(found.case, day_of(request.now))),
        "lacks": [(row, _mend_url(row, found)) for row in lacking.rows] if lacking else [],
    }


def step_url(name: str, case: Case) -> str:
    """Return where a step's page is: some have one of their own."""
    own = {
        "assign": "cases:assign",
        "decide": "cases:decide",
        "close": "cases:close",
        "close_ungranted": "cases:close",
        "write_off": "cases:close",
    }
    if name in own:
        address = reverse(own[name], args=[case.pk])
        return f"{address}?write_off=1" if name == "write_off" else address
    return reverse("cases:step", args=[case.pk, name])


def _mend_url(row: Lack, found: CasePage) -> str:
    """Where what a step lacks is filled in; the step's own page when nothing lacks but the step itself."""
    if row.step.form == "investigation" and found.case.state == "investigating":
        return reverse("cases:investigation", args=[found.case.pk])
    return step_url(row.step.name, found.case) if row.offered else ""


def _pressing_first(found: CasePage, lacking: Missing | None) -> list[Step]:
    """What leads on first, nearest clock before the others; last what has been done once already."""
    ahead = {row.step.name: row.due or date.max for row in (lacking.rows if lacking else [])}
    done = {event["step"] for event in found.events if event["to_state"] == found.case.state}
    return sorted(
        found.steps,
        key=lambda step: (step.name in done, step.name not in ahead, ahead.get(step.name, date.max)),
    )


def _fact_pages(found: CasePage) -> list[tuple[str, list[dict[str, Any]]]]:
    """The facts by the forms that asked for them, in the order in which the process comes to them."""
    left, process = dict(found.facts), found.process
    order = list(process.states)
    reached = {
        step.form: min(map(order.index, step.sources), default=0) for step in process.steps if step.form
    }
    pages = []
    for name in sorted(
        process.forms, key=lambda name: (name != "application", reached.get(name, len(order)))
    ):
        form = process.forms[name]
        rows = [_answer(left.pop(one.fact.name)) for one in form.fields() if one.fact.name in left]
        own = "Från ansökan" if name == "application" else "Från den enskilde"
        pages.append((own if form.audience == "citizen" else str(form.label), rows))
    return [
        (title, rows)
        for title, rows in [*pages, ("Övrigt", [_answer(view) for view in left.values()])]
        if rows
    ]


def _answer(view: FactView) -> dict[str, Any]:
    return {"question": str(view.spec.label), "answer": view.shown, "source": view.said}


def _who(*words: str) -> str:
    return ", ".join(filter(None, words))
