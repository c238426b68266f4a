"""Pages for reading: a person's files, one file, its chain, and what lies outside one's relations."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from livlina.core.access import fetch, may
from livlina.core.views import Request
from livlina.registers.journal import actions, queries
from livlina.registers.journal.codes import Kind, book_name
from livlina.registers.journal.forms import ReasonForm
from livlina.registers.journal.models import File
from livlina.registers.journal.views.side import Side, card, may_try, replaced_by, stamp
from livlina.registers.people.models import Person
from livlina.registers.people.queries import header


def person(request: Request, side: Side, person_id: UUID) -> HttpResponse:
    """The files on a person: the only one at once, or a list, or the choice to begin one."""
    files = queries.files_of(request.actor, person_id)
    if len(files) == 1:
        return HttpResponseRedirect(side.url("file", files[0].pk))
    if files:
        rows = [{"file": row, "url": side.url("file", row.pk)} for row in files]
        return render(request, "journal/files.html", frame(request, side, files[0].person) | {"rows": rows})
    found = Person.objects.filter(pk=person_id).first()
    if found is not None and may(request.actor, "journal.open", found):
        context = frame(request, side, found) | {"open_url": side.url("open", person_id)}
        return render(request, "journal/files.html", context)
    if may_try(request.actor, "journal.emergency"):
        return HttpResponseRedirect(side.url("emergency", person_id))
    fetch(request.actor, "journal.open", Person.objects.all(), pk=person_id)
    raise AssertionError("fetch refuses whom may refused")


def open_file(request: Request, side: Side, person_id: UUID) -> HttpResponse:
    """Begin a file, or come to the one there is."""
    found = fetch(request.actor, "journal.open", Person.objects.all(), pk=person_id)
    file = actions.open_file(found, by=request.actor, now=request.now)
    return HttpResponseRedirect(side.url("file", file.pk))


def file(request: Request, side: Side, file_id: UUID) -> HttpResponse:
    """One file: its notes, newest first, with everything that corrects them."""
    found = actions.read_file(file_id, by=request.actor, now=request.now)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    page = queries.notes_of(request.actor, found, kind=kind, before=request.GET.get("before", ""))
    return _file_page(request, side, found, page, {"kind": kind})


def search(request: Request, side: Side, file_id: UUID) -> HttpResponse:
    """Search inside one file. By POST: what is searched for may name people, and must not stand in an address."""
    found = actions.read_file(file_id, by=request.actor, now=request.now)
    text = request.POST.get("q", "").strip()
    rows = queries.search(request.actor, found, text)
    return _file_page(request, side, found, queries.Page(rows), {"q": text, "searched": True})


def check(request: Request, side: Side, file_id: UUID) -> HttpResponse:
    """Whether the chain that the file is part of is whole."""
    found = actions.read_file(file_id, by=request.actor, now=request.now)
    report = queries.verify_chain(found.person_id, (found.compartment,))
    log = queries.log_state(found.municipality_id, request.now)
    places = queries.places_of(found.municipality_id, found.person_id, (found.compartment,))
    refusals = [
        f"{one.name}: {one.wrong.rstrip('.')}" for one in (log.witnesses if log else []) if one.refused
    ]
    context = {
        "report": report,
        "breaks": [one.words for one in report.breaks] + places.breaks + refusals,
        "log": log,
        "places": places,
        "outside": sum(place < log.cosigned for place in places.logged) if log else 0,
        "notes": report.in_file[found.pk],
        "checked": stamp(request.now),
        "file": found,
    }
    context["file_url"] = side.url("file", found.pk)
    return render(request, "journal/check.html", frame(request, side, found.person) | context)


def emergency(request: Request, side: Side, person_id: UUID) -> HttpResponse:
    """Read outside one's relations: first the reason, then the journal, once."""
    form = ReasonForm(request.POST or None)
    context: dict[str, Any] = {"layout": side.layout, "form": form}
    if request.method != "POST":
        return render(request, "journal/emergency.html", context)
    if not form.is_valid():
        return render(request, "journal/emergency.html", context, status=422)
    files = actions.read_outside(person_id, form.cleaned_data["reason"], by=request.actor, now=request.now)
    context["read"] = True
    context["books"] = [
        (found, [card(row, request.actor, side, replaced_by(rows)) | {"actions": []} for row in rows])
        for found in files
        for rows in [queries.notes_of(request.actor, found, emergency=True).rows]
    ]
    if files:
        context |= frame(request, side, files[0].person)
    return render(request, "journal/emergency.html", context)


def frame(request: Request, side: Side, about: Person) -> dict[str, Any]:
    """What every page about a person's journal has in common."""
    head = header(request.actor, about, now=request.now, current=f"{side.namespace}:person")
    return {"layout": side.layout, "header": head, "person": about}


def _file_page(
    request: Request, side: Side, found: File, page: queries.Page, more: dict[str, Any]
) -> HttpResponse:
    here, replaced = {row.note.pk for row in page.rows}, replaced_by(page.rows)
    writes = may_try(request.actor, "journal.write") and found.unit_id == request.actor.unit_id
    context = {
        "file": found,
        "book": book_name(found.compartment),
        "cards": [card(row, request.actor, side, replaced, here) for row in page.rows],
        "kinds": Kind.choices,
        "older": f"?before={page.older}&kind={more.get('kind', '')}" if page.older else "",
        "write_url": side.url("write", found.pk) if writes else "",
        "check_url": side.url("check", found.pk),
        "search_url": side.url("search", found.pk),
        "file_url": side.url("file", found.pk),
        "side": side,
    }
    return render(request, "journal/file.html", frame(request, side, found.person) | context | more)
