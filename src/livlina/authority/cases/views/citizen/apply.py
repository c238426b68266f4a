"""Applying: which service and for whom, one page per thing, check the answers, send, receipt."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from livlina.authority.cases import actions, engine, queries
from livlina.authority.cases.actions import ApplicationGone, FactsWrong
from livlina.authority.cases.engine import Process
from livlina.authority.cases.engine.catalogue import NoSuchProcess
from livlina.authority.cases.forms.acts import DeclareForm, ForWhomForm
from livlina.authority.cases.forms.citizen import language
from livlina.authority.cases.queries import applying, following
from livlina.authority.cases.views.citizen import answers, words
from livlina.authority.cases.views.citizen.answers import Begun
from livlina.authority.cases.views.citizen.ground import Asking, served, spoken
from livlina.core import audit
from livlina.core.access import Refused
from livlina.core.clock import day_of
from livlina.core.views import page


@page("citizen", "cases.apply")
@served
@require_GET
def apply(request: Asking) -> HttpResponse:
    """What one can apply for by area, or what has the words one searches for; and what one has begun."""
    wanted = request.GET.get("q", "").strip()[:80]
    seen = {"areas": _areas(day_of(request.now), wanted), "wanted": wanted, "begun": _begun(request)}
    return render(request, "cases/citizen/apply.html", seen)


def _areas(today: date, wanted: str) -> list[dict[str, Any]]:
    """What citizens may apply for today, by area, in the language they read."""
    codes = dict.fromkeys(process.code for process in engine.load().all())
    found: dict[str, list[dict[str, str]]] = {}
    for one in filter(None, (_offered(code, today) for code in codes)):
        title = one.form("application").label.said_in(language())
        text = f"{title} {one.label} {one.about} {words.AREAS.get(one.area, '')}".lower()
        if all(word in text for word in wanted.lower().split()):
            row = {"code": one.code, "title": title, "about": f"cases/citizen/about/{one.code}_short.html"}
            found.setdefault(one.area, []).append(row)
    order = [area for area in words.AREAS if area in found] + [
        area for area in found if area not in words.AREAS
    ]
    return [{"code": area, "title": words.AREAS.get(area, ""), "offers": found[area]} for area in order]


@page("citizen", "cases.apply", once=True)
@served
@require_http_methods(["GET", "POST"])
def begin(request: Asking, code: str) -> HttpResponse:
    """What the service is, and for whom one applies; then the application is begun."""
    process = _offered(code, day_of(request.now))
    if process is None:
        raise Refused("cases.apply")
    held = {str(row.principal_id): row for row in applying.mandates(request.actor, request.now)}
    choices = [("self", _("Mig själv, %(name)s") % {"name": request.me.name})] + [
        (key, f"{row.principal.name} ({words.MANDATES[row.kind]})") for key, row in held.items()
    ]
    form = ForWhomForm(choices, request.POST if request.method == "POST" and held else None)
    if request.method == "POST" and (not held or form.is_valid()):
        chosen = held.get(form.cleaned_data["person"]) if held else None
        person = chosen.principal if chosen else None
        draft = actions.begin_application(process.code, by=request.actor, now=request.now, person=person)
        return redirect("cases_citizen:page", draft.pk, answers.Begun.of(draft).numbers[0])
    seen = {
        "form": form if held else None,
        "process": process,
        "title": process.form("application").label.said_in(language()),
        "about": f"cases/citizen/about/{process.code}.html",
        "pages": len(process.form("application").pages({})),
    }
    return render(request, "cases/citizen/begin.html", seen, status=422 if form.is_bound else 200)


@page("citizen", "cases.draft")
@served
@never_cache
@require_GET
def draft(request: Asking, draft_id: UUID) -> HttpResponse:
    """Where one is in an application: every page, answered or not."""
    begun = _open(request, draft_id)
    if isinstance(begun, HttpResponse):
        return begun
    return render(request, "cases/citizen/draft.html", {"begun": begun, "next": begun.next_number()})


@page("citizen", "cases.draft")
@served
@never_cache
@require_http_methods(["GET", "POST"])
def question(request: Asking, draft_id: UUID, number: int) -> HttpResponse:
    """One page of the application. It is saved as sent, also when something in it must be mended."""
    begun = _open(request, draft_id)
    if isinstance(begun, HttpResponse):
        return begun
    if number not in begun.numbers:
        raise Refused("cases.draft")
    checking = "check" in request.GET
    known = answers.known(request, begun)
    data = request.POST if request.method == "POST" else None
    form = begun.page_form(number, known=known, data=data, judge=checking)
    if request.method == "POST":
        given = form.as_typed()
        try:
            actions.save_answers(begun.draft, given, by=request.actor, now=request.now)
        except ApplicationGone:
            return redirect("cases_citizen:receipt", draft_id)
        if "later" in request.POST:
            messages.success(request, _("Ansökan är sparad. Du hittar den här när du vill fortsätta."))
            return redirect("cases_citizen:apply")
        if form.is_valid():
            after = begun.with_answers(given).after(number)
            if checking or after is None:
                return redirect("cases_citizen:check", draft_id)
            return redirect("cases_citizen:page", draft_id, after)
    seen = {
        "begun": begun,
        "form": form,
        "number": number,
        "checking": checking,
        "saved": form.is_bound and data,
    }
    seen |= begun.place(number)
    return render(request, "cases/citizen/question.html", seen, status=422 if data else 200)


@page("citizen", "cases.draft", once=True)
@served
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: Asking, draft_id: UUID) -> HttpResponse:
    """Check the answers, declare that they are true, and send."""
    begun = _open(request, draft_id)
    if isinstance(begun, HttpResponse):
        return begun
    faults = begun.faults()
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not faults:
        try:
            actions.send_application(draft_id, by=request.actor, now=request.now)
            return redirect("cases_citizen:receipt", draft_id)
        except FactsWrong as wrong:  # said by the action alone: shown as it says it
            faults = [(begun.numbers[0], text) for text in wrong.errors.values()]
    known = answers.known(request, begun)
    seen = {
        "begun": begun,
        "form": form,
        "faults": faults,
        "has_errors": bool(faults) and request.method == "POST",
        "sections": begun.sections(known),
        "about": answers.register_facts(begun.draft.person),
    }
    return render(request, "cases/citizen/check.html", seen, status=422 if form.is_bound else 200)


@page("citizen", "cases.draft", once=True)
@served
@require_http_methods(["GET", "POST"])
def remove(request: Asking, draft_id: UUID) -> HttpResponse:
    """Throw an application away that has not been sent, after a question."""
    begun = _open(request, draft_id)
    if isinstance(begun, HttpResponse):
        return begun
    if request.method == "POST":
        actions.discard_application(begun.draft, by=request.actor, now=request.now)
        messages.success(request, _("Ansökan är borttagen. Inget skickades till oss."))
        return redirect("cases_citizen:apply")
    return render(request, "cases/citizen/remove.html", {"begun": begun})


@page("citizen", "cases.applied")
@served
@never_cache
@require_GET
def receipt(request: Asking, application_id: UUID) -> HttpResponse:
    """The number, what happens next and by which day, and what was sent."""
    sent = queries.sent_application(request.actor, application_id)
    applying.concerned(request.actor, sent.person_id, request.now)
    audit.read(request.actor, "cases.applied", now=request.now, person_id=sent.person_id, obj=sent)
    process = engine.load().process(sent.process_code, sent.process_version)
    case = sent.cases.first()
    clocks = following.promises(request.actor, case, request.now) if case else {}
    decided = clocks.get("decide_in_time")
    seen = {
        "sent": sent,
        "case": case,
        "for_other": sent.person_id != request.actor.person_id,
        "title": process.form("application").label.said_in(language()),
        "answers": answers.sent_answers(request.actor, process, sent),
        "whole": queries.readable_answers(request.actor, sent) == sent.answers,
        "decided_by": spoken(decided.last) if decided else "",
        "urgent": sent.answers.get("urgent") is True,
    }
    return render(request, "cases/citizen/receipt.html", seen)


@page("citizen", "cases.applied")
@served
@never_cache
@require_GET
def sent_copy(request: Asking, application_id: UUID) -> HttpResponse:
    """What was sent, byte for byte as it is hashed: its SHA-256 is the one on the receipt."""
    sent = queries.whole_application(request.actor, application_id)
    applying.concerned(request.actor, sent.person_id, request.now)
    audit.read(request.actor, "cases.applied", now=request.now, person_id=sent.person_id, obj=sent)
    answer = HttpResponse(queries.canonical(sent).encode(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="ansokan-{sent.receipt_number}.json"'
    return answer


def _offered(code: str, today: Any) -> Process | None:
    """The version one may apply in today, if citizens may."""
    try:
        process = engine.load().current(code, on=today)
    except NoSuchProcess:
        return None
    form = process.forms.get("application")
    return process if form is not None and form.audience == "citizen" else None


def _begun(request: Asking) -> list[Begun]:
    """One's unsent applications, for oneself and for those one acts for today."""
    served_now = {row.principal_id for row in applying.mandates(request.actor, request.now)}
    served_now.add(request.me.pk)
    rows = queries.application_drafts(request.actor)
    return [Begun.of(row, request) for row in rows if row.person_id in served_now]


def _open(request: Asking, draft_id: UUID) -> Begun | HttpResponse:
    """The draft with its process; the receipt when it has been sent meanwhile. Raises Refused."""
    try:
        found = queries.application_draft(request.actor, draft_id)
    except Refused:
        sent = queries.sent_application(request.actor, draft_id)
        applying.concerned(request.actor, sent.person_id, request.now)
        return redirect("cases_citizen:receipt", draft_id)
    applying.concerned(request.actor, found.person_id, request.now)
    return Begun.of(found, request)
