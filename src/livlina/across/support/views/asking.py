"""Pages for everyone who works: one way in, what one has asked, and what one may try oneself."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from livlina.across.support import actions, queries
from livlina.across.support.actions import Question, SupportRefused
from livlina.across.support.actions.asking import first_sentence
from livlina.across.support.forms import AskForm, CorrectionForm, MoreForm, StaffAskForm
from livlina.across.support.models import Sheet, Ticket
from livlina.across.support.rules import rules
from livlina.across.support.views.common import (
    blame,
    browser,
    client_id,
    file_answer,
    frame,
    lines,
    tone,
    url,
    where,
)
from livlina.core import audit
from livlina.core.access import fetch
from livlina.core.views import Request, page
from livlina.registers.journal.models import Note

ROUTE = re.compile(r"[a-z_]{2,40}:[a-z_]{2,40}")
ERROR = re.compile(r"[0-9a-f]{8}")


def ask(request: Request, kind: type[AskForm]) -> HttpResponse:
    """Show what to try first, and take a question. Before it is sent, what fits it is shown once."""
    from_page = _page_of(request)
    form = kind(request.POST or None, request.FILES or None, now=request.now)
    text = ""
    if request.method == "POST" and "helped" in request.POST:
        return _thanks(request)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        fits = queries.search(request.actor, text, request.now, limit=3)
        if fits and "confirmed" not in request.POST and not form.cleaned_data["file"]:
            return render(request, "support/help.html", _help(request, form, from_page) | {"fits": fits})
        try:
            return HttpResponseRedirect(url(request, "ticket", _sent(request, form, from_page).pk))
        except SupportRefused as fault:
            blame(form, fault)
    context = _help(request, form, from_page) | {
        "sheets": queries.proposed(request.actor, from_page, text, request.now)
    }
    return render(request, "support/help.html", context, status=422 if request.method == "POST" else 200)


def one_sheet(request: Request, sheet_id: UUID) -> HttpResponse:
    """Show one cheat-sheet, and take whether it helped."""
    found = fetch(request.actor, "support.read_sheets", Sheet.objects.all(), pk=sheet_id)
    if request.method == "POST":
        helped = request.POST.get("helped") == "yes"
        actions.tell_if_helped(
            found.pk, helped, client_id=client_id(request, "helped"), by=request.actor, now=request.now
        )
        if not helped:
            return HttpResponseRedirect(url(request, "help"))
        messages.success(request, _("Bra. Tack för att du säger till."))
        return HttpResponseRedirect(request.path)
    return render(request, "support/sheet.html", frame(request) | {"sheet": found})


def own_list(request: Request) -> HttpResponse:
    """List what one has asked."""
    found = queries.own_tickets(request.actor)[:100]
    rows = [
        [
            {"text": f"{row.number} {row.subject}", "url": url(request, "ticket", row.pk)},
            tone(row, request.now)[0],
            str(row.opened_at.date()),
        ]
        for row in found
    ]
    context = {"rows": rows, "heads": [_("Fråga"), _("Läge"), _("Skickad")]}
    return render(request, "support/mine.html", frame(request) | context)


def own_ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    """Show one's own question, and take more words, a yes, or that it is not solved after all."""
    found = fetch(request.actor, "support.own", Ticket.objects.select_related("merged_into"), pk=ticket_id)
    form = MoreForm(None, now=request.now)
    if request.method == "POST":
        form = MoreForm(request.POST, request.FILES or None, now=request.now)
        if (answer := _answered(request, found, form)) is not None:
            return answer
        found.refresh_from_db()
    words, color = tone(found, request.now)
    context = {
        "ticket": found,
        "events": lines(queries.own_events(request.actor, found), found, outward=True),
        "files": found.attachments.defer("content").order_by("at"),
        "form": form,
        "state": words,
        "color": color,
        "where": where(found.page),
    }
    audit.read(request.actor, "support.own", now=request.now, obj=found)
    status = 422 if request.method == "POST" else 200
    return render(request, "support/own_ticket.html", frame(request) | context, status=status)


@page("staff", "support.ask", once=True)
def help(request: Request) -> HttpResponse:
    """Få hjälp."""
    return ask(request, StaffAskForm)


@page("staff", "support.read_sheets")
@require_safe
def sheets(request: Request) -> HttpResponse:
    """Find a cheat-sheet by words. What is searched for names nobody, and may stand in the address."""
    text = request.GET.get("q", "")[:200]
    found = queries.search(request.actor, text, request.now, limit=50)
    return render(request, "support/sheets.html", frame(request) | {"sheets": found, "q": text})


@page("staff", "support.read_sheets")
def sheet(request: Request, sheet_id: UUID) -> HttpResponse:
    """One cheat-sheet."""
    return one_sheet(request, sheet_id)


