"""Pages of the authority's staff: search, the person, and the changes to one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core.access import fetch, may
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.registers.people import actions, queries
from livlina.registers.people.forms import CHANGES, AddressForm, ChangeForm, RegisterForm
from livlina.registers.people.models import Contact, Mandate, Person, Relation
from livlina.registers.people.views import few
from livlina.registers.people.views.common import saved, told

HEADS = ["Namn", "Personnummer", "Ålder", "Ort eller läge"]


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("q")
@page("officer", "people.search")
def search(request: Request) -> HttpResponse:
    """The one search: POST, so that what is searched for is in no address and no log."""
    text = request.POST.get("q", "")
    context: dict[str, Any] = {"text": text, "searched": request.method == "POST"}
    if request.method == "POST":
        found = queries.search(request.actor, text, request.now)
        if found.case_number and (address := _case_address(request, found.case_number)):
            return redirect(address)
        context |= {"found": found, "heads": HEADS, "rows": [_row(person) for person in found.hits]}
        if found.kind == "name" and not found.hits:
            context["suggestions"] = queries.did_you_mean(request.actor, text)
    return render(request, "people/search.html", context)


def _case_address(request: Request, case_number: str) -> str | None:
    """Ask the room above that knows case numbers; its function stands in the setting CASE_FINDER."""
    finder = getattr(settings, "CASE_FINDER", "")
    return import_string(finder)(request.actor, case_number) if finder else None


def _row(person: Any) -> list[Any]:
    """One hit: enough to tell two of the same name apart, and no address of the protected."""
    number = person.number.display() if person.number else "saknas"
    years = "okänd" if person.years is None else f"{person.years} år"
    state = (
        "avliden"
        if person.is_dead
        else person.get_protection_display()
        if person.is_protected
        else person.city
    )
    return [
        {"text": person.full_name, "url": reverse("people:person", args=[person.pk])},
        {"text": number},
        {"text": years},
        {"text": state or "–"},
    ]


@page("officer", "people.read")
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The person: how to reach them, who is near, who may act for them."""
    found = queries.read(request.actor, person_id, now=request.now)
    context = {
        "person": found,
        "head": queries.header(request.actor, found, now=request.now),
        "contacts": queries.contacts(found),
        "relations": queries.relations(found),
        "mandates": queries.holders(found, day_of(request.now)),
        "address_form": AddressForm() if found.is_protected else None,
        "samenesses": queries.samenesses(found),
        "may_merge": may(request.actor, "people.merge"),
    }
    return render(request, "people/person.html", context)


@require_POST
@page("officer", "people.read")
def address(request: Request, person_id: UUID) -> HttpResponse:
    """Show a protected person's address, with the reason on record."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        found = queries.read(request.actor, person_id, now=request.now)
        head = queries.header(request.actor, found, now=request.now)
        return render(
            request, "people/address.html", {"person": found, "head": head, "form": form}, status=422
        )
    found = queries.read(request.actor, person_id, now=request.now, reason=form.cleaned_data["reason"])
    head = queries.header(request.actor, found, now=request.now)
    return render(request, "people/address.html", {"person": found, "head": head, "shown": True})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@page("officer", "people.register", once=True)
def register(request: Request) -> HttpResponse:
    """Register someone new."""
    form = RegisterForm(request.POST or None, now=request.now)
    if request.method == "POST" and form.is_valid():
        try:
            made = form.save(request.actor, request.now)
        except actions.PeopleFault as fault:
            form.add_error(None, fault.swedish)
        else:
            return redirect("people:person", made.pk)
    return render(request, "people/register.html", {"form": form}, status=422 if form.errors else 200)


def change_page(form_class: type[ChangeForm]) -> Callable[..., HttpResponse]:
    """Make the page of one kind of change."""

    @require_http_methods(["GET", "POST"])
    @sensitive_post_parameters()
    @page("officer", form_class.verb, once=True)
    def change(request: Request, person_id: UUID) -> HttpResponse:
        found = queries.read(request.actor, person_id, now=request.now, verb=form_class.verb)
        form = form_class(request.POST or None, person=found, now=request.now)
        if request.method == "POST" and form.is_valid() and saved(form, request):
            messages.success(request, form.done)
            return redirect("people:person", found.pk)
        head = queries.header(request.actor, found, now=request.now)
        context = {"person": found, "head": head, "form": form}
        return render(request, "people/change.html", context, status=422 if form.errors else 200)

    change.__doc__ = form_class.title
    return change


changes = {form_class.path: change_page(form_class) for form_class in CHANGES}


def end_page(model: type[Contact | Relation], end: Callable[..., None]) -> Callable[..., HttpResponse]:
    """Make the page that ends one row of a person."""

    @require_POST
    @page("officer", "people.write")
    def finish(request: Request, person_id: UUID, row_id: UUID) -> HttpResponse:
        found = fetch(request.actor, "people.write", Person.objects.all(), pk=person_id)
        row = model.objects.filter(person=found, pk=row_id).first()
        if row is not None:
            told(request, lambda: end(row, by=request.actor, now=request.now))
        return redirect("people:person", found.pk)

    return finish


end_contact = end_page(Contact, actions.end_contact)
end_relation = end_page(Relation, actions.end_relation)


@require_POST
@page("officer", "people.write")
def end_mandate(request: Request, person_id: UUID, row_id: UUID) -> HttpResponse:
    """End someone's right to act for the person, with a reason."""
    found = fetch(request.actor, "people.write", Person.objects.all(), pk=person_id)
    row = Mandate.objects.filter(principal=found, pk=row_id).first()
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.error(request, "Skriv varför företrädaren inte längre får företräda personen.")
    elif row is not None:
        told(request, lambda: actions.end_mandate(row, reason=reason, by=request.actor, now=request.now))
    return redirect("people:person", found.pk)


@require_POST
@page("officer", "people.merge")
def end_same(request: Request, person_id: UUID) -> HttpResponse:
    """Undo that the row is an earlier one of someone else."""
    found = fetch(request.actor, "people.merge", Person.objects.all(), pk=person_id)
    reason = request.POST.get("reason", "").replace("\0", "")[:400]
    told(request, lambda: actions.end_same(found, reason=reason, by=request.actor, now=request.now))
    return redirect("people:person", found.pk)


protected, named_few, end_named = few.pages("officer", "people")
