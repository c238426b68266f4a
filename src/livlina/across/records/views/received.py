"""Documents of a case: listed, taken in, opened; and the whole file printed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.across.records import actions, queries
from livlina.across.records.forms import PrintForm, ReceivedForm
from livlina.across.records.views.shared import download, own_branches, status_of
from livlina.authority.cases import queries as cases
from livlina.authority.cases.models import Case
from livlina.core.access import fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import queries as people


@page("officer", "records.read")
def documents(request: Request, case_id: UUID) -> HttpResponse:
    """The documents that came in to a case."""
    found = cases.case_page(request.actor, case_id, request.now, notes=False)
    rows = [
        [
            row.received_on.isoformat(),
            {"text": row.title, "url": reverse("records:document", args=[row.pk])},
            row.from_whom,
            row.get_kind_display(),
            row.get_secrecy_display(),
        ]
        for row in queries.received_in(request.actor, case_id)
    ]
    facts = {
        "page": found,
        "header": found.header,
        "rows": rows,
        "heads": ["Inkom", "Handling", "Från", "Slag", "Sekretess"],
        "may_add": may(request.actor, "records.receive", found.case),
    }
    return render(request, "records/documents.html", facts)


@page("officer", "records.receive", once=True)
def add(request: Request, case_id: UUID) -> HttpResponse:
    """Take in a document to a case."""
    case = fetch(request.actor, "records.receive", Case.objects.select_related("person"), pk=case_id)
    form = ReceivedForm(day_of(request.now), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        file = told.pop("document")
        what = actions.Received(**told, filename=file.name or "", content=file.read())
        try:
            document = actions.receive(case, what, by=request.actor, now=request.now)
        except actions.FileRefused as refusal:
            form.add_error("document", str(refusal))
        else:
            messages.success(request, f"”{document.title}” är inlagd i ärende {case.number}.")
            read = may(request.actor, "records.read", document)
            back = reverse("records:documents", args=[case.pk]) if read else reverse("cases:find")
            return HttpResponseRedirect(back)
    return render(request, "records/add.html", {"form": form, "case": case}, **status_of(request))


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


def _print(request: Request, person_id: UUID, branch: int, case: Case | None, title: str) -> HttpResponse:
    person = people.read(request.actor, person_id, now=request.now)
    form = PrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = actions.print_akt(person, branch, reason, only=case, by=request.actor, now=request.now)
        return download(made.filename, "application/pdf", made.content)
    facts = {"form": form, "header": people.header(request.actor, person, now=request.now), "title": title}
    return render(request, "records/print.html", facts, **status_of(request))