@page("staff", "support.own")
@require_safe
def mine(request: Request) -> HttpResponse:
    """What I have asked."""
    return own_list(request)


@page("staff", "support.own", once=True)
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    """One question of mine."""
    return own_ticket(request, ticket_id)


@page("staff", "support.own")
@require_safe
def attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """A file of a ticket."""
    return file_answer(actions.read_attachment(attachment_id, by=request.actor, now=request.now))


@page("staff", "support.ask_correction", once=True)
def correction(request: Request, note_id: UUID) -> HttpResponse:
    """Ask the support to move a note on the wrong person. Only the note's id goes along."""
    fetch(request.actor, "journal.read_notes", Note.objects.filter(sealed_at__isnull=True), pk=note_id)
    form = CorrectionForm(request.POST or None, now=request.now)
    if request.method == "POST" and form.is_valid():
        question = Question(
            client_id(request), "En anteckning står på fel person", form.cleaned_data["text"], kind="correction",
            page="journal:file", browser=browser(request), priority="high",
        )  # fmt: skip
        try:
            made = actions.ask_correction(note_id, question, by=request.actor, now=request.now)
            return HttpResponseRedirect(url(request, "ticket", made.pk))
        except SupportRefused as fault:
            blame(form, fault)
    status = 422 if request.method == "POST" else 200
    return render(request, "support/correction.html", frame(request) | {"form": form}, status=status)


def _page_of(request: Request) -> str:
    """The route it came from: a name, and nothing else that somebody may have put in the address."""
    given = request.POST.get("page") or request.GET.get("page", "")
    return given if ROUTE.fullmatch(given) else ""


def _help(request: Request, form: AskForm, from_page: str) -> dict[str, Any]:
    given = rules(request.actor.municipality_id)
    citizen = request.actor.kind == "citizen"
    error = request.COOKIES.get("livlina_error", "")
    return frame(request) | {
        "form": form,
        "page": from_page,
        "where": where(from_page),
        "error_id": error if ERROR.fullmatch(error) else "",
        "phone": given["citizen_phone" if citizen else "phone"],
        "citizen": citizen,
    }


def _sent(request: Request, form: AskForm, from_page: str) -> Ticket:
    given = form.cleaned_data
    error = request.COOKIES.get("livlina_error", "")
    question = Question(
        client_id(request), first_sentence(given["text"]), given["text"], page=from_page, browser=browser(request),
        error_id=error if ERROR.fullmatch(error) else "", priority=given.get("priority", "normal"),
    )  # fmt: skip
    made = actions.ask(question, by=request.actor, now=request.now)
    if given["file"]:
        _attached(request, made, given["file"])
    return made


def _attached(request: Request, ticket: Ticket, file: Any) -> None:
    """Add a file that was sent with words; one that is not taken is told of, and the words stand."""
    try:
        actions.attach(ticket, file.name, file.read(), by=request.actor, now=request.now)
    except SupportRefused as fault:
        messages.warning(request, _("Texten är skickad, men inte filen. %(why)s") % {"why": fault})


def _thanks(request: Request) -> HttpResponse:
    """Take whether a cheat-sheet on the page helped."""
    try:
        sheet_id = UUID(request.POST.get("sheet", ""))
    except ValueError:
        return HttpResponseRedirect(url(request, "help"))
    helped = request.POST["helped"] == "yes"
    actions.tell_if_helped(
        sheet_id, helped, client_id=client_id(request, "helped"), by=request.actor, now=request.now
    )
    messages.success(
        request,
        _("Bra. Tack för att du säger till.")
        if helped
        else _("Tack. Skriv vad du behöver, så hjälper vi dig."),
    )
    return HttpResponseRedirect(url(request, "help"))


def _answered(request: Request, found: Ticket, form: MoreForm) -> HttpResponse | None:
    """Do what was asked for on one's own ticket, and go back to it; None when it was refused."""
    by, now, key = request.actor, request.now, client_id(request)
    done = request.POST.get("do", "")
    try:
        if done == "agree":
            actions.agree(found, by=by, now=now)
            messages.success(request, _("Bra. Ärendet är avslutat."))
            return HttpResponseRedirect(request.path)
        if not form.is_valid():
            return None
        if done == "reopen":
            actions.reopen(found, form.cleaned_data["text"], client_id=key, by=by, now=now)
        else:
            actions.write_more(found, form.cleaned_data["text"], client_id=key, by=by, now=now)
        if form.cleaned_data["file"]:
            _attached(request, found, form.cleaned_data["file"])
    except SupportRefused as fault:
        blame(form, fault)
        return None
    return HttpResponseRedirect(request.path)
