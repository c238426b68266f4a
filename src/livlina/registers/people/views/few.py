"""The pages on which a manager picks the named few who may open a protected person (OSL 22:1).

The authority's managers and the providers' have the same pages, each in its own layout and under its own address.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from livlina.core import audit
from livlina.core.access import fetch, may
from livlina.core.views import Request, page
from livlina.registers.people import actions, queries
from livlina.registers.people.forms import FewForm
from livlina.registers.people.models import Person, ProtectedAccess
from livlina.registers.people.views.common import saved, told

VERB = "people.name_the_few"


def _row(person: Person, route: str) -> list[Any]:
    """One line of the list."""
    return [
        {"text": person.full_name, "url": reverse(route, args=[person.pk])},
        person.get_protection_display(),
    ]


def _few(person: Person, route: str) -> list[tuple[ProtectedAccess, str]]:
    """Those who may open the person, each with the address that takes them off the list."""
    return [(row, reverse(route, args=[person.pk, row.pk])) for row in queries.grants_of(person)]


def pages(audience: str, space: str) -> tuple[Callable[..., HttpResponse], ...]:
    """Make the list, the page of one person and the removal, for an audience whose names live in `space`."""
    layout = {"layout": f"ui/{audience}.html", "back": f"{space}:protected"}

    @page(audience, VERB)
    def protected(request: Request) -> HttpResponse:
        """Protected persons for whom the manager picks the named few."""
        found = queries.protected_to_name(request.actor)
        shown = {"shown": [str(person.pk) for person in found]}
        audit.read(request.actor, VERB, now=request.now, review="protected" if found else "", detail=shown)
        rows = [_row(one, f"{space}:named_few") for one in found]
        return render(request, "people/protected.html", layout | {"heads": ["Namn", "Skydd"], "rows": rows})

    @require_http_methods(["GET", "POST"])
    @page(audience, VERB, once=True)
    def named_few(request: Request, person_id: UUID) -> HttpResponse:
        """Who may open a protected person; the manager adds and removes without opening the person."""
        found = queries.read(request.actor, person_id, now=request.now, verb=VERB)
        form = FewForm(request.POST or None, person=found, now=request.now, by=request.actor)
        if request.method == "POST" and form.is_valid() and saved(form, request):
            return redirect(f"{space}:named_few", found.pk)
        context = layout | {"person": found, "form": form, "few": _few(found, f"{space}:end_named")}
        return render(request, "people/named_few.html", context, status=422 if form.errors else 200)

    @require_POST
    @page(audience, VERB)
    def end_named(request: Request, person_id: UUID, row_id: UUID) -> HttpResponse:
        """Take someone off the list."""
        found = fetch(request.actor, VERB, Person.objects.all(), pk=person_id)
        row = ProtectedAccess.objects.filter(person=found, pk=row_id).first()
        if row is not None:
            told(request, lambda: actions.end_protected_access(row, by=request.actor, now=request.now))
        if may(request.actor, VERB, found):
            return redirect(f"{space}:named_few", found.pk)
        return redirect(f"{space}:protected")

    return protected, named_few, end_named
