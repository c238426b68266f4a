"""Documents of a case: listed, taken in, opened; and the whole file printed."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.records import actions, queries
from livlina.across.records.actions import Received
from livlina.across.records.forms import PrintForm, ReceivedForm
from livlina.across.records.models import ReceivedDocument
from livlina.across.records.views.shared import download, own_branches, status_of
from livlina.authority.cases import queries as cases
from livlina.authority.cases.models import Case
from livlina.core.access import RULES, fetch, may
from livlina.core.clock import day_of
from livlina.core.filetypes import LARGEST
from livlina.core.views import Request, page
from livlina.registers.journal import queries as journal
from livlina.registers.journal.models import File
from livlina.registers.people import queries as people

HEADS = ["Inkom", "Handling", "Från", "Slag", "Ärende", "Sekretess"]


@page("officer", "records.read")
def person(request: Request, person_id: UUID) -> HttpResponse:
    """A person's documents in every case and file one may open, and what can be done with the whole file."""
    found = people.read(request.actor, person_id, now=request.now)
    branches = own_branches(request.actor)
    writes = RULES["journal.write"].roles
    facts = {
        "header": people.header(request.actor, found, now=request.now, current="records:person"),
        "rows": _rows(queries.received_of(request.actor, person_id).select_related("case")),
        "heads": HEADS,
        "cases": cases.person_cases(request.actor, person_id) if may(request.actor, "cases.list") else [],
        "files": [
            file
            for file in journal.files_of(request.actor, person_id)
            if file.closed_at is None
            and request.actor.role in writes
            and file.unit_id == request.actor.unit_id
        ],
        "branches": branches if may(request.actor, "records.print") else [],
        "may_ask": may(request.actor, "records.request"),
        "may_keep": may(request.actor, "records.keep"),
    }
    return render(request, "records/person.html", facts)


@page("officer", "records.read")
def documents(request: Request, case_id: UUID) -> HttpResponse:
    """The documents that came in to a case."""
    found = cases.case_page(request.actor, case_id, request.now, notes=False)
    facts = {
        "page": found,
        "header": found.header,
        "rows": _rows(queries.received_in(request.actor, case_id).select_related("case")),
        "heads": HEADS,
        "may_add": may(request.actor, "records.receive", found.case),
    }
    return render(request, "records/documents.html", facts)


@page("officer", "records.receive", once=True)
def add(request: Request, case_id: UUID) -> HttpResponse:
    """Take in a document to a case."""
    case = fetch(request.actor, "records.receive", Case.objects.select_related("person"), pk=case_id)

    def back(document: ReceivedDocument) -> str:
        """Where to go then: reception takes in, and does not open the case."""
        read = may(request.actor, "records.read", document)
        return reverse("records:documents", args=[case.pk]) if read else reverse("cases:find")

    return _add(
        request,
        f"ärende {case.number}",
        lambda what: actions.receive(case, what, by=request.actor, now=request.now),
        back,
    )


@page("officer", "journal.write", once=True)
def add_to_file(request: Request, file_id: UUID) -> HttpResponse:
    """Take in a document to a person's file, when there is no case to put it in."""
    file = fetch(request.actor, "journal.write", File.objects.select_related("person", "unit"), pk=file_id)
    return _add(
        request,
        f"akten vid {file.unit.name}",
        lambda what: actions.receive_in_file(file, what, by=request.actor, now=request.now),
        lambda document: reverse("records:person", args=[file.person_id]),
    )


def _add(
    request: Request,
    where: str,
    take_in: Callable[[Received], ReceivedDocument],
    back: Callable[[ReceivedDocument], str],
) -> HttpResponse:
    form = ReceivedForm(day_of(request.now), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        file = told.pop("document")
        what = Received(**told, filename=file.name or "", content=file.read(LARGEST + 1))
        try:
            document = take_in(what)
        except actions.FileRefused as refusal:
            form.add_error("document", str(refusal))
        else:
            messages.success(request, f"”{document.title}” är inlagd i {where}.")
            return HttpResponseRedirect(back(document))
    return render(request, "records/add.html", {"form": form, "where": where}, **status_of(request))


@page("officer", "records.read")
def document(request: Request, document_id: UUID) -> HttpResponse:
    """A document, byte for byte as it came."""
    found = actions.read_received(document_id, by=request.actor, now=request.now)
    return download(found.filename, found.content_type, found.content)


@page("officer", "records.print", once=True)
def print_case(request: Request, case_id: UUID) -> HttpResponse:
    """One case as a PDF, for a reason."""
    case = fetch(request.actor, "cases.read", Case.objects.select_related("person"), pk=case_id)
    return _print(request, case.person_id, case.compartment, case, f"Ärende {case.number}")


@page("officer", "records.print", once=True)
def print_file(request: Request, person_id: UUID, branch: int) -> HttpResponse:
    """A person's whole file in one branch as a PDF, for a reason."""
    title = f"Akten, {dict(own_branches(request.actor)).get(branch, '').lower()}"
    return _print(request, person_id, branch, None, title)


def _rows(documents: Iterable[ReceivedDocument]) -> list[list[object]]:
    """The documents as rows of a table."""
    return [
        [
            row.received_on.isoformat(),
            {"text": row.title, "url": reverse("records:document", args=[row.pk])},
            row.from_whom,
            row.get_kind_display(),
            row.case.number if row.case else "Utan ärende",
            row.get_secrecy_display(),
        ]
        for row in documents
    ]


def _print(request: Request, person_id: UUID, branch: int, case: Case | None, title: str) -> HttpResponse:
    whose = people.read(request.actor, person_id, now=request.now)
    form = PrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = actions.print_akt(whose, branch, reason, only=case, by=request.actor, now=request.now)
        return download(made.filename, "application/pdf", made.content)
    facts = {
        "form": form,
        "header": people.header(request.actor, whose, now=request.now, current="records:person"),
        "title": title,
    }
    return render(request, "records/print.html", facts, **status_of(request))
