"""One ticket at the support: everything about it, and everything that can be done with it, on one page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.support import actions, queries, suppliers
from livlina.across.support.actions import SupportRefused
from livlina.across.support.actions.handling import colleagues
from livlina.across.support.forms import (
    ROLE_NAMES,
    GiveForm,
    JoinForm,
    LineForm,
    MoveForm,
    OutForm,
    SortForm,
    WriteForm,
)
from livlina.across.support.hours import in_words
from livlina.across.support.models import Sheet, Ticket
from livlina.across.support.views.common import blame, client_id, frame, lines, tone, where
from livlina.core import audit
from livlina.core.access import allowed, demand, fetch, may
from livlina.core.clock import local
from livlina.core.views import Request, page
from livlina.registers.journal import queries as journal
from livlina.registers.journal.actions import JournalFault


@page("operations", "support.desk", once=True)
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    """Show a ticket, and do what was asked with it."""
    rows = Ticket.objects.select_related("unit", "merged_into")
    found = fetch(request.actor, "support.desk", rows, pk=ticket_id)
    forms = _forms(request, found)
    if request.method == "POST":
        if _done(request, found, forms):
            return HttpResponseRedirect(request.path)
        found = fetch(request.actor, "support.desk", rows, pk=ticket_id)
    audit.read(request.actor, "support.desk", now=request.now, obj=found)
    status = 422 if request.method == "POST" else 200
    return render(request, "support/ticket.html", _context(request, found, forms), status=status)


@page("operations", "support.correct", once=True)
def move(request: Request, ticket_id: UUID) -> HttpResponse:
    """Move the note a ticket is about to the right person, who is named, read back and confirmed."""
    found = fetch(request.actor, "support.correct", Ticket.objects.all(), pk=ticket_id)
    form = MoveForm(request.POST or None)
    back = reverse("support_operations:ticket", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        right = journal.person_to_move_to(request.actor, form.cleaned_data["number"], local(request.now))
        if right is None:
            form.add_error("number", "Ingen träff. Kontrollera numret.")
        elif request.POST.get("confirmed") != str(right.pk):
            fields = [(name, request.POST.get(name, "")) for name in ("number", "reason")]
            context = {
                "ticket": found,
                "right": right,
                "fields": [*fields, ("confirmed", right.pk)],
                "back": back,
            }
            return render(request, "support/move_confirm.html", frame(request) | context)
        else:
            try:
                actions.move_note(
                    found, right, form.cleaned_data["reason"], by=request.actor, now=request.now
                )
                messages.success(
                    request, "Anteckningen är flyttad. Det står i ärendet och i journalens logg."
                )
                return HttpResponseRedirect(back)
            except JournalFault as fault:
                form.add_error(None, fault.swedish)
            except SupportRefused as fault:
                blame(form, fault)
    status = 422 if request.method == "POST" else 200
    context = {"ticket": found, "form": form, "back": back}
    return render(request, "support/move.html", frame(request) | context, status=status)


def _forms(request: Request, found: Ticket) -> dict[str, Form]:
    """Every form of the page; the one that was sent is bound, so that what was typed stays."""
    post, now = request.POST, request.now
    sent = post.get("do", "") if request.method == "POST" else ""

    def given(name: str) -> Any:
        return post if sent == name else None

    sheet = _sheet(request)
    people = colleagues(request.actor.municipality_id, found.line, now)
    return {
        "write": WriteForm(
            given("write"), request.FILES or None, now=now, initial={"text": sheet.body if sheet else ""}
        ),
        "give": GiveForm(
            given("give"), people={key: name for key, name in people.items() if key != found.owner_id}
        ),
        "line": LineForm(given("line"), now=now, initial={"line": 2 if found.line == 1 else 1}),
        "sort": SortForm(given("sort"), initial={"kind": found.kind, "priority": found.priority}),
        "join": JoinForm(given("join")),
        "out": OutForm(given("out"), now=now, suppliers=suppliers.names()),
    }


def _done(request: Request, found: Ticket, forms: dict[str, Form]) -> bool:
    """Do one thing with the ticket; False when it was refused, with why on the form."""
    name = request.POST.get("do", "")
    form = forms.get(name)
    if name == "take":
        form = forms["write"]
    elif form is None or not form.is_valid():
        return False
    try:
        DEEDS[name](request, found, form)
    except SupportRefused as fault:
        if form.is_bound:
            blame(form, fault)
        else:
            messages.warning(request, str(fault))
        return False
    return True


def _take(request: Request, found: Ticket, form: Form) -> None:
    actions.take(found, by=request.actor, now=request.now)


def _write(request: Request, found: Ticket, form: Form) -> None:
    verb = {
        "answer": actions.answer,
        "ask_back": actions.ask_back,
        "solve": actions.solve,
        "note": actions.note,
    }
    if (sheet := _sheet(request)) is not None:
        actions.use_sheet(found, sheet.pk, by=request.actor, now=request.now)
    said = form.cleaned_data
    if said["file"]:  # first: a file that is not taken leaves the words in the form
        actions.attach(found, said["file"].name, said["file"].read(), by=request.actor, now=request.now)
    verb[said["write"]](found, said["text"], client_id=client_id(request), by=request.actor, now=request.now)


def _give(request: Request, found: Ticket, form: Form) -> None:
    actions.give(found, form.cleaned_data["user"], by=request.actor, now=request.now)


def _line(request: Request, found: Ticket, form: Form) -> None:
    said = form.cleaned_data
    actions.set_line(found, said["line"], said["why"], by=request.actor, now=request.now)


def _sort(request: Request, found: Ticket, form: Form) -> None:
    said = form.cleaned_data
    actions.set_kind(found, said["kind"], by=request.actor, now=request.now)
    actions.set_priority(found, said["priority"], by=request.actor, now=request.now)


def _join(request: Request, found: Ticket, form: Form) -> None:
    other = queries.find_number(request.actor, form.cleaned_data["number"])
    if other is None:
        raise SupportRefused("Det finns inget ärende med det numret.", "number")
    verb = actions.merge if form.cleaned_data["how"] == "merge" else actions.link
    verb(found, other, by=request.actor, now=request.now)


def _out(request: Request, found: Ticket, form: Form) -> None:
    demand(request.actor, "support.send_out", found)
    said = form.cleaned_data
    actions.send_out(
        found,
        said["supplier"],
        said["words"],
        client_id=client_id(request),
        by=request.actor,
        now=request.now,
    )


DEEDS: dict[str, Callable[[Request, Ticket, Form], None]] = {
    "take": _take, "write": _write, "give": _give, "line": _line, "sort": _sort, "join": _join, "out": _out,
}  # fmt: skip


def _sheet(request: Request) -> Sheet | None:
    """The cheat-sheet the answer begins with, if one was chosen."""
    try:
        key = UUID(request.POST.get("sheet") or request.GET.get("sheet", ""))
    except ValueError:
        return None
    return allowed(request.actor, "support.read_sheets", Sheet.objects.all()).filter(pk=key).first()


def _context(request: Request, found: Ticket, forms: dict[str, Form]) -> dict[str, Any]:
    by, now = request.actor, request.now
    events = list(queries.events_of(by, found))
    words, color = tone(found, now)
    asked = " ".join(event.text for event in events if event.kind in ("opened", "reporter"))
    return frame(request) | {
        "ticket": found,
        "state": words,
        "color": color,
        "where": where(found.page, named=True),
        "role": ROLE_NAMES.get(found.reporter_role, ""),
        "events": lines(events, found, outward=False),
        "files": found.attachments.defer("content").order_by("at"),
        "linked": queries.linked(by, found),
        "sheets": queries.proposed(by, found.page, f"{found.subject} {asked}", now, kind=found.kind, limit=3),
        "chosen": _sheet(request),
        "forms": forms,
        "form": next((form for form in forms.values() if form.is_bound and form.errors), None),
        "handles": may(by, "support.handle", found) and found.is_running,
        "sends_out": may(by, "support.send_out", found) and found.is_running,
        "moves": found.object_label == "journal.note" and may(by, "support.correct", found),
        "corrected": [event for event in events if event.kind == "corrected"],
        "spent": in_words(found.solution_minutes),
        "answered": in_words(found.answer_minutes),
    }  # fmt: skip
